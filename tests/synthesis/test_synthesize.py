"""The command makes data that trains, proves every triple by running it, and says where it comes from."""

import json
import shutil
from pathlib import Path

import pytest
from datasets_made import PROGRAMS, write_dataset

from feedback_lightning.cli import main
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.execution import Limits, Submission, run_programs
from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.normal_form import normal_form
from feedback_lightning.synthesis.parsed_program import Edit, apply

FILES = ("training_raw.json", "provenance.jsonl")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("course"), {"1": "double", "2": "triple"}, correct=True)


@pytest.fixture(scope="module")
def made(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 triples from six programs."""
    output = tmp_path_factory.mktemp("made") / "data"
    assert main(["synthesize", str(course), str(output), "--count", "40", "--seed", "5"]) == 0
    return output


def provenance(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "provenance.jsonl").read_text().splitlines()]


def test_every_triple_is_true(made: Path) -> None:
    problems = read_problems(made)
    programs = read_training(made, problems)
    assert len(programs) == 40
    tests = [problems[program.problem].tests for program in programs]
    fixed = [Submission(program.fixed, own) for program, own in zip(programs, tests, strict=True)]
    buggy = [Submission(program.code, own) for program, own in zip(programs, tests, strict=True)]
    limits = Limits(test_seconds=1.0, program_seconds=1.0)
    assert all(outcome.passed for outcome in run_programs(fixed, limits))
    for outcome, line in zip(run_programs(buggy, limits), provenance(made), strict=True):
        assert line["failed_test"] == next(i for i, test in enumerate(outcome.tests) if not test.passed)
    assert all(program.hint for program in programs)


def test_the_provenance_leads_from_the_original_to_the_buggy_program(made: Path) -> None:
    entries = json.loads((made / "training_raw.json").read_text())
    lines = provenance(made)
    assert len(lines) == 40
    assert {line["problem"] for line in lines} == {"1", "2"}
    for line in lines:
        triple = entries[line["problem"]][line["entry"]]
        edits = [Edit(e["start"], e["end"], e["wrong"]) for slip in line["slips"] for e in slip["edits"]]
        assert apply(triple["repaired_code"], edits) == triple["buggy_code"]
        for slip in line["slips"]:
            assert slip["mutator"] in MUTATORS
            assert slip["explanation"].endswith(".")
            assert all(triple["repaired_code"][e["start"] : e["end"]] == e["correct"] for e in slip["edits"])
        assert line["seed"] == 5
        slug = {"1": "double", "2": "triple"}[line["problem"]]
        if not line["augmentations"]:
            assert triple["repaired_code"] in PROGRAMS[slug]


def test_the_summary_counts_what_was_tried(made: Path) -> None:
    summary = json.loads((made / "synthesis.json").read_text())
    assert summary["settings"]["seed"] == 5
    assert {entry["mutants"]["kept"] for entry in summary["problems"].values()} == {20}
    assert {entry["originals"] for entry in summary["problems"].values()} == {3}
    assert sum(summary["slips_per_program"].values()) == 40
    assert sum(summary["slips"].values()) == sum(int(n) * k for n, k in summary["slips_per_program"].items())


def test_the_same_command_gives_the_same_and_uses_its_journals(
    course: Path, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = tmp_path / "again"
    shutil.copytree(made / "runs", again / "runs")
    monkeypatch.setattr("feedback_lightning.execution.pool.Pool.__init__", _no_new_runs)
    assert main(["synthesize", str(course), str(again), "--count", "40", "--seed", "5"]) == 0
    for name in FILES:
        assert (again / name).read_text() == (made / name).read_text()


def _no_new_runs(self, jobs, *rest) -> None:
    assert not jobs
    self.workers = []


def test_options_reach_the_triples(course: Path, tmp_path: Path) -> None:
    output = tmp_path / "data"
    options = ["--distribution.only", '["LostAccumulation", "PrintForReturn"]', "--distribution.problems", '{"1": 0}']
    options += ["--distribution.slips", "[1, 0, 0]", "--augment", "0", "--count", "5"]
    assert main(["synthesize", str(course), str(output), *options]) == 0
    lines = provenance(output)
    assert {line["problem"] for line in lines} == {"2"}
    assert {slip["mutator"] for line in lines for slip in line["slips"]} <= {"LostAccumulation", "PrintForReturn"}
    assert all(len(line["slips"]) == 1 and not line["augmentations"] for line in lines)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--count", "0"], "count must be at least 1"),
        (["--augment", "1.5"], "augment is a share from 0 to 1"),
        (["--distribution.only", '["NoSuch"]'], "there is no mutator 'NoSuch'"),
        (["--distribution.problems", '{"9": 1}'], "there is no problem '9'"),
        (["--problems", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["synthesize", str(course), str(tmp_path / "data"), *options]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_problems_whose_programs_all_fail_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_dataset(tmp_path / "course", {"1": "double"}, correct=True)
    for path in (root / "correct_programs" / "1_double").glob("*.py"):
        path.write_text("def double(n):\n    return 0\n")
    assert main(["synthesize", str(root), str(tmp_path / "data"), "--count", "3"]) == 2
    assert "no program passes the tests of problem 1" in capsys.readouterr().err


def test_no_rewritten_program_is_like_a_held_out_one(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "course", {"1": "double"}, correct=True)
    folder = root / "correct_programs" / "1_double"
    for path in folder.glob("*.py"):
        path.unlink()
    loop = "def double(n):\n    total = 0\n    for i in range(2):\n        total += n\n    return total\n"
    (folder / "loop.py").write_text(loop)
    fixed = loop.replace("total += n", "total = total + n")  # what rewriting makes of it
    evaluation = root / "evaluation_data" / "1_double" / "prog_1"
    evaluation.mkdir(parents=True)
    (evaluation / "buggy.py").write_text(fixed.replace("range(2)", "range(3)"))
    (evaluation / "fixed.py").write_text(fixed)
    output = tmp_path / "data"
    assert main(["synthesize", str(root), str(output), "--count", "12", "--augment", "1"]) == 0
    programs = read_training(output, read_problems(output))
    assert len({normal_form(program.fixed) for program in programs}) > 1
    assert normal_form(fixed) not in {normal_form(program.fixed) for program in programs}


def test_nothing_of_an_earlier_output_stays(course: Path, tmp_path: Path) -> None:
    output = tmp_path / "data"
    other = write_dataset(tmp_path / "other", {"1": "triple"}, correct=True)
    for place in (course, other):
        assert main(["synthesize", str(place), str(output), "--count", "4"]) == 0
    assert [problem.name for problem in read_problems(output).values()] == ["1_triple"]


def test_data_of_others_is_not_replaced(course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "training_raw.json").write_text("{}")
    assert main(["synthesize", str(course), str(tmp_path)]) == 2
    assert "neither from synthesize nor from pair; give another folder" in capsys.readouterr().err
    assert (tmp_path / "training_raw.json").read_text() == "{}"


def test_real_correct_programs_become_training_data(real_data: Path, tmp_path: Path) -> None:
    corpus = real_data.parent / "nus_correct.zip"
    if not corpus.is_file():
        pytest.skip(f"the corpus of correct programs is not at {corpus}")
    few = tmp_path / "few"
    _unpack_some(corpus, few, each=6)
    output = tmp_path / "data"
    assert main(["synthesize", str(few), str(output), "--problems", str(real_data), "--count", "25"]) == 0
    problems = read_problems(output)
    assert problems == read_problems(real_data)
    assert len(read_training(output, problems)) == 25


def _unpack_some(archive: Path, folder: Path, each: int) -> None:
    """Tests and descriptions of all questions, and a few programs of each."""
    import zipfile

    with zipfile.ZipFile(archive) as packed:
        kept: dict[str, int] = {}
        for name in sorted(packed.namelist()):
            if name.endswith(".py") and "/correct/" in name:
                question = name.split("/code/")[0]
                kept[question] = kept.get(question, 0) + 1
                if kept[question] > each:
                    continue
            packed.extract(name, folder)
