"""Figures with their uncertainty, results.json, and the tables that are printed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from feedback_lightning.errors import DataError
from feedback_lightning.evaluation.scoring import ScoredRepair
from feedback_lightning.metrics import REdit, RPass, bootstrap_mean_interval, wilson_interval

RESULTS = "results.json"
ALL = "all"  # the row over all problems


def figures(passed: Sequence[bool], distances: Sequence[int | None]) -> dict[str, Any]:
    """RPass and REdit of some programs, each with its 95 % interval.

    Args:
        passed: whether each program's repair passes every test.
        distances: of the repairs; used where they pass.

    Returns:
        programs, passed, RPass (percent) and RPass_interval (Wilson); REdit (tokens) and REdit_interval (bootstrap),
        both None when nothing passes.
    """
    rpass, redit = RPass(sync_on_compute=False), REdit(sync_on_compute=False)  # every device's programs are here
    rpass.update(passed)
    redit.update(distances, passed)
    edits = [distance for distance, good in zip(distances, passed, strict=True) if good and distance is not None]
    return {
        "programs": len(passed),
        "passed": sum(passed),
        "RPass": float(rpass.compute()),
        "RPass_interval": [100 * bound for bound in wilson_interval(sum(passed), len(passed))],
        "REdit": float(redit.compute()) if edits else None,
        "REdit_interval": list(bootstrap_mean_interval(edits)) if edits else None,
    }


def figures_by_problem(rows: Sequence[ScoredRepair]) -> dict[str, dict[str, Any]]:
    """`figures` for each problem, in order, and for all."""
    groups: dict[str, list[ScoredRepair]] = {}
    for row in rows:
        groups.setdefault(row.problem, []).append(row)
    groups[ALL] = list(rows)
    return {name: figures([r.passed for r in group], [r.distance for r in group]) for name, group in groups.items()}


def print_figures(title: str, by_problem: Mapping[str, Mapping[str, Any]]) -> None:
    """One line for each problem and one for all; figures with their 95 % intervals."""
    table = Table(title=title)
    table.add_column("Problem")
    for name in ("Passed", "RPass", "REdit"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, row in by_problem.items():
        if name == ALL:
            table.add_section()
        table.add_row(name, f"{row['passed']} of {row['programs']}", show_rpass(row), show_redit(row))
    Console().print(table)


def show_rpass(row: Mapping[str, Any]) -> str:
    """
    >>> show_rpass({"RPass": 60.0, "RPass_interval": [40.7, 76.6]})
    '60.0  [40.7, 76.6]'
    """
    return f"{row['RPass']:.1f}  [{row['RPass_interval'][0]:.1f}, {row['RPass_interval'][1]:.1f}]"


def show_redit(row: Mapping[str, Any]) -> str:
    """
    >>> show_redit({"REdit": None})
    'undefined'
    """
    if row["REdit"] is None:
        return "undefined"
    return f"{row['REdit']:.2f}  [{row['REdit_interval'][0]:.1f}, {row['REdit_interval'][1]:.1f}]"


def results_below(place: str | Path) -> list[Path]:
    """A results.json as it is; of a folder those in and below it, the newest last."""
    path = Path(place)
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob(RESULTS), key=lambda file: file.stat().st_mtime)
    if not found:
        raise DataError(path, f"no {RESULTS} in it or below it; python cli.py test writes one")
    return found


def read_results(place: str | Path) -> tuple[Path, dict[str, Any]]:
    """A results.json, or the newest one of a folder; its path and what it says."""
    path = results_below(place)[-1]
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(path, "no such file or folder") from None
    except (OSError, ValueError) as error:
        raise DataError(path, f"cannot be read as JSON: {error}") from None
    if not isinstance(results, dict) or not {"programs", "figures", "model"} <= results.keys():
        raise DataError(path, "not the results of a test")
    return path, results
