"""The tokens are those of the published figures, and the distance between them is Levenshtein's."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import PythonLexer

from feedback_lightning.data.readers import read_evaluation, read_problems, read_training
from feedback_lightning.metrics.tokens import edit_distance, program_tokens

PROGRAM = """\
def total(rows):
    '''Adds up.

    All of it.'''
    result = 0   # starts at nothing

    for row in rows:
        # one row after another
        result += row [1]
    return result
"""


@pytest.fixture
def vectors(real_data: Path) -> list[dict]:
    """The evaluation programs' token counts and distances, as published."""
    path = real_data.parent.parent / "facts" / "redit_vectors.json"
    if not path.is_file():
        pytest.skip(f"the published distances are not at {path}")
    return json.loads(path.read_text())


def test_the_published_distances(real_data, vectors):
    programs = {p.name: p for p in read_evaluation(real_data, read_problems(real_data))}
    for row in vectors:
        program = programs[f"{row['problem']}/{row['program']}"]
        assert len(program_tokens(program.code)) == row["tokens_buggy"], program.name
        assert len(program_tokens(program.fixed)) == row["tokens_fixed"], program.name
        assert edit_distance(program.code, program.fixed) == row["distance_buggy_fixed"], program.name
    passing = [row["distance_buggy_fixed"] for row in vectors if row["fixed_passes_all_tests"]]
    assert (len(vectors), len(passing)) == (25, 24)
    assert round(sum(passing) / len(passing), 2) == 12.67


def test_the_published_mean_distance_of_the_training_repairs(real_data):
    programs = read_training(real_data, read_problems(real_data))
    distances = [edit_distance(p.code, p.fixed) for p in programs]
    assert len(distances) == 957
    assert round(sum(distances) / 957, 2) == 32.81


def test_what_counts_as_a_token():
    assert program_tokens(PROGRAM) == [
        "def", " ", "total", "(", "rows", ")", ":", "\n",
        "    ", "'''Adds up.\n    All of it.'''", "\n",
        "    ", "result", "=", "0", "\n",
        "    ", "for", "row", "in", "rows", ":", "\n",
        "        ", "\n",  # the comment is gone, its indentation stays
        "        ", "result", "+", "=", "row", "[", "1", "]", "\n",
        "    ", "return", "result",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "tokens"),
    [
        ("", [""]),
        (" \n\t\n", [""]),
        ("# a comment\n  # another\n", [""]),
        ("# a comment\nx", ["\n", "x"]),
        ("x\n# a comment\ny", ["x", "\n", "y"]),
        ("x\n  # a comment\ny", ["x", "\n", "  ", "\n", "y"]),
        ("x\n\n\n \ny\n  \n", ["x", "\n", "y"]),
        ("x\r\ny\rz", ["x", "\n", "y", "\n", "z"]),
        ("\tx  =\t1  ", ["\t", "x", "=", "1"]),
        ("x = 1 + \\\n    2", ["x", "=", "1", "+", "\\\n", "2"]),
        ("s = '# no comment'", ["s", "=", "'", "# no comment", "'"]),
        ("from a import b", ["from", " ", "a", " ", "import", "b"]),
        ("s = 'never closed\nx", ["s", "=", "'", "never closed", "\n", "x"]),
    ],
)
def test_edges(code, tokens):
    assert program_tokens(code) == tokens


@given(st.text(max_size=60))
def test_any_text_has_tokens_and_they_hold_all_its_code(text):
    tokens = program_tokens(text)
    assert tokens
    assert not tokens[-1].isspace()
    assert not any(pair == ("\n", "\n") for pair in pairwise(tokens))
    # Pygments as the oracle: apart from comments and white space, every character of the code is in a token
    kept = [t for kind, t in PythonLexer().get_tokens("\n".join(filter(str.strip, text.splitlines())))
            if "Comment" not in str(kind)]  # fmt: skip
    assert "".join("".join(tokens).split()) == "".join("".join(kept).split())


LINES = st.lists(st.sampled_from(["x = 1", "    y += x", "def f(a):", "return f(3)", "print('a', b)", "else:"]))


@given(LINES, st.data())
def test_layout_does_not_count(lines, data):
    code = "\n".join(lines)
    other = data.draw(st.sampled_from(["\n\n", "  # why\n", " \n \n", "\r\n"])).join(lines) + "\n\n"
    assert edit_distance(code, other.replace(" = ", "=")) == 0


@given(LINES, LINES, LINES)
def test_the_distance_is_a_metric(a, b, c):
    x, y, z = map("\n".join, (a, b, c))
    assert edit_distance(x, x) == 0
    assert edit_distance(x, y) == edit_distance(y, x)
    assert edit_distance(x, z) <= edit_distance(x, y) + edit_distance(y, z)


@given(LINES, LINES)
def test_the_distance_is_levenshteins(a, b):
    x, y = "\n".join(a), "\n".join(b)
    assert edit_distance(x, y) == by_the_book(program_tokens(x), program_tokens(y))


def by_the_book(a: list[str], b: list[str]) -> int:
    """Wagner and Fischer's table, row by row."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, above = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
    return row[-1]
