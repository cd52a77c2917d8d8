"""How alike two programs are, whatever their variables are called, and one with the names of the other."""

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import Levenshtein

from feedback_lightning.synthesis.parsed_program import BUILTINS

PYTHON = BUILTINS | frozenset(keyword.kwlist)
STRING = r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'"
WORD = re.compile(rf"#[^\n]*|{STRING}|\n[ \t]*|\w+|[<>=!+\-*/]=|//|\*\*|[^\w\s]", re.DOTALL)


def fixed_names(calls: Iterable[str]) -> frozenset[str]:
    """Names that renaming leaves alone: Python's, and those of the functions that these tests call."""
    called = {name for call in calls for name in re.findall(r"([A-Za-z_]\w*)\(", call)}
    return PYTHON | called


def words(code: str) -> list[str]:
    r"""A program without comments, blank lines and spacing: any text has words.

    A line end holds the indentation that follows it, a string is one word.

    >>> words("if x>10:   # a comment\n\n    y = 'a b'\n")
    ['if', 'x', '>', '10', ':', '\n    ', 'y', '=', "'a b'"]
    """
    found: list[str] = []
    for word in WORD.findall(code.expandtabs(4)):
        if word.startswith("#"):
            continue
        if word.isspace() and (not found or found[-1].isspace()):
            found[-1:] = [word] if found else []
        else:
            found.append(word)
    while found and found[-1].isspace():
        found.pop()
    return found


def variables(tokens: Sequence[str], fixed: frozenset[str]) -> list[str | None]:
    """The variable's name where a token is one: neither fixed nor an attribute."""
    pairs = zip(["", *tokens], tokens, strict=False)
    return [t if t.isidentifier() and t not in fixed and before != "." else None for before, t in pairs]


def nameless(tokens: Sequence[str], fixed: frozenset[str]) -> list[str]:
    """The words with one name for all variables."""
    return ["v" if name else token for token, name in zip(tokens, variables(tokens, fixed), strict=True)]


def renamed_like(program: str, model: Sequence[str], fixed: frozenset[str]) -> str:
    """A program with the names that the words of another one have at the places that correspond.

    Args:
        program: any text.
        model: the other program's words.
        fixed: names that stay as they are.
    """
    own = words(program)
    here, there = variables(own, fixed), variables(model, fixed)
    votes: Counter[tuple[str, str]] = Counter()
    for kind, i, j, k, _ in Levenshtein.opcodes(nameless(own, fixed), nameless(model, fixed)):
        if kind == "equal":
            votes.update((a, b) for a, b in zip(here[i:j], there[k:], strict=False) if a and b)
    names: dict[str, str] = {}
    for (a, b), _ in votes.most_common():
        if a not in names and b not in names.values():
            names[a] = b
    for other in dict.fromkeys(name for name in here if name and name not in names):
        names[other] = other if other not in names.values() else f"{other}_"
    parts = re.split(rf"({STRING}|#[^\n]*)", program, flags=re.DOTALL)
    parts[::2] = [re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda m: names.get(m[0], m[0]), part) for part in parts[::2]]
    return "".join(parts)


@lru_cache(maxsize=20_000)
def shape(code: str, fixed: frozenset[str]) -> tuple[str, ...]:
    """The words of a program with one name for all variables."""
    return tuple(nameless(words(code), fixed))


def nearest(program: str, corpus: Sequence[str], fixed: frozenset[str], count: int) -> list[str]:
    """The programs of a corpus that are nearest to one whatever their variables are called, with its names.

    Args:
        program: any text.
        corpus: other programs.
        fixed: names that stay as they are.
        count: how many, the nearest first.
    """
    own = shape(program, fixed)
    ranked = sorted(corpus, key=lambda code: Levenshtein.distance(own, shape(code, fixed)))
    return [renamed_like(code, words(program), fixed) for code in ranked[:count]]
