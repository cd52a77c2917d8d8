"""A program's text together with its syntax tree, so that edits can replace exact stretches of the text.

Positions are offsets in characters. An edit changes what it names and nothing else: the author's spaces, comments and
line breaks stay. (Python's `ast` gives the positions; what it does not place, such as operators, the tokens do.)

What is not covered: programs that do not parse, several statements in one line, which no edit of lines touches, and
what stands inside f-strings, for which Python 3.11 does not know the places.
"""

import ast
import builtins
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, overload

Node = TypeVar("Node", bound=ast.AST)
A = TypeVar("A", bound=ast.AST)
B = TypeVar("B", bound=ast.AST)
C = TypeVar("C", bound=ast.AST)
BUILTINS = frozenset(dir(builtins))
INDENT = "    "


@dataclass(frozen=True)
class Span:
    """source[start:end]."""

    start: int
    end: int


@dataclass(frozen=True, order=True)
class Edit:
    """Replace source[start:end]."""

    start: int
    end: int
    replacement: str


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The source after edits that do not overlap.

    >>> apply("x < y", [Edit(2, 3, "<="), Edit(4, 5, "len(y)")])
    'x <= len(y)'
    """
    parts, position = [], 0
    for edit in sorted(edits):
        if edit.start < position:
            raise ValueError(f"{edit} overlaps the edit before it")
        parts += [source[position : edit.start], edit.replacement]
        position = edit.end
    return "".join([*parts, source[position:]])


def parse(source: str) -> ast.Module:
    """Parse silently: novices' programs are full of what Python warns about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def parses(source: str) -> bool:
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def names_in_f_strings(tree: ast.AST) -> set[str]:
    """Names that cannot be edited, since Python 3.11 does not know their places there.

    >>> names_in_f_strings(parse("print(f'{a} of {b[c]}', d)")) == {"a", "b", "c"}
    True
    """
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return {part.id for text in texts for part in ast.walk(text) if isinstance(part, ast.Name)}


class ParsedProgram:
    """A program that parses.

    Args:
        source: its text, with "\\n" at line ends.
        beside: the text of another correct program for the same problem, where one is at hand.

    Raises:
        SyntaxError: if it does not parse.
    """

    def __init__(self, source: str, beside: str | None = None) -> None:
        self.source, self.beside = source, beside
        self.tree = parse(source)
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def tokens(self) -> list[tuple[Span, str]]:
        """The tokens that mean something: no white space, no comments."""
        skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        return [
            (Span(self._starts[t.start[0] - 1] + t.start[1], self._starts[t.end[0] - 1] + t.end[1]), t.string)
            for t in tokenize.generate_tokens(io.StringIO(self.source).readline)
            if t.type not in skipped and t.string
        ]

    @cached_property
    def _sorted_nodes(self) -> list[ast.AST]:
        inside = {part for text in ast.walk(self.tree) if isinstance(text, ast.JoinedStr) for part in ast.walk(text)}
        inside -= {node for node in inside if isinstance(node, ast.JoinedStr)}
        nodes: list[Any] = [n for n in ast.walk(self.tree) if hasattr(n, "lineno") and n not in inside]
        return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))

    @overload
    def nodes(self, kind: type[A], within: ast.AST | None = None) -> Iterator[A]: ...
    @overload
    def nodes(self, kind: tuple[type[A], type[B]], within: ast.AST | None = None) -> Iterator[A | B]: ...
    @overload
    def nodes(self, kind: tuple[type[A], type[B], type[C]], within: ast.AST | None = None) -> Iterator[A | B | C]: ...
    @overload
    def nodes(self, kind: tuple[type[A], ...], within: ast.AST | None = None) -> Iterator[A]: ...

    def nodes(self, kind: Any, within: ast.AST | None = None) -> Iterator[Any]:
        """All nodes of a kind, or of several, in the order of the text."""
        for node in self._sorted_nodes:
            if isinstance(node, kind) and (within is None or (within is not node and within in self.ancestors(node))):
                yield node

    def span(self, node: ast.AST) -> Span:
        """Where an expression or statement stands, without parentheses around it."""
        assert isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Span(self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset))

    def _offset(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        if not text.isascii():  # ast counts UTF-8 bytes
            column = len(text.encode()[:column].decode())
        return self._starts[line - 1] + column

    def text(self, node: ast.AST) -> str:
        span = self.span(node)
        return self.source[span.start : span.end]

    def operand(self, node: ast.AST) -> str:
        """A node's text as the operand of a comparison: in parentheses where they are needed."""
        loose = (ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr)
        negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        return f"({self.text(node)})" if isinstance(node, loose) or negated else self.text(node)

    def replace(self, node: ast.AST, text: str) -> Edit:
        span = self.span(node)
        return Edit(span.start, span.end, text)

    def between(self, left: ast.AST, right: ast.AST) -> Span:
        """The operator between two operands, such as `<=`, `not in` or the comma of a call."""
        start, end = self.span(left).end, self.span(right).start
        found = [span for span, string in self._tokens_in(start, end) if string not in ("(", ")")]
        return Span(found[0].start, found[-1].end)

    def operator(self, left: ast.AST, right: ast.AST) -> str:
        span = self.between(left, right)
        return self.source[span.start : span.end]

    def _tokens_in(self, start: int, end: int) -> list[tuple[Span, str]]:
        first = bisect_right(self.tokens, start, key=lambda token: token[0].end)
        last = bisect_right(self.tokens, end, key=lambda token: token[0].end)
        return [token for token in self.tokens[first:last] if token[0].start >= start]

    def keyword(self, node: ast.AST, word: str) -> Span | None:
        """The first token `word` in a node's text."""
        span = self.span(node)
        return next((token for token, string in self._tokens_in(span.start, span.end) if string == word), None)

    # Lines and blocks

    def line_of(self, offset: int) -> int:
        """The line, from 1, that holds an offset."""
        return bisect_right(self._starts, offset, hi=len(self._lines))

    def start_of_line(self, index: int) -> int:
        """The offset at which a line begins, counted from 0; of the line behind the last one, behind the text."""
        return self._starts[index]

    def lines(self, statement: ast.stmt) -> Span | None:
        """The whole lines of a statement with their comments and line ends; None if it shares a line with others."""
        span = self.span(statement)
        start = self._starts[self.line_of(span.start) - 1]
        end = self._starts[self.line_of(max(span.end - 1, span.start))]
        rest = self.source[span.end : end].strip()
        if self.source[start : span.start].strip() or (rest and not rest.startswith("#")):
            return None
        return Span(start, min(end, len(self.source)))

    def indent(self, statement: ast.stmt) -> str:
        span = self.span(statement)
        start = self._starts[self.line_of(span.start) - 1]
        return re.match(r"\s*", self.source[start : span.start])[0]  # type: ignore[index]

    def deeper(self, block: list[ast.stmt]) -> str:
        """The indentation of a block's statements, also where it stands behind its header."""
        return self.indent(block[0]) if self.lines(block[0]) else self.indent(block[0]) + INDENT

    def remove(self, statement: ast.stmt) -> Edit | None:
        """Delete a statement's lines; `pass` stays where the block would be empty."""
        lines = self.lines(statement)
        if lines is None:
            return None
        if len(self.block(statement)) == 1:
            return self.replace(statement, "pass")
        return Edit(lines.start, lines.end, "")

    def insert_after(self, statement: ast.stmt, text: str, indent: str) -> Edit | None:
        """A new line below a statement."""
        lines = self.lines(statement)
        if lines is None:
            return None
        newline = "" if self.source[: lines.end].endswith("\n") else "\n"
        return Edit(lines.end, lines.end, f"{newline}{indent}{text}\n")

    def insert_before(self, statement: ast.stmt, text: str) -> Edit | None:
        """A new line above a statement, indented like it."""
        lines = self.lines(statement)
        return None if lines is None else Edit(lines.start, lines.start, f"{self.indent(statement)}{text}\n")

    def indented(self, statement: ast.stmt, indent: str) -> Edit | None:
        """Give a statement's lines another indentation."""
        lines, text = self.lines(statement), self.shifted(statement, indent)
        return None if lines is None or text is None else Edit(lines.start, lines.end, text)

    def shifted(self, statement: ast.stmt, indent: str) -> str | None:
        """A statement's lines at another indentation."""
        lines = self.lines(statement)
        if lines is None:
            return None
        old = self.indent(statement)
        text = self.source[lines.start : lines.end]
        moved = [
            indent + line.removeprefix(old) if line.startswith(old) and line.strip() else line
            for line in text.split("\n")
        ]
        return "\n".join(moved)

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements of the block that a statement stands in."""
        parent = self.parents[statement]
        for name in ("body", "orelse", "finalbody", "handlers"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and statement in block:
                return block
        raise AssertionError("a statement stands in a block")

    def following(self, statement: ast.stmt) -> ast.stmt | None:
        """The next statement of the same block."""
        block = self.block(statement)
        index = block.index(statement)
        return block[index + 1] if index + 1 < len(block) else None

    # Ancestors and names

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def enclosing(self, node: ast.AST, kind: type[Node] | tuple[type[Node], ...]) -> Node | None:
        """The innermost ancestor of a kind."""
        return next((ancestor for ancestor in self.ancestors(node) if isinstance(ancestor, kind)), None)

    def function(self, node: ast.AST) -> ast.FunctionDef | None:
        return node if isinstance(node, ast.FunctionDef) else self.enclosing(node, ast.FunctionDef)

    def statement(self, node: ast.AST) -> ast.stmt:
        found = node if isinstance(node, ast.stmt) else self.enclosing(node, ast.stmt)
        assert found is not None
        return found

    def functions(self) -> list[ast.FunctionDef]:
        """The functions of the program's top level."""
        return [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]

    def parameters(self, function: ast.FunctionDef) -> list[str]:
        return [argument.arg for argument in function.args.args]

    def variables(self, function: ast.FunctionDef) -> list[str]:
        """A function's parameters and the names it assigns, in the order of the text."""
        stored = [n.id for n in self.nodes(ast.Name, function) if isinstance(n.ctx, ast.Store)]
        return list(dict.fromkeys(self.parameters(function) + stored))

    def uses(self, function: ast.FunctionDef, name: str) -> list[ast.Name]:
        return [node for node in self.nodes(ast.Name, function) if node.id == name]

    def defined(self) -> set[str]:
        """Every name that the program gives a meaning."""
        names = {n.id for n in self.nodes(ast.Name) if isinstance(n.ctx, ast.Store)}
        names |= {n.arg for n in self.nodes(ast.arg)}
        return names | {n.name for n in self.nodes(ast.FunctionDef)}
