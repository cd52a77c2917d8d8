"""Runs programs on the tests of their problems, and keeps what came out so that an interrupted command goes on."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from feedback_lightning.data.layout import slug
from feedback_lightning.data.schema import Problem
from feedback_lightning.execution import Limits, Submission, run_programs

JOURNALS = "runs"

# (problem, program) pairs, what the work is called -> whether each program passes all tests of its problem
Passes = Callable[[Sequence[tuple[str, str]], str], list[bool]]


class Runner:
    """Runs programs; each kind of work has a journal of its own.

    Args:
        problems: by id.
        seconds: time for all tests of a program together.
        workers: programs run at a time; None is one for each processor.
        output: folder of the command's output, in which the journals are.
    """

    def __init__(self, problems: Mapping[str, Problem], seconds: float, workers: int | None, output: Path) -> None:
        self.tests = {problem.id: problem.tests for problem in problems.values()}
        self.limits, self.workers = Limits(test_seconds=seconds, program_seconds=seconds), workers
        self.journals = output / JOURNALS

    def passes(self, programs: Sequence[tuple[str, str]], description: str) -> list[bool]:
        """Whether each (problem, program) passes all tests."""
        return [failed is None for failed in self.first_failures(programs, description)]

    def first_failures(self, programs: Sequence[tuple[str, str]], description: str) -> list[int | None]:
        """For each (problem, program) the number of the first test that it fails; None if it passes all."""
        submissions = [Submission(code, self.tests[problem], until_failure=True) for problem, code in programs]
        journal = self.journals / f"{slug(description)}.jsonl"
        outcomes = run_programs(submissions, self.limits, self.workers, journal, description=description)
        return [next((i for i, test in enumerate(o.tests) if not test.passed), None) for o in outcomes]
