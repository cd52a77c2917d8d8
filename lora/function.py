"""The arithmetic of adapters, forward and backward, as one autograd function.

For T rows of x and adapters i = 1 … n, each with its own block of output rows:

    forward      low_i = x A_iᵀ                            (T, r)       one product with all A stacked
                 h[:, rows_i] += scaling low_i B_iᵀ        in place     other rows are not touched

    backward     g_i = dh[:, rows_i]                       (T, rows)    a view
                 dlow_i = scaling g_i B_i                  (T, r)
                 dB_i = scaling g_iᵀ low_i                 (rows, r)
                 dA_i = dlow_iᵀ x                          (r, in)      one product with all dlow side by side
                 dx = Σ dlow_i A_i                         (T, in)      likewise; only if something below needs it
                 dh is passed on as it is: h was W x

Only x and low are kept for the backward, and nothing as wide as h is made in either direction. Written as F.linear's
and a sum, each update, its scaled copy, their concatenation and the sum would be tensors of their own.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


class LowRankUpdate(torch.autograd.Function):
    """h + scaling * B A x, written into h."""

    @staticmethod
    def forward(
        ctx: Any, h: Tensor, x: Tensor, rows: Sequence[tuple[int, int]], scaling: float, *matrices: Tensor
    ) -> Tensor:
        """Add the updates to h and return it.

        Args:
            h: (…, out), contiguous: W x, overwritten. All is computed in its dtype.
            x: (…, in).
            rows: (start, stop) of each adapter's output rows.
            scaling: factor before B A x.
            matrices: A (r, in) of each adapter, then B (stop - start, r) of each.
        """
        a, b = matrices[: len(rows)], matrices[len(rows) :]
        flat = h.view(-1, h.shape[-1])
        with torch.autocast(h.device.type, enabled=False):
            low = _flat(x, h.dtype) @ _stack(a, h.dtype).T
            for (start, stop), own, matrix in zip(rows, _split(low, a), b, strict=True):
                flat[:, start:stop].addmm_(own, matrix.to(h.dtype).T, alpha=scaling)
        ctx.rows, ctx.scaling = rows, scaling
        ctx.save_for_backward(x, low, *matrices)
        ctx.mark_dirty(h)
        return h

    @staticmethod
    def backward(ctx: Any, dh: Tensor) -> tuple[Tensor | None, ...]:
        x, low, *matrices = ctx.saved_tensors
        a, b = matrices[: len(ctx.rows)], matrices[len(ctx.rows) :]
        flat = _flat(dh, dh.dtype)
        blocks = [flat[:, start:stop] for start, stop in ctx.rows]
        dlow = ctx.scaling * torch.cat([g @ matrix.to(g.dtype) for g, matrix in zip(blocks, b, strict=True)], dim=1)
        db = [ctx.scaling * (g.T @ own) for g, own in zip(blocks, _split(low, a), strict=True)]
        da = (dlow.T @ _flat(x, dh.dtype)).split([len(matrix) for matrix in a])
        dx = (dlow @ _stack(a, dh.dtype)).view_as(x).to(x.dtype) if ctx.needs_input_grad[1] else None
        masters = (gradient.to(matrix.dtype) for gradient, matrix in zip((*da, *db), matrices, strict=True))
        return dh, dx, None, None, *masters


def _flat(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    """(…, n) -> (T, n)."""
    return tensor.reshape(-1, tensor.shape[-1]).to(dtype)


def _stack(a: Sequence[Tensor], dtype: torch.dtype) -> Tensor:
    """The A of all adapters on top of each other, (n r, in)."""
    return torch.cat([matrix.to(dtype) for matrix in a]) if len(a) > 1 else a[0].to(dtype)


def _split(low: Tensor, a: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """(T, n r) -> n times (T, r)."""
    return low.split([len(matrix) for matrix in a], dim=1)
