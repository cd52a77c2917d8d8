"""python -m benchmarks.training: fine-tuning here and by others, side by side in one run.

Everybody trains the same adapter on the same base model, examples and steps (workload.py, contenders.py). All are
loaded at the same time and take the optimiser steps in turn (comparison.py); the first is not timed: its loss must be
the same for all. What is not covered: several devices, and the time to start and load.
"""

import importlib.metadata
import json
import platform
import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import torch
from jsonargparse import auto_cli
from rich.console import Console
from rich.table import Table

from benchmarks.comparison import Result, compare, known
from benchmarks.contenders import CONTENDERS
from benchmarks.dataset import DATASET
from benchmarks.measure import matmul_rate, useful_arithmetic
from benchmarks.workload import SIZES, Adapted, Workload, make_base_model, make_start, model_config
from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import REPOSITORY
from lora import ModelShape

GB = 1024**3
PACKAGES = ("torch", "transformers", "peft", "trl", "accelerate", "lightning")


def training(
    sizes: list[Literal["smollm2", "74m", "120m"]] = ["smollm2", "74m", "120m"],  # noqa: B006 (not changed)
    tasks: list[Literal["repair", "hints", "merged"]] = ["repair", "merged"],  # noqa: B006
    dtypes: list[Literal["float32", "bfloat16"]] = ["float32", "bfloat16"],  # noqa: B006
    contenders: list[str] | None = None,
    repetitions: int = 5,
    batch: int = 8,
    rank: int = 16,
    adapted: Adapted = "attention",
    root: str | None = None,
    device: str = "cuda" if torch.cuda.is_available() else "cpu",
    threads: int = torch.get_num_threads(),
    output: str = str(REPOSITORY / "benchmarks" / "results"),
) -> None:
    """Compare, print a table for each combination of size, task and dtype, and write all figures as JSON.

    Args:
        sizes: of the base model: smollm2 is the default one; the others are a Phi-3 of 10 layers of 768 with random
            weights and a vocabulary of 2,048 (74m) or 32,064 (120m), the first tokens of smollm2's.
        tasks: what is learnt; merged puts both examples of a program into one step.
        dtypes: of the frozen weights and the activations.
        contenders: some of them; all by default.
        repetitions: timed steps of each.
        batch: examples in an optimiser step.
        rank: of the adapters.
        adapted: the attention's projections, qkv_proj and o_proj, or all: gate_up_proj and down_proj, too.
        root: the dataset's folder; by default the real data where it is there, else data/.
        device: cpu or cuda.
        threads: of the processor.
        output: folder for the JSON files.
    """
    names = known(contenders)
    root = root or str(DATASET)
    console = Console()
    console = console if console.is_terminal else Console(width=150)
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            folder = Path(temporary) / size
            base_model = make_base_model(SIZES[size], folder / "base")
            start = make_start(base_model, rank, folder, adapted)
            for task in tasks:
                for dtype in dtypes:
                    workload = Workload(base_model, start, root, task, rank, batch, adapted=adapted)
                    workload = workload.but(steps=repetitions + 1, dtype=dtype, device=device, threads=threads)
                    with console.status("") as status:
                        results = compare(names, workload, folder, status.update)
                    report = make_report(size, workload, results)
                    console.print(make_table(report))
                    path = Path(output) / f"training-{size}-{task}-{dtype}-{device}.json"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(json.dumps(report, indent=1) + "\n")


def make_report(size: str, workload: Workload, results: list[Result]) -> dict[str, Any]:
    """All figures of one comparison: what was run and on what, and a row for each contender that ran."""
    device = torch.device(workload.device)
    steps = workload.examples()[1:]
    shape = ModelShape.from_config(model_config(workload.base_model))
    rate = matmul_rate(getattr(torch, workload.dtype), device)
    needed = [useful_arithmetic(shape, workload.lora, examples) for examples in steps]
    real = [sum(len(ids) for ids, *_ in examples) for examples in steps]
    ran = [result for result in results if not result.failure]
    rows = [
        {
            **asdict(result),
            "note": CONTENDERS[result.name].note,
            "minimum": min(result.seconds),
            "median": statistics.median(result.seconds),
            "maximum": max(result.seconds),
            "times_first": result.times(ran[0]),
            "memory_times_first": result.memory / ran[0].memory if ran[0].memory else float("nan"),
            "useful_tokens_per_second": sum(real) / sum(result.seconds),
            "computed_over_real": sum(result.computed) / sum(real),
            "share_of_matmul_rate": sum(needed) / sum(result.seconds) / rate,
        }
        for result in ran
    ]
    return {
        "size": size,
        "model": asdict(shape),
        **{
            name: getattr(workload, name)
            for name in ("root", "task", "rank", "adapted", "batch", "dtype", "device", "threads")
        },
        "machine": torch.cuda.get_device_name() if device.type == "cuda" else processor(),
        "matmul_gflops": rate / 1e9,
        "versions": {name: version for name in PACKAGES if (version := installed_version(name))},
        "rows": rows,
        "failures": {result.name: result.failure for result in results if result.failure},
    }


def installed_version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def processor() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.processor()


def make_table(report: dict[str, Any]) -> Table:
    """The report for people; below it how far ahead the first contender is of TRL at its best."""
    shape, rows = report["model"], report["rows"]
    title = (
        f"{report['size']}: {shape['layers']} layers of {shape['hidden']}, vocabulary {shape['vocabulary']:,};"
        f" {report['task']}, {report['batch']} examples a step, r = {report['rank']} on {report['adapted']}"
        f" targets, {report['dtype']}\n"
        f"{report['machine']}, {report['threads']} threads, products at {report['matmul_gflops']:,.0f} GFLOP/s"
    )
    table = Table(title=title, caption=caption(report))
    for column in ("", "s a step:\nminimum", "\nmedian", "\nmaximum", "times the\nfirst",
                   "useful\ntokens/s", "computed\n/ real",
                   "GB above\nthe model", "times the\nfirst", "of matmul\nrate", "how"):  # fmt: skip
        table.add_column(column, justify="left" if column in ("", "how") else "right")
    for row in rows:
        table.add_row(
            row["name"], *(f"{row[key]:.2f}" for key in ("minimum", "median", "maximum", "times_first")),
            f"{row['useful_tokens_per_second']:,.0f}", f"{row['computed_over_real']:.2f}",
            f"{row['memory'] / GB:.2f}", f"{row['memory_times_first']:.2f}", f"{row['share_of_matmul_rate']:.0%}",
            row["note"],
        )  # fmt: skip
    return table


def caption(report: dict[str, Any]) -> str:
    """The first contender against TRL's fastest settings, and who did not run."""
    first, peers = report["rows"][0], [row for row in report["rows"] if row["name"].startswith("TRL")]
    lines = []
    if peers and not first["name"].startswith("TRL"):
        best = min(peers, key=lambda row: row["times_first"])
        lines.append(
            f"{first['name']} is {best['times_first']:.2f} times as fast as {best['name']}, TRL at its fastest,"
            f" in {first['memory'] / best['memory']:.2f} times its memory"
        )
    return "\n".join([*lines, *(f"{name} does not run: {reason}" for name, reason in report["failures"].items())])


if __name__ == "__main__":
    try:
        auto_cli(training, as_positional=False)
    except FeedbackError as error:
        sys.exit(f"error: {error}")
