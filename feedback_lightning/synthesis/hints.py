"""Hints at a slip and explanations of it, from the phrasings of its mutator.

They name the line, the function and the variables of the buggy program, and never what stands in the correct one.
"""

import random
import re
from collections.abc import Iterable, Sequence

from feedback_lightning.synthesis.mutators import MUTATORS, Mutation
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram

# When every phrasing of a mutator would show the fix.
PLAIN_HINT = "Follow {function} step by step with a small input. Where does it stop doing what you expect?"
PLAIN_EXPLANATION = "The program fails because of what stands in line {line}."
FRAMES = (
    "The program fails because {mistake}.",
    "The tests fail since {mistake}.",
    "What goes wrong: {mistake}.",
    "The bug: {mistake}.",
    "The problem is that {mistake}.",
    "The cause of the failing tests is that {mistake}.",
    "Where it fails: {mistake}.",
    "The result is wrong because {mistake}.",
)


def hint(program: ParsedProgram, mutation: Mutation, edits: Iterable[Edit], rng: random.Random) -> str:
    """One hint at a slip.

    Args:
        program: the correct program.
        mutation: the slip to hint at.
        edits: all edits that make the buggy program, also those of other slips; the hint shows none of their fixes.
        rng: chooses the phrasing.
    """
    hints = MUTATORS[mutation.mutator].hints
    return _first_that_conceals([*rng.sample(hints, len(hints)), PLAIN_HINT], program, mutation, [*edits], rng)


def explanation(program: ParsedProgram, mutation: Mutation, edits: Iterable[Edit], rng: random.Random) -> str:
    """A sentence that says what is wrong, for the same arguments."""
    frames, mistakes = rng.sample(FRAMES, len(FRAMES)), MUTATORS[mutation.mutator].mistakes
    phrasings = [frame.format(mistake=mistake) for frame in frames for mistake in rng.sample(mistakes, len(mistakes))]
    return _first_that_conceals([*phrasings, PLAIN_EXPLANATION], program, mutation, [*edits], rng)


def fixes(source: str, edits: Iterable[Edit]) -> list[str]:
    """What stands in the correct program where the edits are."""
    return [text for edit in edits if (text := source[edit.start : edit.end].strip())]


def shows_fix(text: str, fixes: Iterable[str]) -> bool:
    """Whether a hint contains correct code: between backticks any of it, in the rest more than a single word.

    >>> shows_fix("Is `x < y` right?", ["<="]), shows_fix("Should it be `x <= y`?", ["<="])
    (False, True)
    >>> shows_fix("Is a return missing?", ["return"]), shows_fix("Write return n + 1.", ["n + 1"])
    (False, True)
    """
    quoted = [_words(code) for code in re.findall(r"`([^`]*)`", text)]
    prose = _words(re.sub(r"`[^`]*`", " ` ", text))
    for fix in map(_words, fixes):
        if any(_contains(code, fix) for code in quoted) or (len(fix) > 1 and _contains(prose, fix)):
            return True
    return False


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[<>=!+\-*/%]+|[^\w\s]", text)


def _contains(words: list[str], part: list[str]) -> bool:
    return bool(part) and any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _first_that_conceals(
    phrasings: Sequence[str], program: ParsedProgram, mutation: Mutation, edits: list[Edit], rng: random.Random
) -> str:
    line = _line_after(program, mutation.at, edits)
    function = _function_at(program, mutation.at)
    names_function = function != "your program" and rng.random() < 0.3
    correct = fixes(program.source, edits)

    def filled(phrasing: str) -> str:
        with_function = names_function and "{function}" not in phrasing
        place = f"in line {line} of {function}" if with_function else f"in line {line}"
        return phrasing.format(**mutation.names, line=line, place=place, function=function)

    texts = map(filled, phrasings)
    text = next(
        (text for text in texts if not shows_fix(text, correct)), phrasings[-1].format(line=line, function="it")
    )
    return text[0].upper() + text[1:]


def _line_after(program: ParsedProgram, offset: int, edits: list[Edit]) -> int:
    """The line in the buggy program of an offset in the correct one."""
    line = program.line_of(offset)
    for edit in edits:
        if edit.end <= offset or edit.start < offset:
            replaced = program.source[edit.start : min(edit.end, offset)]
            line += edit.replacement.count("\n") - replaced.count("\n")
    return line


def _function_at(program: ParsedProgram, offset: int) -> str:
    for function in program.functions():
        if program.span(function).start <= offset <= program.span(function).end:
            return f"`{function.name}`"
    return "your program"
