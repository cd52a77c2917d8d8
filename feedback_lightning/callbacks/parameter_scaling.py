"""ParameterScaling: trainable parameters predicted from shapes, counted in torch, and how they grow with the rank."""

import json
import math
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

from feedback_lightning.errors import FeedbackError
from lora import LoRAConfig, ModelShape, count_adapter_parameters, count_by_layer


class ParameterScaling(Callback):
    """Compares prediction and count, layer by layer, before training begins; a difference stops the run."""

    def __init__(self) -> None:
        self.result: dict[str, Any] = {}

    def on_fit_start(self, trainer: Trainer, module: LightningModule) -> None:
        shape = ModelShape.from_config(module.model.config)  # type: ignore[union-attr]
        self.result = compare_counts(shape, module.lora, module.model)  # type: ignore[arg-type]

    def record(self) -> dict[str, Any]:
        return self.result


def compare_counts(shape: ModelShape, config: LoRAConfig, model: Any) -> dict[str, Any]:
    """Predicted and counted trainable parameters. Raises FeedbackError naming the first layer that differs."""
    predicted, counted = count_adapter_parameters(shape, config), count_by_layer(model)
    for layer, counts in counted.items():
        if counts != predicted:
            raise FeedbackError(f"trainable parameters of {layer}: predicted {predicted}, counted {counts}")
    if len(counted) != shape.layers:
        raise FeedbackError(f"adapters in {len(counted)} layers, predicted {shape.layers}")
    total = sum(sum(counts.values()) for counts in counted.values())
    return {
        "predicted": shape.layers * sum(predicted.values()),
        "counted": total,
        "by_layer": counted,
        "per_unit_of_rank": total // config.rank,
        "rank": config.rank,
    }


def growth_exponent(ranks: list[int], counts: list[int]) -> float:
    """The slope of log(count) over log(rank) by least squares: 1 is linear growth, 2 quadratic.

    >>> growth_exponent([4, 16, 64], [400, 1600, 6400])
    1.0
    """
    x, y = [math.log2(r) for r in ranks], [math.log2(c) for c in counts]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    if not spread:
        raise FeedbackError(f"growth needs runs of at least two ranks, not only {ranks}")
    return round(sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread, 12)


def scaling(runs: str) -> None:
    """Fit how trainable parameters grow with the rank over a folder of runs.

    Args:
        runs: searched for run.json files; runs on the same base model with the same targets are compared.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table("base model", "targets", "rank: parameters", "exponent")
    for (base, targets), counts in sorted(counts_of_runs(Path(runs)).items()):
        shown = ", ".join(f"{rank}: {count:,}" for rank, count in sorted(counts.items()))
        exponent = f"{growth_exponent(list(counts), list(counts.values())):g}" if len(counts) > 1 else "needs two ranks"
        table.add_row(base, targets, shown, exponent)
    Console().print(table)


def counts_of_runs(folder: Path) -> dict[tuple[str, str], dict[int, int]]:
    """{(base model, targets): {rank: counted parameters}} of the run records below a folder."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    for path in sorted(folder.rglob("run.json")):
        try:
            record = json.loads(path.read_text())
            key = (record["model"]["base_model"], " ".join(record["model"]["targets"]))
            found.setdefault(key, {})[record["parameters"]["rank"]] = record["parameters"]["counted"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise FeedbackError(f"{path}: not a run record of this version ({error!r})") from None
    if not found:
        raise FeedbackError(f"{folder}: no run records (run.json) below it; `fit` writes them")
    return found
