"""Outcomes on the disk, so that an interrupted run goes on where it stopped."""

import dataclasses
import hashlib
import json
import sys
from pathlib import Path

from feedback_lightning.errors import DataError
from feedback_lightning.execution.schema import Limits, Outcome, Submission, TestOutcome, Tier


def key(submission: Submission, limits: Limits, tier: Tier) -> str:
    """Names everything that an outcome depends on."""
    tests = [[test.input, test.output] for test in submission.tests]
    everything = [submission.code, tests, submission.until_failure, dataclasses.asdict(limits), tier, sys.version]
    return hashlib.sha256(json.dumps(everything).encode()).hexdigest()


class Journal:
    """A file with one JSON line for each outcome. A last line that was cut off is removed.

    Args:
        path: the file; it is made if it is not there. None: nothing is kept.

    Attributes:
        outcomes: what the file holds, by key.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.outcomes: dict[str, Outcome] = {}
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as file:
                file.seek(0)
                lines = file.read().split(b"\n")
                for number, line in enumerate(lines[:-1], 1):
                    self._read(path, line, number)
                file.truncate(file.tell() - len(lines[-1]))
        except OSError as error:
            raise DataError(path, f"the journal cannot be used: {error.strerror}") from None

    def _read(self, path: Path, line: bytes, number: int) -> None:
        try:
            entry = json.loads(line)
            tests = tuple(TestOutcome(**test) for test in entry["tests"])
            self.outcomes[entry["key"]] = Outcome(tests, entry["tier"])
        except (ValueError, KeyError, TypeError):
            raise DataError(path, "not a line of a journal of runs; give another file", line=number) from None

    def add(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome, on the disk before this returns."""
        if self.path is None:
            return
        line = json.dumps({"key": key, **dataclasses.asdict(outcome)})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
