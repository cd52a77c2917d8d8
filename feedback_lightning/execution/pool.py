"""Run many programs at a time, one sandbox for each worker."""

import os
import queue
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from feedback_lightning.data.schema import Test
from feedback_lightning.errors import FeedbackError
from feedback_lightning.execution.inside.host import OUTPUT_LIMIT, TIME_LIMIT
from feedback_lightning.execution.journal import Journal, key
from feedback_lightning.execution.sandbox import Result, Sandbox, choose_tier
from feedback_lightning.execution.schema import Limits, Outcome, Submission, TestOutcome, Tier

KEPT_CHARACTERS, KEPT_OF_ERROR = 4000, 500  # of a test's output, and of its last line of errors
DEFAULT_LIMITS = Limits()


def run_programs(
    submissions: Sequence[Submission],
    limits: Limits = DEFAULT_LIMITS,
    workers: int | None = None,
    journal: Path | None = None,
    isolation: str = "auto",
    description: str = "running programs",
) -> list[Outcome]:
    """Run programs nobody trusts, each with its tests.

    Args:
        submissions: programs and tests.
        limits: what each program may use.
        workers: programs that run at a time; None: one for each processor that this process may use.
        journal: a file that keeps every outcome as soon as it is known; outcomes that are in it are not computed again.
        isolation: "bubblewrap", "namespaces" or "limits"; "auto": the first of them that works here.
        description: of the progress bar.

    Returns:
        Outcomes in the order of the submissions.

    Raises:
        FeedbackError: the isolation asked for does not work here, or there are no workers.
    """
    if workers is not None and workers < 1:
        raise FeedbackError(f"workers must be at least 1, not {workers}")
    tier = choose_tier(isolation)
    kept = Journal(journal)
    keys = [key(submission, limits, tier) for submission in submissions]
    outcomes = [kept.outcomes.get(name) for name in keys]
    todo = [index for index, outcome in enumerate(outcomes) if outcome is None]
    workers = min(len(todo), workers or len(os.sched_getaffinity(0)))
    with progress_bar() as progress:
        bar = progress.add_task(description, total=len(submissions), completed=len(submissions) - len(todo))
        pool = Pool([(index, submissions[index]) for index in todo], tier, limits, workers)
        try:
            for _ in todo:
                index, outcome = pool.next_outcome()
                kept.add(keys[index], outcome)
                outcomes[index] = outcome
                progress.advance(bar)
        finally:
            pool.stop()
    return [outcome for outcome in outcomes if outcome is not None]


def progress_bar() -> Progress:
    """On standard error, if that is a terminal; gone when the work is done."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


class Pool:
    """Threads that each own a sandbox and take the next program when they are done with one.

    Args:
        jobs: (index, submission).
        tier, limits: of the sandboxes.
        workers: how many threads.
    """

    def __init__(self, jobs: Sequence[tuple[int, Submission]], tier: Tier, limits: Limits, workers: int) -> None:
        self.jobs: queue.SimpleQueue[tuple[int, Submission]] = queue.SimpleQueue()
        for job in jobs:
            self.jobs.put(job)
        self.done: queue.SimpleQueue[tuple[int, Outcome] | BaseException] = queue.SimpleQueue()
        self.workers = [Worker(self, tier, limits) for _ in range(workers)]
        for worker in self.workers:
            worker.start()

    def next_outcome(self) -> tuple[int, Outcome]:
        """The next program that is done, in any order. Raises what stopped a worker."""
        done = self.done.get()
        if isinstance(done, BaseException):
            raise done
        return done

    def stop(self) -> None:
        """Leave what has not begun, kill what runs, wait until all is gone."""
        for worker in self.workers:
            worker.stop()
        for worker in self.workers:
            worker.join()


class Worker(threading.Thread):
    """Runs jobs of a pool in its sandbox, and makes a new one when a program has changed or broken it."""

    def __init__(self, pool: Pool, tier: Tier, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.pool, self.tier, self.limits = pool, tier, limits
        self.sandbox: Sandbox | None = None
        self.stopping = False

    def run(self) -> None:
        try:
            while not self.stopping:
                index, submission = self.pool.jobs.get_nowait()
                self.pool.done.put((index, self.outcome(submission)))
        except queue.Empty:
            pass
        except BaseException as error:
            self.pool.done.put(error)
        finally:
            self.close()

    def stop(self) -> None:
        """From another thread: begin nothing more, and do not wait for what runs."""
        self.stopping = True
        if self.sandbox is not None:
            self.sandbox.stop()

    def open(self) -> Sandbox:
        """The sandbox, a new one if there is none."""
        if self.sandbox is None:
            self.sandbox = Sandbox(self.tier, self.limits)
        return self.sandbox

    def close(self) -> None:
        if self.sandbox is not None:
            self.sandbox.close()
            self.sandbox = None

    def outcome(self, submission: Submission) -> Outcome:
        """Run one program, in as many sandboxes as it takes."""
        try:
            program = submission.code.encode()
            tests = [f"\nresult = {test.input}\nprint(result)\n".encode() for test in submission.tests]
        except UnicodeEncodeError as error:
            failed = TestOutcome("error", "", 0.0, f"not a program: {error.reason}")
            return Outcome((failed,) * len(submission.tests), self.tier)
        sandbox = self.open()  # before the program's time begins
        deadline = time.monotonic() + self.limits.program_seconds
        results, fit = sandbox.run_together(program, tests)
        outcomes = [judge(result, test) for result, test in zip(results, submission.tests, strict=False)]
        if not fit:
            self.close()
        while len(outcomes) < len(tests):
            if submission.until_failure and not all(outcome.passed for outcome in outcomes):
                break
            begin = time.monotonic()
            sandbox = self.open()
            deadline += time.monotonic() - begin
            if self.stopping:
                break
            left = max(0.0, deadline - time.monotonic())
            next_tests = tests[len(outcomes) :][: 1 if submission.until_failure else None]
            results, then = sandbox.run_alone(program, next_tests, left)
            for result in results:
                outcomes.append(judge(result, submission.tests[len(outcomes)]))
            if then == "hung":
                outcomes.append(
                    TestOutcome("time limit", "", self.limits.test_seconds, "the test could not be stopped")
                )
            elif then == "broken" or not results:
                outcomes.append(TestOutcome("error", "", 0.0, "the test killed the process that runs it"))
            if then != "fit":
                self.close()
        return Outcome(tuple(outcomes[: len(tests)]), self.tier)


def judge(result: Result, test: Test) -> TestOutcome:
    """Compare what a test printed with what is expected, both stripped.

    A test that printed nothing at all has not come to its end, since `print` prints a line end: it does not pass, even
    if nothing is expected.

    >>> from feedback_lightning.execution.inside.host import ENDED
    >>> judge(Result(ENDED, 0, 0.1, b"[1, 2]\\n", b""), Test("f()", "[1, 2]")).status
    'passed'
    >>> judge(Result(ENDED, -11, 0.1, b"", b""), Test("f()", "")).error
    'killed: Segmentation fault'
    """
    output = result.output.decode("utf-8", "replace")
    printed, seconds = output[:KEPT_CHARACTERS], result.seconds
    error = (result.errors.decode("utf-8", "replace").strip().splitlines() or [""])[-1][:KEPT_OF_ERROR]
    if result.ended == TIME_LIMIT:
        return TestOutcome("time limit", printed, seconds, error)
    if result.ended == OUTPUT_LIMIT:
        return TestOutcome("output limit", printed, seconds, error)
    if output and output.strip() == test.output.strip():
        return TestOutcome("passed", printed, seconds)
    if result.code < 0:
        error = f"killed: {signal.strsignal(-result.code)}"
    return TestOutcome("error" if result.code else "wrong output", printed, seconds, error)
