"""Slips after which Python cannot read the program at all."""

import ast
import re
from collections.abc import Iterator

from feedback_lightning.synthesis.mutators.base import Mutation, Mutator
from feedback_lightning.synthesis.parsed_program import INDENT, Edit, ParsedProgram

KEYWORDS = {
    "return": ("retrun", "retun", "Return"), "while": ("whlie", "While"), "for": ("For", "fro"), "if": ("If",),
    "elif": ("else if", "elseif", "elf"), "else": ("els", "esle"), "in": ("im", ""), "def": ("Def", "fed"),
    "not": ("Not", "!"), "and": ("And", "&&"), "or": ("Or", "||"), "True": ("true",), "False": ("false",),
    "None": ("none", "null"), "break": ("brake", "Break"), "continue": ("countinue", "Continue"),
}  # fmt: skip
SIGNS = {"<=": ("=<", "< ="), ">=": ("=>", "> ="), "!=": ("=!", "<>"), "+=": ("+ =",), "==": ("===", "= =")}


class MissingColon(Mutator):
    """The colon at the end of a header is forgotten."""

    parses = False
    repeats = False
    hints = (
        "Python cannot read line {line}. What is missing at its end?",
        "How does Python know that a block begins? Look at the end of line {line}.",
        "Compare line {line} with other lines that begin a block.",
        "Where does the error message point? Look there and a little before it.",
        "Something small is missing {place}.",
        "Read line {line} to its very last sign.",
        "Each header of a loop, branch or function ends in the same way. Does the one {place}?",
        "The sign that introduces a block: is it there {place}?",
    )
    mistakes = (
        "the header {place} is not finished",
        "Python does not see that a block begins {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        headers = [*program.nodes((ast.If, ast.For, ast.While)), *program.nodes(ast.FunctionDef)]
        starts = [(program.span(node).start, node.body[0]) for node in headers]
        for start, first in starts:
            before = program.source[start : program.span(first).start]
            colon = re.search(r":[ \t]*(#[^\n]*)?\n\s*\Z", before)
            if colon:
                at = start + colon.start()
                yield self.slip(start, Edit(at, at + 1, ""))
        for match in re.finditer(r"(?m)^\s*else\s*(:)", program.source):
            yield self.slip(match.start(1), Edit(match.start(1), match.end(1), ""))


class UnclosedPair(Mutator):
    """A bracket or quote has no partner."""

    parses = False
    repeats = False
    hints = (
        "Count the brackets {place}.",
        "Does every opening bracket {place} have a closing one, and the other way round?",
        "Python cannot read line {line}. Look at brackets and quotes.",
        "The error may be reported one line late. Look at what is opened and closed {place}.",
        "Go through line {line} from left to right and pair up the brackets and quotes.",
        "Something that was opened {place} is never closed, or closed too often.",
        "Is every pair complete {place}?",
        "Which sign has no partner {place}?",
    )
    mistakes = (
        "a bracket or quote {place} has no partner",
        "brackets or quotes do not match {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for span, string in program.tokens:
            if string in (")", "]", "}"):
                yield self.slip(span.start, Edit(span.start, span.end, ""))
                yield self.slip(span.start, Edit(span.end, span.end, string))
            elif string[0] in "'\"" and not string.startswith(("'''", '"""')):
                yield self.slip(span.start, Edit(span.end - 1, span.end, ""))


class AssignmentInCondition(Mutator):
    """A single equals sign is used to compare."""

    parses = False
    hints = (
        "How is a comparison for equality written? Look at line {line}.",
        "Python cannot read the condition {place}.",
        "Does the sign {place} ask a question or give an order?",
        "To compare and to assign are different things. Which one do you want {place}?",
        "Look at the sign in the middle of the condition {place}.",
        "Line {line} seems to store something. Is this what you mean?",
        "What is the difference between a name getting a value and a name having a value? See line {line}.",
        "Check each sign in the condition {place}.",
    )
    mistakes = (
        "the condition {place} assigns where it should compare",
        "the sign for storing a value is used in the condition {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for span, string in program.tokens:
            if string == "==":
                yield self.slip(span.start, Edit(span.start, span.end, "="))


class BrokenIndentation(Mutator):
    """Lines of one block are not indented equally, or a block is not indented at all."""

    parses = False
    repeats = False
    hints = (
        "Are the lines of a block all indented by the same amount? Look at line {line}.",
        "Python complains about indentation. Compare line {line} with its neighbours.",
        "Which block should line {line} belong to? Does its beginning show it?",
        "Count the spaces at the beginning of line {line}.",
        "After a line that opens a block, what does Python expect? Look at line {line}.",
        "Make the blanks at the beginnings of lines visible and look at line {line}.",
        "Is line {line} where you want it to be?",
        "The lines around line {line} do not stand exactly below each other.",
    )
    mistakes = (
        "line {line} is not indented like the block that it belongs to",
        "Python cannot tell the block of line {line} from its indentation",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for node in program.nodes(ast.stmt):
            span = program.span(node)
            if program.lines(node) is None or isinstance(program.parents[node], ast.Module):
                continue
            indent = program.indent(node)
            line_start = span.start - len(indent)
            for wrong in (indent + INDENT, indent + " ", indent[:-1], indent.removesuffix(INDENT)):
                yield self.slip(span.start, Edit(line_start, span.start, wrong))


class MisspeltKeyword(Mutator):
    """A word or sign of the language is misremembered: `else if`, `retrun`, `=<`, `true`."""

    parses = False
    hints = (
        "Does Python know all the words and signs {place}?",
        "Python cannot make sense of line {line}. Check its spelling.",
        "How is this written in Python? Compare line {line} with your notes.",
        "Other languages write it this way. What does Python use {place}?",
        "Look at small and capital letters and at the order of signs {place}.",
        "One word or sign {place} is not part of the language.",
        "Read line {line} letter by letter.",
        "Which part of line {line} is not shown in the colour that you expect?",
    )
    mistakes = (
        "a word or sign {place} is not written as Python wants it",
        "Python does not know something {place}",
    )

    def places(self, program: ParsedProgram) -> Iterator[Mutation | None]:
        for span, string in program.tokens:
            for wrong in KEYWORDS.get(string, ()) + SIGNS.get(string, ()):
                yield self.slip(span.start, Edit(span.start, span.end, wrong))
