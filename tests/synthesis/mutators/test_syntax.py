"""Each mutator of syntax makes a slip that Python cannot read."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import syntax

CASES = {
    "MissingColon": """
 def sign(n):
     if n < 0:
         return -1
-    else:
+    else
         return 1
""",
    "UnclosedPair": """
 def length(s):
-    return len(list(s))
+    return len(list(s)
""",
    "AssignmentInCondition": """
 def is_zero(n):
-    if n == 0:
+    if n = 0:
         return True
     return False
""",
    "BrokenIndentation": """
 def double(n):
     result = 2 * n
-    return result
+     return result
""",
    "MisspeltKeyword": """
 def sign(n):
     if n < 0:
         return -1
-    elif n == 0:
+    else if n == 0:
         return 0
     return 1
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(syntax)


def test_colons_in_slices_and_strings_stay() -> None:
    source = "def f(s):\n    return s[1:] + ':'\n"
    assert mutants("MissingColon", source) == ["def f(s)\n    return s[1:] + ':'\n"]
