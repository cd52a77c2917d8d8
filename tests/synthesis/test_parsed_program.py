"""Edits change what they name and nothing else; positions are right with any characters and any layout."""

import ast

import pytest
from bank import sample
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram, apply, parses

SOURCE = """def grüße(namen):  # sagt "héllo"
    \"\"\"Für alle.\"\"\"
    if 'ä' in namen and (namen[0]) >= ('b'):
        return 'ö' + namen  # ü
    x = 1; y = 2
    while x<3: x += 1
    return (x
            + y)
"""


def test_texts_are_exact_with_any_characters() -> None:
    program = ParsedProgram(SOURCE)
    texts = [program.text(node) for node in program.nodes(ast.Constant)]
    assert texts == ['"""Für alle."""', "'ä'", "0", "'b'", "'ö'", "1", "2", "3", "1"]
    comparison = list(program.nodes(ast.Compare))[1]
    assert program.operator(comparison.left, comparison.comparators[0]) == ">="


def test_lines_belong_to_one_statement_only() -> None:
    program = ParsedProgram(SOURCE)
    shown = {}
    for node in program.nodes(ast.stmt):
        lines = program.lines(node)
        shown[program.text(node)] = lines and SOURCE[lines.start : lines.end]
    assert shown["x = 1"] is None
    assert shown["y = 2"] is None
    assert shown["x += 1"] is None
    assert shown["return 'ö' + namen"] == "        return 'ö' + namen  # ü\n"
    assert shown["return (x\n            + y)"] == "    return (x\n            + y)\n"


def test_the_last_line_may_lack_its_end() -> None:
    program = ParsedProgram("def f():\n    return 1")
    statement = program.functions()[0].body[0]
    inserted = program.insert_after(statement, "pass", "    ")
    assert inserted
    assert apply(program.source, [inserted]) == "def f():\n    return 1\n    pass\n"


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply("abcdef", [Edit(0, 3, ""), Edit(2, 4, "")])


@given(
    st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.text(max_size=3)), max_size=4)
)
def test_everything_outside_the_edits_stays(source: str, raw: list[tuple[int, int, str]]) -> None:
    edits, position = [], 0
    for start, length, text in sorted(raw):
        start = max(start, position)
        if start + length <= len(source):
            edits.append(Edit(start, start + length, text))
            position = start + length
    result = apply(source, edits)
    kept = len(source) - sum(e.end - e.start for e in edits)
    assert len(result) == kept + sum(len(e.replacement) for e in edits)
    for edit in sorted(edits, reverse=True):
        before = sum(len(e.replacement) - (e.end - e.start) for e in edits if e < edit)
        at = edit.start + before
        assert result[at : at + len(edit.replacement)] == edit.replacement
        result = result[:at] + source[edit.start : edit.end] + result[at + len(edit.replacement) :]
    assert result == source


def test_every_node_of_the_bank_is_where_it_is_said_to_be() -> None:
    for source in sample(30):
        program = ParsedProgram(source)
        for node in program.nodes(ast.expr):
            if not isinstance(node, ast.Starred | ast.Slice):
                parsed_again = ast.parse(f"({program.text(node)})", mode="eval").body
                assert _loaded(parsed_again) == _loaded(node)


def _loaded(node: ast.AST) -> str:
    return ast.dump(node).replace("Store()", "Load()").replace("Del()", "Load()")


def test_shifting_a_block_keeps_its_shape() -> None:
    source = "for x in s:\n    if x:\n\n        y = x  # z\n    n = 1\n"
    program = ParsedProgram(source)
    edit = program.indented(next(program.nodes(ast.For)), "        ")
    assert edit
    assert (
        apply(source, [edit]) == "\n".join(" " * 8 + line if line else "" for line in source.split("\n"))[: -0 or None]
    )
    assert parses("if 1:\n" + apply(source, [edit]))


def test_what_stands_in_f_strings_is_left_alone():
    program = ParsedProgram('def f(cents):\n    return f"{cents // 100} EUR"\n')
    assert not list(program.nodes(ast.BinOp))
    assert [program.text(node) for node in program.nodes(ast.JoinedStr)] == ['f"{cents // 100} EUR"']
