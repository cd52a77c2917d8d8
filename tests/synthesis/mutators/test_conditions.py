"""Each mutator of conditions makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import conditions

CASES = {
    "ComparisonBoundary": """
 def place(x, seq):
     for i in range(len(seq)):
-        if x <= seq[i]:  # here it belongs
+        if x < seq[i]:  # here it belongs
             return i
     return len(seq)
""",
    "LooseEquality": """
 def once(x, seq):
-    return seq.count(x)==1
+    return seq.count(x)<=1
""",
    "ReversedComparison": """
 def largest(lst):
     best = lst[0]
     for x in lst:
-        if x > best:
+        if x < best:
             best = x
     return best
""",
    "InvertedCondition": """
 def unique(lst):
     seen = []
     for x in lst:
-        if x not in seen:
+        if x in seen:
             seen.append(x)
     return seen
""",
    "AndForOr": """
 def inside(x, low, high):
-    return low <= x and x <= high
+    return low <= x or x <= high
""",
    "SharedComparison": """
 def is_empty(s):
-    if s == [] or s == ():
+    if s == [] or ():
         return True
     return False
""",
    "LostCondition": """
 def valid(day, month):
-    if 1 <= day <= 31 and month > 0:
+    if 1 <= day <= 31:
         return True
     return False
""",
    "ElifForIf": """
 def sign(n):
     if n < 0:
         word = 'negative'
-    elif n < 10:
+    if n < 10:
         word = 'small'
     else:
         word = 'large'
     return word
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(conditions)


def test_a_misconception_is_made_everywhere() -> None:
    source = "def f(n):\n    return n == 1\n\ndef g(n):\n    return n == 1\n"
    assert "def f(n):\n    return n <= 1\n\ndef g(n):\n    return n <= 1\n" in mutants("LooseEquality", source)


def test_a_chain_loses_one_end() -> None:
    source = "def f(a, b, c):\n    return a < b < c\n"
    assert {"def f(a, b, c):\n    return a < b\n", "def f(a, b, c):\n    return b < c\n"} <= {
        *mutants("LostCondition", source)
    }


def test_parentheses_around_operands_stay() -> None:
    assert "x = (a+b) > (c)\n" in mutants("ComparisonBoundary", "x = (a+b) >= (c)\n")
