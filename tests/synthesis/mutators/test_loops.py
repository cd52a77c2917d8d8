"""Each mutator of loops makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import loops

CASES = {
    "WhileAndFor": """
 def descending(lst):
     new = []
-    while lst:
+    for i in lst:
         big = max(lst)
         lst.remove(big)
         new.append(big)
     return new
""",
    "MissingUpdate": """
 def total(s):
     t, i = 0, 0
     while i < len(s):
         t += s[i]
-        i += 1
     return t
""",
    "MutatesWhatIsIterated": """
 def without(x, lst):
-    for y in list(lst):
+    for y in lst:
         if y == x:
             lst.remove(y)
     return lst
""",
    "BreakAndContinue": """
 def first_even(numbers):
     found = None
     for n in numbers:
         if n % 2 == 0:
             found = n
-            break
+            continue
     return found
""",
    "ReusedLoopVariable": """
 def take(lst, k):
     best = 0
-    for x in lst:
-        if x > best:
-            best = x
+    for k in lst:
+        if k > best:
+            best = k
     return best * k
""",
    "IfForWhile": """
 def halve(n):
-    while n > 1:
+    if n > 1:
         n = n // 2
     return n
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(loops)


def test_a_break_in_a_loop_header_is_not_turned_into_an_if() -> None:
    assert mutants("IfForWhile", "while True:\n    break\n") == []


def test_a_loop_is_left_alone_where_all_names_are_taken() -> None:
    source = "def f(n, x, out):\n    for i in x:\n        element = i\n    while out:\n        out.pop()\n"
    assert all("while out:" in mutant for mutant in mutants("WhileAndFor", source))
