"""Slips in loops: bounds, headers, updates, what is visited."""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


class MissingUpdate(Mutator):
    """In a `while` loop nothing brings the end nearer: the counter is not increased, the list not shortened."""

    hints = (
        "What changes from one round of the `while` loop of {function} to the next?",
        "Will the condition of the `while` loop of {function} ever become false? What would have to change?",
        "Your program may never stop. Which variable should bring the loop of {function} to its end?",
        "Follow the variables of the loop condition over two rounds. Do they move?",
        "A `while` loop does not step forward by itself. Who does it in {function}?",
        "Print the loop's variables in every round of {function}. Does each of them change as you expect?",
        "Something that you do once should happen in every round of the loop of {function}, or is missing altogether.",
        "Compare the state before and after one round of the loop. Is there any progress?",
    )
    mistakes = (
        "nothing in the loop of {function} brings its end nearer",
        "a variable in the condition of the `while` loop of {function} is not updated",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes(ast.While):
            tested = {n.id for n in ast.walk(loop.test) if isinstance(n, ast.Name)}
            for node in program.nodes((ast.Assign, ast.AugAssign, ast.Expr), loop):
                target = node.value if isinstance(node, ast.Expr) else node
                names = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
                if names & tested:
                    yield self.slip(program.span(loop).start, program.remove(node))


class MutatesWhatIsIterated(Mutator):
    """A list is changed while a loop runs over it, so that elements are skipped."""

    hints = (
        "What happens to the positions of a list when an element is removed during a loop over it?",
        "Does the loop {place} see every element, although the list changes meanwhile?",
        "Print the list and the loop variable in every round of {function}. Is an element skipped?",
        "Which list does the loop {place} run over, and which list does its body change?",
        "Follow the loop {place} with two equal elements next to each other.",
        "Is it safe to change `{name}` while the loop is still going through it?",
        "The loop {place} counts on `{name}` staying as it is. Does it stay so?",
        "After something was taken out of `{name}`, where does the loop {place} continue?",
    )
    mistakes = (
        "`{name}` is changed while the loop {place} runs over it, so elements are skipped",
        "the loop {place} goes through a list that its own body changes",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes(ast.For):
            copied = copy_of(loop.iter)
            if copied is not None and isinstance(copied, ast.Name):
                at = program.span(loop).start
                yield self.slip(at, program.replace(loop.iter, copied.id), name=copied.id)
            if not isinstance(loop.iter, ast.Name) or not isinstance(loop.target, ast.Name):
                continue
            for node in program.nodes(ast.Expr, loop):
                call = node.value
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
                    text = f"{loop.iter.id}.remove({loop.target.id})"
                    edit = program.insert_after(node, text, program.indent(node))
                    yield self.slip(program.span(loop).start, edit, name=loop.iter.id)


def copy_of(node: ast.expr) -> ast.expr | None:
    """x in x[:], list(x), x.copy() and copy.copy(x)."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return node.value if not (node.slice.lower or node.slice.upper or node.slice.step) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "list" and node.args:
        return node.args[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "deepcopy"):
        return node.args[0] if node.args else node.func.value
    return None


class BreakAndContinue(Mutator):
    """It is unclear what `break`, `continue` and `pass` do: the loop goes on where it should end, or ends too early."""

    hints = (
        "What should happen to the loop {place}: go on, skip the rest of the round, or end?",
        "Follow the loop of {function} through the round in which Python comes to line {line}. What happens next?",
        "Does the loop of {function} stop at the right moment?",
        "What is still done after the moment in which the loop has found what it looks for?",
        "Which statement ends a loop, which one only a round, and which one does nothing? Check line {line}.",
        "Does {function} look at more, or at fewer, elements than it should?",
        "Count the rounds of the loop of {function} for a small input.",
        "Once the case {place} has occurred, should the loop see the other elements?",
    )
    mistakes = (
        "the loop of {function} does not go on, or end, as it should {place}",
        "the wrong thing happens to the loop {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes((ast.Break, ast.Continue)):
            at = program.span(node).start
            for wrong in {"break": ("continue", "pass"), "continue": ("break",)}[program.text(node)]:
                yield self.slip(at, program.replace(node, wrong))
            if isinstance(node, ast.Break):
                yield self.slip(at, program.remove(node))


class ReusedLoopVariable(Mutator):
    """A name that is still needed is used for another loop's variable."""

    hints = (
        "What was `{name}` before the loop {place}, and what is it afterwards?",
        "Is the name `{name}` used for two different things in {function}?",
        "Which value does `{name}` have when the loop {place} has run once?",
        "Check the names of the loop variables in {function}. Is one of them taken already?",
        "Print `{name}` before and after the loop {place}. Do you still have what you need?",
        "The loop {place} overwrites something. Is it needed later?",
        "Every thing needs a name of its own. Is this so for `{name}`?",
        "Follow `{name}` through {function}, line by line. Does its meaning change?",
    )
    mistakes = (
        "the loop {place} overwrites `{name}`, which is still needed",
        "`{name}` is used for two things in {function}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes(ast.For):
            function = program.function(loop)
            if function is None or not isinstance(loop.target, ast.Name):
                continue
            used = [node for node in program.nodes(ast.Name, loop) if node.id == loop.target.id]
            outer = [n for a in program.ancestors(loop) if isinstance(a, ast.For) for n in ast.walk(a.target)]
            taken = program.parameters(function) + [n.id for n in outer if isinstance(n, ast.Name)]
            for name in dict.fromkeys(taken):
                if name != loop.target.id:
                    edits = [program.replace(node, name) for node in used]
                    yield self.slip(program.span(loop).start, *edits, name=name)


class WhileAndFor(Mutator):
    """The kinds of loops are mixed up: `for x in lst` where `while lst` is needed, `while i in range(n)` for `for`."""

    hints = (
        "How many rounds does the loop {place} make, and what decides about it?",
        "Which kind of loop fits {place}: one for each element, or one that lasts as long as something holds?",
        "Does the loop {place} still make all its rounds when the list changes?",
        "Who gives the variable of the loop {place} its value?",
        "Do you know beforehand how often the loop {place} runs? What does this say about its kind?",
        "Read the header {place} aloud. Is it a condition or a collection?",
        "Count the rounds of the loop {place} for a list of four elements.",
        "What happens to the number of rounds when the body of the loop {place} takes elements out?",
    )
    mistakes = (
        "the loop {place} is of the wrong kind",
        "the header of the loop {place} does not make the rounds that are needed",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes((ast.While, ast.For)):
            at = program.span(loop).start
            if isinstance(loop, ast.While):
                sequence = _waited_for(loop.test)
                name = next((name for name in ("i", "x", "n", "element") if name not in program.defined()), None)
                if sequence and name:
                    end = program.span(loop.test).end
                    yield self.slip(at, Edit(at, end, f"for {name} in {sequence}"))
                    yield self.slip(at, Edit(at, end, f"for {name} in range(len({sequence}))"))
            else:
                yield self.slip(at, Edit(at, at + len("for"), "while"))


def _waited_for(test: ast.expr) -> str | None:
    """s in `while s`, `while s != []` and `while len(s) > 0`."""
    node = test.left if isinstance(test, ast.Compare) else test
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and node.args:
        node = node.args[0]
    return node.id if isinstance(node, ast.Name) else None


class IfForWhile(Mutator):
    """Something that must be repeated is done once: `if` stands where `while` is needed."""

    hints = (
        "How often is the block {place} executed? How often should it be?",
        "Is it enough to do what stands below line {line} once?",
        "Try an input for which the block {place} is needed more than once.",
        "Does {function} repeat what has to be repeated?",
        "After the block {place} has run, is everything done, or is there more of the same?",
        "What would have to happen {place} until nothing is left to do?",
        "Count the elements in the result of {function}. Where should the others have come from?",
        "The condition {place} is asked once. Could it be true again afterwards?",
    )
    mistakes = (
        "the block {place} runs only once although it must be repeated",
        "{function} does its work {place} for one element only",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for loop in program.nodes(ast.While):
            inside = [n for n in ast.walk(loop) if isinstance(n, ast.Break | ast.Continue)]
            if not inside:
                at = program.span(loop).start
                yield self.slip(at, Edit(at, at + len("while"), "if"))
