"""Read the layout of the NUS student corpus (Hu et al., Re-factoring based program repair, ASE 2019).

    question_1/description.txt                     "Task: <title>", then the description
    question_1/ans/input_001.txt                   an expression, such as search(42, [1, 5, 10])
    question_1/ans/output_001.txt                  its value
    question_1/code/correct/*.py                   programs that students handed in; likewise wrong/ and reference/
    question_1/code/global.py                      what the course gave, prepended to each program; may be missing

As in the corpus's own tools, an output that is a Python literal stands for what printing its value shows: `[1,2]` for
`[1, 2]`, `'a'` for `a`. What is no literal, or might hold a set (whose order means nothing), is taken as it stands.
"""

import ast
import re
from typing import Literal

from feedback_lightning.data.layout import Folder, children, make_problem, need_folder, read_text
from feedback_lightning.data.schema import Corpus, Problem, Program, Test
from feedback_lightning.errors import DataError

LABELS: tuple[Literal["reference", "correct", "wrong"], ...] = ("reference", "correct", "wrong")  # folders in code/


def questions(root: Folder) -> list[Folder]:
    """The folders with a question each, or `root` if it is one itself; none if `root` is not in this layout."""
    if (root / "ans").is_dir():
        return [root]
    found = [folder for folder in children(root) if (folder / "ans").is_dir() or (folder / "code").is_dir()]
    # a code/ alone may be anything; beside a question it is one whose tests are missing
    return found if any((folder / "ans").is_dir() for folder in found) else []


def read_nus_corpus(root: Folder) -> Corpus:
    """The questions as problems, whose ids are the folders' names without "question_", and all their programs."""
    problems: dict[str, Problem] = {}
    programs: list[Program] = []
    for question in questions(root):
        problem_id = question.name.removeprefix("question_").replace("_", "-")
        if problem_id in problems:
            raise DataError(str(question), f"there is another question {problem_id}")
        own = _read_programs(question, problem_id)
        title, description = _read_description(question / "description.txt")
        problems[problem_id] = make_problem(problem_id, title, description, own[0].code, _read_tests(question / "ans"))
        programs += own
    return Corpus(problems, tuple(programs))


def _read_description(path: Folder) -> tuple[str, str]:
    title, _, description = read_text(path).strip().partition("\n")
    title = title.removeprefix("Task:").strip()
    if not title:
        raise DataError(str(path), "no title; expected a first line 'Task: <title>'")
    return title, description.strip()


def _read_tests(folder: Folder) -> list[Test]:
    need_folder(folder, "input_NNN.txt and output_NNN.txt for each test")
    files: dict[str, dict[str, Folder]] = {"input": {}, "output": {}}
    for path in children(folder, ".txt"):
        if match := re.fullmatch(r"(input|output)_(.+)\.txt", path.name):
            files[match[1]][match[2]] = path
    for kind, other in (("input", "output"), ("output", "input")):
        if lonely := [number for number in files[kind] if number not in files[other]]:
            raise DataError(str(files[kind][lonely[0]]), f"there is no {other}_{lonely[0]}.txt beside it")
    if not files["input"]:
        raise DataError(str(folder), "no tests: expected input_NNN.txt and output_NNN.txt")
    outputs = files["output"]
    return [Test(_read_expression(path), _read_output(outputs[number])) for number, path in files["input"].items()]


def _read_expression(path: Folder) -> str:
    text = read_text(path).strip()
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise DataError(str(path), f"expected one Python expression, such as f(3): {error}") from None
    return text


def _read_output(path: Folder) -> str:
    text = read_text(path).strip()
    try:
        return text if "{" in text else str(ast.literal_eval(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


def _read_programs(question: Folder, problem_id: str) -> list[Program]:
    need_folder(question / "code", "correct/, wrong/ or reference/ with the programs")
    given = question / "code" / "global.py"
    prelude = read_text(given).strip("\n") + "\n" if given.exists() else ""
    programs = [
        Program(
            problem=problem_id,
            name=f"{question.name}/code/{label}/{path.name}",
            code=prelude + read_text(path),
            label=label,
            prelude=prelude,
        )
        for label in LABELS
        if (question / "code" / label).is_dir()
        for path in children(question / "code" / label, ".py")
    ]
    if not programs:
        raise DataError(str(question / "code"), "no programs: expected .py files in correct/, wrong/ or reference/")
    return programs
