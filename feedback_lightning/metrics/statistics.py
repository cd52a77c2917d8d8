"""How far the programs at hand can be trusted: intervals, and comparisons of two models on the same programs.

What varies is the choice of programs: another draw from the same students would have given other figures. That is
what these intervals cover. They do not cover other seeds of the training, other problems or another temperature.

    RPass of one model          wilson_interval           REdit of one model          bootstrap_mean_interval
    RPass of two models         mcnemar_exact (p) and paired_bootstrap (difference)
    REdit of two models         paired_bootstrap, with None for the programs that a model does not repair

Everything is a function of its arguments and of the seed.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

import torch
from torch import Tensor

DRAWS_AT_ONCE = 2**20  # programs drawn in one step of a bootstrap, which bounds its memory to a few dozen MB


class Interval(NamedTuple):
    """A confidence interval, in the unit of what it is about."""

    low: float
    high: float


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Where a share may lie of which `successes` of `n` were seen (Wilson 1927): RPass / 100, HGood.

    Returns shares in [0, 1]. It holds where the textbook's normal approximation fails: few programs, shares near 0 or
    1. Of no programs nothing is known: (0, 1).

    >>> low, high = wilson_interval(24, 25)
    >>> f"{low:.3f} {high:.3f}"
    '0.805 0.993'
    """
    _check_confidence(confidence)
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # at the ends, the bound is the share itself: without rounding
    return Interval(centre - half if successes else 0.0, centre + half if successes < n else 1.0)


def bootstrap_mean_interval(
    values: Sequence[float], confidence: float = 0.95, seed: int = 0, resamples: int = 10_000
) -> Interval:
    """Percentile bootstrap of a mean (Efron 1979): REdit, from the distances of the repairs that pass.

    With few values it is too narrow, and of a single one it is that value; without any it is (nan, nan).

    >>> bootstrap_mean_interval([3.0, 3.0, 3.0])
    Interval(low=3.0, high=3.0)
    """
    column = _column(values)
    if column.isnan().any():
        raise ValueError("a value is missing; leave out the programs without one")
    return _percentile_interval([column], confidence, seed, resamples)


def mcnemar_exact(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Two-sided p of the exact McNemar test: are two models equally likely to repair a program?

    Only the programs that one model repairs and the other does not can tell; if both are equally good, each such
    program is a toss of a coin (binomial with 1/2). p is 1 if there are none.

    Args:
        first, second: for each program, in the same order, whether the model's repair passes.

    >>> mcnemar_exact([True] * 6 + [False], [False] * 6 + [False])
    0.03125
    """
    pairs = [(bool(a), bool(b)) for a, b in zip(first, second, strict=True)]
    only_first, only_second = pairs.count((True, False)), pairs.count((False, True))
    n = only_first + only_second
    tail = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / 2**n)  # of integers, so exact up to the last division


def paired_bootstrap(
    first: Sequence[float | None],
    second: Sequence[float | None],
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 10_000,
) -> Interval:
    """Percentile bootstrap of mean(first) - mean(second) over the same programs.

    Whole programs are drawn, each with both models' values, so what makes a program hard counts for both. None (or
    nan) says that a model has no value for a program; each mean is over the values that there are. So for RPass give
    100 or 0, and for REdit the distance where the model's repair passes and None where it does not: the interval is
    then that of the difference between the two figures in the table. It mixes how much the models edit with what they
    repair; to compare edits alone, give only the programs that both repair.

    Draws in which a model has no value at all are left out; if a model has none to begin with, it is (nan, nan).

    Args:
        first, second: the values of the two models, in the same order of programs.

    >>> paired_bootstrap([5, 60, 7, 9], [3, 58, 5, 7])  # the programs differ widely, the models always by 2
    Interval(low=2.0, high=2.0)
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} values against {len(second)}: both must be of the same programs")
    return _percentile_interval([_column(first), _column(second)], confidence, seed, resamples)


def _percentile_interval(columns: list[Tensor], confidence: float, seed: int, resamples: int) -> Interval:
    """Of the mean of the first column, minus that of the second if there is one."""
    _check_confidence(confidence)
    if any(column.isnan().all() for column in columns):  # true of an empty one, too
        return Interval(math.nan, math.nan)
    figures = []
    for drawn in _draws(len(columns[0]), seed, resamples):
        means = [column[drawn].nanmean(dim=1) for column in columns]
        figures.append(means[0] - means[1] if len(means) == 2 else means[0])
    tail = (1 - confidence) / 2
    low, high = torch.cat(figures).nanquantile(torch.tensor([tail, 1 - tail], dtype=torch.float64)).tolist()
    return Interval(low, high)


def _draws(n: int, seed: int, resamples: int) -> Iterator[Tensor]:
    """Indices of the programs drawn, (resamples, n) in all."""
    generator = torch.Generator().manual_seed(seed)
    rows = max(1, DRAWS_AT_ONCE // n)
    for start in range(0, resamples, rows):
        yield torch.randint(n, (min(rows, resamples - start), n), generator=generator)


def _column(values: Sequence[float | None]) -> Tensor:
    return torch.tensor([math.nan if value is None else value for value in values], dtype=torch.float64)


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share between 0 and 1, such as 0.95, not {confidence}")
