"""Programs per second: run_programs beside a fresh `python program.py` for each test, on real repairs.

    python -m benchmarks.execution [--limit N]

Both run the same programs with the same tests and the same number of workers, and every verdict is compared: the
status of each test, and what it printed. The fresh interpreters run in the same isolation, in a loop that writes
program and test to a file and starts Python on it, since nobody trusts these programs; they have no other limits than
the time. They use the interpreter without site-packages, which starts fastest.
"""

import argparse
import json
import os
import queue
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.dataset import DATASET
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.execution import Limits, Outcome, Submission, run_programs
from feedback_lightning.execution.inside.host import ENDED, TIME_LIMIT
from feedback_lightning.execution.pool import judge
from feedback_lightning.execution.sandbox import Result, environment, own_user, reason_against
from feedback_lightning.execution.schema import Tier
from feedback_lightning.execution.view import PYTHON, isolated

# Runs inside the isolation: reads [program, inputs] as JSON lines, answers [exit code or null, seconds, output] lists.
LOOP = r"""
import json, os, subprocess, sys, time
user, seconds = json.loads(sys.argv[1])
if user is not None:
    os.setgroups([]); os.setresgid(user, user, user); os.setresuid(user, user, user)
for line in sys.stdin:
    program, inputs = json.loads(line)
    answers = []
    for text in inputs:
        with open("program.py", "w", encoding="utf-8") as file:
            file.write(f"{program}\nresult = {text}\nprint(result)\n")
        begin, quiet = time.monotonic(), subprocess.DEVNULL
        try:
            run = subprocess.run([sys.executable, "program.py"], stdin=quiet, stdout=subprocess.PIPE, stderr=quiet,
                                 timeout=seconds, close_fds=False)
            code, output = run.returncode, run.stdout
        except subprocess.TimeoutExpired as expired:
            code, output = None, expired.stdout or b""
        answers.append([code, time.monotonic() - begin, output.decode("latin-1")])
    print(json.dumps(answers), flush=True)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="only so many programs, spread over the problems")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="for both")
    options = parser.parse_args()
    root = DATASET
    problems = read_problems(root)
    programs = read_training(root, problems, needs=("repaired_code",))
    submissions = [Submission(program.fixed, problems[program.problem].tests) for program in programs]
    if options.limit:
        submissions = submissions[:: -(-len(submissions) // options.limit)]
    tiers = [tier for tier in get_args(Tier) if reason_against(tier) is None]
    sample = submissions[::20]
    one, _ = fresh(sample, 1, tiers[0])
    seconds, expected = fresh(submissions, options.workers, tiers[0])
    rows = [
        ("python program.py, 1 in 20", 1, len(sample) / one, "", ""),
        ("python program.py", options.workers, len(submissions) / seconds, passed(expected), ""),
    ]
    for tier in tiers:
        begin = time.monotonic()
        outcomes = run_programs(submissions, workers=options.workers, isolation=tier)
        rate = len(submissions) / (time.monotonic() - begin)
        rows.append((f"run_programs, {tier}", options.workers, rate, passed(outcomes), differences(outcomes, expected)))
    tests = sum(len(submission.tests) for submission in submissions)
    table = Table(
        title=f"{len(submissions):,} repairs of {root.name}, {tests:,} tests",
        caption="pass: programs; differ: tests with another status or output than with python program.py",
    )
    for name in ("", "workers", "programs/s", "ratio", "pass", "differ"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for name, workers, rate, passing, differing in rows:
        table.add_row(name, f"{workers}", f"{rate:.1f}", f"{rate / rows[1][2]:.2f}", f"{passing}", f"{differing}")
    Console().print(table)


def passed(outcomes: list[Outcome]) -> int:
    return sum(outcome.passed for outcome in outcomes)


def differences(outcomes: list[Outcome], expected: list[Outcome]) -> int:
    """How many tests ended with another status, or printed something else."""
    pairs = [(a, b) for mine, other in zip(outcomes, expected, strict=True)
             for a, b in zip(mine.tests, other.tests, strict=True)]  # fmt: skip
    return sum((a.status, a.output) != (b.status, b.output) for a, b in pairs)


def fresh(submissions: list[Submission], workers: int, tier: Tier) -> tuple[float, list[Outcome]]:
    """Seconds and outcomes with a fresh interpreter for each test, in loops that share the programs."""
    loops: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()

    def run(submission: Submission) -> Outcome:
        loop = loops.get()
        assert loop.stdin
        assert loop.stdout
        loop.stdin.write(json.dumps([submission.code, [test.input for test in submission.tests]]) + "\n")
        loop.stdin.flush()
        answers = zip(json.loads(loop.stdout.readline()), submission.tests, strict=True)
        loops.put(loop)
        return Outcome(tuple(judge(as_result(*answer), test) for answer, test in answers), tier)

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool, Progress(transient=True) as bar:
        for number in range(workers):
            loops.put(start_loop(tier, f"{folder}/{number}", number))
        begin = time.monotonic()
        outcomes = list(bar.track(pool.map(run, submissions), len(submissions), description="python program.py"))
        seconds = time.monotonic() - begin
        for _ in range(workers):
            loops.get().communicate()
    return seconds, outcomes


def as_result(code: int | None, seconds: float, output: str) -> Result:
    return Result(TIME_LIMIT if code is None else ENDED, code or 0, seconds, output.encode("latin-1"), b"")


def start_loop(tier: Tier, folder: str, number: int) -> subprocess.Popen[str]:
    """The loop of fresh interpreters, isolated."""
    user = own_user(number)
    command = [PYTHON, "-I", "-S", "-B", "-c", LOOP, json.dumps([user, Limits().test_seconds])]
    variables = environment(folder if tier == "limits" else "/tmp")
    del variables["PYTHONHASHSEED"]  # as a new interpreter has it
    Path(folder).mkdir()
    Path(folder).chmod(0o777)
    return subprocess.Popen(
        isolated(tier, command, Limits(), folder, exclusive=user is not None), cwd=folder, text=True,
        env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


if __name__ == "__main__":
    main()
