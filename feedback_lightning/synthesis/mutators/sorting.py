"""Slips in sorting: in place or not, the direction, sorting what must keep its order."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.lists import method_calls
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


class SortForSorted(Mutator):
    """`sort` and `sorted` are mixed up: one changes a list, the other makes a new one."""

    hints = (
        "Which of the two ways to sort changes the list itself, and which one gives a new list? Check line {line}.",
        "What is the value of the expression {place}? Print it.",
        "Is the sorted order kept anywhere after line {line}?",
        "What happens to the result of the sorting {place}?",
        "The list and its sorted copy: which one do you go on with after line {line}?",
        "Look up what the call {place} gives back.",
        "Does line {line} do something to the list, or does it only compute something?",
        "Follow the list from line {line} on. Is its order the one you want?",
    )
    mistakes = (
        "the way of sorting {place} does not give what is done with it",
        "sorting in place and making a sorted copy are mixed up {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call in program.nodes(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id == "sorted" and call.args:
                rest = [program.text(keyword) for keyword in call.keywords]
                wrong = f"{program.text(call.args[0])}.sort({', '.join(rest)})"
                yield self.slip(program.span(call).start, program.replace(call, wrong))
        for call, method in method_calls(program):
            if method.attr == "sort" and isinstance(program.parents[call], ast.Expr):
                arguments = [program.text(method.value), *(program.text(keyword) for keyword in call.keywords)]
                yield self.slip(program.span(call).start, program.replace(call, f"sorted({', '.join(arguments)})"))


class UnwantedSort(Mutator):
    """Sorting first is thought to do no harm."""

    hints = (
        "Does the task say anything about the order of the result? Check line {line}.",
        "What happens to the original order {place}?",
        "Is the step {place} really needed for what the task asks?",
        "Try an input that is not in order. Does the result come in the order that the task wants?",
        "Which information about the input is lost {place}?",
        "Compare the order of your output with the expected one.",
        "Something in {function} moves the elements around. Is it allowed to?",
        "What would {function} do without line {line}?",
    )
    mistakes = (
        "the list is sorted {place} although its order matters",
        "the step {place} destroys the order of the input",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for function in program.functions():
            used = {n.value.id for n in program.nodes(ast.Subscript, function) if isinstance(n.value, ast.Name)}
            used |= {n.iter.id for n in program.nodes(ast.For, function) if isinstance(n.iter, ast.Name)}
            for name in program.parameters(function):
                if name in used:
                    for wrong in (f"{name}.sort()", f"{name} = sorted({name})", f"{name}.reverse()"):
                        edit = program.insert_before(function.body[0], wrong)
                        yield self.slip(edit.end if edit else 0, edit)


class LostReverse(Mutator):
    """The order of sorting is not thought about: the step that turns the order round, or the key, is missing."""

    hints = (
        "In which order does your result come out, and in which order should it?",
        "Which order does Python choose if you say nothing more? Think of line {line}.",
        "Is the first element of your result the one that should come first?",
        "Does sorting begin with the small or with the large values? Check line {line}.",
        "By what does Python compare the elements {place}, and in which direction?",
        "Your elements are the right ones. Are they also in the right order? See line {line}.",
        "Compare your output with the expected one, element by element. Do you see a pattern?",
        "What else could you tell Python {place} about the order you want?",
    )
    mistakes = (
        "the order is not the one that the task asks for, because of what is missing {place}",
        "nothing {place} says in which order the elements should come",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call in program.nodes(ast.Call):
            at = program.span(call).start
            for keyword in call.keywords:
                if keyword.arg in ("reverse", "key"):
                    before = [
                        a for a in (*call.args, *call.keywords) if program.span(a).end < program.span(keyword).start
                    ]
                    start = max((program.span(a).end for a in before), default=program.span(keyword).start)
                    yield self.slip(at, Edit(start, program.span(keyword).end, ""))
                    if program.text(keyword.value) == "True":
                        yield self.slip(at, program.replace(keyword.value, "False"))
            if isinstance(call.func, ast.Name) and call.func.id == "reversed" and call.args:
                yield self.slip(at, program.replace(call, program.text(call.args[0])))
            if isinstance(call.func, ast.Attribute) and call.func.attr == "reverse":
                statement = program.statement(call)
                yield self.slip(at, program.remove(statement))
        for node in program.nodes(ast.Subscript):
            if isinstance(node.slice, ast.Slice) and node.slice.step and program.text(node.slice.step) == "-1":
                at = program.span(node).start
                yield self.slip(at, program.replace(node, program.text(node.value)))
