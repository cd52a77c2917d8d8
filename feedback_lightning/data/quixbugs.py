"""Read the layout of QuixBugs (Lin et al., SPLASH Companion 2017): classic algorithms with one bug each.

    json_testcases/gcd.json                   one test in a line: [arguments, expected], such as [[17, 0], 17]
    python_programs/gcd.py                    the program with the bug
    correct_python_programs/gcd.py            its repair

Arguments that are not a list are the only argument. JSON knows neither tuples nor generators, and writes some whole
floats as integers. So that what is printed can be compared, a test's input depends on what is expected:

    [1, 2]                                    __import__("json").dumps(f(…), default=list), a list of anything iterable
    1.5, or 2 where others are floats         f(…) + 0.0
    anything else                             f(…)

Floats must be equal to the last digit: the tolerance that QuixBugs' own test of sqrt allows is not known to the layout.
Programs without JSON test cases (those on graphs, tested by scripts) are left out and named.
"""

import ast
import json
import logging
from typing import Any

from feedback_lightning.data.layout import Folder, children, make_problem, need_folder, read_text
from feedback_lightning.data.schema import Corpus, Problem, Program, Test
from feedback_lightning.errors import DataError

log = logging.getLogger(__name__)


def read_quixbugs(root: Folder) -> Corpus:
    """Each program that has test cases is a problem, with one wrong and one correct program."""
    cases, wrong, correct = (root / name for name in ("json_testcases", "python_programs", "correct_python_programs"))
    need_folder(cases, "one <name>.json for each program")
    need_folder(wrong, "the programs with the bugs")
    need_folder(correct, "their repairs")
    problems: dict[str, Problem] = {}
    programs: list[Program] = []
    for number, path in enumerate(children(cases, ".json"), 1):
        name, problem_id = path.stem, str(number)
        buggy, fixed = (read_text(folder / f"{name}.py") for folder in (wrong, correct))
        title = name.replace("_", " ").capitalize()
        problems[problem_id] = make_problem(problem_id, title, _docstring(buggy), fixed, _read_tests(path, name))
        programs.append(Program(problem_id, f"python_programs/{name}.py", buggy, "wrong"))
        programs.append(Program(problem_id, f"correct_python_programs/{name}.py", fixed, "correct", repair_of=buggy))
    if not problems:
        raise DataError(str(cases), "no test cases: expected one <name>.json for each program")
    return Corpus(problems, tuple(programs), _without_test_cases(wrong, cases))


def _without_test_cases(programs: Folder, cases: Folder) -> tuple[str, ...]:
    """Names of the programs that cannot be tested; the scripts that test them and their common node.py are none."""
    names = [path.stem for path in children(programs, ".py")]
    left_out = [
        name
        for name in names
        if name not in ("node", "__init__") and not name.endswith("_test") and not (cases / f"{name}.json").exists()
    ]
    if left_out:
        log.warning("left out %d programs without JSON test cases: %s", len(left_out), ", ".join(left_out))
    return tuple(left_out)


def _read_tests(path: Folder, name: str) -> list[Test]:
    lines = read_text(path).split("\n")  # not splitlines: JSON may have other separators within a string
    cases = [_read_case(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not cases:
        raise DataError(str(path), "no test cases: expected [arguments, expected] in each line")
    floats = any(type(expected) is float for _, expected in cases)
    return [_test(name, arguments, expected, floats) for arguments, expected in cases]


def _read_case(path: Folder, line: int, text: str) -> tuple[list[Any], Any]:
    """Arguments and expected value."""

    def refuse(constant: str) -> None:
        raise DataError(str(path), f"{constant} is not JSON", line=line)

    try:
        case = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise DataError(str(path), f"broken JSON: {error.msg}", line=line) from None
    if not isinstance(case, list) or len(case) != 2:
        raise DataError(str(path), "expected [arguments, expected]", line=line)
    arguments, expected = case
    return arguments if isinstance(arguments, list) else [arguments], expected


def _test(name: str, arguments: list[Any], expected: Any, floats: bool) -> Test:
    r"""One case; `floats`: whether numbers are to be compared as floats.

    >>> _test("gcd", [17, 0], 17, floats=False)
    Test(input='gcd(17, 0)', output='17')
    >>> _test("hanoi", [1], [[1, 3]], floats=False)
    Test(input='__import__("json").dumps(hanoi(1), default=list)', output='[[1, 3]]')
    """
    call = f"{name}({', '.join(map(repr, arguments))})"
    if isinstance(expected, list):
        return Test(f'__import__("json").dumps({call}, default=list)', json.dumps(expected))
    if floats and type(expected) in (int, float):
        return Test(f"{call} + 0.0", str(expected + 0.0))
    return Test(call, str(expected))


def _docstring(code: str) -> str:
    """QuixBugs describes a program in a string at its end; empty if there is none."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError):
        return ""
    strings = [
        node.value.value
        for node in body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return strings[-1].strip() if strings else ""
