"""TrainingMemory: what training adds to the loaded model, beside what the shapes predict."""

import contextlib
import resource
import sys
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from feedback_lightning.data.packing import StepBatch
from lora import ModelShape, predict_memory

GB = 1024**3  # as the report counts them


class TrainingMemory(Callback):
    """The peak during training minus what was in use when it began, in GB of 1024**3 bytes.

    On CUDA: peak reserved memory, as the report measured it, and the peak allocated beside it. On a CPU: the peak
    resident set of the process. Linux can forget the peak that loading the model left behind; where that is not
    possible, `method` says that the figure may include it.
    """

    def __init__(self) -> None:
        self.result: dict[str, Any] = {}
        self._start: dict[str, float] = {}
        self._tokens = self._labels = 0

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        if module.device.type == "cuda":
            forget_peak(module.device)
            self._method = "CUDA: peak reserved memory"
        else:
            forgot = forget_peak(module.device)
            self._method = "CPU: peak resident set" + ("" if forgot else " (may include loading the model)")
        self._start = memory_now(module.device)

    def on_train_batch_end(
        self, trainer: Trainer, module: LightningModule, outputs: Any, batch: StepBatch, batch_idx: int
    ) -> None:
        self._tokens = max(self._tokens, *(len(forward.input_ids) for forward in batch.forwards))
        self._labels = max(self._labels, *(int((forward.loss_counts > 0).sum()) for forward in batch.forwards))
        peak = memory_peak(module.device)
        self.result = {
            "method": self._method,
            "TrainingMemory": (peak["used"] - self._start["used"]) / GB,
            "peak": peak["used"] / GB,
            "at_start": self._start["used"] / GB,
        }
        if "allocated" in peak:
            self.result["allocated"] = (peak["allocated"] - self._start["allocated"]) / GB
        module.log("memory_gb", peak["used"] / GB)

    def predicted(self, module: Any) -> dict[str, float]:
        """Bytes that the shapes predict for the largest forward seen, in GB."""
        weights_dtype = next(
            p for p in module.model.parameters() if p.is_floating_point() and not p.requires_grad
        ).dtype
        memory = predict_memory(
            ModelShape.from_config(module.model.config),
            module.lora,
            tokens=self._tokens,
            labels=self._labels,
            element_size=weights_dtype.itemsize,
            quantization=module.quantization,
            optimizer="adamw8bit" if module.uses_8bit_optimizer else "adamw",
            gradient_checkpointing=module.gradient_checkpointing,
        )
        parts = {
            name: getattr(memory, name) / GB
            for name in ("weights", "adapters", "gradients", "optimizer", "activations")
        }
        return {**parts, "TrainingMemory": memory.training / GB, "tokens": self._tokens, "labels": self._labels}

    def record(self, module: Any) -> dict[str, Any]:
        return {**self.result, "predicted": self.predicted(module)} if self.result else {}


def memory_now(device: torch.device) -> dict[str, float]:
    """Bytes in use: "used" by the process or reserved on CUDA; there also "allocated"."""
    if device.type == "cuda":
        return {"used": torch.cuda.memory_reserved(device), "allocated": torch.cuda.memory_allocated(device)}
    return {"used": _status_bytes("VmRSS") or _max_resident()}


def memory_peak(device: torch.device) -> dict[str, float]:
    """The most bytes in use since `forget_peak`, by the same names as `memory_now`."""
    if device.type == "cuda":
        return {"used": torch.cuda.max_memory_reserved(device), "allocated": torch.cuda.max_memory_allocated(device)}
    return {"used": _status_bytes("VmHWM") or _max_resident()}


def forget_peak(device: torch.device) -> bool:
    """Set the peak back to what is in use now; False where that is not possible (a CPU without Linux)."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return True
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
        return True
    return False


def _status_bytes(field: str) -> float:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return 1024 * int(line.split()[1])
    return 0


def _max_resident() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak
