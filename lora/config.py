"""What to adapt and how. A LoRAConfig refuses nonsense when it is made, not when training has begun."""

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass

# The projections of a decoder layer as people name them ...
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
# ... and the layers in which Phi-3 stacks some of them, row block after row block.
FUSED_TARGETS = {"qkv_proj": ("q_proj", "k_proj", "v_proj"), "gate_up_proj": ("gate_proj", "up_proj")}
DEFAULT_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj")


class LoRAError(ValueError):
    """Something about adapters that the user can put right; the message says how."""


def nearest_names(name: str, known: Iterable[str]) -> str:
    """The known names most like `name`, for an error message.

    >>> nearest_names("q_porj", TARGETS)
    'q_proj, v_proj, o_proj'
    """
    known = list(known)
    return ", ".join(difflib.get_close_matches(name, known, n=3, cutoff=0.3) or known)


@dataclass(frozen=True)
class LoRAConfig:
    """How a model is adapted: h = W x + scaling * B A x.

    Args:
        rank: r, the rows of A and columns of B; at least 1.
        alpha: numerator of the scaling; 2 * rank where not given.
        dropout: probability of dropping an entry of x on its way into A, in [0, 1).
        targets: names among q_proj k_proj v_proj o_proj gate_proj up_proj down_proj, or the fused qkv_proj and
            gate_up_proj (one A for all rows of the fused weight). On a model with fused weights, q_proj adapts
            its own rows of qkv_proj, so the counts are those of the separate matrices.
        rslora: scale by alpha / sqrt(rank) (Kalajdzievski 2023, arXiv:2312.03732) instead of alpha / rank.

    >>> LoRAConfig(rank=16, alpha=32).scaling
    2.0
    >>> LoRAConfig(rank=0)
    Traceback (most recent call last):
    lora.config.LoRAError: rank must be a whole number of at least 1, not 0
    """

    rank: int = 16
    alpha: float | None = None
    dropout: float = 0.0
    targets: tuple[str, ...] = DEFAULT_TARGETS
    rslora: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", tuple(self.targets))
        if not isinstance(self.rank, int) or isinstance(self.rank, bool) or self.rank < 1:
            raise LoRAError(f"rank must be a whole number of at least 1, not {self.rank!r}")
        if self.alpha is not None and not (self.alpha > 0 and math.isfinite(self.alpha)):
            raise LoRAError(f"alpha must be positive, not {self.alpha!r}; leave it out for 2 * rank")
        if not 0 <= self.dropout < 1:
            raise LoRAError(f"dropout is a probability in [0, 1), not {self.dropout!r}")
        self._check_targets()

    def _check_targets(self) -> None:
        if not self.targets:
            raise LoRAError("targets is empty: nothing would be trained; the default is " + ", ".join(DEFAULT_TARGETS))
        known = (*TARGETS, *FUSED_TARGETS)
        for target in self.targets:
            if target not in known:
                raise LoRAError(f"unknown target {target!r}; nearest names: {nearest_names(target, known)}")
            if self.targets.count(target) > 1:
                raise LoRAError(f"target {target!r} is given twice")
        for fused, parts in FUSED_TARGETS.items():
            twice = [part for part in parts if part in self.targets]
            if fused in self.targets and twice:
                raise LoRAError(f"targets {fused} and {', '.join(twice)} adapt the same rows; keep one kind")

    @property
    def scaling(self) -> float:
        """The factor before B A x."""
        alpha = 2.0 * self.rank if self.alpha is None else float(self.alpha)
        return alpha / (math.sqrt(self.rank) if self.rslora else self.rank)
