"""Each mutator of ranges makes the slip that a teacher would recognise."""

import pytest
from before_after import check, mutants, of_module

from feedback_lightning.synthesis.mutators import ranges

CASES = {
    "RangeStop": """
 def total(s):
     t = 0
-    for i in range(len(s)):
+    for i in range(len(s) - 1):
         t += s[i]
     return t
""",
    "RangeStart": """
 def total(s):
     t = 0
-    for i in range(len(s)):
+    for i in range(1, len(s)):
         t += s[i]
     return t
""",
    "RangeStep": """
 def backwards(s):
     new = []
-    for i in range(len(s) - 1, -1, -1):
+    for i in range(len(s) - 1, -1):
         new.append(s[i])
     return new
""",
    "LoopHeader": """
 def total(s):
     t = 0
-    for i in range(len(s)):
+    for i in len(s):
         t += s[i]
     return t
""",
    "IndexForElement": """
 def place(x, s):
     for i in range(len(s)):
-        if x <= s[i]:
+        if x <= i:
             return i
     return len(s)
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(ranges)


def test_enumerate_is_forgotten_or_unpacked_the_wrong_way() -> None:
    source = "for i, x in enumerate(s):\n    print(i, x)\n"
    found = {s.split("\n")[0] for s in mutants("LoopHeader", source)}
    assert {"for i, x in s:", "for x, i in enumerate(s):", "for i in enumerate(s):"} <= found
