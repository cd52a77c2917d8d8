"""Each mutator of calls makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import calls

CASES = {
    "FunctionForMethod": """
 def once(x, lst):
-    return lst.count(x) == 1
+    return count(x) == 1
""",
    "MisspeltMethod": """
 def add(lst, x):
-    lst.append(x)
+    lst.apend(x)
     return lst
""",
    "BracketsForCall": """
 def add(lst, x):
-    lst.append(x)
+    lst.append[x]
     return lst
""",
    "MissingCall": """
 def backwards(lst):
-    lst.reverse()
+    lst.reverse
     return lst
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(calls)


def test_functions_are_written_like_methods() -> None:
    assert {"n = s.len()\n", "n = s.len\n"} == {*mutants("FunctionForMethod", "n = len(s)\n")}
