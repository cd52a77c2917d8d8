"""Weights are drawn as given; what cannot be meant is refused."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.errors import FeedbackError
from feedback_lightning.synthesis.distribution import COUNTS, Distribution, counted
from feedback_lightning.synthesis.mutators import MUTATORS


def test_the_default_follows_the_counts() -> None:
    assert set(COUNTS) <= set(MUTATORS)
    assert counted().keys() == MUTATORS.keys()
    assert min(counted().values()) >= 0
    assert {name for name, weight in counted().items() if not weight} == {"TwoPlans"}
    drawn = Counter(Distribution().draw_mutator(random.Random(i)) for i in range(3000))
    total = sum(counted().values())
    most = max(counted(), key=lambda name: counted()[name])
    share = counted()[most] / total
    # four standard deviations of a binomial share
    assert abs(drawn[most] / 3000 - share) < 4 * (share * (1 - share) / 3000) ** 0.5


def test_weights_and_exclusions_hold() -> None:
    only = Distribution(only=("RangeStop", "RangeStart"), mutators={"RangeStop": 0})
    assert {only.draw_mutator(random.Random(i)) for i in range(20)} == {"RangeStart"}
    assert only.draw_mutator(random.Random(0), frozenset({"RangeStart"})) is None
    assert {Distribution(slips=(0, 0, 1)).draw_slips(random.Random(i)) for i in range(20)} == {3}
    assert {Distribution(slips=(0, 0, 0, 1, 1)).draw_slips(random.Random(i)) for i in range(50)} == {4, 5}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mutators": {"NoSuch": 1}}, "no mutator 'NoSuch'"),
        ({"only": ("NoSuch",)}, "no mutator 'NoSuch'"),
        ({"mutators": {"RangeStop": -1}}, "negative"),
        ({"slips": (0, 0, 0)}, "all weights are 0"),
        ({"only": ("RangeStop",), "mutators": {"RangeStop": 0}}, "all weights are 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(FeedbackError, match=said):
        Distribution(**wrong)


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=6), st.integers(0, 1000))
def test_counts_add_up_and_follow_the_weights(weights: list[float], count: int) -> None:
    problems = [str(i) for i in range(len(weights))]
    counts = Distribution(problems=dict(zip(problems, weights, strict=True))).problem_counts(problems, count)
    assert sum(counts.values()) == count
    for problem, weight in zip(problems, weights, strict=True):
        assert abs(counts[problem] - count * weight / sum(weights)) < 1 + 1e-6


def test_unknown_problems_are_named() -> None:
    with pytest.raises(FeedbackError, match="no problem '9'; there are 1, 2"):
        Distribution(problems={"9": 1}).problem_counts(["1", "2"], 5)
