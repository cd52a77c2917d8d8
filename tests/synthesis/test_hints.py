"""Hints know the place, and never show the fix."""

import random
import re

import pytest
from bank import pairs, sample

from feedback_lightning.synthesis.hints import explanation, fixes, hint, shows_fix
from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply

PROGRAMS = [ParsedProgram(source) for source in sample(60, seed=1)]
PROGRAMS += [ParsedProgram(source, beside=other) for source, other in pairs(20)]


@pytest.mark.parametrize("name", MUTATORS)
def test_no_hint_shows_the_fix(name: str) -> None:
    rng = random.Random(2)
    for program in PROGRAMS:
        mutations = MUTATORS[name].mutations(program)
        for mutation in rng.sample(mutations, min(len(mutations), 3)):
            for text in (
                hint(program, mutation, mutation.edits, rng),
                explanation(program, mutation, mutation.edits, rng),
            ):
                assert not shows_fix(text, fixes(program.source, mutation.edits)), text
                assert not re.search(r"[{}]|``", text.replace("`{}`", "")), text
                assert text[0].isupper() or text[0] == "`"


def test_there_are_eight_different_hints_at_one_slip() -> None:
    program = ParsedProgram(
        "def place(x, seq):\n    for i in range(len(seq)):\n        if x <= seq[i]:\n            return i\n"
    )
    mutation = MUTATORS["ComparisonBoundary"].mutations(program)[0]
    rng = random.Random(0)
    texts = {hint(program, mutation, mutation.edits, rng) for _ in range(200)}
    assert len(texts) >= 8
    assert any("`x`" in text and "`seq[i]`" in text for text in texts)
    assert any("line 3" in text for text in texts)
    assert any("`place`" in text for text in texts)
    assert len({explanation(program, mutation, mutation.edits, rng) for _ in range(200)}) >= 8


def test_the_line_is_that_of_the_buggy_program() -> None:
    source = "def f(s):\n    n = 0\n    m = 1\n    for x in s:\n        n += x\n    return n\n"
    program = ParsedProgram(source)
    lost = next(m for m in MUTATORS["StatementLost"].mutations(program) if "m = 1" in fixes(source, m.edits))
    returned = next(m for m in MUTATORS["PrintForReturn"].mutations(program))
    edits = (*lost.edits, *returned.edits)
    lines = apply(source, edits).split("\n")
    texts = {hint(program, returned, edits, random.Random(i)) for i in range(50)}
    numbers = {int(n) for text in texts for n in re.findall(r"line (\d+)", text)}
    assert numbers == {lines.index("    print(n)") + 1}


@pytest.mark.parametrize(
    ("text", "fix", "shown"),
    [
        ("Use `<=` here.", "<=", True),
        ("Compare `a < b`.", "<=", False),
        ("Write len(seq) there.", "len(seq)", True),
        ("What is the length of seq?", "len(seq)", False),
        ("Is `i` right?", "i", True),
        ("Is `index` right?", "i", False),
        ("I would count again.", "count", False),
    ],
)
def test_what_counts_as_showing_the_fix(text: str, fix: str, shown: bool) -> None:
    assert shows_fix(text, [fix]) is shown
