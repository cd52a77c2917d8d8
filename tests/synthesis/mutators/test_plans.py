"""The mutator of plans makes the slips that a teacher would recognise, from two correct programs."""

import pytest
from before_after import both

from feedback_lightning.synthesis.mutators import MUTATORS
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply

TWO_PLANS = MUTATORS["TwoPlans"]
COUNTING = """def place(a, s):
    count = 0
    for e in s:
        if e < a:
            count += 1
    return count
"""
SLIPS = [
    # the answer of a plan whose variable does not exist here
    """
 def place(x, seq):
     for i in range(len(seq)):
         if x <= seq[i]:
             return i
-    return len(seq)
+    return i
""",
    # counts, and has forgotten what for
    """
 def place(x, seq):
     for i in range(len(seq)):
         if x <= seq[i]:
-            return i
-    return len(seq)
+            i += 1
+    return i
""",
]


def mutants(source: str, beside: str) -> list[str]:
    return [apply(source, mutation.edits) for mutation in TWO_PLANS.mutations(ParsedProgram(source, beside))]


@pytest.mark.parametrize("shown", SLIPS)
@pytest.mark.parametrize("end", ["\n", ""])
def test_slip(shown: str, end: str) -> None:
    before, after = (code.rstrip("\n") + end for code in both(shown))
    found = mutants(before, COUNTING)
    assert after.rstrip() in [mutant.rstrip() for mutant in found], "\n---\n".join(found)
    assert before not in found


def test_without_another_program_there_is_nothing_to_mix() -> None:
    assert TWO_PLANS.mutations(ParsedProgram(COUNTING)) == []
    assert mutants(COUNTING, COUNTING) == []


def test_programs_with_tabs_are_left_alone() -> None:
    assert mutants("def f(x):\n\tif x:\n\t\treturn 1\n\treturn 0\n", COUNTING) == []
