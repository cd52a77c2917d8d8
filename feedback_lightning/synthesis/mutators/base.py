"""What a mutator is: it finds the places in a correct program where a novice might have slipped, and says how."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


@dataclass(frozen=True)
class Mutation:
    """One slip in one program.

    Args:
        mutator: the name of its class.
        edits: made together, in the order of the text; none overlaps another.
        at: the offset, in the correct program, that a hint should point to.
        names: what hints may mention, by the name of their placeholder.
        everywhere: whether it is made in all alike places of the program at once.
    """

    mutator: str
    edits: tuple[Edit, ...]
    at: int
    names: Mapping[str, str] = field(default_factory=dict)
    everywhere: bool = False


class Mutator(ABC):
    """A kind of slip. The first line of a subclass's docstring says what the novice believed.

    A subclass gives:
        hints: at least eight phrasings. Placeholders: {place}, such as "in line 4", {function}, and those that
            `places` passes as names. A hint must not show the correct expression (hints.shows_fix).
        mistakes: clauses that say what is wrong, for explanations: "The program fails because <mistake>."
        repeats: whether it is also made in all alike places at once, as a misconception is and a typing error is not.
        parses: whether Python can still read the program.
        mixes: whether it needs another correct program for the same problem: ParsedProgram.beside.
    """

    hints: ClassVar[tuple[str, ...]]
    mistakes: ClassVar[tuple[str, ...]]
    repeats: ClassVar[bool] = True
    parses: ClassVar[bool] = True
    mixes: ClassVar[bool] = False

    @abstractmethod
    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        """Every slip of this kind in one place; None where a place turns out unsuitable."""

    def mutations(self, program: ParsedProgram) -> list[Mutation]:
        """Every slip of this kind: in one place, and in all alike places at once."""
        single = [mutation for mutation in self.places(program) if mutation and _changes(program, mutation)]
        if not self.repeats:
            return single
        alike: dict[tuple[object, ...], list[Mutation]] = {}
        for mutation in single:
            changes = tuple((program.source[e.start : e.end], e.replacement) for e in mutation.edits)
            alike.setdefault((changes, tuple(mutation.names.items())), []).append(mutation)
        return single + [merged for group in alike.values() if len(group) > 1 if (merged := _together(group))]

    def slip(self, at: int, *edits: Edit | None, **names: str) -> Mutation | None:
        """A mutation of this kind; None if an edit could not be made."""
        if None in edits:
            return None
        return Mutation(type(self).__name__, tuple(sorted(e for e in edits if e)), at, names)

    @classmethod
    def misconception(cls) -> str:
        """The first line of the docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]


def overlap(edits: tuple[Edit, ...], others: tuple[Edit, ...]) -> bool:
    """Whether two sets of edits touch the same text; insertions at one place do."""
    return any(a.start <= b.end and b.start <= a.end for a in edits for b in others)


def _changes(program: ParsedProgram, mutation: Mutation) -> bool:
    return any(program.source[edit.start : edit.end] != edit.replacement for edit in mutation.edits)


def _together(group: list[Mutation]) -> Mutation | None:
    edits: tuple[Edit, ...] = ()
    for mutation in group:
        if overlap(edits, mutation.edits):
            return None
        edits += mutation.edits
    return Mutation(group[0].mutator, edits, group[0].at, group[0].names, everywhere=True)
