"""Exact attention over the tree of a packed batch on a CPU: dense products of blocks, without a mask of all tokens.

A block is some queries of one segment, and the keys that any of them sees: those of its ancestors, and those of the
segment up to the last of these queries.

                 ancestors' keys      own keys
    query q0     ■ ■ ■ ■ ■ ■ ■ ■      ■ ■ ■ · ·
    query q1     ■ ■ ■ ■ ■ ■ ■ ■      ■ ■ ■ ■ ·       · hidden: at most BLOCK wide
    query q2     ■ ■ ■ ■ ■ ■ ■ ■      ■ ■ ■ ■ ■

So nothing but the corner above the diagonal is computed in vain, and a block's weights still lie in the cache when they
are used. They are computed again for the backward pass (as FlashAttention does: Dao et al. 2022, arXiv:2205.14135).
Softmax is in float32 or wider. On processors this was as fast in float32 as torch's own kernel, called for each
segment, and twice as fast in bfloat16.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from feedback_lightning.data.packing import Segment, positions

BLOCK = 128  # queries; 64 and 256 were slower, for heads of 32 and of 64


class Block(NamedTuple):
    """Some queries with the keys that they see.

    Args:
        queries: n tokens.
        keys: m tokens, as slices in the order of their positions.
        hidden: (n, w): 0, or -inf where a query does not see one of the last w keys; the other keys all of them see.
    """

    queries: slice
    keys: tuple[slice, ...]
    hidden: Tensor


@lru_cache(maxsize=4)  # the same for all layers of a model
def blocks_of_tree(segments: tuple[Segment, ...], sliding_window: int | None) -> list[Block]:
    """All blocks that the attention over these segments takes."""
    places = positions(segments)
    paths: list[list[slice]] = []
    blocks = []
    for start, end, parent in segments:
        ancestors = paths[parent] if parent >= 0 else []
        paths.append([*ancestors, slice(start, end)])
        for first in range(start, end, BLOCK):
            last = min(first + BLOCK, end)
            keys = [*ancestors, slice(start, last)]
            width = last - first
            if sliding_window is not None:
                keys = since(keys, max(0, int(places[first]) - sliding_window + 1))
                width = sum(part.stop - part.start for part in keys)
            seen = torch.arange(int(places[last - 1]) + 1 - width, int(places[last - 1]) + 1)
            back = places[first:last, None] - seen
            hidden = (back < 0) | (back >= (sliding_window or torch.inf))
            mask = torch.zeros(hidden.shape).masked_fill(hidden, -torch.inf)
            blocks.append(Block(slice(first, last), joined(keys), mask))
    return blocks


def since(path: list[slice], position: int) -> list[slice]:
    """A path without its first `position` tokens.

    >>> since([slice(0, 3), slice(7, 9)], 4)
    [slice(8, 9, None)]
    """
    kept = []
    for part in path:
        length = part.stop - part.start
        if position < length:
            kept.append(slice(part.start + position, part.stop))
        position = max(0, position - length)
    return kept


def joined(path: list[slice]) -> tuple[slice, ...]:
    """A path in which neighbours are one slice.

    >>> joined([slice(0, 3), slice(3, 5), slice(7, 9)])
    (slice(0, 5, None), slice(7, 9, None))
    """
    found: list[slice] = []
    for part in path:
        begin = found.pop().start if found and found[-1].stop == part.start else part.start
        found.append(slice(begin, part.stop))
    return tuple(found)


class TreeAttention(torch.autograd.Function):
    """Attends block by block; keeps query, key, value and output for the backward pass."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, blocks: list[Block], scaling: float) -> Tensor:
        """query (heads, T, head_dim), key and value (kv_heads, T, head_dim) -> (heads, T, head_dim)."""
        heads, tokens, head_dim = query.shape
        output = query.new_empty(tokens, heads, head_dim).transpose(0, 1)
        for block in blocks:
            queries = grouped(query[:, block.queries], key) * scaling
            weights = attention_weights(queries, gather(key, block.keys), block.hidden).to(query.dtype)
            output[:, block.queries] = torch.bmm(weights, gather(value, block.keys)).view(heads, -1, head_dim)
        ctx.save_for_backward(query, key, value, output)
        ctx.blocks, ctx.scaling = blocks, scaling
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value, output = ctx.saved_tensors
        wide = torch.promote_types(query.dtype, torch.float32)
        dquery = torch.empty_like(query)
        dkey, dvalue = (torch.zeros_like(tensor, dtype=wide) for tensor in (key, value))
        for block in ctx.blocks:
            queries = grouped(query[:, block.queries], key) * ctx.scaling
            upstream, outputs = (grouped(tensor[:, block.queries], key) for tensor in (gradient, output))
            keys = gather(key, block.keys)
            weights = attention_weights(queries, keys, block.hidden)
            dweights = torch.bmm(upstream, gather(value, block.keys).transpose(1, 2))
            mean = (upstream * outputs).sum(-1, dtype=wide, keepdim=True)  # of dweights, weighted by the weights
            dscores = (dweights - mean).mul_(weights).to(query.dtype)
            share = torch.bmm(dscores, keys).mul_(ctx.scaling)
            dquery[:, block.queries] = share.view(len(query), -1, query.shape[2])
            scatter_add(dkey, block.keys, torch.bmm(dscores.transpose(1, 2), queries))
            scatter_add(dvalue, block.keys, torch.bmm(weights.to(query.dtype).transpose(1, 2), upstream))
        return dquery, dkey.to(key.dtype), dvalue.to(value.dtype), None, None


def grouped(x: Tensor, key: Tensor) -> Tensor:
    """Query heads that share a head of keys under each other: (heads, n, d) -> (kv_heads, heads / kv_heads · n, d)."""
    return x.reshape(len(key), -1, x.shape[2])


def attention_weights(queries: Tensor, keys: Tensor, hidden: Tensor) -> Tensor:
    """Softmax over m keys, in float32 or wider.

    Args:
        queries: (kv_heads, groups · n, d), scaled.
        keys: (kv_heads, m, d).
        hidden: as Block has it.

    Returns:
        (kv_heads, groups · n, m).
    """
    scores = torch.bmm(queries, keys.transpose(1, 2)).to(torch.promote_types(queries.dtype, torch.float32))
    n, w = hidden.shape
    scores.view(len(keys), -1, n, keys.shape[1])[..., -w:] += hidden
    return torch.softmax(scores, -1)


def gather(x: Tensor, tokens: tuple[slice, ...]) -> Tensor:
    """(heads, T, d) -> (heads, m, d)."""
    return x[:, tokens[0]] if len(tokens) == 1 else torch.cat([x[:, part] for part in tokens], 1)


def scatter_add(total: Tensor, tokens: tuple[slice, ...], x: Tensor) -> None:
    """Add x (heads, m, d) to these tokens of total (heads, T, d)."""
    lengths = [part.stop - part.start for part in tokens]
    for part, share in zip(tokens, x.split(lengths, 1), strict=True):
        total[:, part] += share


def cpu_tree_attention(
    query: Tensor, key: Tensor, value: Tensor, segments: tuple[Segment, ...], sliding_window: int | None, scaling: float
) -> Tensor:
    """As `segment_attention` describes; (1, T, heads, head_dim)."""
    blocks = blocks_of_tree(segments, sliding_window)
    return TreeAttention.apply(query[0], key[0], value[0], blocks, scaling).transpose(0, 1)[None]
