"""QuixBugs' layout: its JSON becomes tests that right programs pass and wrong ones fail, whatever they return."""

import contextlib
import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.data.quixbugs import _test
from feedback_lightning.data.schema import Program
from feedback_lightning.data.schema import Test as Case  # pytest would collect a class called Test
from feedback_lightning.errors import DataError

CORPUS = {
    # name: test cases, a right and a wrong body
    "area": ("[[2, 1.5], 3.0]\n[[4, 0.5], 2]\n\n[[3, 3], 9]", "return w * h", "return w + h", "w, h"),
    "digits": ('[907, [9, 0, 7]]\n["12", [1, 2]]\n', "yield from map(int, str(n))", "return n", "n"),
    "is_even": ("[4, true]\n[7, false]", "return n % 2 == 0", "return n % 2", "n"),
    "find": ('[[["a", "b"], "b"], 1]\n[[[], "b"], null]', "return lst.index(x) if x in lst else None", "", "lst, x"),
    "moves": ("[1, [[1, 3]]]\n[0, []]", "return [(1, 3)] * n", "return [(3, 1)]", "n"),
    "shout": ('[["h\\u00e9\u2028", 2], "H\\u00c9\u2028!!"]', "return s.upper() + '!' * n", "return s", "s, n"),
}
DESCRIPTION = '\n\n"""\nWhat it does.\n\nOutput:\n    a value\n"""\n'


def make(root: Path) -> Path:
    for name, (cases, right, wrong, parameters) in CORPUS.items():
        for folder, body in (("python_programs", wrong), ("correct_python_programs", right)):
            (root / folder).mkdir(parents=True, exist_ok=True)
            code = f"def {name}({parameters}):\n    {body or 'return -1'}\n{DESCRIPTION}"
            (root / folder / f"{name}.py").write_text(code)
        (root / "json_testcases").mkdir(exist_ok=True)
        (root / "json_testcases" / f"{name}.json").write_text(cases)
    for name in ("walk_graph", "walk_graph_test", "node"):
        (root / "python_programs" / f"{name}.py").write_text("from node import Node\n")
    return root


def passes(program: Program, test: Case) -> bool:
    """As tests are run, here for the programs above."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            exec(f"{program.code}\nresult = {test.input}\nprint(result)", {})
        except Exception:
            return False
    return out.getvalue().strip() == test.output.strip()


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_correct_corpus(tmp_path, kind):
    root = make(tmp_path / "QuixBugs-master")
    if kind == "zip":
        root = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "QuixBugs-master"))
    corpus = read_programs(root)
    names = [problem.name for problem in corpus.problems.values()]
    assert names == ["1_area", "2_digits", "3_find", "4_is-even", "5_moves", "6_shout"]
    problem = corpus.problems["4"]
    assert (problem.id, problem.title, problem.signature) == ("4", "Is even", "def is_even(n):\n    pass")
    assert problem.description == "What it does.\n\nOutput:\n    a value"
    assert problem.tests == (Case("is_even(4)", "True"), Case("is_even(7)", "False"))
    wrong, correct = [program for program in corpus.programs if program.problem == "4"]
    assert (wrong.name, wrong.label, wrong.repair_of) == ("python_programs/is_even.py", "wrong", None)
    assert (correct.name, correct.label, correct.repair_of) == (
        "correct_python_programs/is_even.py", "correct", wrong.code
    )  # fmt: skip


def test_right_programs_pass_and_wrong_ones_fail(tmp_path):
    corpus = read_programs(make(tmp_path))
    for program in corpus.programs:
        results = [passes(program, test) for test in corpus.problems[program.problem].tests]
        assert all(results) == (program.label == "correct"), (program.name, results)


def test_what_is_expected_decides_what_is_printed(tmp_path):
    corpus = read_programs(make(tmp_path))
    tests = {problem.name.partition("_")[2]: problem.tests for problem in corpus.problems.values()}
    assert tests["area"][1] == Case("area(4, 0.5) + 0.0", "2.0")
    assert tests["area"][2] == Case("area(3, 3) + 0.0", "9.0")
    assert tests["digits"][1] == Case("""__import__("json").dumps(digits('12'), default=list)""", "[1, 2]")
    assert tests["find"] == (Case("find(['a', 'b'], 'b')", "1"), Case("find([], 'b')", "None"))
    assert tests["shout"] == (Case("shout('hé\\u2028', 2)", "HÉ\u2028!!"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(JSON, st.booleans())
def test_whatever_json_says_a_program_that_returns_it_passes(value, floats):
    """The argument survives being written as Python, and the value being printed."""
    value = json.loads(json.dumps(value))
    assert passes(Program("1", "same", "def same(x):\n    return x", "correct"), _test("same", [value], value, floats))


@given(st.lists(st.integers() | st.lists(st.integers(), max_size=3), max_size=4))
def test_tuples_and_generators_count_as_lists(value):
    test = _test("f", [value], value, floats=False)
    inner = "(tuple(y) if isinstance(y, list) else y for y in x)"
    for body in (f"return {inner}", f"return tuple({inner})", "yield from map(lambda y: y, x)"):
        assert passes(Program("1", "f", f"def f(x):\n    {body}", "correct"), test)


def test_programs_without_test_cases_are_counted_and_named(tmp_path, caplog):
    corpus = read_programs(make(tmp_path))
    assert corpus.left_out == ("walk_graph",)
    assert "left out 1 programs without JSON test cases: walk_graph" in caplog.text


def test_a_program_that_is_no_python_has_no_description(tmp_path):
    root = make(tmp_path)
    (root / "python_programs" / "moves.py").write_text("def moves(n)\n    return n")
    assert read_programs(root).problems["5"].description == "Moves"


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("json_testcases/is_even.json", b"[4, true]\n\n[7, fal", r"is_even\.json:3: broken JSON"),
        ("json_testcases/is_even.json", b"[4, true]\n[7]", r"is_even\.json:2: expected \[arguments, expected\]"),
        ("json_testcases/is_even.json", b'{"in": 4, "out": 1}', r"is_even\.json:1: expected \[arguments, expected\]"),
        ("json_testcases/is_even.json", b"[4, NaN]", r"is_even\.json:1: NaN is not JSON"),
        ("json_testcases/is_even.json", b"\n \n", r"is_even\.json: no test cases"),
        ("json_testcases/is_even.json", b'["\xe4", 1]', r"is_even\.json: not UTF-8 at byte 2"),
        ("python_programs/is_even.py", None, r"python_programs/is_even\.py: no such file"),
        ("correct_python_programs/is_even.py", None, r"correct_python_programs/is_even\.py: no such file"),
        ("python_programs", None, r"python_programs/?: no such folder; expected the programs with the bugs"),
        ("correct_python_programs", None, r"correct_python_programs/?: no such folder; expected their repairs"),
        ("json_testcases/*", None, r"json_testcases/?: no test cases: expected one <name>\.json"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path, file, content, message):
    root = make(tmp_path)
    for path in root.glob(file):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if content is not None:
        (root / file).write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_programs(root)
