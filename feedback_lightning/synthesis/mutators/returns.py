"""Slips about what a function gives back, and when."""

import ast
from collections.abc import Iterator
from typing import ClassVar

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import ParsedProgram


def results(program: ParsedProgram) -> Iterator[tuple[ast.Return, ast.expr]]:
    """The return statements that give a value, and the value."""
    for node in program.nodes(ast.Return):
        if node.value is not None and program.function(node) is not None:
            yield node, node.value


def inner_indents(program: ParsedProgram, statement: ast.stmt) -> Iterator[str]:
    """The indentations of the blocks that end where a statement ends, from the outside in."""
    while isinstance(statement, ast.For | ast.While | ast.If):
        block = statement.orelse or statement.body
        if program.lines(block[0]) is None:
            return
        yield program.indent(block[0])
        statement = block[-1]


class ReturnInsideLoop(Mutator):
    """The answer is given in the first round: `return` is indented into the loop."""

    hints = (
        "How many rounds does the loop before the `return` {place} make? Count them by hand.",
        "When does Python reach the `return` {place}? Look at how far it is indented.",
        "What happens to the elements that come after the first one? Follow {function} step by step.",
        "A function ends as soon as it returns. Is everything done {place}?",
        "Does {function} give its answer too early? At which moment do you know the final result?",
        "Check which block the `return` {place} belongs to.",
        "Try a list with two elements in {function}. Is the second one ever looked at?",
        "Should the statement {place} be part of the loop?",
    )
    mistakes = (
        "the `return` {place} belongs to the loop, so the loop ends in its first round",
        "{function} gives its answer before it has looked at everything",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Return):
            block = program.block(node)
            index = block.index(node)
            lines = program.lines(node)
            if index and lines and isinstance(block[index - 1], ast.For | ast.While):
                for indent in inner_indents(program, block[index - 1]):
                    yield self.slip(program.span(node).start, program.indented(node, indent))


class ElseReturnsInLoop(Mutator):
    """ "Not this one" is taken for "none": an `else` inside the loop returns what only the end of the loop can know."""

    hints = (
        "If the first element does not fit, can you already be sure of the answer? Look at the branch {place}.",
        "What do you know {place}: that this element does not fit, or that none does?",
        "Follow the loop of {function} for an input where only the last element fits.",
        "In how many rounds can the loop get before one of its branches ends the function?",
        "Which of the answers in the loop needs a look at all the elements first?",
        "Both branches in the loop end {function}. What about the other elements?",
        "Finding one example is quick; excluding all of them takes the whole loop. Compare this with line {line}.",
        "Is it right to give up {place} after a single element?",
    )
    mistakes = (
        "{function} gives up {place} when the first element does not fit",
        "the negative answer {place} is given before all elements have been seen",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes((ast.For, ast.While)):
            last, after = loop.body[-1], program.following(loop)
            if not isinstance(last, ast.If) or program.lines(last) is None or not isinstance(after, ast.Return):
                continue
            if not any(isinstance(node, ast.Return) for node in ast.walk(last)):
                continue
            answer = program.text(after)
            last_branch = last
            while len(last_branch.orelse) == 1 and isinstance(last_branch.orelse[0], ast.If):
                last_branch = last_branch.orelse[0]
            inner = program.deeper(last.body)
            if not last_branch.orelse:
                edit = program.insert_after(last, f"else:\n{inner}{answer}", program.indent(last))
                yield self.slip(edit.start if edit else 0, edit, program.remove(after))
                yield self.slip(edit.start if edit else 0, edit)
            elif isinstance(last_branch.orelse[0], ast.Continue | ast.Pass):
                edit = program.replace(last_branch.orelse[0], answer)
                yield self.slip(edit.start, edit, program.remove(after))
                yield self.slip(edit.start, edit)


class MissingReturn(Mutator):
    """To compute the result is thought to be enough: nothing is returned."""

    hints = (
        "What does a call of {function} give back to whoever calls it?",
        "You compute a result in {function}. How does it get out?",
        "Print the value of a call of {function}. Is it what you computed?",
        "Does every way through {function} end by handing over a value?",
        "Which value does a Python function have when it simply ends? Check {function}.",
        "Your work in {function} is done but the caller does not learn of it.",
        "Look at the last steps of {function}: is the answer handed over?",
        "What would the caller of {function} see in the case you tested?",
    )
    mistakes = (
        "{function} computes its result but does not hand it over",
        "a call of {function} gives `None` in one of its cases",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, value in results(program):
            at = program.span(node).start
            yield self.slip(at, program.remove(node))
            yield self.slip(at, program.replace(node, "pass"))
            yield self.slip(at, program.replace(node, "return"))
            if not isinstance(value, ast.Constant):
                yield self.slip(at, program.replace(node, program.text(value)))


class PrintForReturn(Mutator):
    """To show a value and to return it are taken for the same."""

    hints = (
        "What is the difference between showing a value on the screen and handing it back? See line {line}.",
        "Assign a call of {function} to a variable and look at the variable. What is in it?",
        "Line {line} writes something to the screen. Is that what the task asks {function} to do?",
        "Who gets the value {place}: the person before the screen, or the code that called {function}?",
        "What value does the call of {function} have after it printed something?",
        "Could another function use the result of {function} as it is now?",
        "Look at how the result leaves {function} {place}.",
        "The tests look at the value of the call. Does {function} give one?",
    )
    mistakes = (
        "the result is only shown on the screen {place}",
        "{function} prints its result and gives `None` to the caller",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, value in results(program):
            yield self.slip(program.span(node).start, program.replace(node, f"print({program.text(value)})"))


class ReturnsWrongVariable(Mutator):
    """Another variable is returned than the one that holds the result."""

    hints = (
        "Which variable of {function} holds the final result? Is it the one used {place}?",
        "What is in `{wrong}` when Python gets to line {line}?",
        "Look at what you collected in {function} and at what you give back.",
        "You prepared the answer carefully. Is it the answer that leaves {function}?",
        "Does `{wrong}` contain the whole result, or only something you needed on the way?",
        "Write down the value of every variable at the end of {function}. Which one is the answer?",
        "Check the name {place}: is it the one you filled step by step?",
        "What was `{wrong}` meant for? Is the task asking for it?",
    )
    mistakes = (
        "`{wrong}` is handed over {place} but does not hold the result",
        "{function} gives back the wrong one of its variables",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, value in results(program):
            function = program.function(node)
            assert function is not None
            names = {value.id} if isinstance(value, ast.Name) else set()
            if names or isinstance(value, ast.Subscript | ast.Call):
                for wrong in program.variables(function):
                    if wrong not in names:
                        yield self.slip(program.span(node).start, program.replace(value, wrong), wrong=wrong)


class ReturnsWrongConstant(Mutator):
    """The right case is recognised but answered with the wrong value: `None` or -1 for 0, `False` for `True`."""

    wrong: ClassVar[dict[str, tuple[str, ...]]] = {
        "True": ("False", "None"), "False": ("True", "None"), "0": ("None", "-1", "1", "False", "[]", "()", "''"),
        "[]": ("None", "False", "0", "()", "''"), "None": ("0", "False"), "-1": ("0", "None"), "1": ("0",),
    }  # fmt: skip
    hints = (
        "What should the answer be in the case {place}? Read what the task says about it.",
        "Which type of value does the task ask {function} to give back? Check line {line}.",
        "Is the value given back {place} the right one for this case?",
        "The case {place} is recognised. Is it also answered correctly?",
        "Imagine using the result of {function} in a calculation. Would the value from line {line} do?",
        "Take an input that leads to the branch {place}. Which result do you expect?",
        "Compare what {function} gives back in each of its cases. Does one of them look odd?",
        "What would someone who calls {function} want to get in the special case {place}?",
    )
    mistakes = (
        "the case {place} is answered with the wrong value",
        "the value given back {place} is not what the task asks for in this case",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, value in results(program):
            for wrong in self.wrong.get(program.text(value), ()):
                yield self.slip(program.span(node).start, program.replace(value, wrong))


class PositionForLength(Mutator):
    """After the loop its counter is thought to be one past the end: `return i + 1` where `return len(s)` is needed."""

    hints = (
        "Which value does the loop variable have after the loop, and does it exist if the loop never ran?",
        "Suppose that the loop of {function} makes no round at all. What happens {place}?",
        "Is the value given back {place} right when nothing was found?",
        "What should {function} answer if the loop ends without a result? Check line {line} with an empty input.",
        "Which position comes after the last element? Compare it with what you compute {place}.",
        "Try {function} with an empty sequence and look at the names used {place}.",
        "Does the value {place} rely on something the loop left behind?",
        "Number the elements of a small list. Does the answer {place} have the number you expect?",
    )
    mistakes = (
        "the value given back {place} is not the position after the last element for every input",
        "the answer {place} relies on what the loop left behind",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, value in results(program):
            if not (isinstance(value, ast.Call) and program.text(value.func) == "len" and len(value.args) == 1):
                continue
            counters = [
                target.id
                for loop in program.nodes(ast.For, program.function(node))
                for target in ast.walk(loop.target)
                if isinstance(target, ast.Name)
            ]
            length, sequence = program.text(value), program.text(value.args[0])
            wrong = [f"{length} - 1", f"{length} + 1", f"{sequence}[-1]", "-1", "0"]
            for counter in dict.fromkeys(counters):
                wrong += [f"{counter} + 1", f"{counter}+1", counter]
            for text in wrong:
                yield self.slip(program.span(node).start, program.replace(value, text))


class ReturnsMethodResult(Mutator):
    """A method that changes a list is thought to give the changed list: `return lst.sort()`."""

    methods = ("sort", "reverse", "append", "extend", "insert", "remove")
    hints = (
        "What is the value of the call of `{method}` {place}? Try it in the Python shell.",
        "Some methods change a list and give nothing back. Is `{method}` one of them?",
        "The list is changed {place}. What does {function} hand over, though?",
        "Look up what `{method}` gives back.",
        "Print the result of {function}. Where does this value come from?",
        "A call can do something or be something. Which is true for the call of `{method}` {place}?",
        "Split line {line} into two steps in your mind: what is done, and which value results?",
        "Does `{method}` make a new list, or does it work on the one that it is called on?",
    )
    mistakes = (
        "`{method}` changes the list and gives `None`, which is what {function} hands over {place}",
        "the value of the call {place} is not the list",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, value in results(program):
            block = program.block(node)
            before = block[block.index(node) - 1] if block.index(node) else None
            if not isinstance(before, ast.Expr) or not isinstance(before.value, ast.Call):
                continue
            method = before.value.func
            if not isinstance(method, ast.Attribute) or method.attr not in self.methods:
                continue
            if program.text(method.value) == program.text(value) and program.lines(before):
                edits = (program.replace(before, f"return {program.text(before)}"), program.remove(node))
                yield self.slip(program.span(before).start, *edits, method=method.attr)
