"""python -m benchmarks.prefix_sharing: how many tokens an epoch computes, padded, packed, and with prefixes shared.

Counts only, on the data module's own steps: no model runs, and benchmarks.training says what time is saved. Beside the
counts stands what padding costs and sharing saves with the report's own template, counted in characters.
"""

import statistics
import sys
import time
from dataclasses import dataclass
from typing import get_args

from jsonargparse import auto_cli
from rich.console import Console
from rich.table import Table

from benchmarks.dataset import DATASET
from feedback_lightning.base_models import DEFAULT_BASE
from feedback_lightning.data.datamodule import FeedbackDataModule, Task
from feedback_lightning.data.packing import pack_step
from feedback_lightning.errors import FeedbackError

# Real data in random order with the report's template: characters over those left after sharing, by (task, pairing,
# examples in a step), and characters after padding to the longest example over real ones, by task.
REPORT_SHARED = {("repair", False, 8): 1.37, ("repair", False, 16): 1.57, ("repair", False, 32): 1.75,
                 ("merged", True, 8): 1.84}  # fmt: skip
REPORT_PADDED = {"repair": 3.0, "merged": 3.3}


@dataclass
class Counts:
    """Tokens over some epochs: real ones, and those computed by each way to batch."""

    real: int = 0
    padded_to_dataset: int = 0
    padded_to_batch: int = 0
    shared: int = 0
    shared_in_budget: int = 0


def count_epochs(data: FeedbackDataModule, epochs: int) -> tuple[Counts, list[float]]:
    """The counts, and the processor seconds that packing each step took."""
    counts, seconds = Counts(), []
    longest = max(len(ids) for ids, *_ in data.train)
    sampler = data.train_dataloader().sampler
    for epoch in range(epochs):
        sampler.set_epoch(epoch)
        for indices in sampler:
            examples = [data.train[i] for i in indices]
            real = sum(len(ids) for ids, *_ in examples)
            begin = time.process_time()
            in_budget = pack_step(examples, data.tokens_per_forward)
            seconds.append(time.process_time() - begin)
            counts.real += real
            counts.padded_to_dataset += longest * len(examples)
            counts.padded_to_batch += max(len(ids) for ids, *_ in examples) * len(examples)
            counts.shared += pack_step(examples, budget=real).computed
            counts.shared_in_budget += in_budget.computed
    return counts, seconds


def prefix_sharing(
    root: str | None = None,
    base_model: str = DEFAULT_BASE,
    batch_sizes: tuple[int, ...] = (2, 8, 16, 32),
    tokens_per_forward: int = 4096,
    epochs: int = 2,
) -> None:
    """Print the table.

    Args:
        root: folder of the dataset; the real one beside this repository where it is, else data/.
        base_model: whose tokenizer and chat template are used.
        batch_sizes: examples in an optimiser step.
        tokens_per_forward: most tokens in one forward, for the column that obeys it.
        epochs: over which the counts are added up, each in another order.
    """
    root = root or str(DATASET)
    table = Table(title=f"Tokens computed for each real token: {root}, tokenizer of {base_model}, {epochs} epochs")
    for column in ("task", "examples\na step", "padded to\nthe longest", "to the step's\nlongest", "prefixes\nshared",
                   f"in forwards\nof {tokens_per_forward:,}", "sharing\nsaves", "report's:\npadded",
                   "report's:\nsharing", "packing,\nms a step"):  # fmt: skip
        table.add_column(column, justify="left" if column == "task" else "right")
    console = Console()
    console = console if console.is_terminal else Console(width=132)
    kinds: list[tuple[Task, bool]] = [(task, False) for task in get_args(Task)] + [("merged", True)]
    with console.status("counting"):
        for task, pairing in kinds:
            for size in batch_sizes:
                data = FeedbackDataModule(
                    root, task, base_model, size, tokens_per_forward, pairing=pairing, overlong="drop", val_fraction=0.0
                )
                data.setup()
                counts, seconds = count_epochs(data, epochs)
                computed = (counts.padded_to_dataset, counts.padded_to_batch, counts.shared, counts.shared_in_budget)
                report_saves, report_padded = REPORT_SHARED.get((task, pairing, size)), REPORT_PADDED.get(task)
                table.add_row(
                    task + ", pairs" * pairing,
                    str(size),
                    *(f"{tokens / counts.real:.2f}" for tokens in computed),
                    f"{counts.real / counts.shared:.2f}x",
                    f"{report_padded}" if report_padded else "",
                    f"{report_saves}x" if report_saves else "",
                    f"{1000 * statistics.median(seconds):.1f}",
                )
            table.add_section()
    console.print(table)


if __name__ == "__main__":
    try:
        auto_cli(prefix_sharing, as_positional=False)
    except FeedbackError as error:
        sys.exit(f"error: {error}")
