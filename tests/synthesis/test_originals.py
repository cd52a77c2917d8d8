"""Only programs that pass are used; preludes stay where they are needed; rewritten ones are run as well."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from bank import sample
from datasets_made import write_dataset

from feedback_lightning.errors import DataError
from feedback_lightning.synthesis.normal_form import normal_form
from feedback_lightning.synthesis.originals import Original, proven, read_originals, variants, without


def by_text(wanted: str):
    """As if programs passed that hold a text."""

    def passes(programs: Sequence[tuple[str, str]], description: str) -> list[bool]:
        return [wanted in code for _, code in programs]

    return passes


def test_programs_are_read_and_kept_for_the_problems_asked_for(tmp_path: Path) -> None:
    write_dataset(tmp_path / "all", {"1": "double", "2": "triple"}, correct=True)
    write_dataset(tmp_path / "second", {"2": "triple"}, correct=False)
    problems, originals, _ = read_originals(tmp_path / "all", None)
    assert [*problems] == ["1", "2"]
    assert Counter(original.problem for original in originals) == {"1": 3, "2": 3}
    problems, originals, _ = read_originals(tmp_path / "all", tmp_path / "second")
    assert [*problems] == ["2"]
    assert {original.problem for original in originals} == {"2"}


def test_held_out_and_wrong_programs_are_not_used(tmp_path: Path) -> None:
    root = write_dataset(tmp_path, {"1": "double"}, correct=True)
    evaluation = root / "evaluation_data" / "1_double" / "prog_1"
    evaluation.mkdir(parents=True)
    (evaluation / "buggy.py").write_text("def double(n):\n    return n\n")
    (evaluation / "fixed.py").write_text("def double(n):\n    return n + n + 0\n")
    _, originals, held_out = read_originals(root, None)
    codes = {original.code for original in originals}
    assert not any("n + n + 0" in code or code == "def double(n):\n    return n\n" for code in codes)
    forms = {("1", normal_form(path.read_text())) for path in evaluation.iterdir()}
    assert held_out == forms
    bare = write_dataset(tmp_path / "bare", {"1": "double"}, correct=False)
    assert read_originals(root, bare)[2] == forms  # also if the problems come from elsewhere
    assert read_originals(root, root)[2] == forms
    (evaluation / "fixed.py").unlink()
    [buggy] = read_originals(root, bare)[2]
    assert read_originals(root, root)[2] == {buggy} < forms


def test_programs_like_those_held_out_are_not_used() -> None:
    """Also not with other names, nor behind a prelude."""
    held_out = {("1", normal_form("def f(n):\n    return n + 1"))}
    same = Original("1", "a", "def f(x):  # more\n  return x+1\n")
    behind = Original("1", "b", "import math\ndef f(k): return k + 1\n", "import math\n")
    other = Original("1", "c", "def f(n):\n    return 1 + n\n")
    elsewhere = Original("2", "d", same.code)
    assert without([same, behind, other, elsewhere], held_out) == ([other, elsewhere], Counter({("1", "held out"): 2}))


def test_no_programs_is_said(tmp_path: Path) -> None:
    write_dataset(tmp_path / "all", {"1": "double"}, correct=True)
    write_dataset(tmp_path / "other", {"7": "triple"}, correct=False)
    with pytest.raises(DataError, match=r"no correct programs here \(none for 7\)"):
        read_originals(tmp_path / "all", tmp_path / "other")


def test_preludes_go_where_they_are_not_needed() -> None:
    prelude = "import heapq\n"
    plain = Original("1", "a", prelude + "\n  \ndef f(): return 'fine'\n", prelude)
    needy = Original("1", "b", prelude + "def f(): return heapq\n", prelude)
    broken = Original("1", "c", prelude + "def f(: pass\n", prelude)
    wrong = Original("1", "d", "def f(): return 0\n")

    def passes(programs: Sequence[tuple[str, str]], description: str) -> list[bool]:
        return ["fine" in code or ("heapq" in code and code.startswith("import")) for _, code in programs]

    kept, rejected = proven([plain, needy, broken, wrong], passes)
    assert [original.code for original in kept] == ["def f(): return 'fine'\n", needy.code]
    assert rejected == {("1", "does not parse"): 1, ("1", "fails its tests"): 1}


def test_variants_are_rewritten_named_and_run() -> None:
    originals = [Original("1", f"{i}.py", code) for i, code in enumerate(sample(8, seed=7))]
    made = variants(originals, 30, 1, by_text(""))
    assert 20 < len(made) <= 30
    assert {original.name for original in made} == {original.name for original in originals}
    assert all(original.augmentations for original in made)
    assert made == variants(originals, 30, 1, by_text(""))
    assert variants(originals, 30, 1, by_text("nowhere in them")) == []
    assert variants(originals, 0, 1, by_text("")) == []
