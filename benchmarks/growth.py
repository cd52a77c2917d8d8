"""python -m benchmarks.growth: how the seconds and the memory of an optimiser step grow, and those of reading the data.

One thing is changed at a time, the rest stays: rank, examples in a step, decoder layers, length of the examples; and
the number of examples, which only the reading and tokenising before training depend on. The contenders take turns as
in benchmarks.training.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from jsonargparse import auto_cli
from rich.console import Console
from rich.table import Table

from benchmarks.comparison import compare, known
from benchmarks.dataset import DATASET
from benchmarks.training import GB
from benchmarks.workload import Size, Workload, make_base_model, make_dataset, make_start
from feedback_lightning.base_models import DEFAULT_BASE
from feedback_lightning.data.datamodule import FeedbackDataModule
from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import REPOSITORY

Axis = Literal["rank", "batch", "layers", "length", "examples"]
AXES = get_args(Axis)
RANKS, BATCHES, LAYERS = (4, 16, 64), (2, 4, 8, 16, 32), (2, 5, 10)
LINES, EXAMPLES = (10, 20, 40, 80), (500, 1000, 2000)  # of a program; of a dataset


def growth(
    axes: list[Axis] = list(AXES),  # noqa: B006 (not changed)
    contenders: list[str] = ["ours", "TRL 1"],  # noqa: B006
    repetitions: int = 3,
    layers: int = 10,
    vocabulary: int = 2_048,
    dtype: Literal["float32", "bfloat16"] = "float32",
    device: str = "cuda" if torch.cuda.is_available() else "cpu",
    threads: int = torch.get_num_threads(),
    output: str = str(REPOSITORY / "benchmarks" / "results"),
) -> None:
    """Print a table for each axis and write all figures as JSON.

    Args:
        axes: what is changed.
        contenders: of benchmarks.training.
        repetitions: timed steps of each.
        layers: of the random Phi-3, 768 wide, where they are not what is changed.
        vocabulary: its size.
        dtype: of the frozen weights and the activations.
        device: cpu or cuda.
        threads: of the processor.
        output: folder for the JSON file.
    """
    console = Console()
    console = console if console.is_terminal else Console(width=120)
    torch.set_num_threads(threads)
    report: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for axis in axes:
            if axis == "examples":
                report[axis] = preparation(Path(temporary))
            else:
                report[axis] = []
                for value, workload in workloads(axis, Path(temporary) / axis, Size(layers, vocabulary)):
                    workload = workload.but(steps=repetitions + 1, dtype=dtype, device=device, threads=threads)
                    report[axis] += rows(axis, value, workload, known(contenders), console)
            console.print(make_table(axis, report[axis]))
    path = Path(output) / f"growth-{dtype}-{device}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n")


def workloads(axis: Axis, folder: Path, size: Size) -> Iterator[tuple[int, Workload]]:
    """(value, workload) for every value of an axis; everything else as in benchmarks.training."""
    root = str(DATASET)
    if axis == "layers":
        for value in LAYERS:
            base_model = make_base_model(replace(size, layers=value), folder / str(value) / "base")
            yield value, Workload(base_model, make_start(base_model, 16, folder / str(value)), root)
        return
    base_model = make_base_model(size, folder / "base")
    if axis == "rank":
        for value in RANKS:
            yield value, Workload(base_model, make_start(base_model, value, folder / str(value)), root, rank=value)
        return
    start = make_start(base_model, 16, folder)
    if axis == "batch":
        for value in BATCHES:
            yield value, Workload(base_model, start, root, batch=value)
    else:
        for value in LINES:
            yield value, Workload(base_model, start, make_dataset(folder / str(value), programs=100, lines=value))


def rows(axis: str, value: int, workload: Workload, names: list[str], console: Console) -> list[dict[str, Any]]:
    """What each contender takes for a step of this workload."""
    with tempfile.TemporaryDirectory() as logs, console.status("") as status:
        results = compare(names, workload, Path(logs), lambda what: status.update(f"{axis} {value}, {what}"))
    tokens = statistics.mean(sum(len(ids) for ids, *_ in step) for step in workload.examples()[1:])
    return [
        {
            axis: value,
            "contender": result.name,
            "seconds": statistics.median(result.seconds),
            "tokens": round(tokens),
            "computed": round(statistics.mean(result.computed)),
            "memory": result.memory,
        }
        for result in results
        if not result.failure
    ]


def preparation(folder: Path, base_model: str = DEFAULT_BASE) -> list[dict[str, Any]]:
    """Seconds to read and tokenise a dataset, and to do so again, when the tokens are in the cache."""
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    found = []
    for examples in EXAMPLES:
        root = make_dataset(folder / str(examples), programs=examples, lines=20)
        for contender in ("the first time", "cached"):
            data = FeedbackDataModule(root, base_model=base_model, val_fraction=0.0)
            begin = time.perf_counter()
            data.setup()
            seconds = time.perf_counter() - begin
            tokens = sum(len(example.input_ids) for example in data.train)
            found.append({"examples": examples, "contender": contender, "seconds": seconds, "tokens": tokens})
    return found


def make_table(axis: str, rows: list[dict[str, Any]]) -> Table:
    """Seconds and memory beside those of the same contender at the first value."""
    table = Table(title=f"growth with {axis}")
    for column in (axis, "", "tokens", "s", "times the\nfirst", "s a million\ntokens", "GB above\nthe model"):
        table.add_column(column, justify="left" if not column else "right")
    first: dict[str, float] = {}
    for row in rows:
        start = first.setdefault(row["contender"], row["seconds"])
        table.add_row(
            str(row[axis]), row["contender"], f"{row['tokens']:,}", f"{row['seconds']:.2f}",
            f"{row['seconds'] / start:.2f}", f"{1e6 * row['seconds'] / row['tokens']:.1f}",
            f"{row['memory'] / GB:.2f}" if "memory" in row else "",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    try:
        auto_cli(growth, as_positional=False)
    except FeedbackError as error:
        sys.exit(f"error: {error}")
