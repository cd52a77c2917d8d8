"""AdapterCheckpoint: a small checkpoint to resume from, and the adapter in PEFT's folder format."""

from pathlib import Path
from typing import Any, Literal

import torch
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint
from lightning.pytorch.trainer.states import TrainerFn

from feedback_lightning.errors import FeedbackError
from lora import save_adapter

LAST = Path("checkpoints") / "last.ckpt"  # below a run's folder
ADAPTER = "adapter"


class AdapterCheckpoint(Checkpoint):
    """Writes checkpoints/last.ckpt while training and adapter/ at its end, in the run's folder.

    The checkpoint holds A, B, the optimiser's state and where training is: a few MB, no base weight. It is written to
    a temporary name and renamed, so a run killed at any moment leaves a whole one. `--ckpt_path last` resumes from it.

    Args:
        every_n_steps: optimiser steps between checkpoints.
        adapter_dtype: in which adapter/ is written; bfloat16 halves it and rounds. Checkpoints are exact.
    """

    def __init__(self, every_n_steps: int = 25, adapter_dtype: Literal["float32", "bfloat16"] = "float32") -> None:
        if every_n_steps < 1:
            raise FeedbackError(f"checkpoint.every_n_steps must be at least 1, not {every_n_steps}")
        self.every_n_steps, self.adapter_dtype = every_n_steps, adapter_dtype
        self.saved: int | None = None  # the step of the last checkpoint

    def on_train_batch_end(
        self, trainer: Trainer, module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        # Not after an epoch's last batch: Lightning would go on from there as if the epoch had not ended.
        if trainer.global_step % self.every_n_steps == 0 and not trainer.is_last_batch:
            self.save(trainer)

    def on_train_end(self, trainer: Trainer, module: LightningModule) -> None:
        self.save(trainer)
        folder = trainer.log_dir  # asking exchanges messages, so every device asks
        if folder and trainer.is_global_zero:
            dtype = getattr(torch, self.adapter_dtype)
            save_adapter(module.model, Path(folder) / ADAPTER, module.base_model, dtype)  # type: ignore[arg-type]

    def on_exception(self, trainer: Trainer, module: LightningModule, exception: BaseException) -> None:
        interrupted = isinstance(exception, KeyboardInterrupt) and trainer.state.fn == TrainerFn.FITTING
        if interrupted and trainer.is_global_zero:
            kept = f"Steps up to {self.saved} are kept; go on with the same command and --ckpt_path last."
            print("Stopped.", kept if self.saved else "Nothing is kept yet.")

    def save(self, trainer: Trainer) -> None:
        """All devices call this; the first one writes."""
        folder = trainer.log_dir
        if not folder:
            return
        path = Path(folder) / LAST
        temporary = path.with_name(f".{path.name}.new")
        trainer.save_checkpoint(temporary, weights_only=False)  # the whole state, not weights alone
        if trainer.is_global_zero:
            temporary.replace(path)
        self.saved = trainer.global_step
