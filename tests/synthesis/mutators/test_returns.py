"""Each mutator of returns makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import returns

CASES = {
    "ReturnInsideLoop": """
 def total(numbers):
     result = 0
     for n in numbers:
         result += n
-    return result
+        return result
""",
    "ElseReturnsInLoop": """
 def has_even(numbers):
     for n in numbers:
         if n % 2 == 0:
             return True
-    return False
+        else:
+            return False
""",
    "MissingReturn": """
 def double(n):
     result = 2 * n
-    return result
""",
    "PrintForReturn": """
 def double(n):
-    return 2 * n
+    print(2 * n)
""",
    "ReturnsWrongVariable": """
 def evens(numbers):
     found = []
     for n in numbers:
         if n % 2 == 0:
             found.append(n)
-    return found
+    return n
""",
    "ReturnsWrongConstant": """
 def position(x, seq):
     if len(seq) == 0:
-        return 0
+        return None
     return seq.index(x)
""",
    "PositionForLength": """
 def place(x, seq):
     for i in range(len(seq)):
         if x <= seq[i]:
             return i
-    return len(seq)
+    return i + 1
""",
    "ReturnsMethodResult": """
 def ordered(lst):
-    lst.sort()
-    return lst
+    return lst.sort()
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(returns)


def test_a_return_sinks_into_inner_blocks_too() -> None:
    source = "def f(s):\n    for x in s:\n        if x:\n            n = x\n    return n\n"
    assert {s.split("\n")[4] for s in mutants("ReturnInsideLoop", source)} == {
        "        return n",
        "            return n",
    }


def test_the_final_answer_may_stay_or_go() -> None:
    loop = "    for x in s:\n        if x:\n            return 1\n        else:\n            continue\n"
    source = f"def f(s):\n{loop}    return 2\n"
    kept, gone = sorted(mutants("ElseReturnsInLoop", source), key=len, reverse=True)
    assert kept == source.replace("continue", "return 2")
    assert gone == kept.removesuffix("    return 2\n")
