"""A buggy program gets the nearest correct one with its own names; of those that pass the smallest edit counts."""

from conftest import REPOSITORY

from benchmarks.nearest_submission import best
from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.evaluation.scoring import score_repairs
from feedback_lightning.synthesis.likeness import fixed_names, nearest

SUBMISSIONS = ["def top(s, k):\n    s.sort()\n    return s[-k:]\n", "def top(a, n):\n    return sorted(a)[-n:]\n"]


def test_the_nearest_has_the_names_of_the_program() -> None:
    buggy = "def top(lst, many):\n    return sorted(lst)[many:]\n"
    found = nearest(buggy, SUBMISSIONS, fixed_names(["top([1], 1)"]), 6)
    assert found == [
        "def top(lst, many):\n    return sorted(lst)[-many:]\n",
        "def top(lst, many):\n    lst.sort()\n    return lst[-many:]\n",
    ]


def test_of_the_repairs_that_pass_the_smallest_edit_counts() -> None:
    problems = read_problems(REPOSITORY / "data")
    program = read_evaluation(REPOSITORY / "data", problems)[0]
    repairs = [program.code, program.fixed + "\n\nunused = 1\n", program.fixed]
    scored = score_repairs(problems, [program] * 3, repairs)
    assert best(scored) is scored[2]
    assert best(scored[:2]) is scored[1]
    assert best(scored[:1]) is scored[0]


def test_a_program_without_a_submission_is_not_repaired() -> None:
    problems = read_problems(REPOSITORY / "data")
    program = read_evaluation(REPOSITORY / "data", problems)[0]
    assert not best(score_repairs(problems, [program], [None])).passed
