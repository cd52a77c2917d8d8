"""What is wrong with a dataset: its own programs and repairs are run and compared.

What is not looked for: programs that differ only in names; whether the hints are true.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from feedback_lightning.data.datamodule import program_key
from feedback_lightning.data.readers import read_evaluation, read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.evaluation.results import figures_by_problem, print_figures
from feedback_lightning.evaluation.scoring import score_repairs
from feedback_lightning.execution import Limits
from feedback_lightning.paths import cache_folder
from feedback_lightning.writing import write_json

SHOWN = 5  # names in the printed list; the file has them all


def audit(root: str, output: str | None = None, test_seconds: float = 4.0) -> None:
    """Run a dataset's training and evaluation programs and their repairs, and report what is wrong.

    Args:
        root: the dataset. Its programs need neither repairs nor hints.
        output: a JSON file to write, with the name of every program concerned.
        test_seconds: time limit of one test.
    """
    problems = read_problems(root)
    parts = {"training": read_training(root, problems), "evaluation": read_evaluation(root, problems)}
    limits = Limits(test_seconds=test_seconds)
    journal = cache_folder() / f"audit-{Path(root).resolve().name}.jsonl"
    report = {name: audit_programs(problems, programs, name, limits, journal) for name, programs in parts.items()}
    trained = {program_key(program) for program in parts["training"]}
    shared = [program.name for program in parts["evaluation"] if program_key(program) in trained]
    report["evaluation"]["also in training"] = shared
    journal.unlink(missing_ok=True)
    _print(root, report)
    if output:
        write_json(Path(output), report)


def audit_programs(
    problems: Mapping[str, Problem], programs: Sequence[BuggyProgram], part: str, limits: Limits, journal: Path
) -> dict[str, Any]:
    """Names of the programs concerned by each fault, and the figures of the given repairs, if any is given."""
    given = [program for program in programs if program.fixed is not None]
    buggy = score_repairs(problems, programs, [p.code for p in programs], limits, journal, f"running {part} programs")
    fixed = score_repairs(problems, given, [p.fixed for p in given], limits, journal, f"running {part} repairs")
    first = {program_key(program): program.name for program in reversed(programs)}
    of_repairs = {
        "repairs that fail": [row.program for row in fixed if not row.passed],
        "repairs equal to the program": [row.program for row in fixed if row.distance == 0],
        "given repairs": figures_by_problem(fixed),
    }
    return {
        "programs": len(programs),
        "buggy but pass": [row.program for row in buggy if row.passed],
        "no repair given": [p.name for p in programs if p.fixed is None],
        **(of_repairs if given else {}),
        "copies of an earlier program": [p.name for p in programs if first[program_key(p)] != p.name],
        "isolation": sorted({row.outcome.tier for row in buggy if row.outcome}),
    }


def _print(root: str, report: Mapping[str, Mapping[str, Any]]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for part, found in report.items():
        if "given repairs" in found:
            print_figures(f"The given repairs of {root}, {part}", found["given repairs"])
        console.print(f"{found['programs']} {part} programs, run in the sandbox: {', '.join(found['isolation'])}")
        for fault, names in found.items():
            if isinstance(names, list) and fault != "isolation":
                shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
                console.print(f"  {fault}: {len(names)}{f': {shown}' if names else ''}", markup=False)
