"""Exact attention over the tree of a packed batch on a CPU, by the kernel behind scaled_dot_product_attention.

Segments stand depth first, so everything that sees all of a segment's keys is one slice. Each segment's keys are seen

    causally by its own queries                                  one call of the kernel
    fully by the queries of all that continues it                another, unless it is a leaf

and neither call needs a mask or a copy. A query's results from several calls are merged by their log-sum-exp: softmax
over two sets of keys is the mean of the softmaxes over each, weighted by exp(log-sum-exp). The backward pass is the
kernel's own for each call, but given the merged output and log-sum-exp: from these it finds the weights that the keys
have among all keys of the query, and so the call's exact share of the gradients (Ring Attention does the same over
devices: Liu et al. 2023, https://arxiv.org/abs/2310.01889).

The kernel is called by its name in torch.ops.aten: scaled_dot_product_attention does not return the log-sum-exp.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from feedback_lightning.data.packing import Segment, positions, subtree_ends

KERNEL = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
KERNEL_BACKWARD = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward


class Part(NamedTuple):
    """One call of the kernel: which queries see which keys, causally, as an additive mask says, or all of them."""

    queries: slice
    keys: slice
    causal: bool = False
    mask: Tensor | None = None


@lru_cache(maxsize=4)  # the same for all layers of a model
def parts_of_tree(segments: tuple[Segment, ...], sliding_window: int | None) -> list[Part]:
    """All calls that the attention over these segments takes."""
    if sliding_window is not None:
        return windowed_parts(segments, sliding_window)
    slices = [slice(segment.start, segment.end) for segment in segments]
    rests = [slice(segment.end, end) for segment, end in zip(segments, subtree_ends(segments), strict=True)]
    own = [Part(tokens, tokens, causal=True) for tokens in slices]
    return own + [Part(rest, keys) for keys, rest in zip(slices, rests, strict=True) if rest.start < rest.stop]


def windowed_parts(segments: tuple[Segment, ...], sliding_window: int) -> list[Part]:
    """A call for each segment and ancestor within the window's reach, with a mask."""
    places = positions(segments)
    parts = []
    for segment in segments:
        ancestor = segment
        while True:
            back = places[segment.start : segment.end, None] - places[ancestor.start : ancestor.end]
            visible = (back >= 0) & (back < sliding_window)
            reaching = int(visible.any(1).sum())  # the first queries; the later ones are too far away
            if reaching:
                mask = torch.zeros(visible.shape).masked_fill(~visible, float("-inf"))[:reaching]
                queries, keys = slice(segment.start, segment.start + reaching), slice(ancestor.start, ancestor.end)
                parts.append(Part(queries, keys, mask=mask))
            if ancestor.parent < 0:
                break
            ancestor = segments[ancestor.parent]
    return parts


class TreeAttention(torch.autograd.Function):
    """Calls the kernel for each part and merges; keeps query, key, value, output and log-sum-exp for the backward."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, parts: list[Part], scaling: float) -> Tensor:
        _, heads, tokens, head_dim = query.shape
        wide = torch.promote_types(query.dtype, torch.float32)
        output = torch.zeros(1, tokens, heads, head_dim, dtype=wide).transpose(1, 2)
        log_sum = torch.full((1, tokens, heads), float("-inf"), dtype=wide).transpose(1, 2)
        for part in parts:
            share, log_share = KERNEL(
                query[:, :, part.queries],
                key[:, :, part.keys],
                value[:, :, part.keys],
                is_causal=part.causal,
                attn_mask=None if part.mask is None else part.mask.to(query.dtype),
                scale=scaling,
            )
            merged = torch.logaddexp(log_sum[:, :, part.queries], log_share)
            weight = (log_share - merged).exp()[..., None]
            output[:, :, part.queries].lerp_(share.to(wide), weight)
            log_sum[:, :, part.queries] = merged
        result = output.transpose(1, 2).to(query.dtype)
        ctx.save_for_backward(query, key, value, result, log_sum)
        ctx.parts, ctx.scaling = parts, scaling
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value, result, log_sum = ctx.saved_tensors
        output, gradient = result.transpose(1, 2), gradient.transpose(1, 2)
        inputs = (query, key, value)
        wide = torch.promote_types(query.dtype, torch.float32)
        gradients = [torch.zeros_like(tensor, dtype=wide) for tensor in inputs]
        for part in ctx.parts:
            places = (part.queries, part.keys, part.keys)
            shares = KERNEL_BACKWARD(
                gradient[:, :, part.queries],
                *(tensor[:, :, place] for tensor, place in zip(inputs, places, strict=True)),
                output[:, :, part.queries],
                log_sum[:, :, part.queries],
                0.0,
                part.causal,
                attn_mask=None if part.mask is None else part.mask.to(query.dtype),
                scale=ctx.scaling,
            )
            for total, place, share in zip(gradients, places, shares, strict=True):
                total[:, :, place] += share
        return *(total.to(query.dtype) for total in gradients), None, None


def cpu_tree_attention(
    query: Tensor, key: Tensor, value: Tensor, segments: tuple[Segment, ...], sliding_window: int | None, scaling: float
) -> Tensor:
    """As `segment_attention` describes; (1, T, heads, head_dim)."""
    return TreeAttention.apply(query, key, value, parts_of_tree(segments, sliding_window), scaling)
