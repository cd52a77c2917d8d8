"""Each mutator of sorting makes the slip that a teacher would recognise."""

import pytest
from before_after import check, of_module

from feedback_lightning.synthesis.mutators import sorting

CASES = {
    "SortForSorted": """
 def ordered(lst):
-    return sorted(lst, reverse=True)
+    return lst.sort(reverse=True)
""",
    "UnwantedSort": """
 def unique(lst):
+    lst.sort()
     new = []
     for x in lst:
         if x not in new:
             new.append(x)
     return new
""",
    "LostReverse": """
 def oldest_first(people):
-    people.sort(key=lambda p: p[1], reverse=True)
+    people.sort(key=lambda p: p[1])
     return people
""",
}


@pytest.mark.parametrize("name", CASES)
def test_slip(name: str) -> None:
    check(name, CASES[name])


def test_every_mutator_has_a_case() -> None:
    assert set(CASES) == of_module(sorting)
