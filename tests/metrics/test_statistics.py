"""Intervals and tests against their definitions: closed forms, enumeration, and what must hold of any of them."""

import itertools
import math
from statistics import NormalDist

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.metrics.statistics import (
    Interval,
    bootstrap_mean_interval,
    mcnemar_exact,
    paired_bootstrap,
    wilson_interval,
)

COUNTS = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CONFIDENCES = st.floats(0.01, 0.999)
VALUES = st.lists(st.integers(0, 200), min_size=1, max_size=40)
FEW = 300  # resamples where the property holds for any number of them
ROUNDING = 1e-9  # of figures up to some hundred in float64


@given(COUNTS, CONFIDENCES)
def test_wilson_solves_its_equation(counts, confidence):
    """The bounds are the shares p from which the one seen is just z standard errors (of p) away."""
    successes, n = counts
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    for p in wilson_interval(successes, n, confidence):
        assert (successes / n - p) ** 2 == pytest.approx(z**2 * p * (1 - p) / n, abs=1e-12)


@given(COUNTS, CONFIDENCES)
def test_wilson_contains_the_share_and_is_symmetric(counts, confidence):
    successes, n = counts
    low, high = wilson_interval(successes, n, confidence)
    assert 0 <= low <= successes / n <= high <= 1
    assert wilson_interval(n - successes, n, confidence) == pytest.approx((1 - high, 1 - low), abs=ROUNDING)


@given(COUNTS, st.integers(2, 10), CONFIDENCES, CONFIDENCES)
def test_wilson_shrinks_with_programs_and_grows_with_confidence(counts, factor, confidence, other):
    successes, n = counts
    low, high = wilson_interval(successes, n, confidence)
    assert width(wilson_interval(factor * successes, factor * n, confidence)) < high - low
    if other > confidence:
        assert width(wilson_interval(successes, n, other)) > high - low


def width(interval: Interval) -> float:
    return interval.high - interval.low


def test_wilson_as_printed_in_the_literature():
    """Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for counts, printed in {
        (81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)
    }.items():  # fmt: skip
        assert tuple(round(bound, 4) for bound in wilson_interval(*counts)) == printed


def test_wilson_of_nothing_and_of_nonsense():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    for successes, n in [(-1, 3), (4, 3)]:
        with pytest.raises(ValueError, match=f"{successes} successes of {n}"):
            wilson_interval(successes, n)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_none(confidence):
    for interval in (lambda: wilson_interval(1, 2, confidence), lambda: bootstrap_mean_interval([1], confidence)):
        with pytest.raises(ValueError, match="a share between 0 and 1"):
            interval()


def test_bootstrap_quantiles_are_those_of_all_possible_draws():
    values = [0.0, 1.0, 4.0, 20.0]
    means = torch.tensor([sum(draw) / 4 for draw in itertools.product(values, repeat=4)], dtype=torch.float64)
    for confidence in (0.5, 0.8, 0.95):
        tail = (1 - confidence) / 2
        exact = means.quantile(torch.tensor([tail, 1 - tail], dtype=torch.float64)).tolist()
        # the 256 draws have few distinct means, 0.25 to 1 apart; 20,000 resamples hit the right one or, where its
        # cumulative probability is close to the quantile's, a neighbour
        assert bootstrap_mean_interval(values, confidence, resamples=20_000) == pytest.approx(exact, abs=1)


@given(VALUES, st.integers(0, 5))
@settings(deadline=None)
def test_bootstrap_contains_the_mean_and_stays_within_the_values(values, seed):
    # of the possible draws of up to 40 values, far more than 2.5 % lie on either side of the mean; 2,000 show that
    low, high = bootstrap_mean_interval(values, seed=seed, resamples=2000)
    assert min(values) - ROUNDING <= low <= sum(values) / len(values) + ROUNDING
    assert sum(values) / len(values) - ROUNDING <= high <= max(values) + ROUNDING


@given(VALUES, st.floats(-100, 100), st.floats(0, 10))
@settings(deadline=None)
def test_bootstrap_moves_and_scales_with_the_values(values, shift, scale):
    low, high = bootstrap_mean_interval(values, resamples=FEW)
    moved = bootstrap_mean_interval([shift + scale * value for value in values], resamples=FEW)
    assert moved == pytest.approx((shift + scale * low, shift + scale * high), abs=ROUNDING * 100)


def test_bootstrap_shrinks_as_the_root_of_n():
    values = [float(i % 10) for i in range(100)]
    wide, narrow = (width(bootstrap_mean_interval(values * k)) for k in (1, 9))
    # the ends of 10,000 resamples vary by about 2 % of the width
    assert wide / narrow == pytest.approx(3, rel=0.1)
    deviation = torch.tensor(values).std(correction=0).item()
    assert wide == pytest.approx(2 * 1.96 * deviation / 10, rel=0.1)


def test_bootstrap_is_seeded_and_does_not_depend_on_torchs_state(monkeypatch):
    values = [1.0, 5.0, 2.0, 90.0, 4.0]
    first = bootstrap_mean_interval(values, seed=1)
    torch.manual_seed(99)
    assert bootstrap_mean_interval(values, seed=1) == first
    assert bootstrap_mean_interval(values, seed=2) != first
    state = torch.get_rng_state()
    bootstrap_mean_interval(values)
    assert torch.equal(torch.get_rng_state(), state)


def test_bootstrap_in_several_rounds_uses_every_resample(monkeypatch):
    monkeypatch.setattr("feedback_lightning.metrics.statistics.DRAWS_AT_ONCE", 7)
    low, high = bootstrap_mean_interval([0, 10, 20, 30, 40], resamples=1001)
    assert 0 < low < 20 < high < 40


def test_bootstrap_of_nothing_and_of_a_missing_value():
    assert all(map(math.isnan, bootstrap_mean_interval([])))
    with pytest.raises(ValueError, match="missing"):
        bootstrap_mean_interval([1.0, math.nan])


OUTCOMES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12)


@given(OUTCOMES)
@settings(deadline=None)
def test_mcnemar_counts_the_tosses_at_least_as_uneven(pairs):
    tosses = [a for a, b in pairs if a != b]
    uneven = abs(2 * sum(tosses) - len(tosses))
    all_tosses = list(itertools.product([0, 1], repeat=len(tosses)))
    as_uneven = sum(abs(2 * sum(toss) - len(tosses)) >= uneven for toss in all_tosses)
    assert mcnemar_exact([a for a, _ in pairs], [b for _, b in pairs]) == as_uneven / len(all_tosses)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=2000))
def test_mcnemar_is_a_probability_and_does_not_mind_the_order(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert 0 < mcnemar_exact(first, second) <= 1
    assert mcnemar_exact(first, second) == mcnemar_exact(second, first)
    assert mcnemar_exact(first, first) == 1
    agreeing = [True, False] * 10
    assert mcnemar_exact(first + agreeing, second + agreeing) == mcnemar_exact(first, second)


def test_mcnemar_refuses_other_programs():
    with pytest.raises(ValueError, match="shorter"):
        mcnemar_exact([True, False], [True])


SCORES = st.lists(st.tuples(*[st.none() | st.integers(0, 50)] * 2), min_size=1, max_size=20)


@given(SCORES)
@settings(deadline=None)
def test_paired_swapped_is_the_negative(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    low, high = paired_bootstrap(first, second, resamples=FEW)
    assert paired_bootstrap(second, first, resamples=FEW) == pytest.approx((-high, -low), abs=ROUNDING, nan_ok=True)
    if all(value is None for value in first) or all(value is None for value in second):
        assert math.isnan(low)
        assert math.isnan(high)
    else:
        assert low <= high


@given(VALUES, VALUES)
@settings(deadline=None)
def test_paired_without_missing_values_is_the_bootstrap_of_the_differences(first, second):
    n = min(len(first), len(second))
    differences = [a - b for a, b in zip(first, second, strict=False)]
    paired = paired_bootstrap(first[:n], second[:n], resamples=FEW)
    assert paired == pytest.approx(bootstrap_mean_interval(differences, resamples=FEW), abs=ROUNDING)


def test_pairing_takes_out_what_makes_a_program_hard():
    hard = [float(10 * (i % 20)) for i in range(100)]
    better = [value - 1 - i % 3 for i, value in enumerate(hard)]
    low, high = paired_bootstrap(hard, better)
    assert 1.5 < low < 2 < high < 2.5
    assert width(bootstrap_mean_interval(hard)) > 10 * (high - low)


def test_missing_values_change_whose_mean_it_is():
    """The second model also repairs the hard programs: each mean is over what that model repairs."""
    first, second = [2.0] * 50 + [None] * 50, [2.0] * 50 + [10.0] * 50
    low, high = paired_bootstrap(first, second)
    assert low < 2 - 6 < high
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None]
    assert paired_bootstrap([a for a, _ in both], [b for _, b in both]) == (0, 0)


def test_paired_nan_is_none_and_other_programs_are_refused():
    assert paired_bootstrap([1.0, math.nan, 4.0], [2.0, 3.0, 4.0]) == paired_bootstrap([1, None, 4], [2, 3, 4])
    with pytest.raises(ValueError, match="1 values against 2"):
        paired_bootstrap([1], [1, 2])
