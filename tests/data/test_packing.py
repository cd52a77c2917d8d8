"""Packing keeps every token, label and position, and cuts in order within the budget."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.data.packing import IGNORE, Segment, TokenizedExample, cut_into_forwards, pack, pack_step

EXAMPLES = st.lists(
    st.lists(st.integers(0, 999), min_size=2, max_size=12).flatmap(
        lambda ids: st.builds(TokenizedExample, st.just(ids), st.integers(1, len(ids) - 1))
    ),
    min_size=1,
    max_size=9,
)
few = settings(deadline=None, max_examples=40)


@few
@given(EXAMPLES)
def test_each_segment_is_one_example(examples):
    batch = pack(examples)
    assert len(batch.segments) == len(examples)
    assert batch.segments[0].start == 0
    for segment, (ids, prompt_length) in zip(batch.segments, examples, strict=True):
        tokens = slice(segment.start, segment.end)
        assert segment.parent == -1
        assert batch.input_ids[tokens].tolist() == ids
        assert batch.position_ids[tokens].tolist() == list(range(len(ids)))
        assert batch.labels[tokens].tolist() == [IGNORE] * prompt_length + ids[prompt_length:]
    assert batch.segments[-1].end == len(batch.input_ids) == len(batch.labels) == len(batch.position_ids)


@few
@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(50, 120))
def test_forwards_keep_order_and_budget(lengths, budget):
    forwards = cut_into_forwards(lengths, budget)
    assert [i for forward in forwards for i in forward] == list(range(len(lengths)))
    assert all(0 < sum(lengths[i] for i in forward) <= budget for forward in forwards)
    # No cut without need: a forward and the first example of the next exceed the budget together.
    for one, following in itertools.pairwise(forwards):
        assert sum(lengths[i] for i in one) + lengths[following[0]] > budget


def test_an_example_over_the_budget_is_refused():
    with pytest.raises(ValueError, match="7 tokens does not fit a forward of 6"):
        cut_into_forwards([3, 7], 6)


@few
@given(EXAMPLES, st.integers(1, 4))
def test_devices_share_a_step(examples, devices):
    shares = [pack_step(examples, 12, rank, devices) for rank in range(devices)]
    assert len({(s.examples, s.tokens, s.completion_tokens) for s in shares}) == 1
    labelled = sum(int((f.labels != IGNORE).sum()) for share in shares for f in share.forwards)
    assert labelled == shares[0].completion_tokens == sum(len(ids) - p for ids, p in examples)
    assert shares[0].tokens == sum(len(ids) for ids, _ in examples)
    for share in shares:
        assert share.forwards
        assert all(len(forward.input_ids) <= 12 for forward in share.forwards)


def test_moving_a_batch_keeps_its_segments():
    batch = pack([TokenizedExample([1, 2, 3], 1)]).to("meta")
    assert batch.input_ids.device == batch.labels.device == batch.position_ids.device == torch.device("meta")
    assert batch.segments == (Segment(0, 3, -1),)
    step = pack_step([TokenizedExample([1, 2, 3], 1)], 8).to("meta")
    assert step.forwards[0].labels.device == torch.device("meta")
    assert (step.examples, step.tokens, step.completion_tokens) == (1, 3, 2)
