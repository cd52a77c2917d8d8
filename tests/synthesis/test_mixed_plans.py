"""Of another program's plan no more is taken than half of what differs, line by line."""

import difflib
from collections import Counter

from bank import pairs

from feedback_lightning.synthesis.likeness import PYTHON, renamed_like, words
from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply


def test_half_of_what_differs_at_most_is_exchanged() -> None:
    seen = 0
    for own, beside in pairs(60):
        fixed = PYTHON | {function.name for function in ParsedProgram(own).functions()}
        other = renamed_like(beside, words(own), fixed).expandtabs(4)
        for mutation in MUTATORS["TwoPlans"].mutations(ParsedProgram(own, beside)):
            mutant = apply(own, mutation.edits)
            seen += 1
            assert lines(mutant) - lines(own) <= lines(other)
            # Exchanged lines that are elsewhere, too, cancel out here.
            assert 2 * size(lines(own) - lines(mutant), lines(mutant) - lines(own)) <= differing(own, other)
    assert seen > 500


def lines(code: str) -> Counter[tuple[str, ...]]:
    """How often each line is there: its indentation and its words."""
    return Counter((line[: len(line) - len(line.lstrip())], *words(line)) for line in code.split("\n"))


def size(*several: Counter[tuple[str, ...]]) -> int:
    return sum((len(line) - 1) * count for some in several for line, count in some.items())


def differing(own: str, other: str) -> int:
    """Words that go and come between two programs, compared line by line."""
    ours, theirs = ([next(iter(lines(line))) for line in code.split("\n")] for code in (own, other))
    opcodes = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    changed = [line for kind, i, j, k, m in opcodes if kind != "equal" for line in (*ours[i:j], *theirs[k:m])]
    return size(Counter(changed))
