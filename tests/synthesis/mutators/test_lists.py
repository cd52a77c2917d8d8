"""Each mutator of lists makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import lists

CASES = {
    "AppendExtendPlus": """
 def doubles(s):
     new = []
     for x in s:
-        new = new + [2 * x]
+        new = new + 2 * x
     return new
""",
    "AssignedMethod": """
 def doubles(s):
     new = []
     for x in s:
-        new.append(2 * x)
+        new = new.append(2 * x)
     return new
""",
    "NestedMethod": """
 def descending(lst):
     new = []
     while lst:
         big = max(lst)
-        new.append(big)
-        lst.remove(big)
+        new.append(lst.remove(big))
     return new
""",
    "PopOrRemove": """
 def descending(lst):
     new = []
     while lst:
         big = max(lst)
-        lst.remove(big)
+        lst.pop(big)
         new.append(big)
     return new
""",
    "WrongEnd": """
 def merge(a, b):
     new = []
     while a:
-        new.append(a.pop(0))
+        new.append(a.pop())
     return new + b
""",
    "Aliasing": """
 def plus_one(lst):
-    new = list(lst)
+    new = lst
     new.append(1)
     return new, lst
""",
    "BrokenSwap": """
 def swap(s, i, j):
-    s[i], s[j] = s[j], s[i]
+    s[i] = s[j]
+    s[j] = s[i]
     return s
""",
    "WrongContainer": """
 def doubles(s):
-    new = []
+    new = ()
     for x in s:
         new.append(2 * x)
     return new
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(lists)


def test_nested_method_looks_at_both_orders() -> None:
    source = "def f(a, b):\n    a.remove(1)\n    b.append(1)\n    return b\n"
    found = mutants("NestedMethod", source)
    assert "def f(a, b):\n    b.append(a.remove(1))\n    return b\n" in found
    assert "def f(a, b):\n    b.append(a.pop(1))\n    return b\n" in found
