"""Slips in collecting: append, extend and +, methods that give nothing back, sorting, copies, exchanging."""

import ast
from collections.abc import Iterator
from typing import ClassVar

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.loops import copy_of
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram

CHANGING = ("append", "extend", "insert", "remove", "sort", "reverse", "add", "update", "clear")


def method_calls(program: ParsedProgram) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    """Calls of methods, and the method."""
    for node in program.nodes(ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield node, node.func


class AppendExtendPlus(Mutator):
    """Adding an element and adding a list are mixed up: `new += x` or `new.extend(x)` for `new.append(x)`."""

    hints = (
        "Is what you add {place} one element or a list of elements?",
        "What may stand on the two sides of a `+` when one of them is a list? Check line {line}.",
        "How does Python add one single element to a list? Compare with line {line}.",
        "What is the type of the thing that you add {place}, and which type is needed there?",
        "Print the collection after line {line}. Does it look as you expect?",
        "Two ways to enlarge a collection are mixed up {place}. What does each of them need?",
        "Do you want to add a thing, or the contents of a thing, {place}?",
        "Look at brackets and commas {place}: does Python see a collection or a plain value?",
    )
    mistakes = (
        "an element and a collection of elements are mixed up {place}",
        "what is added {place} has the wrong type for this way of adding",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call, method in method_calls(program):
            at, name = program.span(call).start, program.text(method.value)
            end = program.span(method).end
            if method.attr == "append" and len(call.args) == 1:
                text = program.text(call.args[0])
                yield self.slip(at, Edit(end - len("append"), end, "extend"))
                for wrong in (f"{name} += {text}", f"{name} = {name} + {text}", f"{name} + [{text}]"):
                    yield self.slip(at, program.replace(call, wrong))
            elif method.attr == "extend":
                yield self.slip(at, Edit(end - len("extend"), end, "append"))
        for node in program.nodes((ast.List, ast.Tuple)):
            parent = program.parents[node]
            adds = isinstance(parent, ast.AugAssign) or (
                isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add)
            )
            if adds and len(node.elts) == 1:
                for wrong in (program.text(node.elts[0]), f"({program.text(node.elts[0])})"):
                    yield self.slip(program.span(node).start, program.replace(node, wrong))


class AssignedMethod(Mutator):
    """The value of a method that changes a list is assigned: `new = new.append(x)`."""

    hints = (
        "What is the value of the call of `{method}` {place}? Print it.",
        "What is in `{name}` after line {line}?",
        "Does `{method}` make something new or change what is there? Look at line {line}.",
        "Is it necessary to assign anything {place}?",
        "Some methods work on the list itself. What do they give back? See line {line}.",
        "After line {line}, `{name}` may not be a list any more. Why?",
        "The error message speaks of `NoneType`. Where could such a value come from in {function}?",
        "Look at both sides of the equals sign {place}. What does the right side give?",
    )
    mistakes = (
        "`{method}` gives `None`, and this is assigned to `{name}` {place}",
        "`{name}` loses its contents {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call, method in method_calls(program):
            statement = program.parents[call]
            if method.attr in CHANGING and isinstance(method.value, ast.Name) and isinstance(statement, ast.Expr):
                name, at = method.value.id, program.span(call).start
                yield self.slip(at, Edit(at, at, f"{name} = "), name=name, method=method.attr)


class NestedMethod(Mutator):
    """Taking an element out is thought to give it: `new.append(lst.remove(x))`."""

    hints = (
        "What is the value of the inner call {place}? Print it.",
        "Two things are done in one line {place}. Which value is passed from the inside to the outside?",
        "Split line {line} into two. What is in between?",
        "Does every method give something back? Think of the inner one {place}.",
        "What is really stored {place}?",
        "Look at the elements of the collection after line {line}. Are they what you expect?",
        "Which argument does the inner method {place} want: a position or a value?",
        "Line {line} is short, but is each of its parts what you think it is?",
    )
    mistakes = (
        "the inner call {place} does not give the element that the outer one needs",
        "two steps are packed into line {line}, and the value of the first is not what the second expects",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call, method in method_calls(program):
            statement = program.parents[call]
            if method.attr not in ("append", "remove") or not isinstance(statement, ast.Expr) or not call.args:
                continue
            block = program.block(statement)
            for other in block[block.index(statement) + 1 : block.index(statement) + 2]:
                inner = other.value if isinstance(other, ast.Expr) else None
                if not isinstance(inner, ast.Call) or not isinstance(inner.func, ast.Attribute):
                    continue
                outer, taken = (call, inner) if method.attr == "append" else (inner, call)
                names = [f.attr for f in (outer.func, taken.func) if isinstance(f, ast.Attribute)]
                if names == ["append", "remove"] and outer.args and program.lines(other):
                    wrong = program.text(taken)
                    for text in (wrong, wrong.replace(".remove(", ".pop(", 1)):
                        nested = f"{program.text(outer.func)}({text})"
                        edits = (program.replace(statement, nested), program.remove(other))
                        yield self.slip(program.span(statement).start, *edits)


class PopOrRemove(Mutator):
    """`pop` takes a position and `remove` a value; they are mixed up."""

    hints = (
        "What does the method called {place} expect: a position or a value?",
        "Which element is taken out {place}: the one you mean?",
        "Look up the argument of the method {place}.",
        "Print the list before and after line {line}. Is the right element gone?",
        "What does the call {place} give back, if anything?",
        "There are two ways to take something out of a list. Which one fits what you have {place}?",
        "Follow the list through {function}. Does the right element leave?",
        "Is what stands in the brackets {place} a place in the list, or something that the list contains?",
    )
    mistakes = (
        "the method called {place} takes out another element than the one meant",
        "position and value are mixed up in the call {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call, method in method_calls(program):
            at, end = program.span(call).start, program.span(method).end
            if method.attr == "pop" and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
                text = f"{program.text(method.value)}[{call.args[0].id}]"
                yield self.slip(at, program.replace(call.args[0], text))
                yield self.slip(at, Edit(end - len("pop"), end, "remove"))
            elif method.attr == "remove":
                yield self.slip(at, Edit(end - len("remove"), end, "pop"))


class WrongEnd(Mutator):
    """The wrong end of a list is worked on: `pop()` for `pop(0)`, `insert(0, x)` for `append(x)`."""

    hints = (
        "At which end of the list does line {line} work?",
        "In which order do the elements arrive or leave {place}?",
        "Draw the list before and after line {line}. On which side did it change?",
        "Which element comes first {place}: the oldest one or the newest one?",
        "Does your result come out the wrong way round? Think of line {line}.",
        "Two ends, two ways. Which of them does line {line} use, and which one do you want?",
        "Follow three elements through {function}. In which order are they in the end?",
        "What does the method called {place} do when nothing says where?",
    )
    mistakes = (
        "line {line} works at the wrong end of the list",
        "the elements come or go in the wrong order {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for call, method in method_calls(program):
            at, end = program.span(call).start, program.span(method).end
            arguments = [program.text(argument) for argument in call.args]
            if method.attr == "pop" and arguments in (["0"], []):
                yield self.slip(at, Edit(end, program.span(call).end, "()" if arguments else "(0)"))
            elif method.attr == "append" and len(arguments) == 1:
                wrong = f"insert(0, {arguments[0]})"
                yield self.slip(at, Edit(end - len("append"), program.span(call).end, wrong))
            elif method.attr == "insert" and len(arguments) == 2:
                wrong = f"append({arguments[1]})"
                yield self.slip(at, Edit(end - len("insert"), program.span(call).end, wrong))


class Aliasing(Mutator):
    """A second name is thought to be a copy: `new = lst` where `new = list(lst)` is needed."""

    hints = (
        "How many lists are there after line {line}: one or two?",
        "If you change the list through one name, what do you see through the other? Think of line {line}.",
        "Does line {line} make something new, or only another name?",
        "Is the input of {function} changed by what you do to your own list?",
        "Print both names after the first change. Are they still different?",
        "What should be in your list before the work begins? Compare with line {line}.",
        "Two names can mean the same list. Is this what you want {place}?",
        "Follow what is in the list {place} from the first moment on.",
    )
    mistakes = (
        "line {line} gives a second name to a list where a list of its own is needed",
        "two names stand for the same list after line {line}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            copied, at = copy_of(node.value), program.span(node).start
            if copied is not None:
                yield self.slip(at, program.replace(node.value, program.text(copied)))
            function = program.function(node)
            if function and program.text(node.value) in ("[]", "list()") and isinstance(node.targets[0], ast.Name):
                for name in program.parameters(function):
                    yield self.slip(at, program.replace(node.value, name))


class BrokenSwap(Mutator):
    """Two values are exchanged one after the other, so that one of them is lost."""

    hints = (
        "What is in each of the two places after the first of the assignments {place}?",
        "Is one of the two values lost when you exchange them {place}?",
        "Exchange two glasses of juice: what do you need? Compare with line {line}.",
        "Write down both values before and after line {line}.",
        "Do both values survive the exchange {place}?",
        "Follow the exchange {place} step by step with the numbers 1 and 2.",
        "Are there still two different values after the lines around line {line}?",
        "Check both sides of the exchange {place}. Does each value get to its new place?",
    )
    mistakes = (
        "one of the two values is lost in the exchange {place}",
        "the exchange {place} leaves the same value in both places",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.Assign):
            target, value, at = node.targets[0], node.value, program.span(node).start
            if not (isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)):
                continue
            if len(target.elts) != 2 or len(value.elts) != 2 or program.lines(node) is None:
                continue
            (a, b), (c, d) = ([program.text(e) for e in side.elts] for side in (target, value))
            yield self.slip(at, program.replace(node, f"{a} = {c}\n{program.indent(node)}{b} = {d}"))
            yield self.slip(at, program.replace(value.elts[0], d))
            yield self.slip(at, program.replace(value.elts[1], c))
            yield self.slip(at, program.replace(value.elts[0], d), program.replace(value.elts[1], c))
            yield self.slip(
                at, *(program.replace(part, f"{program.text(part)}[1]") for part in target.elts + value.elts)
            )


class WrongContainer(Mutator):
    """The wrong kind of collection: `()` or `{}` where `[]` is needed, or a collection that is never made a list."""

    wrong: ClassVar[dict[str, tuple[str, ...]]] = {
        "[]": ("()", "{}", "''", "0", "[[]]"), "()": ("[]", "''", "{}"), "''": ("[]",), '""': ("[]",), "{}": ("[]",),
    }  # fmt: skip
    hints = (
        "Which kind of collection is made {place}? Can it do what you need later?",
        "What type should the result of {function} have, and what type does it have?",
        "Look at the brackets {place}. Which type do they stand for?",
        "Can the thing created {place} be changed, and does it keep an order?",
        "Print the type of what line {line} gives.",
        "Does the collection {place} have the methods that you call on it?",
        "Compare the expected output with yours, brackets included.",
        "Which operations do you use on the collection from line {line}? Does its type know them?",
    )
    mistakes = (
        "the collection made {place} is of the wrong kind",
        "the value {place} has another type than the task asks for",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.Assign, ast.Return)):
            if node.value is None:
                continue
            for wrong in self.wrong.get(program.text(node.value), ()):
                yield self.slip(program.span(node).start, program.replace(node.value, wrong))
        for call in program.nodes(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id in ("list", "tuple", "set") and len(call.args) == 1:
                at = program.span(call).start
                for wrong in (program.text(call.args[0]), f"({program.text(call.args[0])})"):
                    yield self.slip(at, program.replace(call, wrong))
                yield self.slip(at, program.replace(call.func, "set" if call.func.id != "set" else "list"))
