"""Slips written as a teacher would show them: what was there (-) and what the novice wrote (+)."""

from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply, parses


def both(shown: str) -> tuple[str, str]:
    """The program before and after the slip; the first column of each line says which it belongs to."""
    lines = shown.strip("\n").split("\n")
    before = [line[1:] for line in lines if line[:1] != "+"]
    after = [line[1:] for line in lines if line[:1] != "-"]
    return "\n".join(before) + "\n", "\n".join(after) + "\n"


def mutants(name: str, source: str) -> list[str]:
    return [apply(source, mutation.edits) for mutation in MUTATORS[name].mutations(ParsedProgram(source))]


def check(name: str, shown: str) -> None:
    before, after = both(shown)
    found = mutants(name, before)
    assert after in found, "\n---\n".join(found)
    assert before not in found
    if MUTATORS[name].parses:
        assert parses(after)
    else:
        assert not parses(after)


def of_module(module: object) -> set[str]:
    """The names of a module's mutators."""
    return {name for name, mutator in MUTATORS.items() if type(mutator).__module__ == module.__name__}  # type: ignore[attr-defined]
