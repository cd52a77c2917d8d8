"""Slips in conditions: boundaries, directions, and, or, not, elif, edge cases."""

import ast
from collections.abc import Iterator
from typing import ClassVar

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram


def comparisons(program: ParsedProgram) -> Iterator[tuple[ast.Compare, ast.expr, ast.cmpop, ast.expr]]:
    """Every comparison of two neighbours: (whole, left, operator, right)."""
    for node in program.nodes(ast.Compare):
        yield from (
            (node, left, operator, right)
            for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
        )


def emptiness_tests(program: ParsedProgram) -> Iterator[tuple[ast.expr, str]]:
    """`len(s) == 0` and `not s`, with the text of s."""
    for negation in program.nodes(ast.UnaryOp):
        if isinstance(negation.op, ast.Not) and isinstance(negation.operand, ast.Name):
            yield negation, negation.operand.id
    for _, left, operator, right in comparisons(program):
        test = program.parents[left]
        is_zero = isinstance(operator, ast.Eq) and program.text(right) == "0"
        if (
            is_zero
            and isinstance(left, ast.Call)
            and program.text(left.func) == "len"
            and isinstance(test, ast.Compare)
        ):
            yield test, program.text(left)[len("len(") : -1]


class ComparisonOperator(Mutator):
    """A mutator that exchanges the operator of a comparison."""

    exchanges: ClassVar[dict[type[ast.cmpop], tuple[str, ...]]]

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for _, left, operator, right in comparisons(program):
            span = program.between(left, right)
            for wrong in self.exchanges.get(type(operator), ()):
                names = {"left": program.text(left), "right": program.text(right)}
                yield self.slip(span.start, Edit(span.start, span.end, wrong), **names)


class ComparisonBoundary(ComparisonOperator):
    """Equal values fall on the wrong side: `x < seq[i]` where `x <= seq[i]` is needed."""

    exchanges: ClassVar[dict[type[ast.cmpop], tuple[str, ...]]] = {
        ast.Lt: ("<=",),
        ast.LtE: ("<",),
        ast.Gt: (">=",),
        ast.GtE: (">",),
    }
    hints = (
        "What happens {place} when `{left}` and `{right}` are equal?",
        "Look at the comparison {place}. Does it do the right thing for two equal values?",
        "Try an input for which `{left}` equals `{right}`. Does {function} still do what the task asks?",
        "Your comparison {place} decides about the boundary case too. On which side should equality fall?",
        "Think about the exact moment when `{left}` reaches `{right}`. Should the condition {place} hold then?",
        "The condition {place} is nearly right. Which single case does it put on the wrong side?",
        "Check the boundary {place}: is the limit itself meant to be included or not?",
        "Trace {function} with values that are the same. Is the branch {place} the one you want?",
        "Is the comparison {place} strict when it should not be, or the other way round?",
    )
    mistakes = (
        "the comparison {place} puts equal values on the wrong side",
        "the boundary case, `{left}` equal to `{right}`, is treated wrongly {place}",
    )


class LooseEquality(ComparisonOperator):
    """ "Exactly" is tested as "at most", "at least" or "more than": `count <= 1` where `count == 1` is needed."""

    exchanges: ClassVar[dict[type[ast.cmpop], tuple[str, ...]]] = {
        ast.Eq: ("<=", ">=", ">", "<"),
        ast.NotEq: (">", "<"),
        ast.GtE: ("==",),
        ast.LtE: ("==",),
        ast.Gt: ("==",),
        ast.Lt: ("==",),
    }
    hints = (
        "For which values of `{left}` is the condition {place} true? Are these all the ones you want, and only those?",
        "List what `{left}` can be. Does the test {place} treat each of these values as the task says?",
        "Does the comparison {place} say exactly, at least or at most? Which of them does the task ask for?",
        "What does {function} answer if `{left}` is smaller than `{right}`, equal to it, or larger?",
        "Check the test {place} with the smallest value that `{left}` can have.",
        "The comparison {place} accepts other values than the task means. Try a few by hand.",
        "Read the task once more: how should `{left}` relate to `{right}` {place}?",
        "Is there an input for which the condition {place} holds by accident? Think of extreme cases.",
    )
    mistakes = (
        "the comparison of `{left}` and `{right}` {place} holds for the wrong set of values",
        "the test {place} mixes up exactly with at least or at most",
    )


class ReversedComparison(ComparisonOperator):
    """The comparison points the wrong way: the smallest is kept where the largest is wanted."""

    exchanges: ClassVar[dict[type[ast.cmpop], tuple[str, ...]]] = {
        ast.Lt: (">", ">="),
        ast.Gt: ("<", "<="),
        ast.LtE: (">=", ">"),
        ast.GtE: ("<=", "<"),
    }
    hints = (
        "Read the comparison {place} aloud. Is it true in the cases in which you want it to be?",
        "Which of the two, `{left}` or `{right}`, should be the larger one for the branch {place}?",
        "Try two small numbers for `{left}` and `{right}` {place}. Is the right branch taken?",
        "What is {function} looking for: large values first or small ones? Compare this with the test {place}.",
        "Check the direction of the comparison {place}.",
        "With the condition {place}, which values survive? Are these the ones the task asks for?",
        "Work through a list of two elements. Does the comparison {place} choose the one you expect?",
        "Your result may come out the wrong way round. Which comparison decides about the order?",
        "Imagine `{left}` is much bigger than `{right}`. What should happen {place}, and what does happen?",
    )
    mistakes = (
        "the comparison of `{left}` and `{right}` {place} points the wrong way",
        "the condition {place} is true exactly when it should be false",
    )


class InvertedCondition(Mutator):
    """A `not` is missing or too many: `if x in seen` where `if x not in seen` is needed."""

    exchanges: ClassVar[dict[type[ast.cmpop], str]] = {
        ast.NotIn: "in",
        ast.In: "not in",
        ast.NotEq: "==",
        ast.Eq: "!=",
        ast.IsNot: "is",
        ast.Is: "is not",
    }
    hints = (
        "When should the condition {place} be true? Say it in a sentence and compare it with the code.",
        "Does the branch {place} run in the cases in which you want it to, or in all the others?",
        "Check the truth value of the condition {place} for the very first element.",
        "The test {place} sorts the cases into two groups. Have the groups been exchanged?",
        "Trace {function} with a small input. Is the condition {place} ever true when it should be?",
        "What does the condition {place} mean for a value that you have not met before?",
        "Suppose the condition {place} holds. Is what your program does next really meant for that case?",
        "Say in words which cases the test {place} is meant to let through.",
    )
    mistakes = (
        "the condition {place} is the opposite of what is needed",
        "the branch {place} is taken in the wrong cases",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for _, left, operator, right in comparisons(program):
            if wrong := self.exchanges.get(type(operator)):
                span = program.between(left, right)
                yield self.slip(span.start, Edit(span.start, span.end, wrong), left=program.text(left))
        for node in program.nodes(ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                yield self.slip(program.span(node).start, program.replace(node, program.text(node.operand)))
        for branch in program.nodes((ast.If, ast.While)):
            if isinstance(branch.test, ast.Name | ast.Call):
                yield self.slip(
                    program.span(branch).start, program.replace(branch.test, f"not {program.text(branch.test)}")
                )


class AndForOr(Mutator):
    """`and` and `or` are mixed up, as in speech: "if the list is a tuple and a list is empty"."""

    hints = (
        "Must both parts of the condition {place} hold, or is one enough?",
        "Write down the four combinations of true and false for the condition {place}. Which should give true?",
        "Is there any value for which both parts of the test {place} are true at the same time?",
        "Check how the two parts of the condition {place} are joined.",
        "The condition {place} combines two tests. Find a case where only one of them is true: what should happen?",
        "In everyday language the two connecting words are easily mixed up. What does Python take {place} to mean?",
        "Does the combined condition {place} let through too much, or too little?",
        "Test the parts of the condition {place} one at a time with a failing input.",
    )
    mistakes = (
        "the two parts of the condition {place} are joined by the wrong word",
        "the combined condition {place} holds in too many or too few cases",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.BoolOp):
            wrong = "or" if isinstance(node.op, ast.And) else "and"
            spans = [program.between(a, b) for a, b in zip(node.values, node.values[1:], strict=False)]
            yield self.slip(spans[0].start, *(Edit(span.start, span.end, wrong) for span in spans))


class SharedComparison(Mutator):
    """One comparison is thought to serve two values: `s == () or []` where `s == () or s == []` is needed."""

    hints = (
        "Python reads the parts of the condition {place} separately. What is the value of the last part alone?",
        "Evaluate each part of the condition {place} by itself. Is each of them a complete question?",
        "What is `{lonely}` compared with {place}?",
        "In speech you can leave words out; in the condition {place} you cannot. Is every part a test of its own?",
        "Which truth value does `{lonely}` have on its own {place}?",
        "Type the last part of the condition {place} into Python. Does its value depend on your input?",
        "The condition {place} does not test what it seems to. Look at what stands after the connecting word.",
        "Does the second part of the test {place} know what it should be compared to?",
    )
    mistakes = (
        "`{lonely}` stands alone in the condition {place} and is compared with nothing",
        "the comparison {place} applies to its first value only",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for test, name in emptiness_tests(program):
            for empty, lonely in (("()", "[]"), ("[]", "()")):
                for word in ("or", "and"):
                    edit = program.replace(test, f"{name} == {empty} {word} {lonely}")
                    yield self.slip(edit.start, edit, lonely=lonely)
        for node in program.nodes(ast.BoolOp):
            for first, second in zip(node.values, node.values[1:], strict=False):
                if (
                    isinstance(first, ast.Compare)
                    and isinstance(second, ast.Compare)
                    and program.text(first.left) == program.text(second.left)
                    and len(second.ops) == 1
                ):
                    lonely = program.text(second.comparators[0])
                    yield self.slip(program.span(second).start, program.replace(second, lonely), lonely=lonely)


class LostCondition(Mutator):
    """One of several conditions is forgotten: `if not lst` where `if not lst or k == 0` is needed."""

    hints = (
        "Does the condition {place} cover every case that it should? Go through the cases of the task.",
        "Something more has to be checked {place} before your program may go on.",
        "Find an input for which the condition {place} gives the wrong answer. What distinguishes it from the others?",
        "The test {place} is correct as far as it goes. Which case have you not asked about?",
        "Read the task again: how many requirements are there for the decision {place}?",
        "Are there inputs that take the branch {place} although they should not, or miss it although they should?",
        "Think about special inputs of {function}. Is each kind recognised {place}?",
        "Your condition {place} looks at one thing only. Is that enough?",
    )
    mistakes = (
        "the condition {place} forgets one of the cases",
        "the decision {place} needs one more test",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            for lost in node.values:
                kept = word.join(program.text(value) for value in node.values if value is not lost)
                yield self.slip(program.span(node).start, program.replace(node, kept))
        for chain in program.nodes(ast.Compare):
            if len(chain.ops) == 2:
                whole, middle = program.span(chain), program.span(chain.comparators[0])
                yield self.slip(whole.start, Edit(middle.end, whole.end, ""))
                yield self.slip(whole.start, Edit(whole.start, middle.start, ""))


class ElifForIf(Mutator):
    """`elif` and `if` are taken for the same: a question is asked too often, or not at all."""

    hints = (
        "Should the question {place} still be asked when the one before it was answered with yes?",
        "How many of the branches around line {line} may run for one input? How many do run?",
        "Follow an input for which the first of the conditions is true. What happens {place}?",
        "Which tests belong together as one decision? Look at how the one {place} is connected to the one before.",
        "Is the condition {place} an alternative to the one before, or a question of its own?",
        "Check how the branch {place} is tied to the branch above it.",
        "Two conditions of {function} can be true for the same input. What happens then?",
        "Draw the decisions of {function} as a tree. Where does the one {place} hang?",
    )
    mistakes = (
        "the condition {place} is tied to the one before it in the wrong way",
        "it depends on the branch before whether the test {place} is made, and it should be the other way round",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.If):
            span = program.span(node)
            if program.source.startswith("elif", span.start):
                yield self.slip(span.start, Edit(span.start, span.start + 4, "if"))
            else:
                block = program.block(node)
                before = block[block.index(node) - 1] if block.index(node) else None
                if isinstance(before, ast.If) and not _has_else(program, before):
                    yield self.slip(span.start, Edit(span.start, span.start + 2, "elif"))


def _has_else(program: ParsedProgram, node: ast.If) -> bool:
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and _is_elif(program, node.orelse[0]):
        node = node.orelse[0]
    return bool(node.orelse)


def _is_elif(program: ParsedProgram, node: ast.If) -> bool:
    return program.source.startswith("elif", program.span(node).start)
