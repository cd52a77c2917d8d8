"""Attention over the tree of a packed batch, registered with transformers' attention interface as "segments".

A model whose attention is "segments" is called with `segments=` beside input_ids and position_ids; any transformers
model that hands extra arguments through to its attention (Phi-3, Llama, …) works. Segments stand depth first, so all
that continues a segment follows it without a gap, and one number for each token says the whole causal pattern:

    a query q sees a key k     if and only if     k <= q < subtree_end[k]

On a CPU this becomes dense products of a block of queries with the keys that they see (cpu_attention.py). Elsewhere it
becomes a block mask of flex_attention, compiled on CUDA, which is made once for a forward and lists blocks, not tokens.

Not here: a key-value cache and dropout of attention weights. Generation has its own (generation/cache.py).
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, flex_attention
from transformers import AttentionInterface, AttentionMaskInterface

from feedback_lightning.data.packing import Segment, positions, subtree_ends
from feedback_lightning.modeling.cpu_attention import cpu_tree_attention

NAME = "segments"


def segment_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    segments: tuple[Segment, ...] | None = None,
    sliding_window: int | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Each token's attention over the tokens before it on its path from the root.

    Args:
        query: (1, heads, T, head_dim).
        key, value: (1, kv_heads, T, head_dim).
        attention_mask: must be None; the segments say who sees whom.
        scaling: factor before the softmax.
        dropout: must be 0.
        segments: cover the T tokens in order, depth first.
        sliding_window: a token sees at most this many tokens back, itself included.

    Returns:
        (1, T, heads, head_dim) and None, as transformers expects.
    """
    if segments is None or attention_mask is not None:
        raise ValueError('the "segments" attention needs segments= and no mask; for plain batches set "sdpa"')
    if dropout:
        raise ValueError('the "segments" attention has no dropout; set attention_dropout to 0 in the model\'s config')
    # Under autocast the rotation leaves queries and keys in float32 beside values in bfloat16.
    query, key = query.to(value.dtype), key.to(value.dtype)
    attend = cpu_tree_attention if query.device.type == "cpu" else flex_tree_attention
    return attend(query, key, value, segments, window_that_binds(segments, sliding_window), scaling), None


@lru_cache(maxsize=4)  # the same for all layers of a model
def window_that_binds(segments: tuple[Segment, ...], sliding_window: int | None) -> int | None:
    """The window, or None where no example is longer and the tree alone says who sees whom."""
    if sliding_window is None or sliding_window > int(positions(segments).max()):
        return None
    return sliding_window


def flex_tree_attention(
    query: Tensor, key: Tensor, value: Tensor, segments: tuple[Segment, ...], sliding_window: int | None, scaling: float
) -> Tensor:
    """As `segment_attention`, with a block mask: blocks that no query sees are skipped."""
    attend: Any = compiled_flex_attention() if query.is_cuda else flex_attention
    mask = tree_block_mask(segments, sliding_window, query.device)
    grouped = query.shape[1] != key.shape[1]
    output = attend(query, key, value, block_mask=mask, scale=scaling, enable_gqa=grouped)
    return output.transpose(1, 2).contiguous()


@cache
def compiled_flex_attention() -> Callable[..., Tensor]:
    return torch.compile(flex_attention)


@lru_cache(maxsize=4)
def tree_block_mask(segments: tuple[Segment, ...], sliding_window: int | None, device: torch.device) -> BlockMask:
    """Which blocks of queries and keys flex_attention computes whole, in part, or not at all."""
    tokens = segments[-1].end
    return create_block_mask(tree_mask(segments, sliding_window, device), None, None, tokens, tokens, device)


def tree_mask(
    segments: Sequence[Segment], sliding_window: int | None, device: torch.device | str
) -> Callable[[Any, Any, Tensor, Tensor], Tensor]:
    """flex_attention's mask_mod: whether query q sees key k.

    >>> sees = tree_mask([Segment(0, 2), Segment(2, 4, 0), Segment(4, 5, 0)], None, "cpu")
    >>> print(sees(0, 0, torch.arange(5)[:, None], torch.arange(5)).int().numpy())
    [[1 0 0 0 0]
     [1 1 0 0 0]
     [1 1 1 0 0]
     [1 1 1 1 0]
     [1 1 0 0 1]]
    """
    lengths = torch.tensor([segment.end - segment.start for segment in segments])
    subtree_end = torch.tensor(subtree_ends(segments)).repeat_interleave(lengths).to(device)
    if sliding_window is None:
        return lambda batch, head, q, k: (k <= q) & (q < subtree_end[k])
    position = positions(segments).to(device)
    return lambda batch, head, q, k: (k <= q) & (q < subtree_end[k]) & (position[q] - position[k] < sliding_window)


def _no_mask(*_: Any, **__: Any) -> None:
    return None


AttentionInterface.register(NAME, segment_attention)
AttentionMaskInterface.register(NAME, _no_mask)
