"""One sandbox: started for a tier, runs one program after another until a program has changed it."""

import contextlib
import functools
import marshal
import math
import os
import queue
import select
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, get_args

from feedback_lightning.errors import FeedbackError
from feedback_lightning.execution.inside.host import (
    ALONE,
    CHANGED,
    ENDED,
    FIT,
    OUTPUT_LIMIT,
    READY,
    TIME_LIMIT,
    TOGETHER,
    as_bytes,
    as_numbers,
)  # fmt: skip
from feedback_lightning.execution.inside.system import below, kill
from feedback_lightning.execution.schema import Limits, Tier
from feedback_lightning.execution.view import OPTIONS, PYTHON, isolated, start_script

START_SECONDS = 20.0
GRACE_SECONDS = 3.0  # how much later than its time limit a test may be answered for
FIRST_USER, USERS = 1_879_048_192, 1 << 28  # user ids that systemd's table of them leaves free
SANDBOXES = 256  # of this process, at a time
FREE_NUMBERS: queue.SimpleQueue[int] = queue.SimpleQueue()
for number in range(SANDBOXES):
    FREE_NUMBERS.put(number)
KILL_ALL_OF = """
import os, sys
user = int(sys.argv[1])
os.setgroups([]); os.setresgid(user, user, user); os.setresuid(user, user, user)
assert os.getresuid() == (user, user, user) and user > 0
try:
    os.kill(-1, 9)
except ProcessLookupError:
    pass
"""  # as this user, -1 is every process of the user's


@dataclass(frozen=True)
class Result:
    """How one test ended.

    Args:
        ended: ENDED, TIME_LIMIT or OUTPUT_LIMIT.
        code: exit code, negative for the signal that killed it.
        seconds: from its beginning to its end.
        output: what it printed.
        errors: the end of what it printed on standard error.
    """

    ended: bytes
    code: int
    seconds: float
    output: bytes
    errors: bytes


class Stopped(Exception):
    """The sandbox has ended, or does not answer."""


class Sandbox:
    """A process that runs programs, see `inside`. Must be closed.

    Args:
        tier: how to isolate.
        limits: what programs may use.

    Raises:
        FeedbackError: the tier does not work here.
    """

    def __init__(self, tier: Tier, limits: Limits) -> None:
        self.tier, self.limits = tier, limits
        self.number = FREE_NUMBERS.get()
        self.user = own_user(self.number)
        self.folder = tempfile.mkdtemp(prefix=f"feedback-lightning-{os.getpid()}-")
        self.buffer = bytearray()  # what has been read too early
        self.process: subprocess.Popen[bytes] | None = None
        with tempfile.TemporaryFile() as errors:
            try:
                self._start(errors)
            except (Stopped, OSError) as error:  # OSError: a program is missing; TimeoutError
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip().splitlines()
                self.close()
                reason = said[-1] if said else error or "it does not start"
                raise FeedbackError(f"isolation {tier} does not work here: {reason}") from None
            except BaseException:
                self.close()
                raise

    def _start(self, errors: IO[bytes]) -> None:
        """Start the zygote and wait until it is ready."""
        if self.user is not None and self.tier == "limits":
            os.chown(self.folder, self.user, self.user)
        command = [PYTHON, *OPTIONS, start_script(self.tier)]
        self.process = subprocess.Popen(
            isolated(self.tier, command, self.limits, self.folder, exclusive=self.user is not None),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=0, cwd="/",
            env=environment(self.inner_folder), start_new_session=True,
        )  # fmt: skip
        self._write(b"", marshal.dumps(self._configuration()))
        if self._read(1, time.monotonic() + START_SECONDS) != READY:
            raise Stopped

    @property
    def inner_folder(self) -> str:
        """The programs' working directory, as they see it."""
        return self.folder if self.tier == "limits" else "/tmp"

    def _configuration(self) -> dict[str, Any]:
        """See `inside.config.Config`."""
        limits = self.limits
        ours = 2 if self.user is not None else processes_of(os.geteuid())  # 2: the zygote, the program's own process
        return {
            "folder": self.inner_folder,
            "uid": self.user,
            "own_namespaces": self.tier != "limits",
            "test_seconds": limits.test_seconds,
            "limits": {
                "AS": limits.memory_mb << 20,
                "NPROC": ours + limits.processes,
                "NOFILE": limits.open_files,
                "FSIZE": limits.output_kb << 10,
                "CPU": math.ceil(limits.test_seconds) + 1,
                "CORE": 0,
                "MSGQUEUE": 0,
            },
        }

    def run_together(self, program: bytes, tests: list[bytes]) -> tuple[list[Result], bool]:
        """Run a program's tests in one process, if it is one of those for which that makes no difference.

        Returns:
            The results of the tests that ended well, from the first to one that did not; whether the sandbox can run
            another program.
        """
        try:
            self._write(TOGETHER, marshal.dumps((program, tests, 0)))
            deadline = time.monotonic() + START_SECONDS
            notes_size, output_size = as_numbers(self._read(16, deadline))
            notes = as_numbers(self._read(notes_size, deadline))[: 2 * len(tests)]
            output = self._read(output_size, deadline)
            mark = self._read(1, deadline)
        except (Stopped, TimeoutError):
            return [], False
        starts, ends, took = [0, *notes[::2]], notes[::2], notes[1::2]
        results = [Result(ENDED, 0, us / 1e6, output[a:b], b"") for a, b, us in zip(starts, ends, took, strict=False)]
        return results, mark == FIT

    def run_alone(
        self, program: bytes, tests: list[bytes], seconds: float
    ) -> tuple[list[Result], Literal["fit", "changed", "broken", "hung"]]:
        """Run a program's tests, each in its own process, all within some seconds.

        Returns:
            The results of the tests from the first on, and what became of the sandbox. "fit": it can run the next
            program. "changed": it must be replaced, and the tests without a result have not begun. "broken", "hung":
            it must be replaced, and the first test without a result has broken it, or does not end.
        """
        results: list[Result] = []
        wait = self.limits.test_seconds + GRACE_SECONDS
        try:
            self._write(ALONE, marshal.dumps((program, tests, seconds)))
            while (kind := self._read(1, time.monotonic() + wait)) in (ENDED, TIME_LIMIT, OUTPUT_LIMIT):
                results.append(self._read_result(kind, time.monotonic() + GRACE_SECONDS))
        except TimeoutError:
            return results, "hung"
        except Stopped:
            return results, "broken"
        if kind == FIT:
            return results, "fit"
        return results, "changed" if kind == CHANGED else "broken"

    def _read_result(self, ended: bytes, deadline: float) -> Result:
        code, microseconds, output, errors = as_numbers(self._read(32, deadline))
        if not (0 <= output <= self.limits.output_kb << 10 and 0 <= errors <= self.limits.output_kb << 10):
            raise Stopped
        return Result(ended, code, microseconds / 1e6, self._read(output, deadline), self._read(errors, deadline))

    def _write(self, kind: bytes, message: bytes) -> None:
        assert self.process
        assert self.process.stdin
        view = memoryview(kind + as_bytes((len(message),)) + message)
        try:
            while view:
                view = view[self.process.stdin.write(view) :]
        except (OSError, ValueError) as error:  # ValueError: another thread has closed it
            raise Stopped from error

    def _read(self, size: int, deadline: float) -> bytes:
        """Exactly so many bytes of the answer."""
        assert self.process
        assert self.process.stdout
        ready = select.poll()
        ready.register(self.process.stdout, select.POLLIN)
        while len(self.buffer) < size:
            left = deadline - time.monotonic()
            if left < 0 or not ready.poll(left * 1000):
                raise TimeoutError("no answer in time")
            part = os.read(self.process.stdout.fileno(), 1 << 16)
            if not part:
                raise Stopped
            self.buffer += part
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def stop(self) -> None:
        """Ask the sandbox to end, from any thread: the zygote kills all programs when the host closes the pipe."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def close(self) -> None:
        """End the sandbox, wait until it is gone, and remove what it has left."""
        self.stop()
        if self.process and self.process.stdout:
            try:
                self.process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:  # a program has stopped the zygote
                for process in (*below(self.process.pid), self.process.pid):
                    kill(process)
                self.process.wait()
            self.process.stdout.close()
        if self.tier == "limits" and self.user is not None:
            subprocess.run([PYTHON, "-I", "-S", "-c", KILL_ALL_OF, str(self.user)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        FREE_NUMBERS.put(self.number)


def environment(folder: str) -> dict[str, str]:
    """The programs' environment variables."""
    ours = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}  # Python may need it
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", **ours,
    }  # fmt: skip


def own_user(number: int) -> int | None:
    """As root: a user id that nobody else has. Otherwise, or where there is no such id, None."""
    user = FIRST_USER + (os.getpid() * SANDBOXES + number) % USERS
    ids = (map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines())
    known = any(first <= user < first + count for first, _, count in ids)
    return user if os.geteuid() == 0 and known else None


def processes_of(user: int) -> int:
    """How many processes and threads the user has now."""
    count = 0
    for process in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):  # it has just ended
            status = dict(line.split(":", 1) for line in process.read_text().splitlines())
            if int(status["Uid"].split()[0]) == user:
                count += int(status["Threads"])
    return count


@functools.cache
def reason_against(tier: Tier) -> str | None:
    """Why this tier cannot be used here; None if it can. Tries it."""
    try:
        Sandbox(tier, Limits()).close()
    except FeedbackError as error:
        return str(error)
    return None


def choose_tier(isolation: str) -> Tier:
    """The tier of this name if it works here, or with "auto" the first one that does.

    Raises:
        FeedbackError: no such tier, or it does not work here.
    """
    tiers: tuple[Tier, ...] = get_args(Tier)
    if sys.platform != "linux":
        raise FeedbackError("programs are run on Linux only: use a Linux machine, a container or WSL")
    if isolation != "auto" and isolation not in tiers:
        raise FeedbackError(f"isolation {isolation!r} is not one of auto, {', '.join(tiers)}")
    reasons: list[str] = []
    for tier in tiers:
        if isolation in ("auto", tier):
            reason = reason_against(tier)
            if reason is None:
                if isolation == "auto" and tier == "limits":
                    warn_of_limits_alone("; ".join(reasons))
                return tier
            reasons.append(reason)
    raise FeedbackError("; ".join(reasons))


@functools.cache
def warn_of_limits_alone(reasons: str) -> None:
    warnings.warn(
        f"Programs run with limits alone: they can read your files and use the network. {reasons}. Install bubblewrap, "
        "or run this where user namespaces are allowed.",
        stacklevel=2,
    )
