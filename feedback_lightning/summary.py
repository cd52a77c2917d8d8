"""What `fit` prints when it is done."""

import shlex
from typing import Any

from rich.console import Console
from rich.table import Table

from feedback_lightning.paths import DEFAULT_BASE


def print_summary(record: dict[str, Any]) -> None:
    """Parameters predicted and counted, time, memory, loss, where things are, and the next command."""
    console = Console()
    table = Table(title=f"{record['data']['task']}, rank {record['model']['rank']}", show_header=False)
    for name, value in summary_rows(record):
        table.add_row(name, value)
    console.print(table)
    for line in ("Watch the loss curves:  tensorboard --logdir lightning_logs", f"Test it:  {test_command(record)}"):
        console.print(line, highlight=False, soft_wrap=True)


def test_command(record: dict[str, Any]) -> str:
    """The command that tests the run's adapter: on its base model, data and task."""
    model, data = record["model"], record["data"]
    options = {
        "--model.adapter": (record["adapter"], None),
        "--model.base_model": (model["base_model"], DEFAULT_BASE),
        "--model.quantization": (model["quantization"], "none"),
        "--data.root": (data["root"], "data"),
        "--data.task": (data["task"], "repair"),
    }
    said = [f"{name} {shlex.quote(value)}" for name, (value, default) in options.items() if value != default]
    return " ".join(["python cli.py test", *said])


def summary_rows(record: dict[str, Any]) -> list[tuple[str, str]]:
    """(what, figure) for each line of the summary."""
    parameters, time, memory, final = (record[key] for key in ("parameters", "time", "memory", "final"))
    predicted = memory["predicted"]
    ratio = time["tokens_computed"] / time["tokens_useful"]
    saved = f"{1 - ratio:.0%} of them shared and not computed again" if ratio < 1 else "none of them shared"
    rows = [
        ("Trainable parameters", f"{parameters['counted']:,} counted, {parameters['predicted']:,} predicted"),
        ("Computed in", record["model"]["computes_in"]),
        ("TrainingTime", f"{time['minutes']:.2f} min for {time['steps']:.0f} steps"),
        ("Tokens", f"{time['tokens_useful_per_second']:,.0f} per second, {saved}"),
        ("TrainingMemory", f"{memory['TrainingMemory']:.2f} GB, {predicted['TrainingMemory']:.2f} GB predicted"),
        ("", memory["method"]),
        ("Loss", f"{final['first_loss']:.3f} at the beginning, {final['loss']:.3f} at the end"),
    ]
    if "val_loss" in final:
        rows.append(("Loss on held-out programs", f"{final['val_loss']:.3f}"))
    rows += [("Adapter", record["adapter"]), ("Record", f"{record['folder']}/run.json")]
    return rows
