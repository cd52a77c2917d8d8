"""Mutants are drawn with as many slips as asked, from places that do not touch."""

import random

from bank import by_problem, sample

from feedback_lightning.synthesis.candidates import draw
from feedback_lightning.synthesis.distribution import Distribution
from feedback_lightning.synthesis.mutators import MUTATORS, overlap
from feedback_lightning.synthesis.originals import Original
from feedback_lightning.synthesis.parsed_program import apply, parses

POOL = [Original("1", f"{i}.py", code) for i, code in enumerate(sample(30, seed=4))]


def test_candidates_have_the_slips_that_they_list() -> None:
    sizes = set()
    for i in range(200):
        rng = random.Random(i)
        mutator = Distribution().draw_mutator(rng) or ""
        made = draw(POOL, mutator, 1 + i % 3, Distribution(), rng)
        if made is None:
            continue
        names = [mutation.mutator for mutation in made.mutations]
        assert mutator in names
        assert len(names) <= 1 + i % 3
        sizes.add(len(names))
        assert made.buggy == apply(made.original.code, made.edits) != made.original.code
        assert parses(made.buggy) or not all(MUTATORS[name].parses for name in names)
        for k, mutation in enumerate(made.mutations):
            assert not any(overlap(mutation.edits, other.edits) for other in made.mutations[k + 1 :])
        assert len(made.alone()) == (len(names) if len(names) > 1 else 0)
    assert sizes == {1, 2, 3}


def test_plans_are_mixed_with_another_program_of_the_pool() -> None:
    programs = [Original("1", f"{i}.py", code) for i, code in enumerate(next(p for p in by_problem() if len(p) > 3))]
    drawn = [draw(programs, "TwoPlans", 1, Distribution(), random.Random(i)) for i in range(40)]
    made = [candidate for candidate in drawn if candidate]
    assert len({candidate.buggy for candidate in made}) > 10
    assert all(mutation.mutator == "TwoPlans" for candidate in made for mutation in candidate.mutations)
    assert draw(programs[:1], "TwoPlans", 1, Distribution(), random.Random(0)) is None


def test_the_same_seed_draws_the_same() -> None:
    first, second = (draw(POOL, "WrongVariable", 3, Distribution(), random.Random(5)) for _ in range(2))
    assert first == second
    assert first != draw(POOL, "WrongVariable", 3, Distribution(), random.Random(6))


def test_a_slip_without_a_place_gives_none() -> None:
    assert (
        draw([Original("1", "a.py", "def f():\n    return 1\n")], "RangeStep", 1, Distribution(), random.Random(0))
        is None
    )
