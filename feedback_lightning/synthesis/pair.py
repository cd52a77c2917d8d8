"""python cli.py pair: real buggy programs, each with the smallest repair that correct programs lead to.

Nobody need write a repair. For each buggy program the correct ones are taken that are nearest whatever their variables
are called, with its own names; a repair that is there already is one more. Those that pass all tests lose every change
that they can do without (shrinking.py), and the one that is left with the fewest changed tokens is the repair.

    <output>/problems/, training_raw.json    as readers.py has it
    <output>/provenance.jsonl                for each entry where its repair comes from and how far it is
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from feedback_lightning.data.readers import TRAINING_FILE, read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.metrics.tokens import edit_distance
from feedback_lightning.progress import LateProgress
from feedback_lightning.prompts import plain_layout
from feedback_lightning.synthesis.likeness import fixed_names, nearest
from feedback_lightning.synthesis.originals import Original, read_originals, without
from feedback_lightning.synthesis.output import PROVENANCE, refuse_foreign, write_problems
from feedback_lightning.synthesis.runner import Runner
from feedback_lightning.synthesis.shrinking import shrink
from feedback_lightning.writing import write_json, write_text

GIVEN, CORRECT = "repaired_code", "correct program"  # where a repair comes from
SHRUNK = 3  # of a program's repairs, the smallest are shrunk


@dataclass(frozen=True)
class Repair:
    """A repair that passes.

    Args:
        source: where it comes from.
        code: the program.
        distance: tokens changed.
        before: the same before it was shrunk.
    """

    source: str
    code: str
    distance: int
    before: int


def pair(
    dataset: str,
    programs: str,
    output: str,
    count: int = 6,
    seconds: float = 0.5,
    workers: int | None = None,
) -> None:
    """Give buggy programs the smallest repairs that correct programs lead to.

    Args:
        dataset: folder with problems/ and training_raw.json, whose entries need no repaired_code.
        programs: folder or .zip archive with correct programs for the same problems; see the documentation for the
            layouts. Evaluation programs and their fixes, here or in `dataset`, are kept out of the result.
        output: folder to write, or one written by this command before, whose data is replaced.
        count: nearest correct programs that are tried for each buggy one.
        seconds: time for all tests of a program.
        workers: programs run at a time; by default one for each processor.
    """
    if count < 1:
        raise FeedbackError(f"count must be at least 1, not {count}")
    folder = Path(output)
    refuse_foreign(folder)
    problems = read_problems(dataset)
    buggy = read_training(dataset, problems)
    _, originals, held_out = read_originals(programs, dataset)
    originals, _ = without(originals, held_out)
    folder.mkdir(parents=True, exist_ok=True)
    runner = Runner(problems, seconds, workers, folder)
    repaired = smallest_repairs(problems, buggy, originals, count, runner)
    if not repaired:
        raise DataError(programs, f"none of its programs leads to a repair of one in {dataset}")
    write(folder, problems, repaired)
    show(problems, buggy, repaired, folder)


def smallest_repairs(
    problems: Mapping[str, Problem],
    buggy: Sequence[BuggyProgram],
    originals: Sequence[Original],
    count: int,
    runner: Runner,
) -> list[tuple[BuggyProgram, Repair]]:
    """The programs that fail and for which a repair was found, in their order."""
    passing = runner.passes([(program.problem, program.code) for program in buggy], "running buggy programs")
    wrong = [program for program, passed in zip(buggy, passing, strict=True) if not passed]
    tried: list[tuple[BuggyProgram, str, str]] = []
    with LateProgress() as progress:
        for program in progress.track(wrong, description="looking for the nearest programs"):
            tried += [(program, *candidate) for candidate in candidates(problems, program, originals, count)]
    passing = runner.passes([(program.problem, code) for program, _, code in tried], "running repairs")
    found: dict[str, list[tuple[int, str, str]]] = {}
    for (program, source, code), passed in zip(tried, passing, strict=True):
        if passed:
            found.setdefault(program.name, []).append((edit_distance(program.code, code), source, code))
    few = [(p, *repair) for p in wrong for repair in sorted(found.get(p.name, []), key=lambda r: r[0])[:SHRUNK]]
    shrunk = shrink([(p.problem, plain_layout(p.code), code) for p, _, _, code in few], runner.passes)
    smallest: dict[str, Repair] = {}
    for (program, before, source, _), code in zip(few, shrunk, strict=True):
        repair = Repair(source, code, edit_distance(program.code, code), before)
        if program.name not in smallest or repair.distance < smallest[program.name].distance:
            smallest[program.name] = repair
    return [(program, smallest[program.name]) for program in wrong if program.name in smallest]


def candidates(
    problems: Mapping[str, Problem], program: BuggyProgram, originals: Sequence[Original], count: int
) -> list[tuple[str, str]]:
    """(source, code) of the repair that is there, as it is and with the buggy program's names, and of the nearest
    correct programs with its names."""
    fixed = fixed_names(test.input for test in problems[program.problem].tests)
    codes = [o.code.removeprefix(o.prelude) for o in originals if o.problem == program.problem]
    given = [program.fixed, *nearest(program.code, [program.fixed], fixed, 1)] if program.fixed else []
    near = nearest(program.code, codes, fixed, count)
    return [*((GIVEN, plain_layout(code)) for code in given), *((CORRECT, plain_layout(code)) for code in near)]


def write(folder: Path, problems: Mapping[str, Problem], repaired: Sequence[tuple[BuggyProgram, Repair]]) -> None:
    """Write the dataset; hints that were there stay."""
    write_problems(folder, problems)
    training: dict[str, list[dict[str, str]]] = {}
    provenance = []
    for program, repair in repaired:
        entries = training.setdefault(program.problem, [])
        line = {"problem": program.problem, "entry": len(entries), "program": program.name, "repair": repair.source,
                "distance_before_shrinking": repair.before, "distance": repair.distance}  # fmt: skip
        provenance.append(json.dumps(line, ensure_ascii=False))
        hint = {"hint": program.hint} if program.hint else {}
        entries.append({"buggy_code": program.code, "repaired_code": repair.code, **hint})
    write_text(folder / PROVENANCE, "\n".join(provenance) + "\n")
    write_json(folder / TRAINING_FILE, training)


def show(
    problems: Mapping[str, Problem],
    buggy: Sequence[BuggyProgram],
    repaired: Sequence[tuple[BuggyProgram, Repair]],
    folder: Path,
) -> None:
    """Print for each problem how many programs have a repair, and how far away it is."""
    table = Table(title=f"{len(repaired):,} buggy programs with a repair in {folder}")
    headings = ("buggy", "repaired", "by a repair\nthat was there", "tokens\nchanged", "before\nshrinking")
    table.add_column("problem")
    for heading in headings:
        table.add_column(heading, justify="right")
    for problem in problems:
        own = [repair for program, repair in repaired if program.problem == problem]
        if own:
            given = sum(repair.source == GIVEN for repair in own)
            counts = (sum(program.problem == problem for program in buggy), len(own), given)
            means = (
                sum(distances) / len(own) for distances in zip(*((r.distance, r.before) for r in own), strict=True)
            )
            table.add_row(problem, *(f"{count:,}" for count in counts), *(f"{mean:.1f}" for mean in means))
    console = Console()
    console.print(table)
    console.print(f"Train on them:  python cli.py fit --data.root {folder}", highlight=False, soft_wrap=True)
