"""Each mutator of values makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import values

CASES = {
    "ComparesWithStart": """
 def largest(lst):
     best = lst[0]
     for x in lst:
-        if x > best:
+        if x > lst[0]:
             best = x
     return best
""",
    "WrongInitialValue": """
 def count(x, s):
-    n = 0
+    n = 1
     for y in s:
         if x == y:
             n += 1
     return n
""",
    "InitialisationLost": """
 def count(x, s):
-    n = 0
     for y in s:
         if x == y:
             n += 1
     return n
""",
    "ResetInLoop": """
 def count(x, s):
-    n = 0
     for y in s:
+        n = 0
         if x == y:
             n += 1
     return n
""",
    "OffByOne": """
 def is_sorted(s):
     for i in range(len(s) - 1):
-        if s[i] > s[i + 1]:
+        if s[i] > s[i]:
             return False
     return True
""",
    "WrongField": """
 def names(people):
     found = []
     for person in people:
-        found.append(person[0])
+        found.append(person[1])
     return found
""",
    "MissingField": """
 def oldest(people):
     best = people[0]
     for person in people:
-        if person[1] > best[1]:
+        if person[1] > best:
             best = person
     return best
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(values)


def test_only_counters_are_returned_one_off() -> None:
    source = "def f(s):\n    new = []\n    n = 0\n    for x in s:\n        n += 1\n    return {}\n"
    assert not any("new + 1" in s for s in mutants("OffByOne", source.format("new")))
    assert any("n + 1" in s for s in mutants("OffByOne", source.format("n")))
