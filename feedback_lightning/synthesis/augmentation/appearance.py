"""The same program as another author would write it: other names, another layout, a function of someone else's."""

import ast
import random
import re

from feedback_lightning.synthesis.augmentation.names import NAMES
from feedback_lightning.synthesis.parsed_program import BUILTINS, Edit, ParsedProgram, names_in_f_strings

REMARKS = (
    "# go through all of them", "# start value", "# keep it", "# the result", "# check this one", "# next one",
    "# nothing found", "# TODO: tidy up", "# special case", "# here the work is done",
)  # fmt: skip


def renamed(program: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """Other names for about half of the variables; functions keep theirs."""
    edits: list[Edit] = []
    for function in program.functions():
        if any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(function)):
            continue
        taken = {node.id for node in program.nodes(ast.Name)} | program.defined() | BUILTINS
        free = [name for name in NAMES if name not in taken]
        fixed = BUILTINS | {keyword.arg for keyword in program.nodes(ast.keyword)} | names_in_f_strings(program.tree)
        old = [v for v in program.variables(function) if v not in fixed and rng.random() < 0.5]
        new = dict(zip(old, rng.sample(free, len(old)), strict=True))
        for node in program.nodes((ast.Name, ast.arg), function):
            name = node.id if isinstance(node, ast.Name) else node.arg
            if name in new:
                start = program.span(node).start
                edits.append(Edit(start, start + len(name), new[name]))
    return tuple(edits)


def respaced(program: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """Spaces around operators or after commas, or none, throughout the program."""
    dense = rng.random() < 0.5
    signs = rng.choice(({"=", "+=", "-="}, {"<", ">", "<=", ">=", "==", "!="}, {"+", "-", "*"}, {","}))
    edits = []
    for (before, left), (span, sign), (after, right) in zip(
        program.tokens, program.tokens[1:], program.tokens[2:], strict=False
    ):
        binary = left[-1].isalnum() or left[-1] in "_)]\"'"
        inside = (
            "\n" not in program.source[before.end : after.start] and "#" not in program.source[before.end : after.start]
        )
        if (
            sign not in signs
            or not binary
            or not inside
            or left in ("return", "in", "and", "or", "not", "if", "lambda")
        ):
            continue
        if sign == "=" and program.source[: span.start].count("(") != program.source[: span.start].count(")"):
            continue  # keyword arguments stay as they are
        if sign == ",":
            edits.append(Edit(span.end, after.start, "" if dense or right in ")]" else " "))
        else:
            edits.append(Edit(before.end, after.start, sign if dense else f" {sign} "))
    return tuple(edits)


def blank_lines(program: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """Blank lines inside functions go, or a few come."""
    if blank := list(re.finditer(r"(?m)^[ \t]*\n(?=[ \t]+\S)", program.source)):
        return tuple(Edit(m.start(), m.end(), "") for m in blank)
    chosen = [line for line, _ in _lines_in_functions(program) if rng.random() < 0.2]
    return tuple(Edit(line, line, "\n") for line in chosen)


def remarks(program: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """Comments go, or a few come."""
    strings = [span for span, text in program.tokens if text[-1] in "\"'"]
    comments = [
        m
        for m in re.finditer(r"[ \t]*#[^\n]*", program.source)
        if not any(span.start <= m.start() < span.end for span in strings)
    ]
    if comments:
        return tuple(Edit(m.start(), m.end(), "") for m in comments)
    chosen = [place for place in _lines_in_functions(program) if rng.random() < 0.15]
    return tuple(Edit(line, line, f"{indent}{rng.choice(REMARKS)}\n") for line, indent in chosen)


def _lines_in_functions(program: ParsedProgram) -> list[tuple[int, str]]:
    """Where the lines of the statements in functions begin, and their indentation."""
    places = []
    for statement in program.nodes(ast.stmt):
        lines, start = program.lines(statement), program.span(statement).start
        if lines and program.enclosing(statement, ast.FunctionDef) and not program.source.startswith("elif", start):
            places.append((lines.start, program.indent(statement)))
    return places


def leftover_pass(program: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """The `pass` of the course's template stays at the end of a function."""
    if not program.functions():
        return ()
    function = rng.choice(program.functions())
    edit = program.insert_after(function.body[-1], "pass", program.deeper(function.body))
    return (edit,) if edit else ()


def without_docstrings(program: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """Texts that only stand there go."""
    texts = [s for s in program.nodes(ast.Expr) if isinstance(s.value, ast.Constant) and isinstance(s.value.value, str)]
    edits = [program.remove(statement) for statement in texts]
    return tuple(edit for edit in edits if edit)


def with_function_of(program: ParsedProgram, other: ParsedProgram, rng: random.Random) -> tuple[Edit, ...]:
    """One of several functions is replaced by another author's function of the same name."""
    own = {function.name: function for function in program.functions()}
    known = set(own) | BUILTINS
    shared = [f for f in other.functions() if f.name in own and len(own) > 1 and _called(f) <= known]
    if not shared:
        return ()
    theirs = rng.choice(shared)
    return (program.replace(own[theirs.name], other.text(theirs)),)


def _called(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}
