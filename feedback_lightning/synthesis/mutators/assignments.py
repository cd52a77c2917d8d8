"""Slips in assignments: the wrong direction, setting for adding."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


class SwappedAssignment(Mutator):
    """The sides of an assignment are exchanged: `person = oldest` where `oldest = person` is needed."""

    hints = (
        "Which variable gets a new value {place}? Is it the one you mean?",
        "In which direction does an assignment work? Check line {line}.",
        "What is in `{left}` and what in `{right}` after line {line}?",
        "Is the variable that should remember something changed at all? Look at line {line}.",
        "Read line {line} as: the name on the left now means the value on the right.",
        "Follow `{left}` and `{right}` through two rounds of {function}.",
        "Does line {line} store what you found, or overwrite it?",
        "Which of the two names {place} should keep its value?",
    )
    mistakes = (
        "the assignment {place} goes in the wrong direction",
        "line {line} overwrites `{left}` instead of remembering it",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            left, right = node.targets[0], node.value
            if len(node.targets) == 1 and all(isinstance(side, ast.Name | ast.Subscript) for side in (left, right)):
                one, two = program.text(left), program.text(right)
                edits = (program.replace(left, two), program.replace(right, one))
                yield self.slip(program.span(node).start, *edits, left=two, right=one)


class LostAccumulation(Mutator):
    """Adding to a variable is confused with setting it, or the new value is not stored: `count = 1`, `count + 1`."""

    hints = (
        "Does the variable `{name}` keep what it had collected before? Look at line {line}.",
        "What is in `{name}` after line {line} was executed twice?",
        "Is the new value stored anywhere {place}?",
        "What does line {line} change?",
        "Follow `{name}` over three rounds of the loop in {function}.",
        "How does a variable grow from round to round? Compare with line {line}.",
        "Print `{name}` after line {line} in each round. Is it what you expect?",
        "Look at the sign in the middle of line {line}. What does it tell Python to do?",
    )
    mistakes = (
        "`{name}` does not keep what it had {place}",
        "the new value is not added to `{name}` as it should be {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.AugAssign, ast.Assign)):
            at = program.span(node).start
            if isinstance(node, ast.AugAssign):
                name, value = program.text(node.target), program.text(node.value)
                operator = program.between(node.target, node.value)
                sign = program.source[operator.start : operator.end - 1]
                for wrong in ("=", f"={sign}", sign, {"+": "-=", "-": "+="}.get(sign, "=")):
                    yield self.slip(at, Edit(operator.start, operator.end, wrong), name=name)
                yield self.slip(at, program.replace(node, f"{name} {sign} {value}"), name=name)
            elif isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if isinstance(node.value, ast.BinOp) and program.text(node.value.left) == name:
                    yield self.slip(at, program.replace(node, program.text(node.value)), name=name)
                    yield self.slip(at, program.replace(node.value, program.text(node.value.right)), name=name)
                if program.enclosing(node, (ast.For, ast.While)):
                    operator = program.between(node.targets[0], node.value)
                    for wrong in ("==", "+="):
                        yield self.slip(at, Edit(operator.start, operator.end, wrong), name=name)
