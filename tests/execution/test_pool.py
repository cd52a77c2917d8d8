"""Order, interruption, resumption, verdicts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.data import schema
from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.execution import Limits, Submission, pool, run_programs, sandbox
from feedback_lightning.execution.inside.host import ENDED, OUTPUT_LIMIT, TIME_LIMIT
from feedback_lightning.execution.pool import judge
from feedback_lightning.execution.sandbox import Result
from feedback_lightning.paths import REPOSITORY


def numbered(count: int) -> list[Submission]:
    """Programs that take longer the earlier they come."""
    code = "import time\ndef f(): time.sleep({}); return {}"
    return [Submission(code.format(0.1 / (i + 1), i), (schema.Test("f()", f"{i}"),)) for i in range(count)]


def test_outcomes_come_in_the_order_of_the_submissions() -> None:
    outcomes = run_programs(numbered(12), workers=3)
    assert [outcome.tests[0].output for outcome in outcomes] == [f"{i}\n" for i in range(12)]
    assert all(outcome.passed for outcome in outcomes)
    assert run_programs([]) == []


@pytest.mark.parametrize("code", ["x = 1", "import time\nx = 1"])  # run in one process, and each test in its own
def test_tests_after_a_failure_may_be_left_out(code: str) -> None:
    tests = (schema.Test("x", "1"), schema.Test("1 / 0", "1"), *(schema.Test("x", "1"),) * 3)
    whole, short, right = run_programs(
        [Submission(code, tests), Submission(code, tests, until_failure=True), Submission(code, tests[2:], True)]
    )
    assert [test.passed for test in whole.tests] == [True, False, True, True, True]
    assert [test.status for test in short.tests] == [test.status for test in whole.tests[:2]]
    assert len(right.tests) == 3
    assert right.passed


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_are_refused(workers: int) -> None:
    with pytest.raises(FeedbackError, match="at least 1"):
        run_programs(numbered(1), workers=workers)


def test_starting_a_sandbox_takes_none_of_a_programs_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(self: pool.Worker) -> sandbox.Sandbox:
        if self.sandbox is None:
            time.sleep(1.2)
        return opened(self)

    opened = pool.Worker.open
    monkeypatch.setattr(pool.Worker, "open", slowly)
    leaves_a_file = "import math\nopen('left', 'w').close()"  # so each program needs a sandbox of its own
    jobs = [Submission(leaves_a_file, (schema.Test("1", "1"),) * 2)] * 2
    assert all(outcome.passed for outcome in run_programs(jobs, Limits(1.0, 1.0), workers=1))


def test_outcomes_count_tests() -> None:
    tests = (schema.Test("1", "1"), schema.Test("1", "2"), schema.Test("x", "1"))
    (outcome,) = run_programs([Submission("", tests)])
    assert [test.status for test in outcome.tests] == ["passed", "wrong output", "error"]
    assert (outcome.passed, outcome.tests_passed) == (False, 1)
    assert outcome.tests[2].error == "NameError: name 'x' is not defined"
    assert all(test.seconds > 0 for test in outcome.tests)


def test_a_submission_without_tests_and_limits_of_nothing_are_refused() -> None:
    with pytest.raises(FeedbackError, match="at least one test"):
        Submission("", ())
    with pytest.raises(FeedbackError, match="memory_mb is 0"):
        Limits(memory_mb=0)


def test_time_of_a_program_is_limited_too() -> None:
    tests = (schema.Test("time.sleep(0.3)", "None"),) * 9
    (outcome,) = run_programs([Submission("import time", tests)], Limits(program_seconds=1.5))
    passed = outcome.tests_passed
    assert 0 < passed < 6
    assert [test.status for test in outcome.tests] == ["passed"] * passed + ["time limit"] * (9 - passed)
    assert outcome.tests[-1].error == "the program's time was used up before this test"


def test_text_that_is_no_text_fails() -> None:
    (outcome,) = run_programs([Submission("x = '\ud800'", (schema.Test("1", "1"),) * 2)])
    assert [test.status for test in outcome.tests] == ["error", "error"]


@pytest.mark.parametrize(
    ("method", "code", "costs"), [("run_together", "x = 1", 0), ("run_alone", "import os\nx = 1", 1)]
)
def test_a_killed_sandbox_costs_a_test_at_most(
    monkeypatch: pytest.MonkeyPatch, method: str, code: str, costs: int
) -> None:
    run = getattr(sandbox.Sandbox, method)
    calls: list[int] = []

    def be_killed_and_run(self: sandbox.Sandbox, *arguments: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            assert self.process
            for process in (*sandbox.below(self.process.pid), self.process.pid):
                os.kill(process, signal.SIGKILL)
        return run(self, *arguments)

    monkeypatch.setattr(sandbox.Sandbox, method, be_killed_and_run)
    outcomes = run_programs([Submission(code, (schema.Test("x", "1"),) * 2)] * 6, workers=1)
    assert [outcome.tests_passed for outcome in outcomes] == [2, 2, 2 - costs, 2, 2, 2]


def test_a_sandbox_that_cannot_be_made_again_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.choose_tier("auto")
    monkeypatch.setattr("feedback_lightning.execution.view.PYTHON", "/nowhere/python")
    monkeypatch.setattr("feedback_lightning.execution.sandbox.PYTHON", "/nowhere/python")
    with pytest.raises(FeedbackError, match="does not work here"):
        run_programs(numbered(3))


def test_journal_keeps_outcomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, submissions = tmp_path / "runs" / "journal.jsonl", numbered(5)
    first = run_programs(submissions[:3], journal=journal)
    with journal.open("a") as file:
        file.write('{"key": "torn')
    asked: list[str] = []
    outcome = pool.Worker.outcome
    monkeypatch.setattr(pool.Worker, "outcome", lambda self, job: asked.append(job.code) or outcome(self, job))
    again = run_programs(submissions, journal=journal)
    assert again[:3] == first
    assert sorted(asked) == sorted(submission.code for submission in submissions[3:])
    assert len([json.loads(line) for line in journal.read_text().splitlines()]) == 5
    run_programs(submissions, Limits(test_seconds=3), journal=journal)  # other limits: other outcomes
    assert len(asked) == 2 + 5


def test_a_file_that_is_no_journal_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes\nmore\n")
    with pytest.raises(DataError, match=r"notes.txt:1: not a line of a journal"):
        run_programs(numbered(1), journal=path)
    assert path.read_text() == "my notes\nmore\n"
    with pytest.raises(DataError, match="cannot be used"):
        run_programs(numbered(1), journal=tmp_path)


def test_interrupted_run_keeps_what_is_done_and_leaves_no_process(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    script = (
        "from pathlib import Path\nfrom feedback_lightning.data.schema import Test\n"
        "from feedback_lightning.execution import Submission, run_programs\n"
        "jobs = [Submission(f'import time\\ntime.sleep({i} and 77)', (Test('1', '1'),)) for i in range(9)]\n"
        f"run_programs(jobs, workers=2, journal=Path({str(journal)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while not (journal.exists() and journal.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    sandboxes = sandbox.below(process.pid)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert len(journal.read_text().splitlines()) == 1
    assert sandboxes
    assert not any(
        Path(f"/proc/{pid}").exists() and "inside/start.py" in Path(f"/proc/{pid}/cmdline").read_text()
        for pid in sandboxes
    )


@given(
    printed=st.text(),
    expected=st.text(),
    code=st.integers(-15, 255),
    ended=st.sampled_from([ENDED, TIME_LIMIT, OUTPUT_LIMIT]),
)
def test_only_equal_output_in_time_passes(printed: str, expected: str, code: int, ended: bytes) -> None:
    output = printed.encode("utf-8", "replace")
    outcome = judge(Result(ended, code or 0, 0.1, output, b""), schema.Test("x", expected))
    same = output != b"" and output.decode().strip() == expected.strip()
    assert outcome.passed == (same and ended == ENDED)
