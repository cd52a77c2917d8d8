"""Slips with whole statements: at the wrong depth, in the wrong order, missing, left over, wrongly assigned."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.mutators.returns import inner_indents
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram

SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Break, ast.Continue)


def _is_text(statement: ast.stmt) -> bool:
    """A docstring or another comment in quotes."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


class IndentedTooDeep(Mutator):
    """A step that belongs after a loop or branch is indented into it."""

    hints = (
        "When does Python run what stands {place}? Look at how far it is indented.",
        "How often is line {line} executed? How often should it be?",
        "To which block does line {line} belong?",
        "Should the step {place} wait until the block before it has ended?",
        "Follow the loop of {function}. Is line {line} reached in the right rounds?",
        "Does the step {place} depend on the condition above it? Should it?",
        "Imagine the loop has two rounds. What does line {line} do in the first of them?",
        "Indentation is meaning in Python. Say in words when line {line} happens.",
    )
    mistakes = (
        "line {line} belongs to the block around it, but it must come after that block",
        "the step {place} is executed at the wrong moment because of its indentation",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(SIMPLE):
            block = program.block(node)
            index = block.index(node)
            if not index or (isinstance(node, ast.Return) and isinstance(block[index - 1], ast.For | ast.While)):
                continue
            together = [*block[index : index + 2]]
            for indent in inner_indents(program, block[index - 1]):
                yield self.slip(program.span(node).start, program.indented(node, indent))
                if len(together) == 2 and all(isinstance(s, SIMPLE) for s in together):
                    edits = [program.indented(statement, indent) for statement in together]
                    yield self.slip(program.span(node).start, *edits)


class IndentedTooLittle(Mutator):
    """A step that belongs into a loop or branch stands after it."""

    hints = (
        "When does Python run what stands {place}? Look at how far it is indented.",
        "How often is line {line} executed? How often should it be?",
        "Does line {line} still belong to the block above it? Should it?",
        "Should the step {place} be done in every round, or under the condition above it?",
        "Which value do the variables {place} have when the block above has ended?",
        "Is line {line} executed also in cases in which it should not be?",
        "Follow {function} with two elements. How many times does line {line} happen?",
        "Say in words under which condition the step {place} should take place.",
    )
    mistakes = (
        "line {line} stands after the block that it belongs to",
        "the step {place} is not done where it must be done because of its indentation",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(SIMPLE):
            parent, block = program.parents[node], program.block(node)
            if not isinstance(parent, ast.For | ast.While | ast.If) or node is not block[-1] or len(block) == 1:
                continue
            if isinstance(parent, ast.If) and parent.orelse and block is parent.body:
                continue
            outer: ast.AST = parent
            while isinstance(outer, ast.stmt) and isinstance(outer, ast.For | ast.While | ast.If):
                yield self.slip(program.span(node).start, program.indented(node, program.indent(outer)))
                following = program.following(outer)
                if following is not None or isinstance(program.parents[outer], ast.Module):
                    break
                outer = program.parents[outer]


class StatementsSwapped(Mutator):
    """Two steps are done in the wrong order: the element is removed before it is stored."""

    hints = (
        "Does the order of the steps around line {line} matter? Follow them by hand.",
        "What is changed by the first of the steps {place}, and does the next one still find what it needs?",
        "Which step should come first {place}?",
        "Write down the values before and after each of the steps {place}.",
        "Imagine doing the steps {place} with paper cards. Do you still hold the right card?",
        "Is anything used {place} after it was changed or taken away?",
        "All steps of {function} are there. Are they in the right order?",
        "Check the moment at which each thing happens {place}.",
    )
    mistakes = (
        "two steps {place} are in the wrong order",
        "the step {place} happens too early or too late",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((*SIMPLE, ast.If)):
            following = program.following(node)
            if not isinstance(following, (*SIMPLE, ast.If)) or _is_text(node) or _is_text(following):
                continue
            first, second = program.lines(node), program.lines(following)
            if first and second and first.end <= second.start and program.source[: second.end].endswith("\n"):
                one, two = (program.source[span.start : span.end] for span in (first, second))
                between = program.source[first.end : second.start]
                yield self.slip(first.start, Edit(first.start, second.end, two + between + one))


class StatementLost(Mutator):
    """A step is forgotten."""

    hints = (
        "A step seems to be missing in {function}. Follow the variables line by line.",
        "Explain to somebody what {function} does, line by line. Which step do you skip?",
        "Does every variable in {function} get the value that is needed later?",
        "What should happen after each decision in {function}? Is it all there?",
        "Work through a small example with {function}. Where does it stop doing what you would do?",
        "Compare what {function} should do with what it does. Is something never done?",
        "What changes in one round of the work of {function}, and what should change?",
        "Your plan for {function} may be complete; is the code?",
    )
    mistakes = (
        "a step is missing in {function}",
        "{function} never does one of the things that are needed",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.Assign, ast.AugAssign, ast.Expr)):
            function = program.function(node)
            if function is not None and not _is_text(node):
                yield self.slip(program.span(function).start, program.remove(node))


class UnfinishedFunction(Mutator):
    """One of several functions is not written yet."""

    hints = (
        "Have all the functions of the task been written? Look at {function}.",
        "What does {function} do at present?",
        "The task asks for several functions. Which of them is not finished?",
        "What should {function} give back, and how could you find that out? You may use your other functions.",
        "There is a function without a body of its own. Begin with what it gets and what it should give.",
        "Plan {function} in words first: what has to be counted, compared or looked up?",
        "Call each of your functions once. Which one answers nothing?",
        "Could {function} be written like one of its neighbours? What is different about it?",
    )
    mistakes = (
        "{function} is not written yet",
        "{function} has no code that computes its result",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        functions = program.functions()
        for function in functions if len(functions) > 1 else []:
            lines = [program.lines(statement) for statement in (function.body[0], function.body[-1])]
            if None in lines:
                continue
            start, end = program.span(function.body[0]).start, program.span(function.body[-1]).end
            for wrong in ("pass", "return", "return True", "return False"):
                yield self.slip(program.span(function).start, Edit(start, end, wrong))


class LeftoverPrint(Mutator):
    """A `print` from the search for the bug was left in the program."""

    hints = (
        "What does your program write to the screen besides its result?",
        "Is the output {place} part of what the task asks for?",
        "The tests compare everything that is printed. Is there more than expected?",
        "Which lines of {function} were only there to look inside?",
        "Compare your output with the expected one, line by line. Where do the others come from?",
        "Does line {line} do anything for the result?",
        "Have you tidied up after testing? Look at line {line}.",
        "Is anything shown that nobody asked for?",
    )
    mistakes = (
        "line {line} prints something that the task does not ask for",
        "a line that was only there for testing is left {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.Assign, ast.AugAssign, ast.Expr)):
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                target = getattr(node.value.func, "value", None)
            if isinstance(target, ast.Name) and program.function(node):
                edit = program.insert_after(node, f"print({target.id})", program.indent(node))
                yield self.slip(edit.end if edit else 0, edit)
