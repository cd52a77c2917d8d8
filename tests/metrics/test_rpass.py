"""RPass counts programs, in any number of pieces."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.metrics.rpass import RPass


def test_percent_of_all_programs():
    metric = RPass()
    metric.update([True] * 24 + [False])
    assert metric.compute().item() == 96.0


def test_no_programs():
    metric = RPass()
    metric.update([])
    assert math.isnan(metric.compute().item())


@given(st.lists(st.lists(st.booleans(), max_size=8), min_size=1, max_size=6))
def test_the_pieces_do_not_matter(pieces):
    whole, parts = RPass(), RPass()
    whole.update([passed for piece in pieces for passed in piece])
    for piece in pieces:
        parts.update(piece)
    assert torch.equal(whole.compute(), parts.compute()) or not any(pieces)


@pytest.mark.parametrize("passed", [torch.tensor([True, False]), (1, 0)])
def test_other_sequences_of_booleans(passed):
    metric = RPass()
    metric.update(passed)
    assert metric.compute().item() == 50.0


def test_reset_begins_anew():
    metric = RPass()
    metric.update([False])
    metric.reset()
    metric.update([True])
    assert metric.compute().item() == 100.0
