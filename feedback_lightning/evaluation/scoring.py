"""Repairs are run against their problem's tests, and their edits measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.execution import Limits, Outcome, Submission, run_programs
from feedback_lightning.metrics.tokens import edit_distance


@dataclass(frozen=True)
class ScoredRepair:
    """What became of one buggy program.

    Args:
        problem, program: the problem's and the program's name.
        buggy: the program.
        repair: the repaired program; None if the reply had none.
        outcome: of its tests; None without a repair.
        distance: token edit distance from the buggy program; None without a repair.
    """

    problem: str
    program: str
    buggy: str
    repair: str | None
    outcome: Outcome | None
    distance: int | None

    @property
    def passed(self) -> bool:
        """Whether there is a repair and it passes every test."""
        return self.outcome is not None and self.outcome.passed

    def as_json(self) -> dict[str, Any]:
        """For results.json: what passed, how far it is from the program, how each test ended."""
        tests = [] if self.outcome is None else [test.status for test in self.outcome.tests]
        return {
            "problem": self.problem,
            "program": self.program,
            "passed": self.passed,
            "tests_passed": self.outcome.tests_passed if self.outcome else 0,
            "tests": tests,
            "distance": self.distance,
            "buggy": self.buggy,
            "repair": self.repair,
        }


def score_repairs(
    problems: Mapping[str, Problem],
    programs: Sequence[BuggyProgram],
    repairs: Sequence[str | None],
    limits: Limits | None = None,
    journal: Path | None = None,
    description: str = "running repairs",
) -> list[ScoredRepair]:
    """Run each repair against its problem's tests, in the sandbox.

    Args:
        problems: by id.
        programs: the buggy programs.
        repairs: one for each program; None where there is none, which counts as not passed.
        limits: of time and memory.
        journal: keeps finished outcomes, so that an interrupted run goes on.
        description: what the progress bar says.
    """
    there = [i for i, repair in enumerate(repairs) if repair is not None]
    submissions = [Submission(repairs[i] or "", problems[programs[i].problem].tests) for i in there]
    outcomes = run_programs(submissions, limits or Limits(), journal=journal, description=description)
    by_index = dict(zip(there, outcomes, strict=True))
    return [
        ScoredRepair(
            problem=problems[program.problem].name,
            program=program.name,
            buggy=program.code,
            repair=repair,
            outcome=by_index.get(i),
            distance=None if repair is None else edit_distance(program.code, repair),
        )
        for i, (program, repair) in enumerate(zip(programs, repairs, strict=True))
    ]
