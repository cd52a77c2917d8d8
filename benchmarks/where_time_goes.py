"""python -m benchmarks.where_time_goes: the operators that an optimiser step of ours spends its time in.

The same step as in benchmarks.training, under torch's profiler, which slows it down a little. An operator's time is its
own, without that of the operators it calls; on a GPU it is the time to launch it, so this is for processors.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

import torch
from jsonargparse import auto_cli
from rich.console import Console
from rich.table import Table

from benchmarks.contenders import ours
from benchmarks.dataset import DATASET
from benchmarks.workload import SIZES, Workload, make_base_model, make_start
from feedback_lightning.errors import FeedbackError


class Profiler:
    """In the place of a contender's Turns: profiles all steps but the first."""

    def __init__(self) -> None:
        self.profile = torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU])
        self.steps = -1  # profiled so far; the first step is not

    def loaded(self, model: Any) -> None:
        """Nothing to wait for."""

    def end(self, loss: float, tokens: int) -> None:
        """A step is done."""
        self.steps += 1
        if self.steps == 0:
            self.profile.start()

    def operators(self) -> list[tuple[str, float, float]]:
        """(operator, seconds of its own, calls) for each step, the most expensive one first."""
        averages = self.profile.key_averages()
        rows = [(e.key, e.self_cpu_time_total / 1e6 / self.steps, e.count / self.steps) for e in averages]
        return sorted(rows, key=lambda row: -row[1])

    def stop(self) -> None:
        """No more steps come."""
        self.profile.stop()


def where_time_goes(
    size: Literal["smollm2", "74m", "120m"] = "120m",
    task: Literal["repair", "hints", "merged"] = "repair",
    dtype: Literal["float32", "bfloat16"] = "float32",
    steps: int = 3,
    top: int = 12,
) -> None:
    """Print the most expensive operators.

    Args:
        size: of the base model, as in benchmarks.training.
        task: what is learnt.
        dtype: of the frozen weights and the activations.
        steps: that are profiled.
        top: how many operators are shown.
    """
    profiler = Profiler()
    with tempfile.TemporaryDirectory() as temporary:
        base_model = make_base_model(SIZES[size], Path(temporary) / "base")
        start = make_start(base_model, 16, Path(temporary))
        workload = Workload(base_model, start, str(DATASET), task, steps=steps + 1, dtype=dtype)
        ours(workload, profiler, share_prefixes=True)  # type: ignore[arg-type]
    profiler.stop()
    rows = profiler.operators()
    whole = sum(seconds for _, seconds, _ in rows)
    table = Table(
        "operator", "seconds a step", "share", "calls a step",
        title=f"{size}, {task}, {dtype}: {whole:.2f} s a step in operators", caption="each operator's own time",
    )  # fmt: skip
    for name, seconds, calls in rows[:top]:
        table.add_row(name, f"{seconds:.2f}", f"{seconds / whole:.0%}", f"{calls:,.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    try:
        auto_cli(where_time_goes, as_positional=False)
    except FeedbackError as error:
        sys.exit(f"error: {error}")
