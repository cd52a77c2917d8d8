"""Cross-entropy on top of a frozen output layer, a few rows of logits at a time.

Logits are as wide as the vocabulary, and cross-entropy makes three tensors of their size. Here the gradient into the
hidden states is computed together with the loss, chunk by chunk, so that only it, as wide as the hidden states, is
kept for the backward pass (as Liger's fused linear cross-entropy does, arXiv:2410.10989, section 3.2). Exact.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK_BYTES = 32 * 1024**2  # of float32 logits; below this, larger chunks were not measurably faster


def linear_cross_entropy(
    hidden: Tensor, head: nn.Module, labels: Tensor, weights: Tensor | None = None, rows: int | None = None
) -> Tensor:
    """The weighted sum of the cross-entropies of head(hidden) against labels, in float32 (nats).

    Args:
        hidden: (n, hidden).
        head: hidden states -> logits, with or without bias, quantised or tied. One that is itself trained makes all
            logits at once.
        labels: (n,) int64.
        weights: (n,) float32; 1 for all where not given.
        rows: of `hidden` in one chunk; by default as many as have CHUNK_BYTES of logits.
    """
    if any(parameter.requires_grad for parameter in head.parameters()):
        losses = F.cross_entropy(head(hidden).float(), labels, reduction="none")
        return losses.sum() if weights is None else (losses * weights).sum()  # a product would be cast by autocast
    vocabulary: int = head.out_features  # type: ignore[assignment]
    rows = rows or max(1, CHUNK_BYTES // (4 * vocabulary))
    return _LinearCrossEntropy.apply(hidden, head, labels, weights, rows)


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, head: nn.Module, labels: Tensor, weights: Tensor | None, rows: int) -> Tensor:
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        wanted = ctx.needs_input_grad[0]
        gradient = torch.empty_like(hidden) if wanted else None
        for start in range(0, len(hidden), rows):
            part = slice(start, start + rows)
            with torch.set_grad_enabled(wanted):
                chunk = hidden[part].detach().requires_grad_(wanted)
                losses = F.cross_entropy(head(chunk).float(), labels[part], reduction="none")
                loss = losses.sum() if weights is None else (losses * weights[part]).sum()
            total += loss.detach()
            if gradient is not None:
                (gradient[part],) = torch.autograd.grad(loss, chunk)
        if gradient is not None:
            ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, d: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return gradient * d.to(gradient.dtype), None, None, None, None
