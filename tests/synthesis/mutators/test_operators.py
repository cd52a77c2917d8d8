"""Each mutator of operators makes the slip that a teacher would recognise."""

import pytest
from before_after import check, of_module

from feedback_lightning.synthesis.mutators import operators

CASES = {
    "SwappedOperands": """
 def change(price, paid):
-    return paid - price
+    return price - paid
""",
    "TrueDivision": """
 def middle(s):
-    return s[len(s) // 2]
+    return s[len(s) / 2]
""",
    "TypeConfusion": """
 def on_day(day, dates):
     for date in dates:
-        if date[1] == day:
+        if date[1] == int(day):
             return True
     return False
""",
    "MinForMax": """
 def spread(s):
-    return max(s) - min(s)
+    return min(s) - min(s)
""",
    "SliceBounds": """
 def first(s, k):
-    return s[:k]
+    return s[:k + 1]
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(operators)
