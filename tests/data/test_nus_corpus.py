"""The folder-for-each-question layout, as a folder and as an archive, with every mistake named."""

import contextlib
import io
import shutil
from collections import Counter
from pathlib import Path

import pytest

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.data.schema import Test as Case  # pytest would collect a class called Test
from feedback_lightning.errors import DataError

CORPUS = {
    "question_2/description.txt": "Task: Warm days\r\nCount the days above LIMIT.\r\nDays are in degrees.\r\n",
    "question_2/ans/input_001.txt": "warm([20, 31, 32])\n",
    "question_2/ans/output_001.txt": "2\n",
    "question_2/ans/input_002.txt": "warm([])",
    "question_2/ans/output_002.txt": "0",
    "question_2/ans/input_010.txt": " warm([LIMIT,\n LIMIT])\n",
    "question_2/ans/output_010.txt": "0\n",
    "question_2/code/global.py": "\r\nLIMIT = 30\r\n\r\n",
    "question_2/code/reference/reference.py": "def warm(days):\n    return sum(day > LIMIT for day in days)\n",
    "question_2/code/correct/correct_2_10.py": "def warm(days):\r\n    return len([d for d in days if d > LIMIT])",
    "question_2/code/correct/correct_2_9.py": "\ufeffdef warm(days):\n    return sum([d > 30 for d in days])\n",
    "question_2/code/wrong/wrong_2_1.py": "def warm(days)\n    return 0\n",
    "question_10/description.txt": "Pairs\n",
    "question_10/ans/input_1.txt": "pairs('ab', n=2)",
    "question_10/ans/output_1.txt": "[('a','b'),\n 'c']",
    "question_10/code/wrong/empty.py": "",
}


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


@pytest.fixture(params=["folder", "zip"])
def corpus(request, tmp_path):
    """Writes a corpus, as a folder or as an archive, and returns its path."""

    def make(files: dict[str, str | bytes]) -> Path:
        folder = write(tmp_path / "data", files)
        if request.param == "folder":
            return folder
        return Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "data"))

    return make


def test_a_correct_corpus(corpus):
    read = read_programs(corpus(CORPUS))
    assert list(read.problems) == ["2", "10"]
    warm, pairs = read.problems.values()
    assert (warm.id, warm.name, warm.title) == ("2", "2_warm-days", "Warm days")
    assert warm.description == "Count the days above LIMIT.\nDays are in degrees."
    assert warm.signature == "def warm(days):\n    pass"
    assert warm.tests == (
        Case("warm([20, 31, 32])", "2"), Case("warm([])", "0"), Case("warm([LIMIT,\n LIMIT])", "0")
    )  # fmt: skip
    assert (pairs.title, pairs.description, pairs.signature) == ("Pairs", "Pairs", "")
    assert pairs.tests == (Case("pairs('ab', n=2)", "[('a', 'b'), 'c']"),)
    assert [(p.problem, p.label, p.name) for p in read.programs] == [
        ("2", "reference", "question_2/code/reference/reference.py"),
        ("2", "correct", "question_2/code/correct/correct_2_9.py"),
        ("2", "correct", "question_2/code/correct/correct_2_10.py"),
        ("2", "wrong", "question_2/code/wrong/wrong_2_1.py"),
        ("10", "wrong", "question_10/code/wrong/empty.py"),
    ]


def test_what_the_course_gives_comes_before_each_program(corpus):
    read = read_programs(corpus(CORPUS))
    for program in read.programs:
        assert program.prelude == ("LIMIT = 30\n" if program.problem == "2" else "")
        assert program.code.startswith(program.prelude)
        assert "\r" not in program.code
    assert read.programs[1].code == "LIMIT = 30\ndef warm(days):\n    return sum([d > 30 for d in days])\n"
    assert read.programs[-1].code == ""


def test_the_programs_pass_the_tests_as_they_are_run(corpus):
    """`result = <input>` and `print(result)` after the program, here for the test's own programs."""
    read = read_programs(corpus(CORPUS))
    for program in read.programs[:3]:
        for test in read.problems["2"].tests:
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(f"{program.code}\nresult = {test.input}\nprint(result)", {})
            assert out.getvalue().strip() == test.output


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[1,2]", "[1, 2]"), ("'a b'", "a b"), ("1.50", "1.5"), ("None", "None"), ("-3", "-3"), ("", ""),
        ("hello", "hello"), ("1\n2", "1\n2"), ("{'b', 'a'}", "{'b', 'a'}"), ("OrderedDict()", "OrderedDict()"),
        ("(" * 400 + ")" * 400, "(" * 400 + ")" * 400),
    ],
)  # fmt: skip
def test_an_output_that_is_a_literal_stands_for_its_value(tmp_path, written, shown):
    root = write(tmp_path, {**CORPUS, "question_10/ans/output_1.txt": written})
    assert read_programs(root).problems["10"].tests[0].output == shown


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("question_2/ans/output_002.txt", None, r"input_002\.txt: there is no output_002\.txt beside it"),
        ("question_2/ans/input_002.txt", None, r"output_002\.txt: there is no input_002\.txt beside it"),
        ("question_2/ans/input_002.txt", "x = warm([])", r"input_002\.txt: expected one Python expression"),
        ("question_2/ans/input_002.txt", " \n", r"input_002\.txt: expected one Python expression"),
        ("question_2/ans/input_002.txt", "warm(\0)", r"input_002\.txt: expected one Python expression"),
        ("question_2/ans/input_002.txt", "wärm([])".encode("latin-1"), r"input_002\.txt: not UTF-8 at byte 1"),
        ("question_2/ans", None, r"question_2/ans/?: no such folder; expected input_NNN\.txt"),
        ("question_10/ans/*", None, r"question_10/ans/?: no tests: expected input_NNN\.txt and output_NNN\.txt"),
        ("question_2/code", None, r"question_2/code/?: no such folder; expected correct/, wrong/ or reference/"),
        ("question_10/code/wrong/*", None, r"question_10/code/?: no programs: expected \.py files in correct/"),
        ("question_2/code/wrong/wrong_2_1.py", b"# \xe4", r"wrong/wrong_2_1\.py: not UTF-8 at byte 2"),
        ("question_2/code/global.py", b"\xff", r"code/global\.py: not UTF-8 at byte 0"),
        ("question_2/description.txt", None, r"question_2/description\.txt: no such file"),
        ("question_2/description.txt", "Task:\n", r"description\.txt: no title"),
        ("10/ans/input_1.txt", "f(1)", r"question_10/?: there is another question 10"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(corpus, file, content, message):
    files = {name: text for name, text in CORPUS.items() if not name.startswith(file.rstrip("*")) or content}
    if content is not None:
        files[file] = content
    if file.startswith("10/"):
        files |= {f"10/{name}": CORPUS[f"question_10/{name}"] for name in ("description.txt", "ans/output_1.txt")}
        files["10/code/wrong/a.py"] = ""
    elif file.endswith("*"):
        files[file.rstrip("*") + "readme.md"] = "an empty folder would not be in an archive"
    with pytest.raises(DataError, match=message):
        read_programs(corpus(files))


def test_a_single_question(tmp_path):
    write(tmp_path, CORPUS)
    read = read_programs(tmp_path / "question_2")
    assert list(read.problems) == ["2"]
    assert len(read.programs) == 4


def test_files_of_the_system_are_not_programs(tmp_path):
    hidden = {"question_2/code/wrong/._wrong_2_1.py": b"\xff", ".cache/ans/input_1.txt": "", "notes/a.txt": "x"}
    assert len(read_programs(write(tmp_path, {**CORPUS, **hidden})).programs) == 5


def test_the_real_correct_programs(real_data):
    path = real_data.parent / "nus_correct.zip"
    if not path.is_file():
        pytest.skip(f"the real correct programs are not at {path}")
    read = read_programs(path)
    assert {problem.id: len(problem.tests) for problem in read.problems.values()} == {
        "1": 11, "2": 17, "3": 6, "4": 6, "5": 5
    }  # fmt: skip
    assert [problem.name for problem in read.problems.values()] == [
        "1_sequential-search", "2_unique-dates-and-months", "3_duplicate-elimination", "4_sorting-tuples", "5_top-k"
    ]  # fmt: skip
    assert Counter(program.label for program in read.programs) == {"correct": 2442, "reference": 5}
    assert {program.problem for program in read.programs if program.prelude} == {"2", "3", "5"}
