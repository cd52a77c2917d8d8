"""One frozen linear layer and its low-rank update.

    x (…, in) ──── W (out, in), frozen ─────────────────────────(+)── h (…, out)
        │                                                        │
        └─ dropout ── A (r, in) ── B (out, r) ── × scaling ──────┘

A fused layer holds several matrices on top of each other, and each can have an adapter for its own rows:

    qkv_proj.weight   ┌ rows of q ┐ ← adapter q_proj
                      ├ rows of k ┤ ← adapter k_proj
                      └ rows of v ┘   (none: these rows stay as they are)

Here are the parameters and the layer; the products, forward and backward, are in function.py.
"""

import math

import torch
from torch import Tensor, nn

from lora.config import LoRAError
from lora.function import LowRankUpdate


class LoRAAdapter(nn.Module):
    """A and B of scaling * B A x, for one block of output rows.

    Args:
        in_features: length of x.
        rows: (start, stop), the output rows it adds to.
        rank: r, the number of rows of A.
        scaling: factor before B A x.
        dropout: probability of dropping an entry of x while training.
        device: where A and B are made. They are float32 masters whatever the base's dtype.

    A is Kaiming-uniform with a = sqrt(5), as nn.Linear's own weights are; B is zero, so a new adapter changes nothing.
    """

    def __init__(
        self,
        in_features: int,
        rows: tuple[int, int],
        rank: int,
        scaling: float,
        dropout: float = 0.0,
        device: torch.device | None = None,
    ) -> None:
        super().__init__()
        self.rows, self.rank, self.scaling = rows, rank, scaling
        self.dropout = nn.Dropout(dropout) if dropout else nn.Identity()
        self.A = nn.Parameter(torch.empty(rank, in_features, dtype=torch.float32, device=device))
        self.B = nn.Parameter(torch.zeros(rows[1] - rows[0], rank, dtype=torch.float32, device=device))
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))

    def delta(self) -> Tensor:
        """The update of W's rows, (stop - start, in), float32."""
        return self.scaling * (self.B @ self.A)

    def extra_repr(self) -> str:
        return f"rows={self.rows}, rank={self.rank}, scaling={self.scaling:g}"


class LoRALinear(nn.Module):
    """A frozen linear layer with one adapter, or one for each of its row blocks.

    Args:
        base: nn.Linear, or a bitsandbytes Linear4bit or Linear8bitLt (both are nn.Linear). It is frozen here.
        adapters: target name -> adapter. Row blocks must not overlap.
    """

    def __init__(self, base: nn.Linear, adapters: dict[str, LoRAAdapter]) -> None:
        super().__init__()
        ordered = dict(sorted(adapters.items(), key=lambda item: item[1].rows))
        end = 0
        for name, adapter in ordered.items():
            if adapter.rows[0] < end or adapter.rows[1] > base.out_features:
                raise LoRAError(f"{name}: rows {adapter.rows} overlap another adapter or exceed {base.out_features}")
            end = adapter.rows[1]
        if len({adapter.scaling for adapter in ordered.values()}) > 1:
            raise LoRAError("the adapters of one layer must have the same scaling")
        self.base = base.requires_grad_(False)
        self.adapters = nn.ModuleDict(ordered)
        self._rows_before_merge: list[Tensor] | None = None

    @property
    def in_features(self) -> int:
        return self.base.in_features

    @property
    def out_features(self) -> int:
        return self.base.out_features

    @property
    def merged(self) -> bool:
        return self._rows_before_merge is not None

    def blocks(self) -> list[LoRAAdapter]:
        """The adapters from the first row block to the last."""
        return list(self.adapters.values())  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """x (…, in) -> (…, out)."""
        h = self.base(x)
        if not self.merged:
            for adapters, seen in self._inputs(x):
                rows = [adapter.rows for adapter in adapters]
                matrices = [adapter.A for adapter in adapters] + [adapter.B for adapter in adapters]
                h = LowRankUpdate.apply(h, seen, rows, adapters[0].scaling, *matrices)
        return h

    def _inputs(self, x: Tensor) -> list[tuple[list[LoRAAdapter], Tensor]]:
        """Adapters with the x that they see: all the same one, or each its own where some of it is dropped."""
        blocks = self.blocks()
        if self.training and any(isinstance(adapter.dropout, nn.Dropout) for adapter in blocks):
            return [([adapter], adapter.dropout(x)) for adapter in blocks]
        return [(blocks, x)]

    @torch.no_grad()
    def merge(self) -> None:
        """Add the update to W. The old rows are kept beside it, so `unmerge` restores them bit for bit; that
        costs a second copy of the adapted rows for as long as the layer is merged."""
        if self.merged:
            raise LoRAError("these adapters are merged already; unmerge first")
        weight = self.base.weight
        if not weight.is_floating_point() or weight.shape != (self.out_features, self.in_features):
            raise LoRAError(
                "cannot merge into a quantised weight without rounding; load the base with quantization none"
            )
        self._rows_before_merge = [weight[slice(*adapter.rows)].clone() for adapter in self.blocks()]
        for adapter in self.blocks():
            rows = weight[slice(*adapter.rows)]
            rows.copy_(rows.float() + adapter.delta())

    @torch.no_grad()
    def unmerge(self) -> None:
        """Put back the rows that W had before `merge`."""
        if self._rows_before_merge is None:
            raise LoRAError("these adapters are not merged")
        for adapter, rows in zip(self.blocks(), self._rows_before_merge, strict=True):
            self.base.weight[slice(*adapter.rows)] = rows
        self._rows_before_merge = None
