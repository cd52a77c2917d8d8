"""The process of one program: runs each of its tests in a fork, for a time, and kills what it leaves behind."""

from __future__ import annotations

import _signal
import marshal
import os
import sys
import time
from posix import _exit  # a program may replace os._exit

from . import system
from .config import Config
from .host import ENDED, OUTPUT_LIMIT, TIME_LIMIT, Host, as_message
from .interpreter import execute, execute_together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TOGETHER_SECONDS = 0.5  # for all tests of a program that leaves no trace; those left over have a process each
ERROR_BYTES = 2000  # of the end of standard error
OPEN_FILES = 64  # more than this process ever has


def serve(host: Host, size: int, config: Config, initial: tuple[object, ...]) -> None:
    """Read a program, run its tests, send how each ended. Ends early if a test has changed the sandbox.

    Args:
        size: of the request.
        initial: the system's state before the program.
    """
    program, tests, seconds = marshal.loads(host.read(size))
    system.adopt_orphans()
    deadline = time.monotonic() + seconds
    watch = Watch(config)
    done = run_together(host, watch, min(TOGETHER_SECONDS, config.test_seconds, seconds), program, tests)
    for test in tests[done:]:
        left = deadline - time.monotonic()
        if left <= 0:
            host.send(as_message(TIME_LIMIT, 0, 0, b"", b"the program's time was used up before this test"))
            continue
        place_program(program + test)
        watch.run(min(config.test_seconds, left), execute, program + test)
        remove_program()
        host.send(as_message(watch.ended, watch.code, watch.microseconds, watch.output(), watch.errors()))
        if system.state(config.folder, config.own_namespaces) != initial:
            return


def place_program(source: bytes) -> None:
    """Put program and test where `__file__` says: tracebacks and programs that read themselves look there."""
    file = os.open(sys.argv[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    while source:
        source = source[os.write(file, source) :]
    os.close(file)


def remove_program() -> None:
    """Unless the test has put something else there, which shows in the sandbox's state."""
    try:
        os.unlink(sys.argv[0])  # noqa: PTH108
    except OSError:
        return


def run_together(host: Host, watch: Watch, seconds: float, program: bytes, tests: list[bytes]) -> int:
    """Run the tests in one fork, if the program leaves no trace there; send results; returns how many."""
    if seconds <= 0:
        return 0
    notes = os.memfd_create("notes")
    watch.run(seconds, execute_together, program, tests, notes=notes)
    output, numbers, start, messages = watch.output(), os.pread(notes, 16 * len(tests), 0), 0, []
    for at in range(0, len(numbers), 16):
        end, microseconds = (int.from_bytes(numbers[i : i + 8], "big") for i in (at, at + 8))
        messages.append(as_message(ENDED, 0, microseconds, output[start:end], b""))
        start = end
    host.send(b"".join(messages))
    os.close(notes)
    return len(numbers) // 16


class Watch:
    """Runs something in a fork with limits.

    After `run`: `ended` (ENDED, TIME_LIMIT or OUTPUT_LIMIT), `code` (exit code, negative for a signal), `microseconds`.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.files: list[int] = []
        self.process = 0
        self.expired = False
        _signal.signal(_signal.SIGALRM, self.on_alarm)

    def run(self, seconds: float, function: Callable[..., int], *arguments: object, notes: int | None = None) -> None:
        """Exit code function(*arguments) of a new process, which can write to standard output and errors, and to the
        file `notes`."""
        for file in self.files:
            os.close(file)
        self.files = [os.memfd_create("output"), os.memfd_create("errors")]
        self.expired = False
        begin = time.monotonic_ns()
        self.process = os.fork()
        if self.process == 0:
            try:
                self.enter(self.files if notes is None else [*self.files, notes])
                _exit(function(*arguments))
            finally:
                _exit(1)
        _signal.setitimer(_signal.ITIMER_REAL, seconds, 0.05)
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        self.microseconds = (time.monotonic_ns() - begin) // 1000
        system.kill_the_rest(self.config.own_namespaces)
        full = max(os.fstat(file).st_size for file in self.files) >= self.config.limits["FSIZE"]
        self.ended = OUTPUT_LIMIT if full else TIME_LIMIT if self.expired else ENDED

    def enter(self, files: list[int]) -> None:
        """In the new process: nothing is open but standard input and these files, as 1, 2, …"""
        _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)
        for number, file in enumerate(files, 1):
            os.dup2(file, number)
        os.closerange(len(files) + 1, OPEN_FILES)
        system.set_limits(self.config.limits)

    def on_alarm(self, *_: object) -> None:
        self.expired = True
        system.kill(self.process)

    def output(self) -> bytes:
        return os.pread(self.files[0], self.config.limits["FSIZE"], 0)

    def errors(self) -> bytes:
        """The end of standard error."""
        return os.pread(self.files[1], ERROR_BYTES, max(0, os.fstat(self.files[1]).st_size - ERROR_BYTES))
