"""Each mutator of assignments makes the slip that a teacher would recognise."""

import pytest
from before_after import check, of_module

from feedback_lightning.synthesis.mutators import assignments

CASES = {
    "SwappedAssignment": """
 def largest(s):
     best = s[0]
     for x in s:
         if x > best:
-            best = x
+            x = best
     return best
""",
    "LostAccumulation": """
 def total(s):
     t = 0
     for x in s:
-        t += x
+        t = x
     return t
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(assignments)
