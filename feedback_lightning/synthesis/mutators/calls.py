"""Slips in calls: misspelt or missing parts, the wrong brackets, functions and methods mixed up."""

import ast
from collections.abc import Iterator
from typing import ClassVar

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.names import misspellings
from feedback_lightning.synthesis.parsed_program import BUILTINS, Edit, ParsedProgram


class MisspeltMethod(Mutator):
    """A function, method or attribute is misspelt: `lst.apend(x)`, `lenght`."""

    hints = (
        "Is `{wrong}` a name that Python knows? Check its spelling {place}.",
        "What does the error message say about the call {place}?",
        "Look up how the method that you need {place} is called.",
        "Compare the names after the dots with those in the course notes. Look at line {line}.",
        "Ask Python with `dir` or `help` what can be called {place}.",
        "One of the words in line {line} is not what Python calls it.",
        "Read line {line} letter by letter.",
        "Which functions and methods are used {place}, and do they all exist?",
    )
    mistakes = (
        "`{wrong}` {place} is not the name of a function or method",
        "a function or method is misspelt {place}",
    )
    others: ClassVar[dict[str, tuple[str, ...]]] = {
        "remove": ("removal", "delete"),
        "append": ("add", "appends"),
        "extend": ("extends",),
    }

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call in program.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute):
                name, end = call.func.attr, program.span(call.func).end
            elif isinstance(call.func, ast.Name):
                name, end = call.func.id, program.span(call.func).end
            else:
                continue
            for wrong in (*misspellings(name)[: 2 * len(name) + 1], *self.others.get(name, ())):
                if wrong not in program.defined() | BUILTINS:
                    yield self.slip(program.span(call).start, Edit(end - len(name), end, wrong), wrong=wrong)


class BracketsForCall(Mutator):
    """Square brackets are used to call a function, or round ones to index: `new.append[x]`, `lst(i)`."""

    hints = (
        "Which kind of brackets does Python expect {place}?",
        "Is something called or something looked up {place}? How does Python see the difference?",
        "The error message speaks of an object that cannot be used this way. Look at the brackets {place}.",
        "Round or square: check each pair of brackets {place}.",
        "What do the brackets {place} tell Python to do?",
        "How do you write a call, and how do you take an element out of a list? Compare with line {line}.",
        "Look closely at the signs {place}, not at the names.",
        "Is `{name}` something to be called or something that contains things?",
    )
    mistakes = (
        "the wrong kind of brackets is used {place}",
        "`{name}` is called where it should be indexed, or the other way round, {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.Call, ast.Subscript)):
            head = node.func if isinstance(node, ast.Call) else node.value
            start, end = program.span(head).end, program.span(node).end
            inside = program.source[start + 1 : end - 1]
            if inside.strip() and program.source[start] in "([" and not (isinstance(node, ast.Call) and node.keywords):
                wrong = f"[{inside}]" if isinstance(node, ast.Call) else f"({inside})"
                if isinstance(node, ast.Call) or not isinstance(node.slice, ast.Slice):
                    yield self.slip(program.span(node).start, Edit(start, end, wrong), name=program.text(head))


class FunctionForMethod(Mutator):
    """Functions and methods are called in each other's way: `count(x)` for `s.count(x)`, `s.len()` for `len(s)`."""

    hints = (
        "Is `{name}` a function of its own or something that a list can do? Compare with line {line}.",
        "On which object should the work {place} be done, and does the line say so?",
        "How is `{name}` called? Look it up and compare with line {line}.",
        "Some things are written before the brackets, some inside them. Which is right {place}?",
        "What does the error message say about `{name}`?",
        "To whom does `{name}` belong? Check line {line}.",
        "Does Python know what `{name}` should work on {place}?",
        "Compare the call {place} with similar calls that work.",
    )
    mistakes = (
        "`{name}` is not called in the way that it must be called {place}",
        "function and method are mixed up {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call in program.nodes(ast.Call):
            at = program.span(call).start
            if isinstance(call.func, ast.Attribute):
                arguments, owner = [program.text(argument) for argument in call.args], program.text(call.func.value)
                name = call.func.attr
                for inside in (arguments, [owner, *arguments]):
                    yield self.slip(at, program.replace(call, f"{name}({', '.join(inside)})"), name=name)
            elif (
                isinstance(call.func, ast.Name) and call.func.id in ("len", "max", "min", "sum", "sorted") and call.args
            ):
                name, owner = call.func.id, program.text(call.args[0])
                for wrong in (f"{owner}.{name}()", f"{owner}.{name}"):
                    yield self.slip(at, program.replace(call, wrong), name=name)


class MissingCall(Mutator):
    """A method is named but not called: `lst.reverse` where `lst.reverse()` is needed."""

    hints = (
        "Is anything done {place}, or is something only named?",
        "How does Python know that you want a method to be executed? Look at line {line}.",
        "Does line {line} change anything?",
        "Compare line {line} with other lines in which something is called.",
        "Print what stands {place}. Is it a value or a method?",
        "Check the end of line {line}.",
        "To talk about a tool and to use it are two things. Which one happens {place}?",
        "What would have to be added so that line {line} really runs?",
    )
    mistakes = (
        "the method is named {place} but never called",
        "nothing is executed {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call in program.nodes(ast.Call):
            if not call.args and not call.keywords:
                yield self.slip(program.span(call).start, program.replace(call, program.text(call.func)))
