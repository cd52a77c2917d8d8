"""Attention over the segments of a packed batch, registered with transformers' attention interface as "segments".

A model whose attention is "segments" is called with `segments=` beside input_ids and position_ids; any transformers
model that hands extra arguments through to its attention (Phi-3, Llama, …) works. Each segment is one call of
scaled_dot_product_attention over its ancestors' and its own keys, so no T x T mask is ever made.

Not here: a key-value cache. Generation uses transformers' own "sdpa".
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

from feedback_lightning.data.packing import Segment

NAME = "segments"


def segment_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    segments: Sequence[Segment] | None = None,
    sliding_window: int | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Each segment's queries over its path from the root.

    Args:
        query: (1, heads, T, head_dim).
        key, value: (1, kv_heads, T, head_dim).
        attention_mask: must be None; the segments say who sees whom.
        scaling: factor before the softmax.
        segments: cover the T tokens in order, parents before children.
        sliding_window: a token sees at most this many tokens back, itself included.

    Returns:
        (1, T, heads, head_dim) and None, as transformers expects.
    """
    if segments is None or attention_mask is not None:
        raise ValueError('the "segments" attention needs segments= and no mask; for plain batches set "sdpa"')
    grouped = query.shape[1] != key.shape[1]
    outputs = []
    for index, segment in enumerate(segments):
        path = path_from_root(segments, index)
        keys, values = (_along(path, tensor) for tensor in (key, value))
        length, total = segment.end - segment.start, keys.shape[2]
        plain = length == total and (sliding_window is None or total <= sliding_window)
        mask = None if plain else causal_mask(length, total, sliding_window, query.device)
        outputs.append(
            scaled_dot_product_attention(
                query[:, :, segment.start : segment.end],
                keys,
                values,
                attn_mask=mask,
                dropout_p=dropout,
                is_causal=plain,
                scale=scaling,
                enable_gqa=grouped,
            )
        )
    return torch.cat(outputs, dim=2).transpose(1, 2).contiguous(), None


def path_from_root(segments: Sequence[Segment], index: int) -> list[Segment]:
    """The segment's ancestors from the root on, then itself."""
    path = []
    while index >= 0:
        path.append(segments[index])
        index = segments[index].parent
    return path[::-1]


def causal_mask(queries: int, keys: int, sliding_window: int | None, device: torch.device) -> Tensor:
    """(queries, keys), True where a query sees a key. The queries are the last of the keys' positions.

    >>> causal_mask(2, 3, None, torch.device("cpu")).int().tolist()
    [[1, 1, 0], [1, 1, 1]]
    """
    back = torch.arange(keys - queries, keys, device=device)[:, None] - torch.arange(keys, device=device)
    return (back >= 0) if sliding_window is None else (back >= 0) & (back < sliding_window)


def _along(path: Sequence[Segment], tensor: Tensor) -> Tensor:
    pieces = [tensor[:, :, segment.start : segment.end] for segment in path]
    return pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=2)


def _no_mask(*_: Any, **__: Any) -> None:
    return None


AttentionInterface.register(NAME, segment_attention)
AttentionMaskInterface.register(NAME, _no_mask)
