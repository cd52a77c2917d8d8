"""The readers take our data and the real data, and name file and entry of whatever is wrong."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from feedback_lightning.data.readers import read_correct_programs, read_evaluation, read_problems, read_training
from feedback_lightning.errors import DataError

PROBLEM = {"id": 1, "title": "Double", "description": "Double x.", "additional_description": "",
           "signature": "def double(x):\n    pass", "tests": [{"input": "double(2)", "output": "4"}]}  # fmt: skip
ENTRY = {
    "buggy_code": "def double(x):\n    x * 2\n",
    "repaired_code": "def double(x):\n    return x * 2\n",
    "hint": "Who gets x * 2?",
}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A whole, correct dataset of one problem."""
    (tmp_path / "problems").mkdir()
    write(tmp_path / "problems" / "1_double.json", PROBLEM)
    write(tmp_path / "training_raw.json", {"1": [ENTRY, ENTRY]})
    program = tmp_path / "evaluation_data" / "1_double" / "prog_1"
    program.mkdir(parents=True)
    (program / "buggy.py").write_text(ENTRY["buggy_code"])
    (program / "fixed.py").write_text(ENTRY["repaired_code"])
    return tmp_path


def write(path: Path, content) -> None:
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def read_all(root: Path):
    problems = read_problems(root)
    needs = ("repaired_code", "hint")
    return problems, read_training(root, problems, needs), read_evaluation(root, problems)


def test_a_correct_dataset(dataset):
    problems, training, evaluation = read_all(dataset)
    assert problems["1"].name == "1_double"
    assert problems["1"].tests[0].output == "4"
    assert [p.name for p in training] == ["training_raw.json[1][0]", "training_raw.json[1][1]"]
    assert (training[0].code, training[0].fixed, training[0].hint) == tuple(ENTRY.values())
    assert [p.name for p in evaluation] == ["1_double/prog_1"]
    assert evaluation[0].hint is None


def test_the_data_that_ships(own_data):
    problems, training, evaluation = read_all(own_data)
    assert list(problems) == list("12345")
    assert min(Counter(p.problem for p in training).values()) >= 20
    assert Counter(p.problem for p in evaluation) == dict.fromkeys("12345", 5)


def test_the_real_data(real_data):
    problems, training, evaluation = read_all(real_data)
    assert list(Counter(p.problem for p in training).values()) == [300, 300, 122, 161, 74]
    assert Counter(p.problem for p in evaluation) == dict.fromkeys(problems, 5)
    assert (len(problems), len(training), len(evaluation)) == (5, 957, 25)


def without(mapping: dict, key: str) -> dict:
    return {k: v for k, v in mapping.items() if k != key}


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("training_raw.json", '{"1": [\n{"buggy_code": ', r"training_raw\.json:2: broken JSON"),
        ("training_raw.json", {"1": [ENTRY, without(ENTRY, "hint")]}, r"problem 1, entry 1: 'hint' is missing"),
        ("training_raw.json", {"1": [{**ENTRY, "buggy_code": " \n"}]}, r"problem 1, entry 0: 'buggy_code' is empty"),
        ("training_raw.json", {"1": [without(ENTRY, "buggy_code")]}, r"problem 1, entry 0: 'buggy_code' is missing"),
        ("training_raw.json", {"1": [{**ENTRY, "repaired_code": 3}]}, r"'repaired_code' must be text, not int"),
        ("training_raw.json", {"1": ["x"]}, r"problem 1, entry 0: expected an object, not str"),
        ("training_raw.json", {"1": {}}, r"problem 1: expected a list"),
        ("training_raw.json", '{"1": [], "1": []}', r"'1' stands twice in one object"),
        ("training_raw.json", [], r"expected an object \{problem id"),
        ("training_raw.json", {}, r"no training programs"),
        ("training_raw.json", {"7": [ENTRY]}, r"problem '7' has no file in problems/; there are 1"),
        ("problems/1_double.json", {**PROBLEM, "id": 2}, r"id is 2, so the file must be called 2_<slug>\.json"),
        ("problems/1_double.json", {**PROBLEM, "tests": []}, r"1_double\.json: no tests"),
        ("problems/1_double.json", {**PROBLEM, "tests": [{"input": "1"}]}, r"test 0: 'output' is missing"),
        ("problems/1_double.json", without(PROBLEM, "title"), r"'title' is missing; it has 'id'"),
        ("problems/1_double.json", "[1]", r"expected an object with id"),
        ("problems/1_again.json", PROBLEM, r"id 1 is also that of 1_again"),
        ("evaluation_data/1_double/prog_1/buggy.py", "\n  \n", r"buggy\.py: the program is empty"),
        ("evaluation_data/1_double/prog_1/fixed.py", "\n  \n", r"fixed\.py: the program is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(dataset, file, content, message):
    write(dataset / file, content)
    with pytest.raises(DataError, match=message) as caught:
        read_all(dataset)
    assert Path(file).name in str(caught.value)


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (".", r"no such folder; .*--data\.root"),
        ("problems", r"problems: no such folder"),
        ("training_raw.json", r"training_raw\.json: no such file"),
        ("evaluation_data", r"evaluation_data: no such folder"),
        ("evaluation_data/1_double/prog_1/buggy.py", r"buggy\.py: no such file"),
        ("problems/1_double.json", r"problems: no problems here"),
    ],
)
def test_what_is_missing_is_named(dataset, missing, message):
    path = dataset / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(DataError, match=message):
        read_all(dataset)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("hint", r"the tasks hints and merged need it; .*--data\.task repair"),
        ("repaired_code", r"the tasks repair and merged need it; .*--data\.task hints"),
    ],
)
def test_what_an_entry_lacks_matters_only_if_it_is_needed(dataset, key, message):
    write(dataset / "training_raw.json", {"1": [ENTRY, without(ENTRY, key)]})
    problems = read_problems(dataset)
    [other] = {"hint", "repaired_code"} - {key}
    for needs in ((), (other,)):
        whole, bare = read_training(dataset, problems, needs)
        assert {whole.fixed, whole.hint} - {bare.fixed, bare.hint} == {ENTRY[key]}
        assert None in (bare.fixed, bare.hint)
    where = r"training_raw\.json: problem 1, entry 1: "
    with pytest.raises(DataError, match=rf"{where}'{key}' is missing; it has 'buggy_code', '{other}'; {message}"):
        read_training(dataset, problems, (key,))


@pytest.mark.parametrize("key", ["hint", "repaired_code"])
@pytest.mark.parametrize(("value", "message"), [(" ", "is empty"), (None, "must be text, not NoneType")])
def test_what_is_there_must_be_text_even_if_it_is_not_needed(dataset, key, value, message):
    write(dataset / "training_raw.json", {"1": [{**ENTRY, key: value}]})
    with pytest.raises(DataError, match=rf"problem 1, entry 0: '{key}' {message}"):
        read_training(dataset, read_problems(dataset))


def test_evaluation_programs_need_no_fix(dataset):
    folder = dataset / "evaluation_data" / "1_double"
    shutil.copytree(folder / "prog_1", folder / "prog_2")
    (folder / "prog_1" / "fixed.py").unlink()
    assert [p.fixed for p in read_all(dataset)[2]] == [None, ENTRY["repaired_code"]]


@pytest.mark.parametrize(
    "file", ["training_raw.json", "problems/1_double.json", "evaluation_data/1_double/prog_1/buggy.py"]
)
def test_a_file_that_is_not_utf_8(dataset, file):
    (dataset / file).write_bytes('{"1": "ä"}'.encode("latin-1"))
    with pytest.raises(DataError, match=rf"{file}: not UTF-8 at byte 7"):
        read_all(dataset)


def test_an_evaluation_folder_without_a_problem_is_named(dataset):
    (dataset / "evaluation_data" / "1_double").rename(dataset / "evaluation_data" / "7_double")
    with pytest.raises(DataError, match=r"7_double: problem '7' has no file in problems/"):
        read_all(dataset)


def test_a_folder_in_place_of_a_file_is_named(dataset):
    (dataset / "training_raw.json").unlink()
    (dataset / "training_raw.json").mkdir()
    with pytest.raises(DataError, match=r"training_raw\.json"):
        read_all(dataset)


def test_evaluation_programs_come_by_problem_and_number(dataset):
    programs = dataset / "evaluation_data"
    for number in (2, 10):
        write(dataset / "problems" / f"{number}_double.json", {**PROBLEM, "id": number})
        shutil.copytree(programs / "1_double" / "prog_1", programs / "1_double" / f"prog_{number}")
    for number in (2, 10):
        shutil.copytree(programs / "1_double", programs / f"{number}_double")
    problems, _, evaluation = read_all(dataset)
    assert list(problems) == ["1", "2", "10"]
    assert [p.name for p in evaluation] == [f"{i}_double/prog_{k}" for i in (1, 2, 10) for k in (1, 2, 10)]


def test_correct_programs_come_by_problem_and_name(dataset):
    write(dataset / "problems" / "10_double.json", {**PROBLEM, "id": 10})
    for folder, name in (("10_double", "a"), ("1_double", "v10"), ("1_double", "v9")):
        (dataset / "correct_programs" / folder).mkdir(parents=True, exist_ok=True)
        write(dataset / "correct_programs" / folder / f"{name}.py", ENTRY["repaired_code"])
    programs = read_correct_programs(dataset, read_problems(dataset))
    assert [p.name for p in programs] == ["1_double/v9", "1_double/v10", "10_double/a"]
    assert {(p.label, p.code, p.held_out) for p in programs} == {("correct", ENTRY["repaired_code"], False)}


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (None, r"correct_programs: no such folder"),
        ("1_double/notes.txt", r"correct_programs: no programs in it"),
        ("1_double/a.py", r"a\.py: the program is empty"),
        ("7_double/a.py", r"7_double: problem '7' has no file in problems/"),
    ],
)
def test_what_is_wrong_with_correct_programs_is_named(dataset, file, message):
    if file:
        (dataset / "correct_programs" / file).parent.mkdir(parents=True)
        write(dataset / "correct_programs" / file, "\n")
    with pytest.raises(DataError, match=message):
        read_correct_programs(dataset, read_problems(dataset))
