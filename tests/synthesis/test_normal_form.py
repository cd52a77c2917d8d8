"""Programs that differ in names and layout only have one normal form; those that differ in more have several."""

import ast

import pytest
from conftest import REPOSITORY

from feedback_lightning.data.bank import read_bank
from feedback_lightning.synthesis.normal_form import normal_form

PROGRAM = """
def total(items, start):
    result = start
    for item in items:
        result += item[1]
    return result
"""
SAME = [
    PROGRAM.replace("result", "s"),
    PROGRAM.replace("total", "add_up").replace("items", "pairs"),
    PROGRAM.replace("result = start", "# from here on\n\n    result=( start )"),
    PROGRAM.replace("    ", "  "),
    PROGRAM.replace("    result = start", '    """The sum."""\n    result = start'),
    '"""My homework."""' + PROGRAM,
    PROGRAM.replace("result", "list"),
]
OTHER = [
    PROGRAM.replace("item[1]", "item[0]"),
    PROGRAM.replace("+=", "-="),
    PROGRAM.replace("return result", "return start"),
    PROGRAM.replace("    return", "        return"),
    PROGRAM.replace("in items", "in itmes"),
    PROGRAM.replace("items, start", "start, items"),
    PROGRAM.replace("result += item[1]", "result.append(item[1])"),
    PROGRAM.replace("    return result", "    print(result)"),
]


@pytest.mark.parametrize("program", SAME)
def test_names_and_layout_do_not_count(program):
    assert normal_form(program) == normal_form(PROGRAM)


def test_everything_else_counts():
    assert len({normal_form(program) for program in [PROGRAM, *OTHER]}) == len(OTHER) + 1


def test_names_are_compared_within_their_function():
    one = "def f(x):\n    count = x\n    return count\n\ndef g(x):\n    count = 2 * x\n    return count\n"
    two = "def f(a):\n    b = a\n    return b\n\ndef g(n):\n    total = 2 * n\n    return total\n"
    assert normal_form(one) == normal_form(two)


def test_comprehensions_lambdas_and_inner_functions_have_names_of_their_own():
    one = "def f(s):\n    def g(x):\n        return x\n    x = [x for x in s]\n    return sorted(x, key=lambda x: g(x))"
    two = "def f(s):\n    def h(a):\n        return a\n    b = [c for c in s]\n    return sorted(b, key=lambda d: h(d))"
    three = two.replace("h(d)", "d")
    assert normal_form(one) == normal_form(two) != normal_form(three)


def test_names_of_outer_scopes_stay_those_of_outer_scopes():
    one = "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n"
    two = one.replace("n = 0", "k = 0").replace("nonlocal n", "nonlocal k").replace("n += 1", "k += 1")
    assert normal_form(one) == normal_form(two.replace("return n", "return k"))
    assert normal_form(one) != normal_form(one.replace("        nonlocal n\n", ""))


def test_programs_that_python_cannot_parse_are_compared_too():
    broken = PROGRAM.replace("items:", "items")
    assert normal_form(broken) == normal_form(broken.replace("result", "s").replace("    ", "\t") + "# done\n")
    assert normal_form(broken) != normal_form(broken.replace("+=", "-="))
    assert normal_form(broken) != normal_form(broken.replace("    return", "        return"))


def test_a_new_layout_never_changes_the_normal_form_of_the_bank():
    for program in read_bank(REPOSITORY / "data" / "bank").programs:
        assert normal_form(ast.unparse(ast.parse(program.code))) == normal_form(program.code)
