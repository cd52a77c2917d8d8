"""Full training of a small model, one step at a time, in one or several processes."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, distributed

from feedback_lightning.data.packing import PackedBatch, StepBatch

WARM_UP = 0.02  # share of the steps in which the learning rate rises
CLIP = 1.0  # largest norm of the gradient


def optimizers_for(model: Any, peak: float) -> list[torch.optim.Optimizer]:
    """Muon for the layers' matrices (Jordan et al. 2024, with the scale of arXiv:2502.16982), AdamW for the rest."""
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    muon = torch.optim.Muon(matrices, lr=peak, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    return [muon, torch.optim.AdamW(others, lr=peak, weight_decay=0.0, betas=(0.9, 0.95), fused=True)]


def rate(done: float, cool_down: float) -> float:
    """The share of the peak learning rate after a share of the steps: up, level, down, linearly.

    >>> [rate(done, cool_down=0.3) for done in (0.01, 0.5, 0.85, 1.0)]
    [0.5, 1.0, 0.5, 0.0]
    """
    return round(min(done / WARM_UP, 1.0, (1.0 - done) / cool_down), 9)


def one_tensor_for_gradients(model: Any) -> Tensor:
    """All gradients as parts of one tensor, so that the processes exchange them at once."""
    parameters = list(model.parameters())
    gradients = torch.zeros(sum(p.numel() for p in parameters))
    for parameter, part in zip(parameters, gradients.split([p.numel() for p in parameters]), strict=True):
        parameter.grad = part.view_as(parameter)
    return gradients


def optimise(
    model: Any, batch: StepBatch, gradients: Tensor, optimizers: Sequence[torch.optim.Optimizer], dtype: str
) -> float:
    """One optimiser step; returns this process's share of its loss, the mean over the tokens that have one."""
    gradients.zero_()
    total = 0.0
    for forward in batch.forwards:
        loss = loss_sum(model, forward, dtype) / batch.completion_tokens
        loss.backward()
        total += loss.item()
    distributed.all_reduce(gradients)
    gradients.mul_(min(1.0, CLIP / float(gradients.norm())))
    for optimizer in optimizers:
        optimizer.step()
    return total


def loss_sum(model: Any, batch: PackedBatch, dtype: str) -> Tensor:
    from feedback_lightning.modeling.loss import completion_loss

    with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "torch.bfloat16"):
        return completion_loss(model, batch)
