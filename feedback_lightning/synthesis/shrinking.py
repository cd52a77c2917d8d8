"""Repairs that make no change which they can do without.

Between a buggy program and a repair lie hunks: stretches of tokens that differ.

    buggy     for e in x:  if k < e:   return i     return 0
    repair    for e in x:  if k <= e:  return i     return len(x)

All hunks of a line, and each hunk alone, are taken back, the largest first, and stay back where the program still
passes its tests. That is repeated until nothing that is left can be taken back. This is delta debugging (Zeller and
Hildebrandt, "Simplifying and isolating failure-inducing input", 2002) with the changes of a repair as its input.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import Levenshtein
from pygments.lexers import PythonLexer

from feedback_lightning.synthesis.runner import Passes


@dataclass(frozen=True)
class Hunk:
    """A stretch of text in the buggy program and in its repair; equal where nothing differs."""

    old: str
    new: str

    @property
    def size(self) -> int:
        return len(self.old) + len(self.new)


def hunks(buggy: str, repair: str) -> list[Hunk]:
    """Both programs cut at the same places, token by token; neighbouring differences are one hunk.

    >>> hunks("return x", "return y + 1")
    [Hunk(old='return ', new='return '), Hunk(old='x', new='y + 1')]
    """
    old, new = pieces(buggy), pieces(repair)
    found: list[Hunk] = []
    for kind, i, j, k, m in Levenshtein.opcodes(old, new):
        hunk = Hunk("".join(old[i:j]), "".join(new[k:m]))
        if kind != "equal" and found and found[-1].old != found[-1].new:
            hunk = Hunk(found[-1].old + hunk.old, found.pop().new + hunk.new)
        found.append(hunk)
    return found


def pieces(code: str) -> list[str]:
    """A program's tokens, spacing included: joined, they are the program."""
    return [text for _, _, text in PythonLexer().get_tokens_unprocessed(code)]


class Shrinking:
    """A repair on its way to a smaller one.

    Args:
        problem: the problem's id.
        buggy: the program.
        repair: one that passes.
    """

    def __init__(self, problem: str, buggy: str, repair: str) -> None:
        self.problem, self.hunks = problem, hunks(buggy, repair)
        self.kept = frozenset(i for i, hunk in enumerate(self.hunks) if hunk.old != hunk.new)
        self._untried = self._all()
        self._shrank = False  # in this round

    def _all(self) -> list[frozenset[int]]:
        """What can be taken back: `x += 1` for `x = x + 1` has two hunks, neither of which can go alone."""
        lines: list[set[int]] = [set()]
        for i, hunk in enumerate(self.hunks):
            if i in self.kept:
                lines[-1].add(i)
            elif "\n" in hunk.old:
                lines.append(set())
        several = [frozenset(line) for line in lines if len(line) > 1]
        every = [*several, *(frozenset({i}) for i in sorted(self.kept))]
        return sorted(every, key=lambda back: sum(self.hunks[i].size for i in back))

    def program(self, kept: frozenset[int] | None = None) -> str:
        """The program with some hunks changed; by default with those that are kept."""
        kept = self.kept if kept is None else kept
        return "".join(hunk.new if i in kept else hunk.old for i, hunk in enumerate(self.hunks))

    def next(self) -> frozenset[int] | None:
        """What is kept if something more is taken back; None if a whole round was in vain."""
        if not self._untried and self._shrank:
            self._untried, self._shrank = self._all(), False
        while self._untried:
            if back := self._untried.pop() & self.kept:
                return self.kept - back
        return None

    def keep(self, kept: frozenset[int]) -> None:
        """So much is enough."""
        self.kept, self._shrank = kept, True


def shrink(repairs: Sequence[tuple[str, str, str]], passes: Passes) -> list[str]:
    """The repairs with as few of their changes as the tests allow, in the same order.

    Args:
        repairs: (problem, buggy program, repair that passes).
        passes: runs programs.
    """
    shrinking = [Shrinking(*repair) for repair in repairs]
    while tried := [(one, kept) for one in shrinking if (kept := one.next()) is not None]:
        enough = passes([(one.problem, one.program(kept)) for one, kept in tried], "shrinking repairs")
        for (one, kept), passed in zip(tried, enough, strict=True):
            if passed:
                one.keep(kept)
    return [one.program() for one in shrinking]
