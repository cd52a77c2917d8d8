"""A model's hints replace the phrasings, unless they are missing or show the fix."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from feedback_lightning.data import schema
from feedback_lightning.generation.schema import Reply, Request
from feedback_lightning.synthesis.candidates import Candidate
from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.originals import Original
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply
from feedback_lightning.synthesis.triples import Triple
from feedback_lightning.synthesis.written_hints import request, written_by

TESTS = (schema.Test("place(1, [2])", "0"),)
PROBLEM = schema.Problem("1", "1_place", "Place", "Find the place.", "", "def place(x, s):\n    pass", TESTS)
CORRECT = (
    "def place(x, s):\n    for i in range(len(s)):\n        if x <= s[i]:\n            return i\n    return len(s)\n"
)


class Scripted:
    """A Generator with one answer to everything."""

    identity = "scripted"

    def __init__(self, answer: str) -> None:
        self.answer, self.asked = answer, list[Request]()

    def replies(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, one in enumerate(requests):
            self.asked.append(one)
            yield index, Reply(self.answer, 1, 1, "stop")


@pytest.fixture
def triple() -> Triple:
    mutation = MUTATORS["ComparisonBoundary"].mutations(ParsedProgram(CORRECT))[0]
    candidate = Candidate(Original("1", "a.py", CORRECT), (mutation,), apply(CORRECT, mutation.edits))
    return Triple(candidate, 0, "The mutator's own hint.", ("The bug: line 3 treats equal values wrongly.",))


def test_the_model_knows_the_program_and_what_is_wrong(triple: Triple) -> None:
    text = request(triple, PROBLEM).messages[-1]["content"]
    assert "if x < s[i]:" in text
    assert "x <= s[i]" not in text
    assert "line 3 treats equal values wrongly" in text


def test_a_good_hint_is_taken(triple: Triple) -> None:
    generator = Scripted("[HINT]What if both are equal in line 3?[/HINT]")
    (written,) = written_by(generator, [triple], {"1": PROBLEM})
    assert written.hint == "What if both are equal in line 3?"
    assert written.candidate is triple.candidate


@pytest.mark.parametrize("answer", ["no tags at all", "[HINT][/HINT]", "[HINT]Write `x <= s[i]` instead.[/HINT]"])
def test_a_missing_hint_or_one_that_shows_the_fix_is_not(triple: Triple, answer: str) -> None:
    assert written_by(Scripted(answer), [triple], {"1": PROBLEM}) == [triple]


def test_no_hint_is_asked_for_twice(triple: Triple, tmp_path: Path) -> None:
    generator = Scripted("[HINT]What if both are equal?[/HINT]")
    for _ in range(2):
        written_by(generator, [triple, triple], {"1": PROBLEM}, tmp_path / "hints.jsonl")
    assert len(generator.asked) == 1
