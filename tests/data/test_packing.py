"""Packing keeps every token, position and loss of every example, computes what is alike once, and obeys the budget."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_prefix_tree import trie_size

from feedback_lightning.data.packing import Segment, TokenizedExample, pack, pack_step, positions, subtree_ends

LONGEST = 12


def examples_of(tokens):
    ids = st.lists(tokens, min_size=2, max_size=LONGEST)
    example = ids.flatmap(
        lambda ids: st.builds(TokenizedExample, st.just(ids), st.integers(1, len(ids) - 1), st.just(()))
    )
    return st.lists(example, min_size=1, max_size=9)


# Few different tokens, so that examples often begin alike, continue each other, or are the same.
EXAMPLES = st.sampled_from([1, 2, 999]).flatmap(lambda most: examples_of(st.integers(0, most)))
few = settings(deadline=None, max_examples=60)


def paths(batch):
    """For each token of a batch, all tokens of its example up to itself."""
    found = []
    for segment in batch.segments:
        before = found[batch.segments[segment.parent].end - 1] if segment.parent >= 0 else ()
        for token in batch.input_ids[segment.start : segment.end].tolist():
            before = (*before, token)
            found.append(before)
    return found


@few
@given(EXAMPLES)
def test_without_sharing_each_segment_is_one_example(examples):
    batch = pack(examples)
    assert len(batch.segments) == len(examples)
    assert batch.segments[0].start == 0
    for segment, (ids, prompt_length, _) in zip(batch.segments, examples, strict=True):
        tokens = slice(segment.start, segment.end)
        assert segment.parent == -1
        assert batch.input_ids[tokens].tolist() == ids
        assert batch.position_ids[tokens].tolist() == list(range(len(ids)))
        assert batch.loss_counts[tokens].tolist() == [0] * prompt_length + [1] * (len(ids) - prompt_length)
    assert batch.segments[-1].end == len(batch.input_ids) == len(batch.loss_counts) == len(batch.position_ids)


@few
@given(EXAMPLES, st.integers(LONGEST, 60), st.booleans())
def test_every_token_and_every_loss_is_there(examples, budget, share):
    """Each token with all that stands before it in its example: as often as there is a loss on it."""
    expected = Counter(
        tuple(ids[: end + 1]) for ids, prompt_length, _ in examples for end in range(prompt_length, len(ids))
    )
    found, whole = Counter(), set()
    for batch in pack_step(examples, budget, share_prefixes=share).forwards:
        places = paths(batch)
        whole.update(places)
        assert batch.position_ids.tolist() == positions(batch.segments).tolist() == [len(path) - 1 for path in places]
        for path, count in zip(places, batch.loss_counts.tolist(), strict=True):
            found[path] += count
    assert +found == expected
    assert {tuple(ids) for ids, _, _ in examples} <= whole


@few
@given(EXAMPLES, st.integers(LONGEST, 60))
def test_computed_tokens_are_a_tries_or_little_more(examples, budget):
    least, most = trie_size([ids for ids, _, _ in examples]), sum(len(ids) for ids, _, _ in examples)
    step = pack_step(examples, budget)
    assert all(len(forward.input_ids) <= budget for forward in step.forwards)
    assert least <= step.computed <= most == step.tokens
    assert pack_step(examples, budget, share_prefixes=False).computed == most
    assert pack_step(examples, most).computed == least
    for forward in step.forwards:  # and nothing twice within a forward
        assert len(set(paths(forward))) == len(forward.input_ids)


@few
@given(EXAMPLES, st.integers(1, 4), st.booleans())
def test_devices_share_a_step(examples, devices, share):
    shares = [pack_step(examples, LONGEST, rank, devices, share) for rank in range(devices)]
    assert len({(s.examples, s.tokens, s.completion_tokens) for s in shares}) == 1
    counted = [sum(int(f.loss_counts.sum()) for f in own.forwards) for own in shares]
    assert sum(counted) == shares[0].completion_tokens == sum(len(ids) - p for ids, p, _ in examples)
    assert shares[0].tokens == sum(len(ids) for ids, _, _ in examples)
    for own in shares:
        assert own.forwards
        assert all(len(forward.input_ids) <= LONGEST for forward in own.forwards)
    # No device is further from an equal share than one example is long.
    if not share:
        longest = max(len(ids) for ids, _, _ in examples)
        assert all(abs(own.computed - shares[0].tokens / devices) <= longest for own in shares)


@few
@given(EXAMPLES)
def test_the_order_within_a_step_does_not_matter(examples):
    one, other = pack_step(examples, 24), pack_step(examples[::-1], 24)
    assert [f.input_ids.tolist() for f in one.forwards] == [f.input_ids.tolist() for f in other.forwards]
    assert [f.loss_counts.tolist() for f in one.forwards] == [f.loss_counts.tolist() for f in other.forwards]


def test_a_completion_that_begins_another_ones_and_a_prompt_that_is_anothers_completion():
    prompt, examples = [1, 2], [([1, 2, 3], 2), ([1, 2, 3, 4], 2), ([1, 2, 3, 4, 5], 4), ([1, 2, 3], 2)]
    [batch] = pack_step([TokenizedExample(*example) for example in examples], 20).forwards
    assert batch.input_ids.tolist() == [*prompt, 3, 4, 5]
    assert batch.loss_counts.tolist() == [0, 0, 3, 1, 1]


@few
@given(EXAMPLES)
def test_a_subtree_is_what_follows_without_a_gap(examples):
    [batch] = pack_step(examples, 200).forwards
    places = paths(batch)
    for segment, end in zip(batch.segments, subtree_ends(batch.segments), strict=True):
        last = places[segment.end - 1]
        below = [i for i, path in enumerate(places) if path[: len(last)] == last]
        assert below == list(range(segment.end - 1, end))


def test_moving_a_batch_keeps_its_segments():
    batch = pack([TokenizedExample([1, 2, 3], 1)]).to("meta")
    assert batch.input_ids.device == batch.loss_counts.device == batch.position_ids.device == torch.device("meta")
    assert batch.segments == (Segment(0, 3, -1),)
    step = pack_step([TokenizedExample([1, 2, 3], 1)], 8).to("meta")
    assert step.forwards[0].loss_counts.device == torch.device("meta")
    assert (step.examples, step.tokens, step.completion_tokens, step.computed) == (1, 3, 2, 3)


def test_an_example_over_the_budget_is_refused():
    with pytest.raises(ValueError, match="3 tokens does not fit a forward of 2"):
        pack_step([TokenizedExample([1, 2, 3], 1)], 2)


@few
@given(EXAMPLES, st.integers(1, 5), st.integers(LONGEST, 60), st.data())
def test_an_edit_counts_as_often_as_its_weight(examples, weight, budget, data):
    """An edit has `weight` losses and every other token of a completion one, however they are packed."""
    places = [st.integers(e.prompt_length, len(e.input_ids) - 1) for e in examples]
    edited = [e._replace(edits=sorted(data.draw(st.sets(place)))) for e, place in zip(examples, places, strict=True)]
    expected = Counter()
    for example in edited:
        for end in range(example.prompt_length, len(example.input_ids)):
            expected[tuple(example.input_ids[: end + 1])] += weight if end in example.edits else 1
    step = pack_step(edited, budget, edit_weight=weight)
    found = Counter()
    for batch in step.forwards:
        for path, count in zip(paths(batch), batch.loss_counts.tolist(), strict=True):
            found[path] += count
    assert +found == expected
    assert step.losses == expected.total()
    assert step.completion_tokens == pack_step(examples, budget).losses
