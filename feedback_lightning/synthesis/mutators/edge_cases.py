"""Slips about special inputs: the empty one, the first and the last element."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.conditions import emptiness_tests
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


class EmptyOfOneKind(Mutator):
    """Only one kind of empty sequence is recognised: `s == ()` where `len(s) == 0` is needed."""

    hints = (
        "Is every kind of empty input recognised {place}? Think of the types that {name} can have.",
        "What does Python answer when you compare an empty list with an empty tuple? Look at the test {place}.",
        "Call {function} with each kind of empty sequence. Does the test {place} catch them all?",
        "The test {place} knows one sort of emptiness. Are there others?",
        "How can you ask whether {name} has no elements, without asking which type it is?",
        "Which values of {name} should count as empty {place}, and which of them do?",
        "Check the special case {place} with a list and with a tuple.",
        "Does the condition {place} depend on the type of {name} although only its size matters?",
    )
    mistakes = (
        "the test {place} recognises one kind of empty sequence only",
        "an empty {name} of another type slips through the test {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node, name in emptiness_tests(program):
            yield from self._tests(program, node, name, "==")
        for branch in program.nodes((ast.If, ast.While)):
            if isinstance(branch.test, ast.Name):
                yield from self._tests(program, branch.test, branch.test.id, "!=")
        for test in program.nodes(ast.Compare):
            if not isinstance(test.ops[0], ast.Eq | ast.NotEq):
                continue
            right = program.text(test.comparators[0])
            if right in ("[]", "()"):
                for wrong in ({"[]": "()", "()": "[]"}[right], "0", "None"):
                    edit = program.replace(test.comparators[0], wrong)
                    yield self.slip(program.span(test).start, edit, name=f"`{program.text(test.left)}`")

    def _tests(self, program: ParsedProgram, node: ast.AST, name: str, sign: str) -> Iterator[Mutation | None]:
        for empty in ("[]", "()", "tuple()", "None"):
            edit = program.replace(node, f"{name} {sign} {empty}")
            yield self.slip(program.span(node).start, edit, name=f"`{name}`")


class LostCase(Mutator):
    """A special case is not handled: the branch for the empty input, the first or the last element is missing."""

    hints = (
        "Which special inputs does the task mention? Try each of them with {function}.",
        "What does {function} do with an empty input? And with one element?",
        "Think about the extremes: the smallest input, the first element, the last element. Are they all handled?",
        "One case is not covered by the branches of {function}. Which one?",
        "Look for an input that takes none of the branches you intended in {function}.",
        "Does {function} say what should happen in every situation? Go through them one by one.",
        "Your program works for ordinary inputs. Invent unusual ones and follow them by hand.",
        "Something special has to be decided in {function} that you leave to chance now.",
        "Around line {line} a situation is forgotten. What if there is nothing to look at, or the value lies outside?",
    )
    mistakes = (
        "a special case is not handled in {function}",
        "{function} lacks the branch for one kind of input",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.If):
            lines, at = program.lines(node), program.span(node).start
            if (
                lines is None
                or len(program.block(node)) == 1
                or not isinstance(node.body[-1], ast.Return | ast.Assign | ast.Break | ast.Continue)
            ):
                continue
            if not node.orelse:
                yield self.slip(at, program.remove(node))
                continue
            first = program.span(node.orelse[0])
            if program.source.startswith("elif", first.start):
                is_elif = program.source.startswith("elif", at)
                yield self.slip(at, Edit(at, first.start if is_elif else first.start + 2, ""))
            elif not program.source.startswith("elif", at):
                body = [program.shifted(statement, program.indent(node)) for statement in node.orelse]
                if None not in body:
                    yield self.slip(at, Edit(lines.start, lines.end, "".join(text for text in body if text)))


class FirstElementAssumed(Mutator):
    """The result starts with the first element, as if there always were one: `new = [lst[0]]` for `new = []`."""

    hints = (
        "What does {function} do {place} when the input has no elements at all?",
        "Is there always something at the position that you read {place}?",
        "Which index exists in an empty list? Look at line {line}.",
        "Try the smallest possible input. Does {function} get past line {line}?",
        "The start value {place} takes something for granted about the input. Is it always true?",
        "How should the collection `{name}` look before the first element is examined?",
        "Must `{name}` contain anything before the loop has begun?",
        "Consider an empty input: what should `{name}` be, and what happens {place}?",
    )
    mistakes = (
        "`{name}` is initialised {place} as if the input always had a first element",
        "{function} reads an element {place} that an empty input does not have",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            function = program.function(node)
            if function is None or not program.parameters(function) or not isinstance(node.targets[0], ast.Name):
                continue
            value = program.text(node.value)
            name = node.targets[0].id
            for parameter in program.parameters(function):
                wrong = {"[]": (f"[{parameter}[0]]", f"[{parameter}[0],]", f"{parameter}[0]"),
                         "()": (f"({parameter}[0],)", f"{parameter}[0]")}  # fmt: skip
                for text in wrong.get(value, ()):
                    yield self.slip(program.span(node).start, program.replace(node.value, text), name=name)
