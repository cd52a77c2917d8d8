"""Models side by side: paired by program, whatever their order; other programs are refused."""

import json

import pytest

from feedback_lightning.cli import main
from feedback_lightning.evaluation.compare import difference, repair_diff
from feedback_lightning.evaluation.results import ALL, figures


def results(name, rows, adapter=None):
    """Results of programs p0, p1, …: (passed, distance) each."""
    programs = [
        {"problem": "1_a", "program": f"p{i}", "passed": passed, "distance": distance}
        for i, (passed, distance) in enumerate(rows)
    ]
    whole = figures([passed for passed, _ in rows], [distance for _, distance in rows])
    return {
        "model": {"base_model": name, "adapter": adapter},
        "figures": {"1_a": whole, ALL: whole},
        "programs": programs,
    }


BASE = results("base", [(False, 3)] * 6 + [(True, 4)] * 2)
TUNED = results("base", [(True, 2)] * 6 + [(True, 4)] * 2, adapter="run/adapter")


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return str(path)


def test_the_difference_is_paired():
    text = difference(BASE, TUNED)
    assert text.startswith("RPass +75.0 [")
    assert "McNemar p = 0.0312" in text  # six programs that only one repairs: 2 / 2**6
    assert "REdit -1.50 [" in text
    shuffled = {**TUNED, "programs": TUNED["programs"][::-1]}
    assert difference(BASE, shuffled) == text


def test_without_a_passing_repair_redit_is_not_compared():
    none = results("none", [(False, 1)] * 8)
    assert "REdit" not in difference(BASE, none)
    assert "McNemar" in difference(BASE, none)


def test_the_newest_results_of_each_run_are_compared(tmp_path, capsys):
    base = write(tmp_path / "base-x" / "test" / "data" / "results.json", BASE)
    write(tmp_path / "repair-r4" / "version_0" / "test" / "data" / "results.json", results("old", [(False, 1)] * 8))
    write(tmp_path / "repair-r4" / "version_1" / "test" / "data" / "results.json", TUNED)
    write(tmp_path / "other" / "test" / "data" / "results.json", results("elsewhere", [(True, 1)]))
    assert main(["compare", base, str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "25.0" in printed
    assert "100.0" in printed
    assert printed.count("against") == 1
    assert "elsewhere" not in printed


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file or folder"), ("{", "cannot be read as JSON"), ("{}", "not the results of a test")],
)
def test_what_is_no_results_file(tmp_path, capsys, content, message):
    path = tmp_path / "results.json"
    if content is not None:
        path.write_text(content)
    assert main(["compare", str(path), str(path)]) == 2
    assert f"{path}: {message}" in capsys.readouterr().err


def test_results_of_hints_alone_cannot_be_compared(tmp_path, capsys):
    hints = write(tmp_path / "results.json", {"model": {}, "figures": {}, "programs": []})
    assert main(["compare", hints, hints]) == 2
    assert "no repairs in these results" in capsys.readouterr().err


def test_other_programs_and_empty_folders(tmp_path, capsys):
    base = write(tmp_path / "base" / "results.json", BASE)
    other = write(tmp_path / "other" / "results.json", results("elsewhere", [(True, 1)]))
    assert main(["compare", base, other]) == 2
    assert "no other results on the programs of" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["compare", base, str(tmp_path / "empty")]) == 2
    assert "python cli.py test writes one" in capsys.readouterr().err


def test_diffs_show_what_the_first_model_did_not_repair(tmp_path, capsys):
    repairs = {"p0": "x = 1", "p1": "x = '[red]'", "p6": "known"}
    for results_of in (BASE, TUNED):
        for row in results_of["programs"]:
            row |= {"buggy": "def f():\n    x = 0\n    return x", "repair": repairs.get(row["program"], "other")}
    base = write(tmp_path / "base-x" / "results.json", BASE)
    write(tmp_path / "tuned" / "results.json", TUNED)
    assert main(["compare", base, str(tmp_path / "tuned"), "--diffs", "2"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("repaired by run") == 2
    assert "p0, repaired by run" in printed
    assert "-     x = 0" in printed
    assert "+ x = '[red]'" in printed  # a program is no markup
    assert "known" not in printed


def test_a_diff_has_the_lines_of_both():
    diff = repair_diff("a\n\nb\nc", "a\nb\nd")
    assert [line[2:] for line in diff if line[0] != "+"] == ["a", "", "b", "c"]
    assert [line[2:] for line in diff if line[0] != "-"] == ["a", "b", "d"]
