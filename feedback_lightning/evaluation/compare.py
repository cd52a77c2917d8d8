"""Models side by side on the same programs."""

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from feedback_lightning.errors import FeedbackError
from feedback_lightning.evaluation.results import ALL, read_results, results_below, show_redit, show_rpass
from feedback_lightning.metrics import mcnemar_exact, paired_bootstrap
from feedback_lightning.prompts import plain_layout

Results = Mapping[str, Any]


def compare(base: str, others: str, diffs: int = 0) -> None:
    """Print RPass and REdit of models on the same programs, and how sure the differences to the first one are.

    Args:
        base: a results.json, or a folder: the newest one in or below it. The others are compared with this one.
        others: likewise; of a folder with several runs, the newest results of each run name on those programs.
        diffs: how many repairs to show, of programs that the first one does not repair and another one does.
    """
    path, first = read_results(base)
    names = program_names(first)
    if not names:
        raise FeedbackError(f"{path}: no repairs in these results; name the results.json of a test of repairs")
    newest: dict[str, Results] = {}
    for other in results_below(others):
        _, results = read_results(other)
        if other.resolve() != path.resolve() and program_names(results) == names:
            run = "/".join(part for part in other.parts if not re.fullmatch(r"version_\d+", part))
            newest[run] = results
    if not newest:
        raise FeedbackError(f"{others}: no other results on the programs of {path}; test both on the same data.root")
    print_comparison([first, *newest.values()])
    print_diffs([first, *newest.values()], diffs)


def program_names(results: Results) -> set[str]:
    """The buggy programs that the results are about."""
    return {row["program"] for row in results["programs"]}


def print_comparison(models: list[Results]) -> None:
    """A row for each problem; below, each model against the first."""
    table = Table(title="RPass | REdit")
    table.add_column("Problem")
    for results in models:
        table.add_column(model_name(results), justify="right", overflow="fold")
    for problem in models[0]["figures"]:
        if problem == ALL:
            table.add_section()
            table.add_row("RPass", *(show_rpass(results["figures"][ALL]) for results in models))
            table.add_row("REdit", *(show_redit(results["figures"][ALL]) for results in models))
            continue
        cells = [results["figures"][problem] for results in models]
        table.add_row(problem, *(f"{c['RPass']:.1f} | {_short(c['REdit'])}" for c in cells))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    for results in models[1:]:
        console.print(f"{model_name(results)} against {model_name(models[0])}: {difference(models[0], results)}")


def print_diffs(models: list[Results], count: int) -> None:
    """Repairs that only others than the first model made, each of another problem as long as there is one."""
    failed = {row["program"] for row in models[0]["programs"] if not row["passed"]}
    found = [(row, model) for model in models[1:] for row in model["programs"] if row["passed"] and "buggy" in row]
    found = [(row, model) for row, model in found if row["program"] in failed]
    chosen: list[tuple[Any, Results]] = []
    while found and len(chosen) < count:
        seen = Counter(row["problem"] for row, _ in chosen)
        best = min(found, key=lambda pair: (seen[pair[0]["problem"]], pair[0]["program"]))
        chosen.append(best)
        found = [pair for pair in found if pair[0]["program"] != best[0]["program"]]
    console = Console(highlight=False, soft_wrap=True)
    for row, model in chosen:
        console.print(f"\n{row['program']}, repaired by {model_name(model)}:", markup=False)
        for line in repair_diff(row["buggy"], row["repair"]):
            style = {"-": "red", "+": "green"}.get(line[0], "dim")
            console.print(f"    {line}", style=style, markup=False)


def repair_diff(buggy: str, repair: str) -> list[str]:
    """The lines of both programs: those only of the first with "-", those only of the second with "+".

    >>> repair_diff("def f():\\n    retrun 1", "def f():\\n    return 1")
    ['  def f():', '-     retrun 1', '+     return 1']
    """
    before, after = (plain_layout(code).split("\n") for code in (buggy, repair))
    return [line for line in difflib.ndiff(before, after) if not line.startswith("?")]


def difference(first: Results, second: Results) -> str:
    """How much better the second is, with paired intervals over the programs, and McNemar's exact p."""
    rows = {row["program"]: row for row in second["programs"]}
    pairs = [(row, rows[row["program"]]) for row in first["programs"]]
    passed = [[pair[i]["passed"] for pair in pairs] for i in (0, 1)]
    edits = [[pair[i]["distance"] if pair[i]["passed"] else None for pair in pairs] for i in (0, 1)]
    shares = [[100.0 * value for value in column] for column in passed]
    rpass = second["figures"][ALL]["RPass"] - first["figures"][ALL]["RPass"]
    low, high = paired_bootstrap(shares[1], shares[0])
    text = f"RPass {rpass:+.1f} [{low:+.1f}, {high:+.1f}], McNemar p = {mcnemar_exact(*passed):.3g}"
    if first["figures"][ALL]["REdit"] is None or second["figures"][ALL]["REdit"] is None:
        return text
    redit = second["figures"][ALL]["REdit"] - first["figures"][ALL]["REdit"]
    low, high = paired_bootstrap(edits[1], edits[0])
    return f"{text}; REdit {redit:+.2f} [{low:+.2f}, {high:+.2f}]"


def model_name(results: Results) -> str:
    """The base model's name, or the run or folder that its adapter is from.

    >>> model_name({"model": {"base_model": "smollm2", "adapter": "logs/repair-r64/version_0/adapter"}})
    'repair-r64/version_0'
    """
    model = results["model"]
    if not model["adapter"]:
        return str(model["base_model"])
    folder = re.sub(r"(/version_\d+)/(adapter|checkpoints/last\.ckpt)/?$", r"\1", str(model["adapter"]))
    return "/".join(Path(folder).parts[-2:])


def _short(redit: float | None) -> str:
    return "–" if redit is None else f"{redit:.1f}"
