"""Each mutator of names makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.synthesis.mutators import names

CASES = {
    "WrongVariable": """
 def unique(lst):
     new = []
     for x in lst:
-        if x not in new:
+        if x not in lst:
             new.append(x)
     return new
""",
    "WrongFunction": """
 def row(n):
     return [n]
 def column(n):
     return [[n]]
 def table(n):
-    return row(n) + column(n)
+    return row(n) + row(n)
""",
    "UndefinedName": """
 def unique(lst):
     new_lst = []
     for x in lst:
         if x not in new_lst:
-            new_lst.append(x)
+            new_list.append(x)
     return new_lst
""",
    "MisnamedVariable": """
 def largest(s):
-    best = s[0]
+    new = s[0]
     for x in s:
         if x > best:
             best = x
     return best
""",
    "MismatchedParameter": """
-def on(day, dates):
+def on(date, dates):
     return day in dates
""",
    "ShadowedBuiltin": """
 def largest(lst, k):
-    best = []
-    while len(best) < k:
-        best.append(max(lst))
-        lst.remove(max(lst))
-    return best
+    max = []
+    while len(max) < k:
+        max.append(max(lst))
+        lst.remove(max(lst))
+    return max
""",
    "HardCodedValue": """
 def first(lst, k):
-    return lst[:k]
+    return lst[:3]
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(names)


def test_a_name_of_another_function_is_undefined_here() -> None:
    source = "def f(date):\n    return date == 1\n\ndef g(day):\n    return day\n"
    assert source.replace("date ==", "day ==") in mutants("UndefinedName", source)


@given(st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True))
def test_misspellings_are_other_names(name: str) -> None:
    wrong = names.misspellings(name)
    assert name not in wrong
    assert len(set(wrong)) == len(wrong)
    assert all(other.isidentifier() for other in wrong)


def test_a_name_may_be_wrong_from_one_use_on() -> None:
    source = "def f(s):\n    best = s\n    best.sort()\n    best.pop()\n    return best\n"
    found = mutants("UndefinedName", source)
    assert source.replace("best.pop", "new.pop").replace("return best", "return new") in found
