"""Slips in values: start values, off by one, wrong field, exchanged sides, wrong operator, wrong type."""

import ast
from collections.abc import Iterator
from typing import ClassVar

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.ranges import ranges, shifted_by_one
from feedback_lightning.synthesis.parsed_program import ParsedProgram


class WrongInitialValue(Mutator):
    """A counter, flag or best value starts with the wrong value: `count = 1`, `best = 0`."""

    wrong: ClassVar[dict[str, tuple[str, ...]]] = {
        "0": ("1", "-1"),
        "1": ("0", "2"),
        "True": ("False",),
        "False": ("True",),
        "-1": ("0",),
    }
    hints = (
        "Which value must `{name}` have before anything has happened? Look at line {line}.",
        "Suppose that the loop makes no round at all. Is the value that `{name}` gets {place} right then?",
        "What does the start value of `{name}` mean? Check line {line}.",
        "Follow `{name}` from its first value on. Is it right after the first round?",
        "Is there an input for which the start value of `{name}` wins although it should not?",
        "How much has been found before the search starts? Compare this with line {line}.",
        "With which value should `{name}` begin so that the end result comes out right?",
        "Look at the result of {function}: is it always off by the same amount? Where could this come from?",
    )
    mistakes = (
        "`{name}` starts with the wrong value {place}",
        "the start value of `{name}` {place} does not fit an empty beginning",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            if not isinstance(node.targets[0], ast.Name):
                continue
            wrong = self.wrong.get(program.text(node.value), ())
            if isinstance(node.value, ast.Subscript) and program.text(node.value.slice) in ("0", "-1"):
                wrong = ("0", f"{program.text(node.value.value)}[1]", f"{program.text(node.value)}[1]")
            for text in wrong:
                edit = program.replace(node.value, text)
                yield self.slip(program.span(node).start, edit, name=node.targets[0].id)


class ComparesWithStart(Mutator):
    """The start value is used instead of the value so far: `x > lst[0]` where `x > best` is needed."""

    hints = (
        "With what should each element be compared {place}: always the same thing, or what was found so far?",
        "Does the right side of the comparison {place} ever change?",
        "Which variable remembers the best element so far? Is it used {place}?",
        "Follow the loop for a list with the best element in the middle. What is compared {place} after it was found?",
        "What does your program know in the second round that it did not know in the first? Is it used {place}?",
        "Is it enough to compare with one fixed element {place}?",
        "Try the list [1, 3, 2] and write down both sides of the comparison {place} in each round.",
        "Something is stored in the loop of {function} but not looked at again. Should it be, {place}?",
    )
    mistakes = (
        "each element is compared with the start value {place} and not with what was found so far",
        "the comparison {place} ignores what the loop has found",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for assigned in program.nodes(ast.Assign):
            target, value, function = assigned.targets[0], assigned.value, program.function(assigned)
            if not isinstance(target, ast.Name) or not isinstance(value, ast.Subscript) or function is None:
                continue
            for test in program.nodes(ast.Compare, function):
                for node in (test.left, *test.comparators):
                    base = node.value if isinstance(node, ast.Subscript) else node
                    if isinstance(base, ast.Name) and base.id == target.id:
                        yield self.slip(program.span(test).start, program.replace(base, program.text(value)))


class InitialisationLost(Mutator):
    """A variable is used before it has a value: the line that initialises it is missing."""

    hints = (
        "Which value does `{name}` have when it is used for the first time in {function}?",
        "Where in {function} does `{name}` come into being?",
        "Python can only change what exists already. Is this so for `{name}`?",
        "Read {function} from its first line. Is every name known before it is used?",
        "Compare `{name}` with the other variables of {function}. What did you do for them before the loop?",
        "What does the error message say about `{name}`?",
        "Before you can count or collect, something has to be prepared in {function}.",
        "If the loop in {function} makes no round, what is `{name}` afterwards?",
    )
    mistakes = (
        "`{name}` is used in {function} before it has a value",
        "{function} does not prepare `{name}` before the loop",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            function = program.function(node)
            if function and isinstance(node.targets[0], ast.Name) and program.parents[node] is function:
                name = node.targets[0].id
                following = program.following(node)
                if following and len(program.uses(function, name)) > 1:
                    yield self.slip(program.span(following).start, program.remove(node), name=name)


class ResetInLoop(Mutator):
    """What is collected is thrown away in every round: the start value is assigned inside the loop."""

    hints = (
        "How often is `{name}` set to its start value? Look at line {line}.",
        "What is left of `{name}` when the next round of the loop begins?",
        "Follow `{name}` over two rounds of the loop in {function}. Does it keep what the first round gave?",
        "Should line {line} be executed once or in every round?",
        "Does the start of `{name}` belong to the loop or to what comes before it?",
        "Print `{name}` at the end of each round in {function}. Does it grow as you expect?",
        "The loop in {function} seems to forget. Where does this happen?",
        "Which lines prepare the work and which repeat it? Check line {line}.",
    )
    mistakes = (
        "`{name}` is reset {place} in every round",
        "the loop throws away what `{name}` has collected",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            loop = program.following(node)
            if isinstance(loop, ast.For | ast.While) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if isinstance(loop, ast.For) or all(getattr(n, "id", "") != name for n in ast.walk(loop.test)):
                    edit = program.insert_before(loop.body[0], program.text(node))
                    yield self.slip(edit.end if edit else 0, program.remove(node), edit, name=name)


class OffByOne(Mutator):
    """A position or a length is off by one: `s[i]` for `s[i + 1]`, `len(s)` for `len(s) - 1`."""

    hints = (
        "Check the position or number computed {place} with the smallest example you can think of.",
        "Are you one off {place}?",
        "Positions begin at 0, counting at 1. Which of the two is meant {place}?",
        "Take a list of three elements and compute by hand what stands {place}.",
        "Which element, or how many of them, do you mean {place}? Which do you get?",
        "Compare your result with the expected one: is it a neighbour of the right answer?",
        "Draw the list as boxes with numbers. To which box does the expression {place} point?",
        "Does the value {place} fit in the first round as well as in the last?",
    )
    mistakes = (
        "the value {place} is one too large or too small",
        "the expression {place} points to the neighbour of what is meant",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        bounds = {id(argument) for call in ranges(program) for argument in call.args}
        counters = _counters(program)
        for node in program.nodes((ast.Subscript, ast.Return, ast.Compare, ast.BinOp)):
            for target in _counted(node, counters):
                if id(target) not in bounds:
                    for wrong in shifted_by_one(program, target):
                        yield self.slip(program.span(target).start, program.replace(target, wrong))


def _counters(program: ParsedProgram) -> set[str]:
    """The names that count or number something."""
    names = {node.target.id for node in program.nodes(ast.AugAssign) if isinstance(node.target, ast.Name)}
    for loop in program.nodes(ast.For):
        if isinstance(loop.iter, ast.Call) and program.text(loop.iter.func) in ("range", "enumerate"):
            first = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
            names.add(program.text(first))
    lists = {program.text(n.targets[0]) for n in program.nodes(ast.Assign) if not isinstance(n.value, ast.Constant)}
    return names - lists


def _counted(node: ast.AST, counters: set[str]) -> list[ast.expr]:
    """The parts of a node that can be one off."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Constant):
        return [node.slice] if not isinstance(node.slice, ast.BinOp) else []
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
        return [node.value] if node.value.id in counters else []
    if isinstance(node, ast.Compare):
        return [part for part in (node.left, *node.comparators) if isinstance(part, ast.Call | ast.Constant)]
    return [node] if isinstance(node, ast.BinOp) else []


class WrongField(Mutator):
    """The wrong part of a tuple or list is taken: `person[0]` where `person[1]` is needed."""

    wrong: ClassVar[dict[str, tuple[str, ...]]] = {"0": ("1", "-1"), "1": ("0", "2"), "-1": ("0", "1"), "2": ("1",)}
    hints = (
        "Which part of `{name}` do you need {place}? Remember where counting starts.",
        "What is stored in `{name}`, and at which place? Compare with line {line}.",
        "Write down an example of `{name}` and mark the part that is used {place}.",
        "Is the part of `{name}` that line {line} uses the one that the task talks about?",
        "Check the index {place}.",
        "What kind of value do you get {place}: is it what you want to compare or store?",
        "Look at the order of the parts in `{name}` once more.",
        "Print what is taken out of `{name}` {place}. Is it what you thought?",
    )
    mistakes = (
        "line {line} takes the wrong part of `{name}`",
        "the index {place} does not belong to the part that is meant",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Subscript):
            for wrong in self.wrong.get(program.text(node.slice), ()):
                edit = program.replace(node.slice, wrong)
                yield self.slip(program.span(node).start, edit, name=program.text(node.value))


class MissingField(Mutator):
    """The whole tuple is used where one part is meant, or a plain value is indexed as if it were a tuple."""

    hints = (
        "Is `{name}` a single value or does it have several parts? Compare with how it is used {place}.",
        "What does Python compare {place}: whole entries or the part that matters?",
        "What kind of thing is `{name}` {place}: a number, a string, a tuple, a list?",
        "Print the type of `{name}` before line {line}.",
        "Do both sides {place} have the same type?",
        "Which part of the data decides {place}? Is it that part which you use?",
        "Give an example of a value of `{name}`. Can it be used as you do {place}?",
        "The error message speaks of types. Which one does `{name}` have {place}?",
    )
    mistakes = (
        "a whole entry and a part of it are mixed up {place}",
        "`{name}` is not the kind of value that line {line} takes it for",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.ctx, ast.Load):
                text = program.text(node.value)
                yield self.slip(program.span(node).start, program.replace(node, text), name=text)
        for test in program.nodes(ast.Compare):
            for part in (test.left, *test.comparators):
                if isinstance(part, ast.Name | ast.Subscript) and not isinstance(test.ops[0], ast.In | ast.NotIn):
                    edit = program.replace(part, f"{program.text(part)}[1]")
                    yield self.slip(program.span(part).start, edit, name=program.text(part))
