"""What holds for all mutators, on the programs of the bank."""

import random

import pytest
from bank import pairs, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.synthesis.mutators import MUTATORS, Mutation, overlap
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram, apply

PROGRAMS = [ParsedProgram(source) for source in sample(40)]
PROGRAMS += [ParsedProgram(source, beside=other) for source, other in pairs(20)]


def test_there_are_many_and_each_says_what_is_misunderstood() -> None:
    assert len(MUTATORS) >= 30
    for name, mutator in MUTATORS.items():
        assert name == type(mutator).__name__
        assert mutator.misconception().endswith("."), name


def test_every_mutator_has_eight_hints_and_two_explanations() -> None:
    for name, mutator in MUTATORS.items():
        assert len(set(mutator.hints)) >= 8, name
        assert len(set(mutator.mistakes)) >= 2, name
        assert all(hint[-1] in ".?" for hint in mutator.hints), name
        assert not any(mistake.endswith(".") for mistake in mutator.mistakes), name


@pytest.mark.parametrize("name", MUTATORS)
def test_mutants_differ_and_only_where_they_say(name: str) -> None:
    for program in PROGRAMS:
        mutations = MUTATORS[name].mutations(program)
        for mutation in random.Random(1).sample(mutations, min(len(mutations), 20)):
            mutant = apply(program.source, mutation.edits)
            assert mutant != program.source
            assert mutation.edits == tuple(sorted(mutation.edits))
            assert 0 <= mutation.at <= len(program.source)
            back = tuple(_inverse(program.source, mutation))
            assert apply(mutant, back) == program.source


def _inverse(source: str, mutation: Mutation) -> list[Edit]:
    shift, edits = 0, []
    for edit in mutation.edits:
        start = edit.start + shift
        edits.append(Edit(start, start + len(edit.replacement), source[edit.start : edit.end]))
        shift += len(edit.replacement) - (edit.end - edit.start)
    return edits


def test_mutations_do_not_depend_on_the_run() -> None:
    for program in (*PROGRAMS[:10], *PROGRAMS[-10:]):
        again = ParsedProgram(program.source, program.beside)
        for mutator in MUTATORS.values():
            assert mutator.mutations(program) == mutator.mutations(again)


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
@settings(max_examples=60)
def test_edits_overlap_if_they_share_text_or_a_place(ends: list[int]) -> None:
    (a, b), (c, d) = sorted(ends[:2]), sorted(ends[2:])
    first, second = (Edit(a, b, "x"),), (Edit(c, d, "y"),)
    assert overlap(first, second) == overlap(second, first) == (max(a, c) <= min(b, d))
