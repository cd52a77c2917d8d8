"""The parts of a decoder layer between the matrix products, each as one autograd function that keeps little.

Written with single tensor operations, autograd keeps most of their intermediate results and passes over memory once
for each. These keep their input alone and compute the rest again backwards, which costs a few passes over memory that
is then in use anyway. The mathematics and the order of roundings are those of transformers.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


class RMSNorm(torch.autograd.Function):
    """x / sqrt(mean(x²) + eps) · weight (Zhang and Sennrich 2019, arXiv:1910.07467), the quotient in float32.

    Keeps x and one float32 for each token.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        """x (T, hidden), weight (hidden,) -> (T, hidden)."""
        wide = x.float()
        mean_square = torch.linalg.vector_norm(wide, dim=-1, keepdim=True).square_() / x.shape[-1]
        scale = torch.rsqrt(mean_square + eps)
        ctx.save_for_backward(x, weight, scale)
        return (wide * scale).to(x.dtype).mul_(weight)

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, weight, scale = ctx.saved_tensors
        wide = x.float()
        dweight = (dy * (wide * scale).to(x.dtype)).sum(0) if ctx.needs_input_grad[1] else None
        dquotient = (dy * weight).float()
        projection = torch.linalg.vecdot(dquotient, wide)[:, None] / x.shape[-1] * scale**3
        return dquotient.mul_(scale).addcmul_(wide, projection, value=-1).to(x.dtype), dweight, None


class Rotary(torch.autograd.Function):
    """Rotary position embedding (Su et al. 2021, arXiv:2104.09864), written into the heads.

    Keeps nothing of its own: the backward turns the gradient back by the same angles.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, heads: int, head_dim: int, cos: Tensor, sin: Tensor) -> Tensor:
        """Turn the first `heads` heads of x (T, heads' or more · head_dim) by angles (T, rotated dimensions)."""
        ctx.heads, ctx.head_dim = heads, head_dim
        ctx.save_for_backward(cos, sin)
        ctx.mark_dirty(x)
        turn_(x, heads, head_dim, cos, sin)
        return x

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        cos, sin = ctx.saved_tensors
        dx = dy.clone(memory_format=torch.contiguous_format)
        turn_(dx, ctx.heads, ctx.head_dim, cos, -sin)
        return dx, None, None, None, None


def turn_(x: Tensor, heads: int, head_dim: int, cos: Tensor, sin: Tensor) -> None:
    """Rotate in place: in each head, dimension i with dimension i + half of the rotated ones."""
    half = cos.shape[-1] // 2
    cos, sin = cos[:, None, :half], sin[:, None, :half]
    rows = x.view(len(x), -1, head_dim)[:, :heads]
    first, second = rows[..., :half], rows[..., half : 2 * half]
    turned = (first * cos).addcmul_(second, sin, value=-1)
    second.mul_(cos).addcmul_(first, sin)
    first.copy_(turned)


class SwiGLU(torch.autograd.Function):
    """silu(gate) · up (Shazeer 2020, arXiv:2002.05202). Keeps gate and up."""

    @staticmethod
    def forward(ctx: Any, *gate_up: Tensor) -> Tensor:
        """Gate and up (T, intermediate) each, or one tensor (T, 2 · intermediate) -> (T, intermediate)."""
        ctx.save_for_backward(*gate_up)
        gate, up = halves(gate_up)
        return F.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, ...]:
        gate_up = ctx.saved_tensors
        gate, up = halves(gate_up)
        both = torch.empty(len(gate), 2 * gate.shape[1], dtype=gate.dtype, device=gate.device)
        dgate, dup = both.chunk(2, -1)
        torch.mul(dy, F.silu(gate), out=dup)
        torch.ops.aten.silu_backward(dy * up, gate, grad_input=dgate)
        return (both,) if len(gate_up) == 1 else (dgate, dup)


def halves(gate_up: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    return gate_up if len(gate_up) == 2 else gate_up[0].chunk(2, -1)  # type: ignore[return-value]
