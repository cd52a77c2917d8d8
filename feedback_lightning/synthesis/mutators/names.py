"""Slips in names: the wrong variable, undefined names, parameters that do not match, shadowed built-ins."""

import ast
import keyword
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import BUILTINS, Edit, ParsedProgram

# How course templates and neighbours call things.
USUAL = ("a", "lst", "new", "new_lst", "new_list", "newlst", "result", "seq", "i", "x", "num", "count", "item")


class WrongVariable(Mutator):
    """Another variable of the function is used than the one that is meant."""

    hints = (
        "Is `{wrong}` the variable that you mean {place}?",
        "What is in `{wrong}` at the moment when line {line} is executed?",
        "Name the role of each variable in {function}. Does the one {place} have the role that is needed there?",
        "Check every name in line {line}.",
        "Follow `{wrong}` through {function}. Should it really be used {place}?",
        "Two variables of {function} may have been mixed up. Look at line {line}.",
        "Which collection or value do you want to look at {place}, and which one do you look at?",
        "Replace the names in line {line} by their values in the first round. Does the line make sense?",
        "Does line {line} ask about the right thing?",
    )
    mistakes = (
        "`{wrong}` is not the variable that is meant {place}",
        "two variables are mixed up {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for function in program.nodes(ast.FunctionDef):
            variables = program.variables(function)
            for node in program.nodes(ast.Name, function):
                if node.id in variables and not isinstance(program.parents[node], ast.Return):
                    for wrong in variables:
                        if wrong != node.id:
                            yield self.slip(program.span(node).start, program.replace(node, wrong), wrong=wrong)


class WrongFunction(Mutator):
    """Another function is called than the one that is meant."""

    hints = (
        "Which function is called {place}? Is it the one that answers your question?",
        "What does `{wrong}` compute? Is it needed {place}?",
        "Your functions resemble each other. Is the right one used {place}?",
        "Check the name of the function that is called {place}.",
        "Which arguments does `{wrong}` expect, and which ones does it get {place}?",
        "What should be found out {place}, and which function does this?",
        "Compare the call {place} with the definitions of your functions.",
        "Say what the call of `{wrong}` {place} gives for a small example.",
    )
    mistakes = (
        "`{wrong}` is called {place} where another function is needed",
        "the call {place} goes to the wrong function",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        names = [function.name for function in program.functions()]
        for call in program.nodes(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id in names:
                for wrong in names:
                    if wrong != call.func.id:
                        yield self.slip(program.span(call).start, program.replace(call.func, wrong), wrong=wrong)


class UndefinedName(Mutator):
    """A name is misspelt, or taken from another program: `new_list` where the variable is called `new_lst`."""

    repeats = False  # the uses that go wrong together are among the places
    hints = (
        "Where in {function} does `{wrong}` get a value?",
        "Is the name `{wrong}` spelt as where it was introduced?",
        "What does the error message say about `{wrong}`?",
        "Compare the names {place} with those at the top of {function}, letter by letter.",
        "Python does not know every name that you use {place}. Which one is unknown?",
        "Small and capital letters, underscores and endings matter in names. Check line {line}.",
        "Did you copy line {line} from another program? Do its names fit?",
        "List the names that {function} knows. Is `{wrong}` among them?",
    )
    mistakes = (
        "`{wrong}` is not defined {place}",
        "a name {place} is not the name that was introduced before",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        elsewhere = sorted({name for function in program.functions() for name in program.variables(function)})
        for function in program.nodes(ast.FunctionDef):
            variables = program.variables(function)
            known = {*variables, *(other.name for other in program.functions())} | BUILTINS
            for name in variables:
                others = dict.fromkeys((*misspellings(name), *USUAL, *elsewhere))
                for nodes in _stretches(program.uses(function, name)):
                    spans = [program.span(node) for node in nodes]
                    for wrong in others:
                        if wrong not in known:
                            edits = [Edit(span.start, span.end, wrong) for span in spans]
                            yield self.slip(edits[0].start, *edits, wrong=wrong)


def _stretches(uses: list[ast.Name]) -> list[list[ast.Name]]:
    """Uses of a name that may be wrong together: each reading alone, and all from one on to the last."""
    readings = [[node] for node in uses if isinstance(node.ctx, ast.Load)]
    return readings + [uses[i:] for i in range(1, len(uses) - 1)]


class MisnamedVariable(Mutator):
    """A variable is introduced under one name and used under another: `people = []`, then `final.append(x)`."""

    hints = (
        "`{wrong}` gets a value {place}. Is it ever used?",
        "Under which name is the value of `{wrong}` needed later in {function}?",
        "What does the error message say, and where should that name have got a value?",
        "Compare the name {place} with the names in the rest of {function}.",
        "Did you rename something in {function} and miss a place? Look at line {line}.",
        "Is `{wrong}` the name that the lines after line {line} expect?",
        "Follow `{wrong}` from line {line} on. Where does it go?",
        "One of your variables has two names in {function}. Where does the first of them come from?",
    )
    mistakes = (
        "the variable introduced as `{wrong}` {place} is used under another name",
        "the name `{wrong}` {place} does not match the lines that follow",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for function in program.nodes(ast.FunctionDef):
            known = {*program.variables(function), *(other.name for other in program.functions())} | BUILTINS
            for name in program.variables(function):
                uses = program.uses(function, name)
                if name in program.parameters(function) or len(uses) < 2 or not isinstance(uses[0].ctx, ast.Store):
                    continue
                for wrong in dict.fromkeys((*misspellings(name), *USUAL)):
                    if wrong not in known:
                        yield self.slip(program.span(uses[0]).start, program.replace(uses[0], wrong), wrong=wrong)


def misspellings(name: str) -> list[str]:
    """How a name is mistyped or misremembered.

    >>> misspellings("new_lst")[:4]
    ['ew_lst', 'nw_lst', 'ne_lst', 'newlst']
    """
    places = range(len(name)) if len(name) > 2 else ()
    dropped = [name[:i] + name[i + 1 :] for i in places]
    swapped = [name[:i] + name[i : i + 2][::-1] + name[i + 2 :] for i in places]
    doubled = [name[:i] + name[i] + name[i:] for i in places]
    capital = [name[:i] + name[i].upper() + name[i + 1 :] for i in places]
    others = [
        name + "s",
        name.capitalize(),
        name.replace("_", ""),
        name.replace("lst", "list"),
        name.replace("list", "lst"),
    ]
    names = dict.fromkeys(dropped + swapped + doubled + capital + others)
    return [wrong for wrong in names if wrong != name and wrong.isidentifier() and not keyword.iskeyword(wrong)]


class MismatchedParameter(Mutator):
    """A parameter has one name in the first line and another in the body."""

    hints = (
        "By which names does {function} know its arguments? Compare its first line with its body.",
        "Is every name that the body of {function} uses one of its parameters or variables?",
        "Where does the body of {function} get its input from? Look at the names.",
        "What does the error message say, and is that name in the first line of {function}?",
        "`{wrong}` is handed to {function}. Where is it used?",
        "Check the line that begins with `def` against the lines below it.",
        "The caller gives {function} a value. Under which name does it arrive?",
        "Are all the parameters of {function} used? If one is not, why?",
    )
    mistakes = (
        "the first line of {function} calls its parameter `{wrong}`, the body uses another name",
        "the parameter `{wrong}` of {function} and the name in its body do not match",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        others = [name for function in program.functions() for name in program.parameters(function)]
        for function in program.functions():
            for argument in function.args.args:
                for wrong in dict.fromkeys(
                    [*others, *misspellings(argument.arg)[-4:], "date", "a", "lst", "seq", "tup"]
                ):
                    if wrong not in program.parameters(function) and program.uses(function, argument.arg):
                        edit = program.replace(argument, wrong)
                        yield self.slip(edit.start, edit, wrong=wrong)


class ShadowedBuiltin(Mutator):
    """A variable gets the name of a built-in, and one of the two is then meant by mistake: `list`, `max`, `sum`."""

    hints = (
        "What does the name `{wrong}` mean to Python {place}?",
        "`{wrong}` already has a meaning in Python. Which one do you want {place}?",
        "Is `{wrong}` one of your variables, something of Python's, or both?",
        "Print `{wrong}` before line {line}. Is it what you think?",
        "Which names in {function} does Python show in another colour? Should they be used like this?",
        "Could a name be in use for two things {place}?",
        "The error message mentions a type. Which name {place} has it?",
        "Did you ever give `{wrong}` a value of your own? And do you still need its old meaning?",
    )
    mistakes = (
        "`{wrong}` does not mean {place} what it is used for",
        "the built-in `{wrong}` and a variable are mixed up {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for function in program.nodes(ast.FunctionDef):
            called = {n.func.id for n in program.nodes(ast.Call, function) if isinstance(n.func, ast.Name)} & BUILTINS
            variables = [name for name in program.variables(function) if name not in BUILTINS]
            for name in variables:
                uses = program.uses(function, name)
                for node in uses:
                    if isinstance(node.ctx, ast.Load):
                        yield self.slip(program.span(node).start, program.replace(node, "list"), wrong="list")
                if name not in program.parameters(function):
                    for wrong in sorted(called):
                        edits = [program.replace(node, wrong) for node in uses]
                        yield self.slip(edits[0].start, *edits, wrong=wrong)


class HardCodedValue(Mutator):
    """A value from the example stands where the parameter is meant: `lst[:3]` where `lst[:k]` is needed."""

    hints = (
        "Where does the number {place} come from? Is it right for every input?",
        "Does {function} use all that it is given? Look at its parameters.",
        "Try {function} with other arguments than in the example. Does line {line} still fit?",
        "Which of the inputs should decide {place}?",
        "A program for one example is not yet one for all. Check line {line}.",
        "What would have to change {place} if the caller asked for something else?",
        "Is a number written down {place} that the caller wants to choose?",
        "Call {function} twice with different arguments. Do the results differ as they should?",
    )
    mistakes = (
        "a fixed value stands {place} where an argument of {function} should decide",
        "line {line} works for one example only",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for function in program.functions():
            for node in program.nodes(ast.Name, function):
                parent = program.parents[node]
                in_range = isinstance(parent, ast.Call) and program.text(parent.func) == "range"
                if node.id in program.parameters(function) and (in_range or isinstance(parent, ast.Slice)):
                    for wrong in ("3", "4", "5"):
                        yield self.slip(program.span(node).start, program.replace(node, wrong))
