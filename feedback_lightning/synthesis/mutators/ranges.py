"""Slips in what a loop runs over: the bounds of `range`, positions and elements."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


def ranges(program: ParsedProgram) -> Iterator[ast.Call]:
    """The calls of range."""
    for node in program.nodes(ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "range" and 1 <= len(node.args) <= 3:
            yield node


def shifted_by_one(program: ParsedProgram, node: ast.expr) -> tuple[str, ...]:
    """The expressions one below and one above, as novices write them; n for n + 1."""
    text = program.text(node)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return tuple(str(node.value + step) for step in (-1, 1))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and program.text(node.right) == "1":
        return (program.text(node.left),)
    if isinstance(node, ast.Name | ast.Call | ast.Attribute):
        return f"{text} - 1", f"{text} + 1", f"{text}-1", f"{text}+1"
    return ()


class RangeStop(Mutator):
    """The end of `range` is off by one: it is unclear that the stop itself is left out."""

    hints = (
        "Which is the last value that the loop {place} takes? Is it the last one you need?",
        "Is the stop of a `range` included? Check line {line} with a list of three elements.",
        "Does the loop {place} visit every element, and nothing beyond?",
        "Write down the numbers that the `range` {place} produces for a small input.",
        "What happens in the last round of the loop {place}? And is there one round too many or too few?",
        "Count the rounds of the loop {place} for a small input and compare with what you expect.",
        "Look at the end of the `range` {place}.",
        "Are all positions reached {place}? Think of the one at the far end.",
    )
    mistakes = (
        "the `range` {place} stops at the wrong number",
        "the loop {place} makes one round too many or too few at its end",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in ranges(program):
            stop = node.args[0] if len(node.args) == 1 else node.args[1]
            for wrong in shifted_by_one(program, stop):
                yield self.slip(program.span(node).start, program.replace(stop, wrong))


class RangeStart(Mutator):
    """The start of `range` is off by one: positions are counted from 1."""

    hints = (
        "Which is the first value that the loop {place} takes? Is it the first one you need?",
        "At which number do positions begin in Python? Check the `range` {place}.",
        "Is the first element visited by the loop {place}?",
        "Write down the numbers that the `range` {place} produces for a list of two elements.",
        "Try {function} with a single element. Does the loop {place} make the right number of rounds?",
        "Look at where the `range` {place} begins.",
        "What happens to the element at the very beginning in the loop {place}?",
        "Does the loop {place} begin where it should?",
    )
    mistakes = (
        "the `range` {place} starts at the wrong number",
        "the loop {place} does not begin with the element that it should begin with",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in ranges(program):
            at = program.span(node).start
            if len(node.args) == 1:
                first = program.span(node.args[0]).start
                yield self.slip(at, Edit(first, first, "1, "))
                yield self.slip(at, Edit(first, first, "1,"))
                continue
            if program.text(node.args[0]) != "0" and len(node.args) == 2:
                yield self.slip(at, Edit(program.span(node.args[0]).start, program.span(node.args[1]).start, ""))
            for wrong in shifted_by_one(program, node.args[0]):
                yield self.slip(at, program.replace(node.args[0], wrong))


class RangeStep(Mutator):
    """The step of `range` is forgotten or has the wrong sign when counting backwards."""

    hints = (
        "In which direction does the loop {place} count, and by how much?",
        "Which numbers does the `range` {place} produce? It may be none at all.",
        "How does `range` know that it should go down? Check line {line}.",
        "Does every round of the loop {place} bring you to the element you want next?",
        "Print the loop variable of the loop {place}. Are these the positions you meant?",
        "What has to be said {place} so that the loop goes the way you want?",
        "Compare start, stop and direction of the `range` {place}. Do they fit together?",
        "Does the loop {place} run at all?",
    )
    mistakes = (
        "the `range` {place} counts in the wrong direction or steps",
        "the `range` {place} does not produce the numbers that are needed",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in ranges(program):
            if len(node.args) == 3:
                at, step = program.span(node).start, program.text(node.args[2])
                yield self.slip(at, Edit(program.span(node.args[1]).end, program.span(node.args[2]).end, ""))
                yield self.slip(at, program.replace(node.args[2], step[1:] if step.startswith("-") else f"-{step}"))


class LoopHeader(Mutator):
    """What the loop runs over is muddled: `for i in len(s)`, `for i in s` for positions, `enumerate` forgotten."""

    hints = (
        "What exactly does the loop {place} run over? Say what its variable is in the first round.",
        "A loop needs a collection of things to go through. Is there one {place}?",
        "Are the values that the loop {place} produces positions or elements? Which of them do you use in its body?",
        "Print the loop variable {place} in every round. Is it what the body expects?",
        "Check the header of the loop {place}: can Python go through what stands after the last word?",
        "Does the header {place} give you what you need in the body: the element, its position, or both?",
        "How many values does each round of the loop {place} hand to you?",
        "Try what stands at the end of the loop header {place} in the Python shell. What do you get?",
    )
    mistakes = (
        "the loop {place} does not run over what its body needs",
        "the header of the loop {place} mixes up positions, elements and lengths",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes(ast.For):
            if not isinstance(loop.iter, ast.Call) or not loop.iter.args:
                continue
            at, name = program.span(loop).start, program.text(loop.iter.func)
            inner = loop.iter.args[-1]
            if name == "range" and isinstance(inner, ast.Call) and program.text(inner.func) == "len":
                sequence = program.text(inner.args[0]) if inner.args else ""
                for wrong in (f"len({sequence})", f"range({sequence})", f"len(range({sequence}))", sequence):
                    yield self.slip(at, program.replace(loop.iter, wrong))
            elif name == "range":
                yield self.slip(at, program.replace(loop.iter, program.text(inner)))
            elif name == "enumerate" and isinstance(loop.target, ast.Tuple) and len(loop.target.elts) == 2:
                first, second = (program.text(target) for target in loop.target.elts)
                yield self.slip(at, program.replace(loop.iter, program.text(inner)))
                yield self.slip(at, program.replace(loop.target, f"{second}, {first}"))
                yield self.slip(at, program.replace(loop.target, first))
                yield self.slip(at, program.replace(loop.target, second))


class IndexForElement(Mutator):
    """A position is used as if it were the element there, or an element as if it were a position."""

    hints = (
        "Is `{name}` a position or an element? Check how it is used {place}.",
        "What is the value of `{name}` in the first round, and is this what you want to use {place}?",
        "Print `{name}` in the loop. Is it what you compare or store {place}?",
        "Numbers that count and numbers that are stored look alike. Which kind do you need {place}?",
        "How do you get from a position to the element that stands there? Look at line {line}.",
        "The loop hands you one thing and line {line} uses another. Which is which?",
        "Give an example: if the list is [7, 8, 9], what is `{name}` in each round?",
        "Does {function} work with the contents of the list {place}, or with the places of the contents?",
    )
    mistakes = (
        "position and element are mixed up {place}",
        "`{name}` is not what line {line} takes it for",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes(ast.For):
            if not isinstance(loop.target, ast.Name):
                continue
            name = loop.target.id
            over_range = isinstance(loop.iter, ast.Call) and program.text(loop.iter.func) == "range"
            for node in program.nodes((ast.Subscript, ast.Name), loop):
                at = program.span(node).start
                if isinstance(node, ast.Subscript) and program.text(node.slice) == name:
                    if over_range and isinstance(node.ctx, ast.Load):
                        yield self.slip(at, program.replace(node, name), name=name)
                elif isinstance(node, ast.Name) and node.id == name and isinstance(loop.iter, ast.Name):
                    parent = program.parents[node]
                    if isinstance(parent, ast.Compare | ast.Assign) and not isinstance(node.ctx, ast.Store):
                        yield self.slip(at, program.replace(node, f"{loop.iter.id}[{name}]"), name=name)
