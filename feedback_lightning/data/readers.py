"""Read the dataset layout. Every error names the file and the entry.

problems/<id>_<slug>.json                       id, title, description, additional_description, signature, tests
training_raw.json                               {problem id: [{buggy_code, repaired_code, hint}]}; of the last two
                                                what is trained on
evaluation_data/<id>_<slug>/prog_<k>/buggy.py   and fixed.py beside it; optional
correct_programs/<id>_<slug>/<name>.py          programs that pass, from which buggy ones can be made; optional
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from feedback_lightning.data.json_fields import field, read_json, text
from feedback_lightning.data.layout import Folder, children, need_folder, read_text
from feedback_lightning.data.schema import BuggyProgram, Problem, Program, Test
from feedback_lightning.errors import DataError

TRAINING_FILE = "training_raw.json"
NEEDED_BY = {
    "repaired_code": "the tasks repair and merged need it; add it to the entry, or train on hints alone"
    " with --data.task hints",
    "hint": "the tasks hints and merged need it; add it to the entry, or train on repairs alone"
    " with --data.task repair",
}


def read_problems(root: str | Path) -> dict[str, Problem]:
    """The problems of a dataset by id, in the order of their ids."""
    folder = Path(root) / "problems"
    need_folder(Path(root), "the dataset's folder; give another with --data.root FOLDER")
    need_folder(folder, "one <id>_<slug>.json for each problem")
    problems: dict[str, Problem] = {}
    for path in sorted(folder.glob("*.json")):
        problem = _read_problem(path)
        if problem.id in problems:
            raise DataError(path, f"id {problem.id} is also that of {problems[problem.id].name}.json")
        problems[problem.id] = problem
    if not problems:
        raise DataError(folder, "no problems here; expected one <id>_<slug>.json for each")
    return dict(sorted(problems.items(), key=lambda item: (len(item[0]), item[0])))


def _read_problem(path: Path) -> Problem:
    raw = read_json(path)
    if not isinstance(raw, dict):
        raise DataError(path, "expected an object with id, title, description, signature and tests")
    problem_id = str(field(raw, "id", path, kind=(int, str)))
    if "_" in problem_id:
        raise DataError(path, f"id is {problem_id}; it cannot have a _, since folders are called <id>_<slug>")
    if not path.stem.startswith(f"{problem_id}_"):
        raise DataError(path, f"id is {problem_id}, so the file must be called {problem_id}_<slug>.json")
    return Problem(
        id=problem_id,
        name=path.stem,
        title=text(raw, "title", path),
        description=text(raw, "description", path),
        additional_description=field(raw, "additional_description", path, kind=str, default=""),
        signature=text(raw, "signature", path),
        tests=read_tests(raw, path),
    )


def read_tests(raw: Any, path: Folder) -> tuple[Test, ...]:
    """A problem's "tests"; at least one."""
    tests = field(raw, "tests", path, kind=list)
    if not tests:
        raise DataError(str(path), "no tests: no program could be checked")
    return tuple(
        Test(text(test, "input", path, f"test {i}"), field(test, "output", path, f"test {i}", kind=str))
        for i, test in enumerate(tests)
    )


def read_training(root: str | Path, problems: Mapping[str, Problem], needs: Collection[str] = ()) -> list[BuggyProgram]:
    """The training programs, in the order of the file.

    Args:
        root: the dataset's folder.
        problems: by id.
        needs: which of repaired_code and hint every entry must have; the others may be missing.
    """
    path = Path(root) / TRAINING_FILE
    raw = read_json(path)
    if not isinstance(raw, dict):
        raise DataError(path, "expected an object {problem id: [entries]}")
    programs = []
    for problem_id, entries in raw.items():
        if problem_id not in problems:
            raise DataError(path, f"problem {problem_id!r} has no file in problems/; there are {', '.join(problems)}")
        if not isinstance(entries, list):
            raise DataError(path, "expected a list of entries", entry=f"problem {problem_id}")
        for i, entry in enumerate(entries):
            where = f"problem {problem_id}, entry {i}"
            name, code = f"{TRAINING_FILE}[{problem_id}][{i}]", text(entry, "buggy_code", path, where)
            fixed, hint = (_part(entry, key, path, where, needs) for key in ("repaired_code", "hint"))
            programs.append(BuggyProgram(problem_id, name, code, fixed, hint and hint.strip()))
    if not programs:
        raise DataError(path, "no training programs in it")
    return programs


def _part(entry: dict[str, Any], key: str, path: Path, where: str, needs: Collection[str]) -> str | None:
    """An entry's repair or hint; None if it has none and needs none."""
    if key in entry:
        return text(entry, key, path, where)
    if key in needs:
        there = ", ".join(map(repr, entry))
        raise DataError(path, f"{key!r} is missing; it has {there}; {NEEDED_BY[key]}", where)
    return None


def read_evaluation(root: str | Path, problems: Mapping[str, Problem]) -> list[BuggyProgram]:
    """The evaluation programs, by problem and number; with their fixes, where they have one."""
    folder = Path(root) / "evaluation_data"
    need_folder(folder, "one folder <id>_<slug>/prog_<k> for each evaluation program")
    programs = []
    for program in sorted(folder.glob("*/prog_*"), key=_by_problem_and_number):
        problem_id = _problem_of(program.parent, problems)
        code, fix = _read_program(program / "buggy.py"), program / "fixed.py"
        fixed = _read_program(fix) if fix.exists() else None
        programs.append(BuggyProgram(problem_id, f"{program.parent.name}/{program.name}", code, fixed))
    if not programs:
        raise DataError(folder, "no evaluation programs in it; expected folders <id>_<slug>/prog_<k>")
    return programs


def read_correct_programs(root: str | Path, problems: Mapping[str, Problem]) -> list[Program]:
    """The correct programs, by problem and name; whether they are correct only a run can tell."""
    folder = Path(root) / "correct_programs"
    need_folder(folder, "one folder <id>_<slug> with .py files for each problem")
    programs = []
    for of_problem in filter(lambda child: child.is_dir(), children(folder)):
        problem_id = _problem_of(of_problem, problems)
        for path in children(of_problem, ".py"):
            name = f"{of_problem.name}/{path.name.removesuffix('.py')}"
            programs.append(Program(problem_id, name, _read_program(path), "correct"))
    if not programs:
        raise DataError(folder, "no programs in it; expected folders <id>_<slug> with .py files")
    return programs


def _problem_of(folder: Folder, problems: Mapping[str, Problem]) -> str:
    """The id that a folder's name begins with."""
    problem_id = folder.name.partition("_")[0]
    if problem_id not in problems:
        raise DataError(str(folder), f"problem {problem_id!r} has no file in problems/")
    return problem_id


def _by_problem_and_number(program: Path) -> tuple[int, str, int, str]:
    """Numbers in the order of their value: 2 before 10."""
    folder = program.parent.name
    return len(folder.partition("_")[0]), folder, len(program.name), program.name


def _read_program(path: Folder) -> str:
    code = read_text(path)
    if not code.strip():
        raise DataError(str(path), "the program is empty")
    return code
