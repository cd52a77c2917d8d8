"""Drawn tokens have the softmax's distribution, and depend on seed, position and token only."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.generation.choice import choose_tokens, gumbel_noise

MANY = 20_000
LOGITS = torch.tensor([1.0, 0.0, -2.0, 0.5, 3.0, 0.5, -0.3])
CHI_SQUARED_6 = 22.46  # its 0.999 quantile with 6 degrees of freedom
CHI_SQUARED_36 = 67.99  # with 36


def draw(temperature: float, seeds: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    rows = len(seeds)
    return choose_tokens(LOGITS.expand(rows, -1), torch.full((rows,), temperature), seeds, positions)


@pytest.mark.parametrize("temperature", [0.5, 0.7, 1.0, 3.0])
@pytest.mark.parametrize("over", ["seeds", "positions"])
def test_frequencies_are_the_softmax(temperature, over):
    counting, fixed = torch.arange(MANY), torch.full((MANY,), 3407)
    tokens = draw(temperature, counting, fixed) if over == "seeds" else draw(temperature, fixed, counting)
    expected = MANY * (LOGITS.double() / temperature).softmax(dim=0)
    counts = tokens.bincount(minlength=len(LOGITS))
    assert ((counts - expected) ** 2 / expected).sum() < CHI_SQUARED_6


@pytest.mark.parametrize("step", ["seed", "position"])
def test_neighbours_are_independent(step):
    here = torch.arange(MANY), torch.zeros(MANY, dtype=torch.long)
    there = (here[0] + 1, here[1]) if step == "seed" else (here[0], here[1] + 1)
    pairs = draw(2.0, *here) * len(LOGITS) + draw(2.0, *there)
    each = (LOGITS.double() / 2.0).softmax(dim=0)
    expected = MANY * (each[:, None] * each).flatten()
    counts = pairs.bincount(minlength=len(LOGITS) ** 2)
    # 48 degrees of freedom, of which the frequencies of either side take 12.
    own = sum(
        ((counts.view(7, 7).sum(dim=side) - MANY * each) ** 2 / (MANY * each)).sum() for side in (0, 1)
    )  # what the frequencies of either side add to the sum over pairs
    assert ((counts - expected) ** 2 / expected).sum() - own < CHI_SQUARED_36


def test_noise_is_gumbels():
    noise = gumbel_noise(torch.arange(40), torch.arange(40), 1000)
    assert noise.dtype == torch.float64
    standard_error = math.pi / math.sqrt(6 * noise.numel())
    assert abs(noise.mean() - 0.5772157) < 4 * standard_error
    assert noise.var() == pytest.approx(math.pi**2 / 6, rel=0.03)
    assert noise.isfinite().all()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 9), st.sampled_from([0.0, 0.7])), min_size=1))
def test_a_choice_does_not_depend_on_what_is_chosen_beside_it(rows):
    seeds, positions = (torch.tensor(column) for column in list(zip(*rows, strict=True))[:2])
    temperatures = torch.tensor([temperature for _, _, temperature in rows])
    logits = torch.randn(len(rows), 50, generator=torch.Generator().manual_seed(len(rows)))
    together = choose_tokens(logits, temperatures, seeds, positions)
    for i in range(len(rows)):
        one = slice(i, i + 1)
        assert choose_tokens(logits[one], temperatures[one], seeds[one], positions[one]) == together[i]
        if temperatures[i] == 0:
            assert together[i] == logits[i].argmax()


def test_impossible_tokens_are_never_drawn():
    logits = torch.full((500, 9), -torch.inf)
    logits[:, 4] = 0.0
    assert (choose_tokens(logits, torch.ones(500), torch.arange(500), torch.arange(500)) == 4).all()
