"""Endless chat examples from the problem bank, for pretraining the embedded base model.

A correct program of the bank gets other names and another layout, then one to three small slips make it "buggy"; the
reply is the program before them, or a hint at one of them. The slips are made on the text and the buggy program is not
run, so a few still work: good enough to teach a model to read prompts, copy programs and know Python's forms, not good
enough to fine-tune on.

A small model would learn the bank by heart instead of copying. So most programs are first made unfamiliar: made-up
names everywhere, other numbers, a few random edits and sometimes a second function. What they compute means nothing;
their slips are of a kind that can be seen without knowing the problem.
"""

import ast
import builtins
import json
import keyword
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedback_lightning.data.schema import BuggyProgram, Problem, Test
from feedback_lightning.errors import DataError

NAMES = """a acc amount answer arr b best biggest box c cell char chars check chunk col collected copy count counter cur
current d data day diff digit done e elem element elements end entry even extra f final first flag found g grid group h
half head hi high i idx index info inner it item items j k key keys kind largest last left length letter letters level
limit line lo low lst m main mark max_val mid min_val month my_list n name names nested new new_list new_lst num number
numbers nums o odd ok other out output p pair pairs part parts people person piece pos position prev prod q r rest res
result results ret right row rows s score second seen seq size small smallest sol start step stop sub sum_ t tail target
temp text tmp top total tup u unique v val value values w week width word words x xs y year z zero""".split()


@dataclass(frozen=True)
class BankProblem:
    """A problem of the bank with several correct programs."""

    problem: Problem
    solutions: tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """A textual slip: every match of `pattern` is a place where it can happen."""

    pattern: str
    replacement: str
    hint: str


EDITS = [
    Edit(r"<=", "<", "Check the comparison {line}: what happens when both sides are equal?"),
    Edit(r">=", ">", "Is the case of equal values treated as it should be {line}?"),
    Edit(r"(?<![<>=!])<(?![=<])", "<=", "Look at the boundary of the comparison {line}."),
    Edit(r"(?<![<>=!-])>(?![=>])", ">=", "Does the comparison {line} include one value too many?"),
    Edit(r"(?<![<>=!])<(?![=<])", ">", "Which way round should the values {line} be compared?"),
    Edit(r"(?<![<>=!-])>(?![=>])", "<", "Try a small example by hand: is the comparison {line} the right way round?"),
    Edit(r"==", "!=", "Read the condition {line} aloud. When should it be true?"),
    Edit(r"==", "=", "Python cannot read the condition {line}. How is a comparison written?"),
    Edit(r"\+=", "=", "Does the variable {line} keep what it had collected before?"),
    Edit(r"\+ 1\b", "- 1", "Are you one off {line}?"),
    Edit(r" \+ 1\b", "", "Check the index or bound {line} with the smallest example you can think of."),
    Edit(r" - 1\b", "", "Could the bound {line} be one off?"),
    Edit(r"range\(len\((\w+)\)\)", r"range(len(\1) - 1)", "Does the loop {line} visit every element?"),
    Edit(r"range\(len\((\w+)\)\)", r"range(1, len(\1))", "Where does the loop {line} start?"),
    Edit(r"\band\b", "or", "Must both parts of the condition {line} hold, or is one enough?"),
    Edit(r"\bor\b", "and", "Is it really necessary that both parts {line} hold?"),
    Edit(r"\bnot ", "", "What is the condition {line} meant to exclude?"),
    Edit(r"\bTrue\b", "False", "Which truth value should stand {line}?"),
    Edit(r"\bFalse\b", "True", "Which truth value should stand {line}?"),
    Edit(r"\[0\]", "[1]", "Which part do you need {line}? Remember where counting starts."),
    Edit(r"\[1\]", "[0]", "Which part of the pair is used {line}?"),
    Edit(r"\b0\b", "1", "Think about the starting value {line}."),
    Edit(r"\b1\b", "0", "Is the number {line} the one you need?"),
    Edit(r"\b1\b", "2", "Is the number {line} the one you need?"),
    Edit(r":$", "", "Something is missing at the end {line}."),
    Edit(r"\)$", "", "Count the brackets {line}."),
    Edit(r"\breturn (.+)$", r"print(\1)", "What does the caller get back from what you do {line}?"),
    Edit(r"\breturn (\w+)$", r"\1", "The result {line} is computed, but does it leave the function?"),
    Edit(r"\.append\((.+)\)$", r" + [\1]", "Does the list change {line}?"),
    Edit(r"\belif\b", "if", "Should the test {line} happen after the one before it succeeded?"),
    Edit(r"//", "/", "What kind of number does the division {line} give?"),
    Edit(r"%", "//", "Do you need the remainder or the quotient {line}?"),
    Edit(r"\bmax\(", "min(", "Which extreme do you look for {line}?"),
    Edit(r"\bmin\(", "max(", "Which extreme do you look for {line}?"),
    Edit(r" - ", " + ", "Check the arithmetic {line}."),
    Edit(r" \* ", " + ", "Check the arithmetic {line}."),
    Edit(r" \+ ", " - ", "Check the arithmetic {line}."),
]
# Those that can be seen without knowing what the program shall compute.
VISIBLE = [
    e for e in EDITS if e.replacement == "=" or e.pattern in (r":$", r"\)$", r"\breturn (\w+)$", r"\breturn (.+)$")
]
# Slips in the shape of the program rather than in one line's text.
LOST_LINE = "A step seems to be missing. Follow the variables line by line."
DEEPER = "When does Python run what stands {line}? Look at how far it is indented."
MISSPELT = "A name {line} is not the one you defined."


def read_bank(folder: str | Path) -> list[BankProblem]:
    """The bank's problems, one JSON file each: title, description, signature, tests, solutions."""
    problems = []
    for path in sorted(Path(folder).glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        tests = tuple(Test(**test) for test in raw["tests"])
        problem = Problem(path.stem, path.stem, raw["title"], raw["description"], "", raw["signature"], tests)
        problems.append(BankProblem(problem, tuple(raw["solutions"])))
    if not problems:
        raise DataError(folder, "no problem bank here; expected JSON files with problems and solutions")
    return problems


def corpus(bank: list[BankProblem], seed: int) -> Iterator[tuple[Problem, BuggyProgram]]:
    """Buggy programs without end, the same for the same seed."""
    rng = random.Random(seed)
    while True:
        entry = rng.choice(bank)
        unfamiliar = rng.random() < 0.7
        if unfamiliar:
            others = rng.choice(rng.choice(bank).solutions) if rng.random() < 0.4 else ""
            fixed = relayout(estrange(rng.choice(entry.solutions) + others, rng), rng)
        else:
            fixed = relayout(rename(rng.choice(entry.solutions), rng), rng)
        code, hint = fixed, None
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            code, hint = slip(code, rng, VISIBLE if unfamiliar else EDITS)
        if code != fixed:
            yield entry.problem, BuggyProgram(entry.problem.id, f"bank/{entry.problem.name}", code, fixed, hint)


def rename(code: str, rng: random.Random) -> str:
    """Give the variables other names; functions keep theirs."""
    tree = ast.parse(code)
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    variables = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    variables |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    variables -= functions | set(dir(builtins))
    chosen = [v for v in sorted(variables) if rng.random() < 0.6]
    free = [name for name in NAMES if not re.search(rf"\b{name}\b", code)]
    return _renamed(code, dict(zip(chosen, rng.sample(free, len(chosen)), strict=True)))


def _renamed(code: str, new: Mapping[str, str]) -> str:
    """The program with other names: not in texts, comments, attributes or keyword arguments, which may look alike."""
    tree = ast.parse(code)
    # Python 3.11 does not know the places of names inside f-strings, so these stay.
    fixed = {
        n.id for f in ast.walk(tree) if isinstance(f, ast.JoinedStr) for n in ast.walk(f) if isinstance(n, ast.Name)
    }
    places = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.arg):
            places.append((node.lineno - 1, node.col_offset, node.id if isinstance(node, ast.Name) else node.arg))
        elif isinstance(node, ast.FunctionDef):
            places.append((node.lineno - 1, node.col_offset + len("def "), node.name))
    lines = code.splitlines()
    for line, column, name in sorted(places, reverse=True):
        if name in new and name not in fixed:
            lines[line] = lines[line][:column] + new[name] + lines[line][column + len(name) :]
    return "\n".join(lines) + "\n"


def estrange(code: str, rng: random.Random) -> str:
    """Made-up names for all variables and functions, other numbers, and edits that change what it computes."""
    for _ in range(rng.randrange(6)):
        edited, _ = slip(code, rng)
        if _parses(edited):
            code = edited
    tree = ast.parse(code)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
        n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)
    }
    names |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    new = {name: _made_up(rng) for name in sorted(names - set(dir(builtins))) if rng.random() < 0.8}
    return re.sub(r"\b\d\b", lambda m: str(rng.randrange(10)) if rng.random() < 0.3 else m[0], _renamed(code, new))


def _made_up(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(NAMES)
    parts = [rng.choice(NAMES) if rng.random() < 0.5 else _syllables(rng) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    name = "_".join(parts)
    return f"{name}{rng.randrange(10)}" if keyword.iskeyword(name) or rng.random() < 0.1 else name


def _syllables(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiouy") for _ in range(rng.choice((1, 2, 2, 3))))


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def relayout(code: str, rng: random.Random) -> str:
    """Another novice's layout: spaces, comments, blank lines, x += 1 written out."""
    lines = [line for line in code.splitlines() if line.strip() or rng.random() < 0.5]
    if rng.random() < 0.5:
        lines = [re.sub(r"\s*#.*$", "", line) for line in lines]
    code = "\n".join(line for line in lines if line.strip() or rng.random() < 0.5)
    if rng.random() < 0.3:
        code = re.sub(r" (\+|-|<|>|==|<=|>=|=|\+=) ", r"\1", code)
    if rng.random() < 0.3:
        code = re.sub(r"(\w+) \+= ", r"\1 = \1 + ", code)
    return code + "\n"


def slip(code: str, rng: random.Random, edits: Sequence[Edit] = EDITS) -> tuple[str, str]:
    """One edit at a random place, and a hint at it."""
    lines = code.splitlines()
    kind = rng.random()
    if kind < 0.08 and len(lines) > 3 and edits is not VISIBLE:
        del lines[rng.randrange(1, len(lines))]
        return "\n".join(lines) + "\n", LOST_LINE
    if kind < 0.18 and len(lines) > 3:
        i = rng.randrange(2, len(lines))
        indented = lines[i].startswith(" " * 8) and rng.random() < 0.5
        lines[i] = lines[i][4:] if indented else "    " + lines[i]
        return "\n".join(lines) + "\n", DEEPER.format(line=_place(i))
    if kind < 0.30 and (names := _long_names(lines)):
        i, match = rng.choice(names)
        cut = rng.randrange(1, len(match[0]))
        wrong = match[0][:cut] + match[0][cut + 1 :]
        lines[i] = lines[i][: match.start()] + wrong + lines[i][match.end() :]
        return "\n".join(lines) + "\n", MISSPELT.format(line=_place(i))
    edit = rng.choice([e for e in edits if re.search(e.pattern, code, re.MULTILINE)])
    i, match = rng.choice([(i, m) for i, line in enumerate(lines) for m in re.finditer(edit.pattern, line)])
    lines[i] = lines[i][: match.start()] + match.expand(edit.replacement) + lines[i][match.end() :]
    return "\n".join(lines) + "\n", edit.hint.format(line=_place(i))


def _long_names(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    return [(i, m) for i, line in enumerate(lines) for m in re.finditer(r"\b[a-z_]{4,}\b", line)]


def _place(index: int) -> str:
    return f"in line {index + 1}"
