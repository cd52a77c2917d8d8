"""`pair` gives real buggy programs proven repairs, small ones, and leaves out what passes or cannot be repaired."""

import json
from pathlib import Path

import pytest
from datasets_made import PROGRAMS, write_dataset

from feedback_lightning.cli import main
from feedback_lightning.data.datamodule import FeedbackDataModule
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.execution import Limits, Submission, run_programs

FAR = "def double(n):\n    # starts anew\n    result = n\n    result += n\n    return result"
ENTRIES = {
    "1": [
        {"buggy_code": "def double(m):\n    return 3 * m\n", "hint": "Twice, not three times."},
        {"buggy_code": "def double(k):\n    result = k\n    return result\n", "repaired_code": FAR},
        {"buggy_code": PROGRAMS["double"][0], "repaired_code": FAR},  # nothing is wrong with it
    ],
    "2": [{"buggy_code": "def triple(n):\n    return 2 * n\n"}],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_dataset(tmp_path_factory.mktemp("course"), {"1": "double", "2": "triple"}, correct=True)
    (root / "training_raw.json").write_text(json.dumps(ENTRIES))
    return root


@pytest.fixture(scope="module")
def made(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("made") / "data"
    assert main(["pair", str(course), str(course), str(output)]) == 0
    return output


def test_repairs_are_the_smallest_with_the_students_names(made: Path) -> None:
    first, second, third = read_training(made, read_problems(made))
    assert first.fixed == "def double(m):\n    return 2 * m"
    assert first.hint == "Twice, not three times."
    assert str(second.fixed).splitlines()[1] == "    result = k"
    assert third.fixed == "def triple(n):\n    return 3 * n"


def test_every_repair_passes_and_no_buggy_program_does(made: Path) -> None:
    problems = read_problems(made)
    programs = read_training(made, problems)
    for codes, passes in (([p.fixed for p in programs], True), ([p.code for p in programs], False)):
        runs = [Submission(code, problems[p.problem].tests) for code, p in zip(codes, programs, strict=True)]
        assert {outcome.passed for outcome in run_programs(runs, Limits(test_seconds=1.0))} == {passes}


def test_provenance_says_where_a_repair_comes_from_and_what_it_lost(made: Path) -> None:
    lines = [json.loads(line) for line in (made / "provenance.jsonl").read_text().splitlines()]
    assert [line["program"] for line in lines] == [f"training_raw.json[{i}]" for i in ("1][0", "1][1", "2][0")]
    assert all(0 < line["distance"] <= line["distance_before_shrinking"] for line in lines)


def test_what_comes_out_can_be_trained_on(made: Path) -> None:
    data = FeedbackDataModule(str(made), "repair", val_fraction=0.0)
    data.setup()
    assert len(data.train) == 3


def test_the_fixes_of_evaluation_programs_are_not_used(course: Path, tmp_path: Path) -> None:
    """The only program that is near is the fix of one that is held out, under other names."""
    root = write_dataset(tmp_path / "course", {"1": "double", "2": "triple"}, correct=True)
    (root / "training_raw.json").write_text(json.dumps({"1": ENTRIES["1"][:1]}))
    held_out = root / "evaluation_data" / "1_double" / "prog_1"
    held_out.mkdir(parents=True)
    (held_out / "buggy.py").write_text("def double(n): return n")
    (held_out / "fixed.py").write_text("def double(x):\n    return 2 * x\n")
    assert main(["pair", str(root), str(root), str(tmp_path / "out")]) == 0
    (program,) = read_training(tmp_path / "out", read_problems(root))
    assert program.fixed
    assert "2 *" not in program.fixed


def test_it_does_not_write_over_what_it_has_not_made(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (course / "training_raw.json").read_text()
    assert main(["pair", str(course), str(course), str(course)]) == 2
    assert "give another folder" in capsys.readouterr().err
    assert (course / "training_raw.json").read_text() == before


def test_no_repair_at_all_is_said(course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_dataset(tmp_path / "course", {"1": "double"}, correct=False)
    (root / "training_raw.json").write_text(json.dumps({"1": ENTRIES["1"][:1]}))
    wrong = root / "correct_programs" / "1_double"
    wrong.mkdir(parents=True)
    (wrong / "p0.py").write_text("def double(n):\n    return 5 * n\n")
    assert main(["pair", str(root), str(root), str(tmp_path / "out")]) == 2
    assert "none of its programs leads to a repair" in capsys.readouterr().err
    assert not (tmp_path / "out" / "training_raw.json").exists()
