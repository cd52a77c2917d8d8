"""Attention over pieces equals a softmax over each sequence, written out."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.generation.cache import KeyValues, Piece, cached_attention

HEADS, KV_HEADS, WIDTH = 4, 2, 8


class Layer:
    layer_idx = 3


def by_hand(query, key, value, window):
    """(heads, n, width): the last n queries of one sequence over all its keys, in float64."""
    query, key, value = (x.double() for x in (query, key, value))
    key, value = (x.repeat_interleave(HEADS // KV_HEADS, dim=0) for x in (key, value))
    scores = query @ key.transpose(1, 2) * WIDTH**-0.5
    n, total = scores.shape[1:]
    for i in range(n):
        place = total - n + i
        scores[:, i, place + 1 :] = -torch.inf
        if window is not None:
            scores[:, i, : max(0, place + 1 - window)] = -torch.inf
    return scores.softmax(dim=-1) @ value


@settings(deadline=None, max_examples=60)
@given(
    steps=st.lists(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), min_size=1, max_size=3), min_size=1),
    window=st.sampled_from([None, 1, 3, 20]),
)
def test_each_piece_sees_its_own_sequence(steps, window):
    """Each step brings (new, rejected) tokens for some of three sequences; rejected ones come to nothing."""
    generator = torch.Generator().manual_seed(len(steps))
    caches = [KeyValues(200) for _ in range(3)]
    past = [[torch.zeros(heads, 0, WIDTH) for heads in (KV_HEADS, KV_HEADS)] for _ in range(3)]
    for step in steps[:10]:
        lengths = [new + rejected for new, rejected in step]
        total = sum(lengths)
        query, key, value = (
            torch.randn(1, heads, total, WIDTH, generator=generator) for heads in (HEADS, KV_HEADS, KV_HEADS)
        )
        ends = torch.tensor(lengths).cumsum(0).tolist()
        pieces = [Piece(end - n, end, cache) for end, n, cache in zip(ends, lengths, caches, strict=False)]
        output, _ = cached_attention(
            Layer, query, key, value, None, WIDTH**-0.5, pieces=pieces, sliding_window=window, use_cache=False
        )
        assert output.shape == (1, total, HEADS, WIDTH)
        for i, (piece, (new, _)) in enumerate(zip(pieces, step, strict=True)):
            own = slice(piece.start, piece.end)
            keys, values = (torch.cat([p, x[0, :, own]], dim=1) for p, x in zip(past[i], (key, value), strict=True))
            expected = by_hand(query[0, :, own], keys, values, window).transpose(0, 1)
            # float32 against float64, values of order 1
            torch.testing.assert_close(output[0, own].double(), expected, atol=2e-6, rtol=2e-6)
            past[i] = [x[:, : x.shape[1] - piece.end + piece.start + new] for x in (keys, values)]
            caches[i].keep(new)
            assert caches[i].length == past[i][0].shape[1]


def test_a_prefix_is_taken_over_within_the_same_forward():
    """The second sequence shares four tokens with the first, the third five with the second."""
    key, value = torch.randn(2, 1, KV_HEADS, 9, WIDTH)
    query = torch.randn(1, HEADS, 9, WIDTH)
    first = KeyValues(20)
    second = KeyValues(20, first, 4)
    third = KeyValues(20, second, 5)
    pieces = [Piece(0, 6, first), Piece(6, 8, second), Piece(8, 9, third)]
    output, _ = cached_attention(Layer, query, key, value, None, WIDTH**-0.5, pieces=pieces)
    for piece, tokens in zip(pieces, ([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 6, 7], [0, 1, 2, 3, 6, 8]), strict=True):
        expected = by_hand(query[0, :, piece.start : piece.end], key[0, :, tokens], value[0, :, tokens], None)
        torch.testing.assert_close(
            output[0, piece.start : piece.end].double(), expected.transpose(0, 1), atol=2e-6, rtol=2e-6
        )


def test_calls_that_are_not_generation_are_refused():
    tensors = [torch.zeros(1, heads, 2, WIDTH) for heads in (HEADS, KV_HEADS, KV_HEADS)]
    with pytest.raises(ValueError, match="pieces="):
        cached_attention(Layer, *tensors, None, 1.0)
    with pytest.raises(ValueError, match="no mask"):
        cached_attention(Layer, *tensors, torch.ones(1, 1, 2, 2), 1.0, pieces=[Piece(0, 2, KeyValues(2))])
