"""Slips in expressions: exchanged sides, wrong operator, wrong type, wrong function, wrong slice."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.ranges import shifted_by_one
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


class SwappedOperands(Mutator):
    """The order of two operands or arguments is thought not to matter: `a - b`, `f(x, s)`, `x in s`."""

    hints = (
        "Does the order of the two values matter {place}? Check which comes first.",
        "Exchange the roles in your head: which of the two should stand on which side {place}?",
        "Look up in which order the values are expected {place}.",
        "Say the expression {place} in words. Is it what you mean?",
        "What do you get {place} for a simple example, and with which sign or type?",
        "Which of the two things {place} is contained in, subtracted from, or handed to the other?",
        "Compare the order {place} with the order in the definition.",
        "Both values {place} are right. Are they also in the right places?",
    )
    mistakes = (
        "two values stand in the wrong order {place}",
        "the roles of the two values {place} are exchanged",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.BinOp, ast.Call, ast.Compare)):
            pair: tuple[ast.expr, ast.expr] | None = None
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Mult):
                pair = (node.left, node.right)
            elif isinstance(node, ast.Call) and len(node.args) == 2:
                pair = (node.args[0], node.args[1])
            elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
                pair = (node.left, node.comparators[0])
            if pair and program.text(pair[0]) != program.text(pair[1]):
                edits = (
                    program.replace(pair[0], program.text(pair[1])),
                    program.replace(pair[1], program.text(pair[0])),
                )
                yield self.slip(program.span(node).start, *edits)


class TrueDivision(Mutator):
    """`/` is used where a whole number is needed."""

    hints = (
        "What kind of number does the division {place} give?",
        "Can the result of the division {place} be used as a position?",
        "Compute the division {place} for an odd number. Do you want what is after the point?",
        "Print the result of the division {place} and its type.",
        "There are two ways to divide in Python. Which one do you need {place}?",
        "Half of five: which number do you need {place}?",
        "The error message speaks of a type. Which number in {function} has it, and where does it come from?",
        "Does a position in a list have decimals? Look at line {line}.",
    )
    mistakes = (
        "the division {place} gives a number with decimals where a whole one is needed",
        "the result of the division {place} cannot serve as a position or count",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.BinOp):
            if isinstance(node.op, ast.FloorDiv):
                span = program.between(node.left, node.right)
                yield self.slip(span.start, Edit(span.start, span.end, "/"))


class TypeConfusion(Mutator):
    """A number and a string that look alike, or a list and its length, are taken for the same."""

    hints = (
        "Do both sides {place} have the same type?",
        "Can a number ever be equal to a text that looks like it? Check line {line}.",
        "Which types does the task give for the inputs? Compare with how they are used {place}.",
        "Print the types of the values that meet {place}.",
        "Something is converted, or not converted, {place}. Is this what the data needs?",
        "What is on the two sides of the comparison {place}: text, numbers, or a collection?",
        "Look at the quotes in the tests of the task. Which type does the value {place} have?",
        "A collection and the number of its elements are different things. What do you need {place}?",
    )
    mistakes = (
        "values of different types meet {place}",
        "the value {place} has another type than line {line} expects",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for test in program.nodes(ast.Compare):
            for part in (test.left, *test.comparators):
                at = program.span(part).start
                if isinstance(part, ast.Call) and program.text(part.func) in ("len", "str", "int") and part.args:
                    yield self.slip(at, program.replace(part, program.text(part.args[0])))
                elif isinstance(part, ast.Name | ast.Subscript) and isinstance(test.ops[0], ast.Eq | ast.NotEq):
                    for function in ("str", "int", "len"):
                        yield self.slip(at, program.replace(part, f"{function}({program.text(part)})"))
                elif isinstance(part, ast.Constant) and (type(part.value) in (int, bool)):
                    yield self.slip(at, program.replace(part, f'"{program.text(part)}"'))


class MinForMax(Mutator):
    """The wrong extreme is taken: `min` where `max` is needed."""

    hints = (
        "Which extreme do you look for {place}?",
        "Does the task want large values first or small ones? Compare with line {line}.",
        "Try two numbers: which of them does {function} choose {place}?",
        "Is the element chosen {place} the one that the task asks for?",
        "Look at the first element of your result. Is it the one expected?",
        "Which end of the sorted order is taken {place}?",
        "Check the function that is called {place}: does it choose from the right end?",
        "Say in words which element should be picked {place}.",
    )
    mistakes = (
        "the wrong extreme is taken {place}",
        "{function} picks from the wrong end of the order {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Name):
            if node.id in ("min", "max") and isinstance(node.ctx, ast.Load):
                yield self.slip(program.span(node).start, program.replace(node, {"min": "max", "max": "min"}[node.id]))


class SliceBounds(Mutator):
    """A slice begins or ends at the wrong place, or a single element is taken instead of a slice."""

    hints = (
        "Which elements are in the slice {place}? Write them down for a small list.",
        "Is the end of a slice included? Check line {line}.",
        "How many elements does the expression {place} give?",
        "Does the part taken {place} begin and end where it should?",
        "What should be kept {place}: the beginning or the rest?",
        "Draw the list and mark what is cut out {place}.",
        "Try the slice {place} with a list of three elements.",
        "On which side of the colon does the bound {place} belong, and is it right?",
    )
    mistakes = (
        "the slice {place} does not take the elements that are meant",
        "a bound of the slice {place} is wrong",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Subscript):
            part, at = node.slice, program.span(node).start
            if not isinstance(part, ast.Slice) or part.step:
                continue
            for bound in filter(None, (part.lower, part.upper)):
                for wrong in shifted_by_one(program, bound):
                    yield self.slip(at, program.replace(bound, wrong))
            if part.upper and not part.lower:
                upper = program.text(part.upper)
                for wrong in (f"{upper}:", upper, f"1:{upper}"):
                    yield self.slip(at, program.replace(part, wrong))
            if part.lower and not part.upper:
                yield self.slip(at, program.replace(part, f":{program.text(part.lower)}"))
                yield self.slip(at, program.replace(node, program.text(node.value)))
