"""A problem bank is read as a corpus of correct programs, and what is wrong in it is said with its file."""

import json

import pytest

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.errors import DataError

PROBLEM = {
    "title": "Twice as much", "description": "Double it.", "signature": "def double_it(n):\n    pass",
    "tests": [{"input": "double_it(2)", "output": "4"}], "solutions": ["def double_it(n):\n    return 2 * n\n"],
}  # fmt: skip


def test_a_bank_is_a_corpus_of_correct_programs(tmp_path):
    (tmp_path / "double_it.json").write_text(json.dumps(PROBLEM))
    corpus = read_programs(tmp_path)
    assert [problem.name for problem in corpus.problems.values()] == ["double-it_twice-as-much"]
    assert [(p.problem, p.code, p.label) for p in corpus.programs] == [
        ("double-it", PROBLEM["solutions"][0], "correct")
    ]


def test_two_files_of_one_id_are_refused(tmp_path):
    for name in ("double_it", "double-it"):
        (tmp_path / f"{name}.json").write_text(json.dumps(PROBLEM))
    with pytest.raises(DataError, match="the id double-it, and so does another"):
        read_programs(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"tests": []}, "no tests"), ({"solutions": [""]}, "solution 0"), ({"title": None}, "'title' must be text")],
)
def test_what_is_wrong_is_said_with_its_file(tmp_path, change, message):
    (tmp_path / "double_it.json").write_text(json.dumps(PROBLEM | change))
    with pytest.raises(DataError, match=rf"double_it\.json: .*{message}"):
        read_programs(tmp_path)
