"""Each mutator of edge cases makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import edge_cases

CASES = {
    "EmptyOfOneKind": """
 def first(s):
-    if len(s) == 0:
+    if s == ():
         return None
     return s[0]
""",
    "LostCase": """
 def mean(numbers):
-    if not numbers:
-        return 0
     return sum(numbers) / len(numbers)
""",
    "FirstElementAssumed": """
 def unique(lst):
-    new = []
+    new = [lst[0]]
     for x in lst:
         if x not in new:
             new.append(x)
     return new
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(edge_cases)


def test_the_first_branch_goes_and_its_elif_becomes_if() -> None:
    source = "def f(n):\n    if n == 0:\n        return 1\n    elif n == 1:\n        return 2\n    return 3\n"
    assert "def f(n):\n    if n == 1:\n        return 2\n    return 3\n" in mutants("LostCase", source)


def test_an_else_block_moves_out_when_its_if_goes() -> None:
    source = "def f(s):\n    if s == []:\n        return 0\n    else:\n        n = 1\n        return n\n    x = 2\n"
    assert "def f(s):\n    n = 1\n    return n\n    x = 2\n" in mutants("LostCase", source)
