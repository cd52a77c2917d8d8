"""Each mutator of statements makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import statements

CASES = {
    "IndentedTooDeep": """
 def descending(lst):
     new = []
     while lst:
         big = lst[0]
         for x in lst:
             if x > big:
                 big = x
-        lst.remove(big)
-        new.append(big)
+            lst.remove(big)
+            new.append(big)
     return new
""",
    "IndentedTooLittle": """
 def count(s):
     n = 0
     for x in s:
         if x:
             n += 1
-        print(n)
+    print(n)
""",
    "StatementsSwapped": """
 def take(lst):
     new = []
     while lst:
-        new.append(max(lst))
-        lst.remove(max(lst))
+        lst.remove(max(lst))
+        new.append(max(lst))
     return new
""",
    "StatementLost": """
 def count(s):
     n = 0
     for x in s:
         y = x + 1
-        n += y
     return n
""",
    "UnfinishedFunction": """
 def double(n):
     return 2 * n
 
 def double_all(s):
-    new = []
-    for x in s:
-        new.append(double(x))
-    return new
+    return
""",
    "LeftoverPrint": """
 def double(n):
     result = 2 * n
+    print(result)
     return result
""",
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(statements)


def test_a_single_function_is_never_left_unfinished() -> None:
    assert mutants("UnfinishedFunction", "def f(x):\n    y = x\n    return y\n") == []


def test_a_block_that_would_be_empty_keeps_pass() -> None:
    assert "def f(s):\n    for x in s:\n        pass\n" in mutants(
        "StatementLost", "def f(s):\n    for x in s:\n        y = x\n"
    )
