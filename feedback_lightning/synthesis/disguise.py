"""A training triple with other names: the same slip, in a program that has not been seen like this.

Buggy program, repair and hint are rewritten alike, word by word, so this works for programs that Python cannot read,
and nothing has to be run again. What is left as it is: comments, texts, attributes, keyword arguments, and a variable
that is misspelt somewhere (the new name would not be).
"""

import ast
import difflib
import random
import re
from collections.abc import Mapping
from dataclasses import replace

from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.synthesis.augmentation.names import NAMES, made_up
from feedback_lightning.synthesis.parsed_program import BUILTINS, names_in_f_strings, parse

# A comment or a text with its prefix, which are skipped; or a name or a number that is not an attribute.
TEXT = r"""\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
WORD = re.compile(rf"#[^\n]*|(?:(?<![\w.])[rRbBuUfF]{{1,2}})?(?:{TEXT})|(?<![\w.])(?P<word>\w+)")
IN_BACKTICKS = re.compile(r"`[^`\n]+`")
RENAMED = 0.6  # share of the variables
STRANGE_NUMBER = 0.3  # share of the numbers that become others in a strange program
ALIKE = 0.6  # difflib's ratio from which a word may be another one misspelt


def disguised(program: BuggyProgram, rng: random.Random, strange: bool = False) -> BuggyProgram:
    """The program, its repair and its hint with other names for some variables.

    Args:
        program: has a repair, and that parses.
        rng: chooses the names.
        strange: names without sense, for functions too, and other numbers: what the program computes then has nothing
            to do with its problem, and whoever repairs it has to look at it.
    """
    assert program.fixed is not None
    tree = parse(program.fixed)
    words = _words(program.fixed) | _words(program.code)
    # Words of one of the two only: what is misspelt there keeps its relation to the right word.
    odd = _words(program.fixed) ^ _words(program.code)
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    old = [name for name in sorted(_variables(tree) - functions) if rng.random() < RENAMED or strange]
    old += sorted(functions) if strange else []
    old = [name for name in old if not any(_alike(name, word) for word in odd)]
    new: dict[str, str] = {}
    for name in old:
        new[name] = _fresh(words | set(new.values()), rng, strange)
    if strange:
        numbers = [word for word in sorted(words) if word.isdecimal() and rng.random() < STRANGE_NUMBER]
        free = [str(n) for n in range(20) if str(n) not in words]
        new |= dict(zip(numbers, rng.sample(free, len(free)), strict=False))
    hint = program.hint and IN_BACKTICKS.sub(lambda quoted: rewritten(quoted[0], new), program.hint)
    return replace(program, code=rewritten(program.code, new), fixed=rewritten(program.fixed, new), hint=hint)


def rewritten(code: str, new: Mapping[str, str]) -> str:
    """The code with other words.

    >>> rewritten("x = y.x  # x", {"x": "total"})
    'total = y.x  # x'
    >>> rewritten("f = f'f'", {"f": "total"})
    "total = f'f'"
    """
    return WORD.sub(lambda match: new.get(match["word"], match[0]) if match["word"] else match[0], code)


def _words(code: str) -> set[str]:
    return {match["word"] for match in WORD.finditer(code) if match["word"]}


def _variables(tree: ast.Module) -> set[str]:
    """Names that the program assigns or takes as arguments, and uses nowhere else."""
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}
    return found - BUILTINS - keywords - names_in_f_strings(tree)  # WORD takes f-strings for texts


def _alike(name: str, word: str) -> bool:
    return name == word or difflib.SequenceMatcher(None, name, word).ratio() > ALIKE


def _fresh(taken: set[str], rng: random.Random, strange: bool) -> str:
    while True:
        name = made_up(rng) if strange and rng.random() < 0.7 else rng.choice(NAMES)
        if name not in taken:
            return name
