"""Programs made by mutations are explained by mutations; renamed and untidy ones too."""

import random

from benchmarks.mutator_coverage import best_explanation, explain, tidied
from feedback_lightning.synthesis.likeness import fixed_names, words
from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply

CORRECT = """def place(x, seq):
    for i in range(len(seq)):
        if x <= seq[i]:
            return i
    return len(seq)
"""
OTHER = "def place(a, s):\n    n = 0\n    while n < len(s) and s[n] < a:\n        n += 1\n    return n\n"
FIXED = fixed_names(["place(1, [2])"])


def test_every_slip_is_found_again() -> None:
    rng = random.Random(3)
    program = ParsedProgram(CORRECT)
    for mutator in MUTATORS.values():
        if mutations := mutator.mutations(program):
            mutant = apply(CORRECT, rng.choice(mutations).edits)
            if words(mutant) != words(CORRECT):
                found = explain(CORRECT, mutant)
                assert found.remaining == 0, mutant
                assert len(found.mutations) == 1


def test_what_no_mutator_does_is_not_explained() -> None:
    found = explain(CORRECT, CORRECT.replace("return i", "return (i, x, seq, 17)"))
    assert found.remaining > 0


def test_the_nearest_program_is_found_under_other_names() -> None:
    buggy = "def place(what, where):\n    for k in range(len(where)):\n        if what < where[k]:  # here?\n"
    buggy += "            return k\n    return len(where)\n    pass\n"
    found = best_explanation(buggy, OTHER, [OTHER, CORRECT], FIXED)
    assert [mutation.mutator for mutation in found.mutations] == ["ComparisonBoundary"]
    assert found.start == 1


def test_leftovers_are_tidied_away_and_nothing_else() -> None:
    untidy = 'def f(x):\n    """What it does."""\n    if x:\n        pass\n    return x\n    pass\n'
    assert words(tidied(untidy)) == words("def f(x):\n    if x:\n        pass\n    return x\n")
