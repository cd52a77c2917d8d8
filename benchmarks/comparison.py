"""Contenders in processes of their own, all loaded at the same time, that take optimiser steps in turn."""

import multiprocessing
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, work
from benchmarks.workload import Workload
from feedback_lightning.errors import FeedbackError

# Losses of about 8 nats: float32 sums in another order; bfloat16 rounds to 8 bits of mantissa again and again.
TOLERANCE = {"float32": 1e-5, "bfloat16": 1e-2}


@dataclass
class Result:
    """What one contender did in the timed steps.

    Args:
        name: of the contender.
        first_loss: on the step before these.
        seconds: of each step.
        processor_seconds: likewise, on all threads together; not spent waiting for a processor that others use.
        computed: tokens that went through the model in each step.
        memory: peak bytes above the loaded model.
        failure: why there is nothing.
    """

    name: str
    first_loss: float = float("nan")
    seconds: list[float] = field(default_factory=list)
    processor_seconds: list[float] = field(default_factory=list)
    computed: list[int] = field(default_factory=list)
    memory: float = 0.0
    failure: str = ""

    def times(self, other: "Result") -> float:
        """How many times as long it took as the other, in the median over the steps."""
        return statistics.median(a / b for a, b in zip(self.seconds, other.seconds, strict=True))


class Process:
    """A contender that waits for its turns."""

    def __init__(self, name: str, workload: Workload, log: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.name, self.log = name, log
        self.connection, other = context.Pipe()
        self._process = context.Process(target=work, args=(other, name, workload, str(log)), daemon=True)
        self._process.start()
        other.close()
        self._answer()

    def step(self) -> dict[str, float]:
        """Take one optimiser step."""
        self.connection.send("go")
        return self._answer()

    def _answer(self) -> Any:
        try:
            answer = self.connection.recv()
        except EOFError:
            answer = "the process ended"
        if isinstance(answer, str) and answer != "loaded":
            raise FeedbackError(f"{answer} (see {self.log})")
        return answer

    def close(self) -> None:
        self._process.terminate()
        self._process.join()


def compare(names: Sequence[str], workload: Workload, folder: Path, progress: Callable[[str], None]) -> list[Result]:
    """Load the contenders, compare their loss on the first step, and let them take the others in turn.

    Args:
        names: of CONTENDERS. One that does not run here has the reason in its result.
        workload: of at least two steps.
        folder: for the contenders' output.
        progress: is told what is being done.
    """
    results = [Result(name) for name in names]
    running: list[tuple[Result, Process]] = []
    try:
        for result in results:
            progress(f"{result.name}: first step")
            try:
                process = Process(result.name, workload, folder / f"{result.name}.log")
                running.append((result, process))
                result.first_loss = process.step()["loss"]
            except FeedbackError as error:
                result.failure = str(error)
        running = [(result, process) for result, process in running if not result.failure]
        if not running:
            raise FeedbackError(f"none of the contenders runs here; {results[0].name}: {results[0].failure}")
        check_losses([result for result, _ in running], workload.dtype)
        for step in range(1, workload.steps):
            first = step % len(running)
            for result, process in running[first:] + running[:first]:
                progress(f"step {step} of {workload.steps - 1}: {result.name}")
                answer = process.step()
                result.seconds.append(answer["seconds"])
                result.processor_seconds.append(answer["processor_seconds"])
                result.computed.append(int(answer["computed"]))
                result.memory = answer["memory"]
    finally:
        for _, process in running:
            process.close()
    return results


def check_losses(results: Sequence[Result], dtype: str) -> None:
    """The losses on the same step must be the same up to rounding, or they do not train the same thing."""
    for result in results[1:]:
        if not abs(result.first_loss / results[0].first_loss - 1) < TOLERANCE[dtype]:
            raise FeedbackError(
                f"{result.name} has the loss {result.first_loss:.6f} on the first step, {results[0].name}"
                f" {results[0].first_loss:.6f}: they do not train the same thing"
            )


def known(names: Sequence[str] | None) -> list[str]:
    """The contenders asked for; all where none is named."""
    unknown = [name for name in names or () if name not in CONTENDERS]
    if unknown:
        raise FeedbackError(f"unknown contender {unknown[0]!r}; there are {', '.join(CONTENDERS)}")
    return list(names or CONTENDERS)
