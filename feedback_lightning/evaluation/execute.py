"""Run and score programs that are there already, without any model."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.errors import DataError
from feedback_lightning.evaluation.results import figures_by_problem, print_figures
from feedback_lightning.evaluation.scoring import score_repairs
from feedback_lightning.execution import Submission, run_programs
from feedback_lightning.writing import write_json

LABELS = ("reference", "correct", "wrong")


def execute(programs: str, root: str | None = None, file: str = "fixed.py", output: str | None = None) -> None:
    """Run programs in the sandbox and print how many pass; for repairs of a dataset's programs, RPass and REdit.

    Args:
        programs: repairs of a dataset's evaluation programs: a folder with <id>_<slug>/prog_<k>/FILE, or a .jsonl file
            with "program" and "repair" in each line, as predict writes; hints in it are passed over, and a program may
            have one repair only. Or a dataset's folder, to score its own FILE.
            Or another corpus, as a folder or .zip: the NUS student corpus's layout or QuixBugs'.
        root: the dataset that repairs belong to; by default data.
        file: name of the repair in its folder. A program without a repair does not pass.
        output: a results.json to write, for compare; of repairs only.
    """
    place = Path(programs)
    own = (place / "problems").is_dir()
    if own:
        root, place = programs, place / "evaluation_data"
    if own or place.suffix == ".jsonl" or any(place.glob(f"*/prog_*/{file}")):
        execute_repairs(place, root or "data", file, Path(output) if output else None)
    else:
        execute_corpus(place)


def execute_repairs(place: Path, root: str, file: str, output: Path | None) -> None:
    """Score the repairs of a dataset's evaluation programs."""
    problems = read_problems(root)
    programs = read_evaluation(root, problems)
    given = _from_lines(place, programs) if place.suffix == ".jsonl" else _from_folder(place, programs, file)
    scored = score_repairs(problems, programs, given)
    figures = figures_by_problem(scored)
    isolation = sorted({row.outcome.tier for row in scored if row.outcome})
    console = Console(highlight=False, soft_wrap=True)
    there = sum(repair is not None for repair in given)
    print_figures(f"{place}: {there} repairs of {len(programs)} programs", figures)
    for row in scored:
        if row.outcome and not row.passed:
            failed = len(row.outcome.tests) - row.outcome.tests_passed
            console.print(f"{row.program} fails {failed} of {len(row.outcome.tests)} tests")
    console.print(f"Sandbox: {', '.join(isolation)}")
    if output:
        content = {
            "model": {"base_model": str(place), "adapter": None},
            "data": {"root": root, "task": "repair"},
            "isolation": isolation,
            "figures": figures,
            "programs": [row.as_json() for row in scored],
        }
        write_json(output, content)


def execute_corpus(place: Path) -> None:
    """Run all programs of a corpus; a table of how many pass, by problem and label."""
    corpus = read_programs(place)
    submissions = [Submission(program.code, corpus.problems[program.problem].tests) for program in corpus.programs]
    outcomes = run_programs(submissions, description="running programs")
    passed: Counter[tuple[str, str]] = Counter()
    count: Counter[tuple[str, str]] = Counter()
    for program, outcome in zip(corpus.programs, outcomes, strict=True):
        key = program.problem, program.label
        count[key] += 1
        passed[key] += outcome.passed
    table = Table("Problem", *(f"{label}, passed" for label in LABELS), title=f"{place}: {len(outcomes)} programs")
    for problem in corpus.problems.values():
        cells = [(passed[problem.id, label], count[problem.id, label]) for label in LABELS]
        table.add_row(problem.name, *(f"{good} of {n}" if n else "" for good, n in cells))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    if corpus.left_out:
        console.print(f"Left out, as there are no tests for them: {', '.join(corpus.left_out)}")


def _from_folder(folder: Path, programs: Sequence[BuggyProgram], file: str) -> list[str | None]:
    paths = [folder / program.name / file for program in programs]
    if not any(path.is_file() for path in paths):
        raise DataError(folder, f"no repair of these programs in it; expected {programs[0].name}/{file} and others")
    return [path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None for path in paths]


def _from_lines(path: Path, programs: Sequence[BuggyProgram]) -> list[str | None]:
    found: dict[str, str | None] = {}
    try:
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, f"cannot be read: {error}") from None
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            if row.get("task") == "hints":
                continue
            name, repair = row["program"], row.get("repair")
            if not isinstance(repair, str | None):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError):
            raise DataError(path, 'expected {"program": …, "repair": text or null}', line=number) from None
        if name in found:
            raise DataError(path, f"a second repair of {name}; one counts", line=number)
        found[name] = repair
    unknown = found.keys() - {program.name for program in programs}
    if unknown:
        raise DataError(path, f"{min(unknown)} is not among the dataset's evaluation programs")
    return [found.get(program.name) for program in programs]
