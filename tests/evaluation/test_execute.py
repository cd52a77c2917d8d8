"""Given programs are scored without a model: folders of repairs, predict's lines, other corpora."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import REPOSITORY

from feedback_lightning.cli import main

DATA = str(REPOSITORY / "data")


def out(capsys, *args):
    status = main([str(arg) for arg in args])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return printed.out


def test_a_datasets_own_repairs_and_programs(capsys, tmp_path):
    """Every fix of the shipped evaluation programs passes; every buggy program fails."""
    assert "25 of 25" in out(capsys, "execute", DATA, "--output", tmp_path / "fixed.json")
    results = json.loads((tmp_path / "fixed.json").read_text())
    assert results["figures"]["all"]["RPass"] == 100.0
    assert all(row["distance"] > 0 for row in results["programs"])
    printed = out(capsys, "execute", DATA, "--file", "buggy.py", "--output", tmp_path / "buggy.json")
    assert "0 of 25" in printed
    assert "undefined" in printed
    assert printed.count(" tests\n") == 25, "says which tests fail"
    assert "McNemar p = 5.96e-08" in out(capsys, "compare", tmp_path / "buggy.json", tmp_path / "fixed.json")


def test_a_dataset_with_few_repairs_or_none(capsys, tmp_path):
    """What has no repair does not pass, and is said to have none."""
    shutil.copytree(REPOSITORY / "data" / "problems", tmp_path / "problems")
    shutil.copytree(REPOSITORY / "data" / "evaluation_data" / "5_top-k", tmp_path / "evaluation_data" / "5_top-k")
    programs = sorted((tmp_path / "evaluation_data" / "5_top-k").iterdir())
    for program in programs[2:]:
        (program / "fixed.py").unlink()
    printed = out(capsys, "execute", tmp_path)
    assert "2 repairs of 5 programs" in printed
    assert "2 of 5" in printed
    for program in programs[:2]:
        (program / "fixed.py").unlink()
    assert main(["execute", str(tmp_path)]) == 2
    message = "evaluation_data: no repair of these programs in it; expected 5_top-k/prog_1/fixed.py and others"
    assert message in capsys.readouterr().err


def test_others_repairs_in_a_folder_or_in_lines(capsys, tmp_path):
    name = "2_unique-birthdays/prog_1"
    code = (REPOSITORY / "data" / "evaluation_data" / name / "fixed.py").read_text()
    (tmp_path / name).mkdir(parents=True)
    (tmp_path / name / "mine.py").write_text(code)
    folder = out(capsys, "execute", tmp_path, "--root", DATA, "--file", "mine.py")
    assert "1 of 25" in folder
    rows = [{"program": name, "repair": code}, {"program": "5_top-k/prog_1", "repair": None}]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "1 of 25" in out(capsys, "execute", tmp_path / "mine.jsonl", "--root", DATA)


def test_what_predict_writes_for_both_tasks_is_read(capsys, tmp_path):
    repair = Path(DATA, "evaluation_data", "5_top-k", "prog_1", "fixed.py").read_text() + "# one line\u2028more\n"
    rows = [
        {"task": "repair", "program": "5_top-k/prog_1", "repair": repair},
        {"task": "hints", "program": "5_top-k/prog_1", "hint": "Look again."},
        {"task": "repair", "program": "5_top-k/prog_2", "repair": "x = '\ud83d'"},  # cannot be run
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "replies.jsonl").write_text(lines, errors="backslashreplace")
    arguments = ("execute", tmp_path / "replies.jsonl", "--root", DATA, "--output", tmp_path / "results.json")
    assert "1 of 25" in out(capsys, *arguments)
    assert len(json.loads((tmp_path / "results.json").read_text())["programs"]) == 25


def test_a_corpus_in_another_layout(capsys, tmp_path):
    question = tmp_path / "question_7"
    for path, text in {
        "description.txt": "Task: Halve\nHalve an even number.",
        "ans/input_1.txt": "halve(4)", "ans/output_1.txt": "2",
        "code/reference/r.py": "def halve(n):\n    return n // 2\n",
        "code/correct/a.py": "def halve(n):\n    return shift(n)\n",
        "code/wrong/b.py": "def halve(n):\n    return n - 1\n",
        "code/global.py": "def shift(n):\n    return n >> 1\n",
    }.items():  # fmt: skip
        (question / path).parent.mkdir(parents=True, exist_ok=True)
        (question / path).write_text(text)
    printed = out(capsys, "execute", tmp_path)
    assert printed.count("1 of 1") == 2
    assert "0 of 1" in printed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"program": "5_top-k/prog_1"}\n{', "given.jsonl:2: expected"),
        ('{"program": "5_top-k/prog_1", "repair": 5}', "given.jsonl:1: expected"),
        ('{"program": "9_x/prog_1"}', "9_x/prog_1 is not among the dataset's evaluation programs"),
        ('{"program": "5_top-k/prog_1"}\n{"program": "5_top-k/prog_1"}', "given.jsonl:2: a second repair"),
    ],
)
def test_lines_that_cannot_be_meant(capsys, tmp_path, content, message):
    (tmp_path / "given.jsonl").write_text(content)
    assert main(["execute", str(tmp_path / "given.jsonl"), "--root", DATA]) == 2
    assert message in capsys.readouterr().err


def test_a_folder_without_programs(capsys, tmp_path):
    assert main(["execute", str(tmp_path)]) == 2
    assert "no programs in a known layout" in capsys.readouterr().err


SUCCESSOR, SAME = "def f(x):\n    return x + 1\n", "def f(x):\n    return x\n"


@pytest.fixture
def small(tmp_path, cache):
    """small(entries): a dataset of one problem with these training entries and an evaluation program without a fix."""

    def make(entries) -> Path:
        problem = {"id": 1, "title": "Next", "description": "Return x + 1.", "signature": "def f(x):\n    pass",
                   "tests": [{"input": "f(1)", "output": "2"}]}  # fmt: skip
        (tmp_path / "problems").mkdir()
        (tmp_path / "problems" / "1_next.json").write_text(json.dumps(problem))
        (tmp_path / "training_raw.json").write_text(json.dumps({"1": entries}))
        program = tmp_path / "evaluation_data" / "1_next" / "prog_1"
        program.mkdir(parents=True)
        (program / "buggy.py").write_text(f"\n{SAME}\n")
        return program

    return make


def test_an_audit_names_each_fault(capsys, tmp_path, cache, small):
    """One fault of each kind in a dataset of one problem."""
    pairs = [(SAME, SUCCESSOR), (SAME, SUCCESSOR), (SUCCESSOR, SUCCESSOR), (SAME, "def f(x):\n    return 3\n")]
    program = small([{"buggy_code": a, "repaired_code": b, "hint": "Look."} for a, b in pairs])
    (program / "fixed.py").write_text(SUCCESSOR)
    printed = out(capsys, "audit", tmp_path, "--output", tmp_path / "audit.json")
    report = json.loads((tmp_path / "audit.json").read_text())
    name = "training_raw.json[1][{}]".format
    assert report["training"]["buggy but pass"] == [name(2)]
    assert report["training"]["repairs that fail"] == [name(3)]
    assert report["training"]["repairs equal to the program"] == [name(2)]
    assert report["training"]["copies of an earlier program"] == [name(1), name(3)]
    assert report["evaluation"]["also in training"] == ["1_next/prog_1"]
    assert report["training"]["given repairs"]["all"]["RPass"] == 75.0
    assert f"repairs that fail: 1: {name(3)}" in printed
    assert report["training"]["no repair given"] == report["evaluation"]["no repair given"] == []
    assert list(cache.glob("audit-*")) == []


def test_an_audit_works_with_what_there_is(capsys, tmp_path, small):
    """Programs without a repair are named, and no figure is made up for them; hints are not missed."""
    small([{"buggy_code": SAME}, {"buggy_code": SUCCESSOR, "repaired_code": SUCCESSOR}])
    printed = out(capsys, "audit", tmp_path, "--output", tmp_path / "audit.json")
    report = json.loads((tmp_path / "audit.json").read_text())
    training, evaluation = report["training"], report["evaluation"]
    assert training["no repair given"] == ["training_raw.json[1][0]"]
    assert training["given repairs"]["all"]["programs"] == 1
    assert training["repairs equal to the program"] == ["training_raw.json[1][1]"]
    assert evaluation["no repair given"] == ["1_next/prog_1"]
    assert evaluation["also in training"] == ["1_next/prog_1"]
    assert evaluation["buggy but pass"] == []
    assert not {"given repairs", "repairs that fail", "repairs equal to the program"} & evaluation.keys()
    assert f"The given repairs of {tmp_path}, evaluation" not in printed
    assert "no repair given: 1: 1_next/prog_1" in printed


@pytest.mark.usefixtures("cache")
def test_the_audit_of_the_real_data(real_data, capsys, tmp_path):
    # repairs end within milliseconds; what loops for a second does for four
    out(capsys, "audit", real_data, "--output", tmp_path / "audit.json", "--test_seconds", "1")
    report = json.loads((tmp_path / "audit.json").read_text())
    training, evaluation = report["training"], report["evaluation"]
    assert (training["given repairs"]["all"]["RPass"], evaluation["given repairs"]["all"]["RPass"]) == (100.0, 96.0)
    assert round(training["given repairs"]["all"]["REdit"], 2) == 32.81
    assert len(training["buggy but pass"]) == 28
    assert {name.split("[")[1] for name in training["buggy but pass"]} == {"4]"}
    assert evaluation["repairs that fail"] == ["1_sequential-search/prog_5"]
