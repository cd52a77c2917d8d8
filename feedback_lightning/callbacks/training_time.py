"""TrainingTime: minutes of optimisation, and how many tokens went through in them."""

import time
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from feedback_lightning.data.packing import StepBatch


class TrainingTime(Callback):
    """Measures the optimiser steps, without loading, validation and the writing of checkpoints.

    Tokens are counted twice: useful ones are those of the examples, each counted whole; computed ones are those that
    went through the model. Padding would be computed and not useful; a prefix that several examples share is useful
    for each of them and computed once, so the useful ones can be more. TensorBoard gets both for each step, as
    `useful_tokens_per_second` and `tokens_per_second`. A resumed run goes on counting where its checkpoint ended.
    """

    def __init__(self) -> None:
        self.totals: dict[str, float] = {"seconds": 0.0, "steps": 0, "examples": 0, "tokens_computed": 0,
                                         "tokens_useful": 0, "tokens_completion": 0}  # fmt: skip
        self._begin = 0.0

    def on_train_batch_start(self, trainer: Trainer, module: LightningModule, batch: Any, batch_idx: int) -> None:
        self._begin = time.perf_counter()

    def on_train_batch_end(
        self, trainer: Trainer, module: LightningModule, outputs: Any, batch: StepBatch, batch_idx: int
    ) -> None:
        seconds = time.perf_counter() - self._begin  # the step's loss was read, so CUDA has finished
        computed = batch.computed
        if trainer.world_size > 1:
            computed = int(trainer.strategy.reduce(torch.tensor(computed, device=module.device), reduce_op="sum"))
        for name, value in (
            ("seconds", seconds), ("steps", 1), ("examples", batch.examples), ("tokens_computed", computed),
            ("tokens_useful", batch.tokens), ("tokens_completion", batch.completion_tokens),
        ):  # fmt: skip
            self.totals[name] += value
        module.log("tokens_per_second", computed / seconds)
        module.log("useful_tokens_per_second", batch.tokens / seconds)

    def state_dict(self) -> dict[str, Any]:
        return dict(self.totals)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.totals = dict(state_dict)

    def record(self) -> dict[str, float]:
        """TrainingTime in minutes, and rates over the whole run."""
        seconds = self.totals["seconds"]
        rates = (
            {f"{name}_per_second": self.totals[name] / seconds for name in ("tokens_computed", "tokens_useful")}
            if seconds
            else {}
        )
        return {"minutes": seconds / 60, **self.totals, **rates}
