"""Mutants to be proven: an original, some slips in it, and the text that comes of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import Levenshtein

from feedback_lightning.synthesis.distribution import EVERYWHERE, Distribution
from feedback_lightning.synthesis.likeness import PYTHON, shape
from feedback_lightning.synthesis.mutators import MUTATORS, Mutation, overlap
from feedback_lightning.synthesis.originals import Original
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram, apply, parses

ORIGINALS_TRIED = 30  # before a mutator counts as not applicable to a problem
DRAWS = 10  # for each further slip
OTHERS, ALIKE = 12, 4  # programs from which the one to mix with is drawn, and how many of the most alike are eligible


@dataclass(frozen=True)
class Candidate:
    """A mutant. `original.code` is its repair."""

    original: Original
    mutations: tuple[Mutation, ...]
    buggy: str

    @property
    def edits(self) -> tuple[Edit, ...]:
        return tuple(sorted(edit for mutation in self.mutations for edit in mutation.edits))

    def alone(self) -> list[str]:
        """The original with each slip alone; none if there is one only."""
        several = self.mutations if len(self.mutations) > 1 else ()
        return [apply(self.original.code, mutation.edits) for mutation in several]


@lru_cache(maxsize=20_000)
def parsed(code: str) -> ParsedProgram:
    """A program parsed once; callers do not change it."""
    return ParsedProgram(code)


def draw(
    originals: Sequence[Original], mutator: str, slips: int, distribution: Distribution, rng: random.Random
) -> Candidate | None:
    """A mutant whose first slip is of one kind; None if no original offers a place for it.

    Args:
        originals: proven programs for one problem.
        mutator: kind of the first slip; further ones are drawn from the distribution.
        slips: how many, at most.
        distribution: of further slips.
        rng: chooses everything else.
    """
    for _ in range(ORIGINALS_TRIED):
        original = rng.choice(originals)
        first = _place(original, originals, mutator, rng)
        if first is None:
            continue
        mutations = [first]
        for _ in range(DRAWS):
            if len(mutations) == slips:
                break
            other = _place(original, originals, distribution.draw_mutator(rng) or mutator, rng)
            if other and not any(overlap(other.edits, made.edits) for made in mutations):
                mutations.append(other)
        buggy = apply(original.code, (edit for mutation in mutations for edit in mutation.edits))
        readable = all(MUTATORS[mutation.mutator].parses for mutation in mutations)
        if buggy.strip() and buggy != original.code and (parses(buggy) or not readable):
            return Candidate(original, tuple(sorted(mutations, key=lambda mutation: mutation.edits)), buggy)
    return None


def _place(original: Original, originals: Sequence[Original], mutator: str, rng: random.Random) -> Mutation | None:
    program = _beside_another(original, originals, rng) if MUTATORS[mutator].mixes else parsed(original.code)
    mutations = MUTATORS[mutator].mutations(program)
    everywhere = [mutation for mutation in mutations if mutation.everywhere]
    if everywhere and rng.random() < EVERYWHERE:
        return rng.choice(everywhere)
    single = [mutation for mutation in mutations if not mutation.everywhere]
    return rng.choice(single) if single else None


def _beside_another(original: Original, originals: Sequence[Original], rng: random.Random) -> ParsedProgram:
    """The original together with one of those that are most alike among some."""
    some = [other for other in rng.sample(originals, min(OTHERS, len(originals))) if other.code != original.code]
    some.sort(key=lambda other: Levenshtein.distance(shape(original.code, PYTHON), shape(other.code, PYTHON)))
    return ParsedProgram(original.code, beside=rng.choice(some[:ALIKE]).code if some else None)
