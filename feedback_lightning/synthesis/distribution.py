"""Which slips are made how often."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from feedback_lightning.errors import FeedbackError
from feedback_lightning.synthesis.mutators import MUTATORS

# How often each mutator was seen in real buggy programs, and of the slips that have alike places, the share that was
# made in all of them (docs/synthesis.md says how they were counted).
COUNTS: dict[str, int] = {
    "ComparisonBoundary": 12, "LooseEquality": 12, "ReversedComparison": 3, "SharedComparison": 4,
    "LostCondition": 17, "EmptyOfOneKind": 7, "LostCase": 17, "FirstElementAssumed": 2, "ReturnInsideLoop": 5,
    "ElseReturnsInLoop": 15, "MissingReturn": 4, "ReturnsWrongVariable": 4, "ReturnsWrongConstant": 10,
    "PositionForLength": 1, "ReturnsMethodResult": 2, "RangeStop": 1, "RangeStart": 1, "LoopHeader": 2,
    "IndexForElement": 1, "MissingUpdate": 1, "ComparesWithStart": 1, "InitialisationLost": 5, "ResetInLoop": 1,
    "OffByOne": 3, "WrongField": 1, "MissingField": 8, "SliceBounds": 1, "AppendExtendPlus": 6, "AssignedMethod": 2,
    "NestedMethod": 3, "SortForSorted": 1, "LostReverse": 1, "WrongEnd": 1, "BrokenSwap": 2, "WrongContainer": 1,
    "IndentedTooDeep": 6, "StatementsSwapped": 3, "StatementLost": 1, "UnfinishedFunction": 34,
    "SwappedAssignment": 1, "WrongVariable": 13, "UndefinedName": 8, "MisnamedVariable": 1, "MismatchedParameter": 5,
    "ShadowedBuiltin": 1, "BracketsForCall": 3, "MissingCall": 1, "HardCodedValue": 1, "BrokenIndentation": 2,
}  # fmt: skip
EVERYWHERE = 10 / 29
# Chosen, not counted.
SLIPS_PER_PROGRAM = (5.0, 3.0, 2.0)  # weights of one, two and three
SMOOTHING = 2.0  # added to each count, so that slips which happen not to be among the counted are made too


def counted() -> dict[str, float]:
    """The default weights of the mutators; 0 for those that mix programs, as what they explain cannot be counted."""
    return {name: 0.0 if kind.mixes else COUNTS.get(name, 0) + SMOOTHING for name, kind in MUTATORS.items()}


@dataclass(frozen=True)
class Distribution:
    """What is drawn how often; weights need not sum to one.

    Args:
        mutators: weights that replace the default ones, such as {"RangeStop": 5}; 0 switches a mutator off.
        only: mutators to use; all if empty.
        problems: weights by problem id; 1 where none is given.
        slips: weights of one, two, three slips in a program, and so on.

    Raises:
        FeedbackError: an unknown mutator, a negative weight, or nothing left.
    """

    mutators: Mapping[str, float] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    problems: Mapping[str, float] = field(default_factory=dict)
    slips: tuple[float, ...] = SLIPS_PER_PROGRAM

    def __post_init__(self) -> None:
        if unknown := [name for name in (*self.mutators, *self.only) if name not in MUTATORS]:
            raise FeedbackError(f"there is no mutator {unknown[0]!r}; there are {', '.join(MUTATORS)}")
        if any(weight < 0 for weight in (*self.mutators.values(), *self.problems.values(), *self.slips)):
            raise FeedbackError("a weight cannot be negative; 0 means never")
        if not any(self.mutator_weights().values()) or not any(self.slips):
            raise FeedbackError("all weights are 0, so nothing would be made")

    def mutator_weights(self) -> dict[str, float]:
        weights = {**counted(), **self.mutators}
        return {name: weight for name, weight in weights.items() if not self.only or name in self.only}

    def problem_counts(self, problems: Sequence[str], count: int) -> dict[str, int]:
        """`count` shared out among the problems, by largest remainder.

        >>> Distribution(problems={"2": 4}).problem_counts(["1", "2"], 10)
        {'1': 2, '2': 8}
        """
        if unknown := [name for name in self.problems if name not in problems]:
            raise FeedbackError(f"there is no problem {unknown[0]!r}; there are {', '.join(problems)}")
        weights = {problem: self.problems.get(problem, 1.0) for problem in problems}
        total = sum(weights.values())
        if total == 0:
            raise FeedbackError("all problems have weight 0, so nothing would be made")
        shares = {problem: count * weight / total for problem, weight in weights.items()}
        counts = {problem: int(share) for problem, share in shares.items()}
        by_remainder = sorted(problems, key=lambda problem: counts[problem] - shares[problem])
        for problem in by_remainder[: count - sum(counts.values())]:
            counts[problem] += 1
        return counts

    def draw_mutator(self, rng: random.Random, without: frozenset[str] = frozenset()) -> str | None:
        """The name of a mutator by weight; None if none is left."""
        weights = {name: weight for name, weight in self.mutator_weights().items() if weight and name not in without}
        return rng.choices([*weights], [*weights.values()])[0] if weights else None

    def draw_slips(self, rng: random.Random) -> int:
        """How many slips a program has."""
        return rng.choices(range(1, len(self.slips) + 1), self.slips)[0]
