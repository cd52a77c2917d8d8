"""Programs to run, what they may use, and what became of them."""

from dataclasses import dataclass, fields
from typing import Literal

from feedback_lightning.data.schema import Test
from feedback_lightning.errors import FeedbackError

Tier = Literal["bubblewrap", "namespaces", "limits"]
Status = Literal["passed", "wrong output", "error", "time limit", "output limit"]


@dataclass(frozen=True)
class Limits:
    """What a program may use. All are positive.

    Args:
        test_seconds: wall-clock time of one test.
        program_seconds: of all tests of a program together; a test that has not begun by then fails.
        memory_mb: address space of each process.
        processes: processes and threads at a time.
        open_files: in each process.
        output_kb: standard output, standard error, and every file, each.
        files_mb: all files together (not with tier "limits").
    """

    test_seconds: float = 4.0
    program_seconds: float = 60.0
    memory_mb: int = 512
    processes: int = 16
    open_files: int = 64
    output_kb: int = 256
    files_mb: int = 16

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise FeedbackError(f"limits: {field.name} is {value}; it must be positive")


@dataclass(frozen=True)
class Submission:
    """A program and the tests to run it with, at least one.

    Args:
        code: the program.
        tests: in the order in which they are run.
        until_failure: whether the tests after one that fails may be left out, for who asks only if there is one.
    """

    code: str
    tests: tuple[Test, ...]
    until_failure: bool = False

    def __post_init__(self) -> None:
        if not self.tests:
            raise FeedbackError("a program without tests would pass them all; give at least one test")


@dataclass(frozen=True)
class TestOutcome:
    """What became of one test.

    Args:
        status: "passed"; "wrong output": it ended by itself, but printed something else; "error": the same with an
            exit code other than 0, or the process was killed; "time limit"; "output limit".
        output: what it printed, its first 4,000 characters; what is not UTF-8 is replaced by U+FFFD.
        seconds: from its beginning to its end.
        error: the last line on standard error, or what killed it; "" if it passed.
    """

    __test__ = False  # of pytest

    status: Status
    output: str
    seconds: float
    error: str = ""

    @property
    def passed(self) -> bool:
        return self.status == "passed"


@dataclass(frozen=True)
class Outcome:
    """What became of one program: its tests in their order, as far as they were run, and how it was isolated."""

    tests: tuple[TestOutcome, ...]
    tier: Tier

    @property
    def passed(self) -> bool:
        """Whether it passed every test."""
        return all(test.passed for test in self.tests)

    @property
    def tests_passed(self) -> int:
        return sum(test.passed for test in self.tests)
