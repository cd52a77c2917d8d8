"""Run programs nobody trusts, each with its tests."""

from feedback_lightning.execution.pool import run_programs
from feedback_lightning.execution.schema import Limits, Outcome, Submission, TestOutcome

__all__ = ["Limits", "Outcome", "Submission", "TestOutcome", "run_programs"]
