"""From candidates to proven triples: drawn, run, and drawn again where a mutant is no use.

A mutant must fail a test, and so must the original with each of its slips alone: a hint at any of them is right.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from feedback_lightning.progress import LateProgress
from feedback_lightning.synthesis.candidates import Candidate, draw
from feedback_lightning.synthesis.distribution import Distribution
from feedback_lightning.synthesis.hints import explanation, hint
from feedback_lightning.synthesis.normal_form import normal_form
from feedback_lightning.synthesis.originals import Original
from feedback_lightning.synthesis.parsed_program import ParsedProgram

ROUNDS = 10  # of drawing and running
FAITHFUL_ROUNDS = 4  # in which a triple keeps the kind of slip that was drawn for it first
DRAWS = 5  # for one triple in one round

# programs as (problem, code), what the work is called -> for each the number of the first test that it fails, if any
FirstFailures = Callable[[Sequence[tuple[str, str]], str], list[int | None]]


@dataclass(frozen=True)
class Triple:
    """A proven triple.

    Args:
        candidate: the buggy program, its repair and the slips between them.
        failed_test: number of the first test that the buggy program fails, from 0.
        hint: at one of the slips.
        explanations: of each slip.
    """

    candidate: Candidate
    failed_test: int
    hint: str
    explanations: tuple[str, ...]


@dataclass
class Tally:
    """How many mutants were tried for each problem, and what became of them, by (problem, outcome)."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, problem: str, outcome: str) -> None:
        self.counts[problem, outcome] += 1

    def of(self, problem: str) -> dict[str, int]:
        """The outcomes of one problem."""
        return {outcome: count for (name, outcome), count in self.counts.items() if name == problem}


@dataclass
class Slot:
    """One triple to be made.

    Args:
        index: its number among all; seeds its draws.
        problem: for this problem.
        mutator: the kind of its first slip.
        slips: how many.
    """

    index: int
    problem: str
    mutator: str
    slips: int


def make_triples(
    pools: Mapping[str, tuple[Sequence[Original], Sequence[Original]]],
    counts: dict[str, int],
    distribution: Distribution,
    augment: float,
    seed: int,
    first_failures: FirstFailures,
    held_out: Collection[tuple[str, str]] = (),
) -> tuple[list[Triple], Tally]:
    """Proven triples, different from each other also after renaming.

    Args:
        pools: by problem: proven originals, and rewritten ones.
        counts: triples wanted, by problem.
        distribution: of the slips.
        augment: share of the triples that start from a rewritten original.
        seed: the same seed gives the same triples.
        first_failures: runs programs.
        held_out: (problem, normal form) that must not be among the buggy programs.

    Returns:
        (the triples, in the order of the problems, and what became of all mutants tried.)
    """
    rng = random.Random(f"slots {seed}")
    wanted = [problem for problem, count in counts.items() for _ in range(count)]
    slots = [
        Slot(i, problem, distribution.draw_mutator(rng) or "", distribution.draw_slips(rng))
        for i, problem in enumerate(wanted)
    ]
    maker = _Maker(pools, distribution, augment, seed, set(held_out))
    made: dict[int, Triple] = {}
    for turn in range(ROUNDS):
        missing = [slot for slot in slots if slot.index not in made]
        if not missing:
            break
        drawn = maker.draw_for(missing, turn)
        proofs = _proofs(drawn, first_failures, f"running mutants, round {turn + 1}")
        for (slot, candidate), failed in zip(drawn, proofs, strict=True):
            buggy, *alone = failed
            if buggy is not None and None not in alone:
                made[slot.index] = _with_hint(candidate, buggy, random.Random(f"hint {seed} {slot.index}"))
            kept = slot.index in made
            maker.tally.add(slot.problem, "kept" if kept else "still passes" if buggy is None else "idle slip")
    return [made[index] for index in sorted(made)], maker.tally


def _proofs(
    drawn: Sequence[tuple[Slot, Candidate]], first_failures: FirstFailures, description: str
) -> Iterator[list[int | None]]:
    """The first test that each mutant fails, and those that the original fails with each of its slips alone."""
    programs = [[(slot.problem, code) for code in (made.buggy, *made.alone())] for slot, made in drawn]
    failures = iter(first_failures([program for group in programs for program in group], description))
    for group in programs:
        yield [next(failures) for _ in group]


class _Maker:
    """Draws candidates that are new, and counts those that are not."""

    def __init__(
        self,
        pools: Mapping[str, tuple[Sequence[Original], Sequence[Original]]],
        distribution: Distribution,
        augment: float,
        seed: int,
        seen: set[tuple[str, str]],
    ) -> None:
        self.pools, self.distribution, self.augment, self.seed, self.seen = pools, distribution, augment, seed, seen
        self.tally = Tally()
        self.impossible: dict[str, set[str]] = {problem: set() for problem in pools}

    def draw_for(self, slots: Sequence[Slot], turn: int) -> list[tuple[Slot, Candidate]]:
        """A new candidate for each slot, where one is found."""
        drawn = []
        with LateProgress() as progress:
            for slot in progress.track(slots, description=f"drawing mutants, round {turn + 1}"):
                candidate = self._draw(slot, turn)
                if candidate:
                    drawn.append((slot, candidate))
        return drawn

    def _draw(self, slot: Slot, turn: int) -> Candidate | None:
        rng = random.Random(f"{self.seed} {slot.index} {turn}")
        originals, rewritten = self.pools[slot.problem]
        for _ in range(DRAWS):
            if turn >= FAITHFUL_ROUNDS or slot.mutator in self.impossible[slot.problem]:
                other = self.distribution.draw_mutator(rng, frozenset(self.impossible[slot.problem]))
                if other is None:
                    return None
                slot.mutator = other
            pool = rewritten if rewritten and rng.random() < self.augment else originals
            candidate = draw(pool, slot.mutator, slot.slips, self.distribution, rng)
            if candidate is None:
                self.impossible[slot.problem].add(slot.mutator)
                continue
            key = (slot.problem, normal_form(candidate.buggy))
            if key not in self.seen:
                self.seen.add(key)
                return candidate
            self.tally.add(slot.problem, "duplicate")
        return None


def _with_hint(candidate: Candidate, failed_test: int, rng: random.Random) -> Triple:
    program, edits = ParsedProgram(candidate.original.code), candidate.edits
    text = hint(program, rng.choice(candidate.mutations), edits, rng)
    explanations = tuple(explanation(program, mutation, edits, rng) for mutation in candidate.mutations)
    return Triple(candidate, failed_test, text, explanations)
