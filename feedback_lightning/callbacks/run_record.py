"""RunRecord: everything a report needs to know of a run, in one run.json."""

import importlib.metadata
import platform
from pathlib import Path
from typing import Any, TypeVar

import torch
import yaml
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import TensorBoardLogger

from feedback_lightning.callbacks.adapter_checkpoint import ADAPTER
from feedback_lightning.callbacks.loss_curve import LossCurve
from feedback_lightning.callbacks.parameter_scaling import ParameterScaling
from feedback_lightning.callbacks.training_memory import TrainingMemory
from feedback_lightning.callbacks.training_time import TrainingTime
from feedback_lightning.modeling.base_model import explain_dtype
from feedback_lightning.writing import write_json

T = TypeVar("T")
PACKAGES = ("torch", "lightning", "transformers", "bitsandbytes", "datasets", "torchmetrics")


class RunRecord(Callback):
    """Gathers configuration, data, counts, time, memory, loss curve, versions and device from the other callbacks.

    Written at the end of training, also when it is interrupted (`status` says so).
    TensorBoard gets the hyper-parameters with the final metrics.
    """

    def __init__(self) -> None:
        self.result: dict[str, Any] = {}

    def on_train_end(self, trainer: Trainer, module: LightningModule) -> None:
        self._write(trainer, module, "finished")

    def on_exception(self, trainer: Trainer, module: LightningModule, exception: BaseException) -> None:
        if trainer.global_step:
            self._write(trainer, module, f"stopped by {type(exception).__name__}")

    def _write(self, trainer: Trainer, module: Any, status: str) -> None:
        log_dir = trainer.log_dir  # asking exchanges messages, so every device asks
        if not log_dir or not trainer.is_global_zero:
            return
        folder = Path(log_dir)
        self.result = {
            "status": status,
            "folder": str(folder),
            "adapter": str(folder / ADAPTER),
            "model": model_record(module),
            "data": trainer.datamodule.record() if trainer.datamodule else {},  # type: ignore[attr-defined]
            "parameters": _find(trainer, ParameterScaling).record(),
            "time": _find(trainer, TrainingTime).record(),
            "memory": _find(trainer, TrainingMemory).record(module),
            "final": final_metrics(trainer, _find(trainer, LossCurve).rows),
            "device": device_record(module.device),
            "versions": package_versions(),
            "configuration": _configuration(folder),
            "loss_curve": _find(trainer, LossCurve).record(),
        }
        write_json(folder / "run.json", self.result)
        if status == "finished" and isinstance(trainer.logger, TensorBoardLogger):
            self._log_hyperparameters(trainer.logger)

    def _log_hyperparameters(self, logger: TensorBoardLogger) -> None:
        data, time, memory = self.result["data"], self.result["time"], self.result["memory"]
        parameters = {**self.result["model"], "task": data.get("task"), "root": data.get("root")}
        parameters["targets"] = " ".join(parameters["targets"])
        metrics = {
            **self.result["final"],
            "TrainingTime": time["minutes"],
            "TrainingMemory": memory.get("TrainingMemory", 0.0),
            "parameters": self.result["parameters"]["counted"],
        }
        logger.log_hyperparams(parameters, {f"final/{name}": value for name, value in metrics.items()})


def model_record(module: Any) -> dict[str, Any]:
    """The module's own settings."""
    return {
        "base_model": module.base_model,
        "started_from": module.adapter,
        "dtype": module.dtype_name,
        "computes_in": explain_dtype(module.dtype_name, module.device),
        "quantization": module.quantization,
        "rank": module.lora.rank,
        "scaling": module.lora.scaling,
        "targets": list(module.lora.targets),
        "dropout": module.lora.dropout,
        "learning_rate": module.learning_rate,
        "warmup_steps": module.warmup_steps,
        "weight_decay": module.weight_decay,
        "gradient_clip": module.gradient_clip,
        "gradient_checkpointing": module.gradient_checkpointing,
        "optimizer": "adamw8bit" if module.uses_8bit_optimizer else "adamw",
    }


def final_metrics(trainer: Trainer, rows: list[list[float]]) -> dict[str, float]:
    """The loss of the first and last steps (means over a tenth of the run), and the last validation loss."""
    if not rows:
        return {}
    tenth = max(1, len(rows) // 10)
    first, last = ([row[3] for row in part] for part in (rows[:tenth], rows[-tenth:]))
    metrics = {"first_loss": sum(first) / tenth, "loss": sum(last) / tenth}
    if "val_loss" in trainer.callback_metrics:
        metrics["val_loss"] = float(trainer.callback_metrics["val_loss"])
    return metrics


def device_record(device: torch.device) -> dict[str, Any]:
    """What it ran on."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or platform.machine()
    return {"type": device.type, "name": name, "threads": torch.get_num_threads(), "system": platform.system()}


def package_versions() -> dict[str, str]:
    """Of the packages that figures depend on."""
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def _find(trainer: Any, kind: type[T]) -> T:
    return next(callback for callback in trainer.callbacks if isinstance(callback, kind))


def _configuration(folder: Path) -> Any:
    path = folder / "config.yaml"
    return yaml.safe_load(path.read_text()) if path.exists() else None
