"""Keys and values of the sequences being written, and attention over them, registered with transformers as "cached".

One forward takes the new tokens of many sequences end to end, without padding. Each piece attends to what its own
sequence has in its cache, and causally to itself:

    tokens of the forward     a a | b b b b b b | c
                              │ │   │             └ sees c's cache and itself
                              │ │   └ b has just begun: sees itself, and the prefix that it shares with a
                              └─┴ a's next token and a guess at the one after it

A sequence that begins like another one takes over its keys and values, layer by layer and so within the same forward
if need be. The keys and values of rejected guesses are overwritten by the tokens that come in their place.

Works for any transformers model that hands extra arguments through to its attention (Phi-3, Llama, …), as "segments"
in modeling/attention.py does. Not here: attention with soft caps, biases or sinks, and layers that are not attention.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

from feedback_lightning.errors import FeedbackError

NAME = "cached"
NOT_HERE = ("softcap", "s_aux", "position_bias")  # extra arguments that change what attention computes


class KeyValues:
    """The keys and values of one sequence in every layer.

    Args:
        capacity: most tokens it will hold.
        prefix: the cache of a sequence that begins with the same `shared` tokens. They must be in it, or come in
            earlier in the forward in which this sequence begins.
        shared: how many tokens are taken over.
    """

    def __init__(self, capacity: int, prefix: "KeyValues | None" = None, shared: int = 0) -> None:
        self.capacity, self.length = capacity, shared
        self._prefix = prefix
        self._layers: dict[int, Tensor] = {}  # layer -> (2, kv_heads, capacity, head_dim)

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write one layer's new keys and values, (kv_heads, new, head_dim), behind the tokens that count.

        Returns all of that layer, (kv_heads, length + new, head_dim) each.
        """
        if layer not in self._layers:
            self._layers[layer] = keys.new_empty(2, keys.shape[0], self.capacity, keys.shape[2])
            if self._prefix is not None:
                self._layers[layer][:, :, : self.length] = self._prefix._layers[layer][:, :, : self.length]
        stored, end = self._layers[layer], self.length + keys.shape[1]
        stored[0, :, self.length : end], stored[1, :, self.length : end] = keys, values
        return stored[0, :, :end], stored[1, :, :end]

    def keep(self, tokens: int) -> None:
        """After a forward: its first `tokens` new tokens count from now on, the others are forgotten."""
        self.length += tokens
        self._prefix = None


@dataclass(frozen=True)
class Piece:
    """Tokens `start` to `end` of a forward go on with the sequence of `cache`."""

    start: int
    end: int
    cache: KeyValues


@contextlib.contextmanager
def cached_generation(model: Any) -> Iterator[None]:
    """The model in evaluation mode with this attention; afterwards everything is as it was."""
    training = [module for module in model.modules() if module.training]
    attention = model.config._attn_implementation
    model.eval()
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(attention)
        for module in training:
            module.training = True


def cached_attention(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    pieces: Sequence[Piece] | None = None,
    sliding_window: int | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Each piece's queries over its sequence so far.

    Args:
        module: the attention layer; its layer_idx says whose keys and values these are.
        query: (1, heads, T, head_dim).
        key, value: (1, kv_heads, T, head_dim).
        attention_mask: must be None; the pieces say who sees whom.
        scaling: factor before the softmax.
        pieces: cover the T tokens in order.
        sliding_window: a token sees at most this many tokens back, itself included.

    Returns:
        (1, T, heads, head_dim) and None, as transformers expects.
    """
    if pieces is None or attention_mask is not None:
        raise ValueError('the "cached" attention is for generation: it needs pieces= and no mask')
    if unknown := [name for name in NOT_HERE if others.get(name) is not None]:
        raise FeedbackError(f"this model's attention uses {', '.join(unknown)}, which generation does not do")
    outputs = []
    for piece in pieces:
        own = slice(piece.start, piece.end)
        keys, values = piece.cache.extend(module.layer_idx, key[0, :, own], value[0, :, own])
        new, total = piece.end - piece.start, keys.shape[1]
        masked = 1 < new < total or (sliding_window is not None and total > sliding_window)
        outputs.append(
            scaled_dot_product_attention(
                query[:, :, own],
                keys[None],
                values[None],
                attn_mask=_mask(new, total, sliding_window, query.device) if masked else None,
                dropout_p=dropout,
                is_causal=new == total and not masked,
                scale=scaling,
                enable_gqa=query.shape[1] != key.shape[1],
            )
        )
    return torch.cat(outputs, dim=2).transpose(1, 2).contiguous(), None


@lru_cache(maxsize=64)  # all layers of a forward ask for the same ones
def _mask(new: int, total: int, sliding_window: int | None, device: torch.device) -> Tensor:
    """(new, total), True where one of the last `new` of `total` tokens sees another."""
    back = torch.arange(total - new, total, device=device)[:, None] - torch.arange(total, device=device)
    return (back >= 0) if sliding_window is None else (back >= 0) & (back < sliding_window)


def _no_mask(*_: Any, **__: Any) -> None:
    return None


AttentionInterface.register(NAME, cached_attention)
AttentionMaskInterface.register(NAME, _no_mask)
