"""Slips with whole plans: a part of the program follows another one."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from feedback_lightning.synthesis.likeness import PYTHON, renamed_like, words
from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram

MOST_WORDS = 45  # that go and come
MOST_REGIONS = 3  # that are exchanged together
Line = tuple[str, ...]  # its indentation and its words


@dataclass(frozen=True)
class Region:
    """Lines of a program, and those that stand for them in another one.

    Args:
        start, end: own lines, from 0, without the last.
        other_start, other_end: those of the other program.
        size: words that go and come.
    """

    start: int
    end: int
    other_start: int
    other_end: int
    size: int


class TwoPlans(Mutator):
    """Halfway, or after a failed attempt, another plan is followed, and what was there before stays as it was.

    The other plan is that of another correct program for the same problem, with the names of this one. Its lines
    replace those that correspond, at most half of the differences, so that this program remains the nearer of the two.
    What does not fit together then is what novices leave behind: names that have no value, a result that is not the one
    that was collected, cases that neither plan covers.
    """

    hints = (
        "Two ideas seem to meet in {function}. Which of them do you want to follow?",
        "Say in one sentence how {function} solves the task. Does every line belong to that sentence?",
        "Read {function} from line {line} on. Does it go on with what stands before?",
        "Which variables do the lines around line {line} need, and does something give them their values?",
        "You may have changed your mind {place}. Do the other lines know?",
        "Is what you prepare at the beginning of {function} what you use at its end?",
        "Choose one way of solving the task. What stands {place} that does not belong to it?",
        "Follow {function} with a small example. Where do its steps stop fitting together?",
        "What was your plan before line {line}, and what is it after?",
    )
    mistakes = (
        "the lines from line {line} on follow another plan than the rest of {function}",
        "{function} mixes two ways of solving the task",
    )
    repeats = False
    mixes = True

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        if program.beside is None or "\t" in program.source:
            return
        functions = {function.name for function in program.functions()}
        other = renamed_like(program.beside, words(program.source), PYTHON | functions).expandtabs(4)
        own_lines, other_lines = program.source.split("\n"), other.split("\n")
        for region in exchangeable(own_lines, other_lines):
            theirs = "".join(f"{line}\n" for line in other_lines[region.other_start : region.other_end])
            start, end = program.start_of_line(region.start), program.start_of_line(region.end)
            if start <= len(program.source):  # else it comes behind a last line that has no line end
                yield self.slip(start, Edit(start, min(end, len(program.source)), theirs))


def exchangeable(own: list[str], other: list[str]) -> Iterator[Region]:
    """The regions whose exchange leaves a program nearer to itself than to the other.

    They are the stretches of lines that differ, up to three with what lies between them, and the beginning and the end
    of each. Blank lines and comments are no plan.
    """
    ours, theirs = [_line(text) for text in own], [_line(text) for text in other]
    stretches = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    regions = [_region(ours, theirs, *places) for kind, *places in stretches if kind != "equal"]
    differing = [region for region in regions if region.size]
    most = min(MOST_WORDS, sum(region.size for region in differing) // 2)
    for i, first in enumerate(differing):
        for k in range(i, min(i + MOST_REGIONS, len(differing))):
            last, size = differing[k], sum(region.size for region in differing[i : k + 1])
            if size <= most:
                yield Region(first.start, last.end, first.other_start, last.other_end, size)
        yield from (part for part in _parts(first, ours, theirs) if 0 < part.size <= most)


def _parts(region: Region, ours: list[Line], theirs: list[Line]) -> Iterator[Region]:
    """The beginnings and ends of a region, cut at corresponding heights."""
    own, other = region.end - region.start, region.other_end - region.other_start
    steps = max(own, other)
    for step in range(1, steps):
        cut, other_cut = region.start + round(step * own / steps), region.other_start + round(step * other / steps)
        yield _region(ours, theirs, region.start, cut, region.other_start, other_cut)
        yield _region(ours, theirs, cut, region.end, other_cut, region.other_end)


def _region(ours: list[Line], theirs: list[Line], start: int, end: int, other_start: int, other_end: int) -> Region:
    changed = (*ours[start:end], *theirs[other_start:other_end])
    return Region(start, end, other_start, other_end, sum(len(line) - 1 for line in changed))


def _line(text: str) -> Line:
    return (text[: len(text) - len(text.lstrip())], *words(text))
