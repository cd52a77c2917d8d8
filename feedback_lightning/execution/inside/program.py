"""The process of one program: runs each of its tests in a fork, for a time, and kills what it leaves behind."""

from __future__ import annotations

import _signal  # signal loads much more
import marshal
import os
import sys
import time
from posix import _exit  # a program may replace os._exit

from . import system
from .config import Config
from .host import ENDED, OUTPUT_LIMIT, TIME_LIMIT, Host, as_bytes
from .interpreter import execute

ERROR_BYTES = 2000  # of the end of standard error
OPEN_FILES = 64  # more than the processes of this package ever have


def serve(host: Host, size: int, config: Config, initial: tuple[object, ...]) -> int:
    """Read a program, run its tests, send how each ended; returns 0. Ends early if a test has changed the sandbox.

    Args:
        size: of the request.
        initial: the system's state before the program.
    """
    program, tests, seconds = marshal.loads(host.read(size))
    system.adopt_orphans()
    deadline = time.monotonic() + seconds
    watch = Watch(config)
    for test in tests:
        left = deadline - time.monotonic()
        if left > 0:
            host.send(watch.run(program + test, min(config.test_seconds, left)))
        else:
            host.send(answer(TIME_LIMIT, 0, 0, b"", b"the program's time was used up before this test"))
        if system.state(config.folder, config.own_namespaces) != initial:
            break
    return 0


def answer(ended: bytes, code: int, microseconds: int, output: bytes, errors: bytes) -> bytes:
    """The message about one test."""
    return b"".join((ended, as_bytes((code, microseconds, len(output), len(errors))), output, errors))


class Watch:
    """Runs tests, each in a fork."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.process = 0
        self.expired = False
        _signal.signal(_signal.SIGALRM, self.on_alarm)

    def on_alarm(self, *_: object) -> None:
        self.expired = True
        system.kill(self.process)

    def run(self, source: bytes, seconds: float) -> bytes:
        """Run a program that ends with its test for a time; returns the message about it."""
        files = [os.memfd_create("output"), os.memfd_create("errors")]
        place(source)
        self.expired = False
        begin = time.monotonic_ns()
        self.process = os.fork()
        if self.process == 0:
            code = 1
            try:
                _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)
                enter(files, self.config)
                code = execute(source)
            finally:
                _exit(code)
        _signal.setitimer(_signal.ITIMER_REAL, seconds, 0.05)
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        microseconds = (time.monotonic_ns() - begin) // 1000
        system.kill_the_rest(self.config.own_namespaces)
        remove()
        limit = self.config.limits["FSIZE"]
        sizes = [os.fstat(file).st_size for file in files]
        ended = OUTPUT_LIMIT if max(sizes) >= limit else TIME_LIMIT if self.expired else ENDED
        output, errors = os.pread(files[0], limit, 0), os.pread(files[1], ERROR_BYTES, max(0, sizes[1] - ERROR_BYTES))
        for file in files:
            os.close(file)
        return answer(ended, code, microseconds, output, errors)


def enter(files: list[int], config: Config) -> None:
    """In the process of a test: nothing is open but standard input and these files, as 1, 2, …; limits hold."""
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
    os.closerange(len(files) + 1, OPEN_FILES)
    system.set_limits(config.limits)


def place(source: bytes) -> None:
    """Put program and test where `__file__` says: tracebacks and programs that read themselves look there."""
    file = os.open(sys.argv[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    while source:
        source = source[os.write(file, source) :]
    os.close(file)


def remove() -> None:
    """Remove the program, unless the test has put something else there, which shows in the sandbox's state."""
    try:
        os.unlink(sys.argv[0])  # noqa: PTH108
    except OSError:
        return
