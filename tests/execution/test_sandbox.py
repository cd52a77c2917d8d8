"""Hostile programs, run between honest ones: none passes, none disturbs another, and nothing is left behind."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import feedback_lightning.execution
from feedback_lightning.data import schema
from feedback_lightning.errors import FeedbackError
from feedback_lightning.execution import Limits, Outcome, Submission, run_programs, sandbox
from feedback_lightning.paths import REPOSITORY

LIMITS = Limits(test_seconds=0.4, program_seconds=20, memory_mb=256, processes=8, output_kb=64)
# The expected outputs are found nowhere in the programs, so that one who prints them has stolen them.
TESTS = (schema.Test("double('vo')", "vovo"), schema.Test("double('ze')", "zeze"))
HONEST = "def double(x):\n    return x + x\n"
MARK = "86420.97531"  # an argument of `sleep` by which a process that was left behind is known

TIME, ERROR, OUTPUT, WRONG, PASSED = "time limit", "error", "output limit", "wrong output", "passed"

# name: (program, the statuses that its tests may have)
HOSTILE = {
    "endless loop": ("def double(x):\n    while True: pass", {TIME}),
    "endless loop at the top": ("while True: pass", {TIME}),
    "cannot be interrupted": (
        "def double(x):\n    while True:\n        try:\n"
        "            while True: pass\n        except BaseException: pass",
        {TIME},
    ),
    "sleeps": ("import time\ntime.sleep(1e6)", {TIME}),
    "stops itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", {TIME}),
    "ignores SIGTERM": (
        "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\n"
        "while True: pass",
        {TIME},
    ),
    "fork bomb": ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", {TIME}),
    "thread bomb": (
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()",
        {ERROR, TIME},
    ),
    "10 GB": ("def double(x):\n    return len(bytearray(10 << 30))", {ERROR}),
    "10 GB bit by bit": ("x = []\nwhile True: x.append(bytearray(1 << 20))", {ERROR, TIME}),
    "huge constant": ("x = 1 << (1 << 40)", {ERROR}),
    "1 GB of output": ("for i in range(1024): print('x' * (1 << 20))", {OUTPUT}),
    "1 GB of errors": (
        "import sys\nwhile True:\n    try: sys.stderr.write('x' * (1 << 20))\n    except OSError: pass",
        {OUTPUT},
    ),
    "large file": ("with open('f', 'w') as f:\n    while True: f.write('x' * 9999)", {ERROR}),
    "many files": (
        "for i in range(10**6):\n    with open(f'f{i}', 'w') as f: f.write('x' * 9999)\n",
        {ERROR, TIME},
    ),
    "many open files": ("fs = []\nwhile True: fs.append(open('/dev/null'))", {ERROR}),
    "recursion": ("def double(x):\n    return double(x)", {ERROR}),
    "recursion without limit": (
        "import sys\nsys.setrecursionlimit(10**9)\ndef double(x):\n    return [double(x)]",
        {ERROR, TIME},
    ),
    "recursion in C": (
        "import sys\nsys.setrecursionlimit(10**9)\nx = []\nfor i in range(10**6): x = [x]\nrepr(x)",
        {ERROR, TIME},
    ),
    "deep source": ("x = " + "(" * 100_000 + ")" * 100_000, {ERROR, OUTPUT}),
    "not Python": ("int main(void) { return 0; }", {ERROR}),
    "no text": ("\x00\x01\x02", {ERROR}),
    "empty": ("", {ERROR}),
    "os._exit": ("import os\nos._exit(0)", {WRONG}),
    "sys.exit": ("import sys\nsys.exit()", {WRONG}),
    "exits in the function": ("def double(x):\n    raise SystemExit", {WRONG}),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)", {ERROR}),
    "replaces print": ("def print(*values): pass\n" + HONEST, {WRONG}),
    "replaces builtins": ("import builtins\nbuiltins.print = lambda *values: None\n" + HONEST, {WRONG}),
    "replaces sys.stdout": ("import io, sys\nsys.stdout = io.StringIO()\n" + HONEST, {WRONG}),
    "closes output": ("import os\nos.close(1)\n" + HONEST, {WRONG, ERROR}),
    "claims equality": (
        "class Same(str):\n    def __eq__(self, other): return True\n    def strip(self): return self\n"
        "def double(x): return Same('?')",
        {WRONG},
    ),
    "wrong bytes": ("import sys\nsys.stdout.buffer.write(b'\\xff\\xfe\\x00')\n" + HONEST, {WRONG}),
    "unprintable": ("print('\\udcff')\n" + HONEST, {ERROR}),
    "writes to other files": (
        "import os\nfor i in range(3, 64):\n    try: os.write(i, b'e' * 33 + b'+' * 99)\n    except OSError: pass",
        {ERROR},
    ),
    "kills its parent": ("import os\nos.kill(os.getppid(), 9)\n" + HONEST, {ERROR, PASSED}),
    "stops its parent": ("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nwhile True: pass", {TIME}),
    "kills everybody": (
        "import os\nfor p in (1, 2, -1):\n    try: os.kill(p, 9)\n    except OSError: pass\n" + HONEST,
        {ERROR, PASSED},
    ),
    "leaves processes": (
        f"import subprocess\nfor i in range(3): subprocess.Popen(['sleep', '{MARK}'], start_new_session=i > 0)\n"
        "def double(x): return 1",
        {WRONG},
    ),
    "leaves grandchildren": (
        f"import os\nfor i in range(2):\n    if os.fork() == 0:\n        os.setsid()\n"
        f"        if os.fork() == 0: os.execlp('sleep', 'sleep', '{MARK}')\n        os._exit(0)\n",
        {ERROR},
    ),
    "leaves threads": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\n"
        "def double(x): return 1",
        {WRONG},
    ),
    "waits for threads": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1e6,)).start()\n" + HONEST,
        {TIME},
    ),
    "takes limits from the parent": (
        "import os, resource\nfor p in (1, os.getppid()):\n    for r in range(16):\n"
        "        try: resource.prlimit(p, r, (0, 0))\n        except OSError: pass\n" + HONEST,
        {ERROR, PASSED},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tier: str) -> dict[str, str]:
    """The programs that may be run with a tier."""
    programs = {name: code for name, (code, _) in HOSTILE.items()}
    if tier == "limits" and os.geteuid() != 0:
        del programs["kills everybody"]  # it would, as documented
    return programs


@pytest.fixture(scope="module")
def outcomes(tier: str, hostile: dict[str, str]) -> dict[str, Outcome]:
    """Every hostile program, each between honest ones, in two sandboxes at a time."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 1.0)
    jobs: dict[str, Submission] = {}
    for name, code in hostile.items():
        jobs[name] = Submission(code, TESTS[:1] if TIME in HOSTILE[name][1] else TESTS)  # one of those that take long
        jobs[f"after {name}"] = Submission(HONEST, TESTS)
    found = run_programs(list(jobs.values()), LIMITS, workers=2, isolation=tier)
    monkeypatch.undo()
    return dict(zip(jobs, found, strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_program_is_reported(outcomes: dict[str, Outcome], name: str) -> None:
    if name not in outcomes:
        pytest.skip("limits alone, as an ordinary user, do not protect that user's other processes")
    statuses = HOSTILE[name][1]
    assert {test.status for test in outcomes[name].tests} <= statuses, outcomes[name]
    assert outcomes[name].passed <= (PASSED in statuses)


def test_honest_programs_between_them_pass(outcomes: dict[str, Outcome], tier: str) -> None:
    honest = {name: outcome for name, outcome in outcomes.items() if name.startswith("after")}
    assert [name for name, outcome in honest.items() if not outcome.passed] == []
    assert {outcome.tier for outcome in outcomes.values()} == {tier}


def test_nothing_is_left_behind(outcomes: dict[str, Outcome], hostile: dict[str, str]) -> None:
    assert processes_with(MARK) == []
    users = set(map(sandbox.own_user, range(sandbox.SANDBOXES)))
    assert wait_until(lambda: users.isdisjoint(users_of_processes()))  # process 1 may have to bury some of them
    assert list(Path(tempfile.gettempdir()).glob(f"feedback-lightning-{os.getpid()}-*")) == []
    assert not (REPOSITORY / "program.py").exists()


def processes_with(argument: str) -> list[str]:
    """The processes that have this argument now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            if argument.encode() in path.read_bytes().split(b"\0"):
                found.append(str(path))
    return found


def users_of_processes() -> set[int]:
    """Real user ids of all processes."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            found.add(int(path.read_text().partition("\nUid:")[2].split()[0]))
    return found


def wait_until(condition: Callable[[], bool]) -> bool:
    """Whether it is true within ten seconds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def output_of(code: str, tier: str, expected: str = "-") -> str:
    """What a program prints, whose test is `1` and expects what it does not print."""
    (outcome,) = run_programs([Submission(code, (schema.Test("1", expected),))], LIMITS, isolation=tier)
    assert not outcome.passed
    return outcome.tests[0].output


def test_printing_the_expected_output_of_one_test_passes_that_test_only(tier: str) -> None:
    code = "import os\nprint('vovo', flush=True)\nos._exit(0)"
    (outcome,) = run_programs([Submission(code, TESTS)], LIMITS, isolation=tier)
    assert [test.status for test in outcome.tests] == [PASSED, WRONG]


def test_a_test_that_did_not_print_does_not_pass_even_if_nothing_is_expected(tier: str) -> None:
    programs = ["import sys\nsys.exit()", "import os\nos._exit(0)", "x = ''"]
    submissions = [Submission(code, (schema.Test("''", ""),)) for code in programs]
    outcomes = run_programs(submissions, LIMITS, isolation=tier)
    assert [outcome.passed for outcome in outcomes] == [False, False, True]


# Counts a word in its own memory, in open files, in every file that it can read, and in other processes. The word does
# not stand in the program itself: the pattern has something between its halves.
SPY = r"""
import ctypes, gc, os, re
things = gc.get_objects()
pages = {{id(thing) >> 12 for thing in things + gc.get_referents(*things)}}
seen = [ctypes.string_at(page << 12, 1 << 12) for page in pages]
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
seen.append(ctypes.string_at(libc.sbrk(0) - (1 << 18), 1 << 18))
for descriptor in range(3, 64):
    try: seen.append(os.pread(descriptor, 1 << 16, 0))
    except OSError: pass
for place in {places}:
    for folder, _, names in os.walk(place):
        for name in names:
            try: seen.append(open(folder + '/' + name, 'rb').read(1 << 16))
            except OSError: pass
for process in (os.getppid(), 1):
    try: seen.append(open(f'/proc/{{process}}/environ', 'rb').read())
    except OSError: pass
word = re.compile(rb'{first}(?={second})')
print(sum(len(word.findall(data)) for data in seen) > 0)
"""


def test_expected_outputs_and_other_programs_cannot_be_read(tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected, other = "Quagga4711", "Okapi1147"
    monkeypatch.setenv("SECRET", expected)
    places = ["/proc", "/tmp", "/dev", "/inside", "/etc"] if tier != "limits" else ["."]
    spies = [SPY.format(first=word[:4], second=word[4:], places=places) for word in (expected, other)]
    programs = [f"print('{other}')", f"import os\nprint('{other}')", *spies, f"x = '{expected}'" + spies[0]]
    submissions = [Submission(code, (schema.Test("1", expected),)) for code in programs]
    outcomes = run_programs(submissions, LIMITS, workers=1, isolation=tier)
    answers = [outcome.tests[0].output.split()[:1] for outcome in outcomes]
    assert answers == [[other], [other], ["False"], ["False"], ["True"]], (
        outcomes
    )  # the last spy looks for its own text


def test_nothing_can_be_written_outside(tier: str) -> None:
    places = [
        str(place / "written-by-a-test") for place in (Path.home(), REPOSITORY, Path("/usr"), Path("/etc"), Path("/"))
    ]
    code = (
        "import os\nfor place in PLACES:\n    try:\n        os.makedirs(os.path.dirname(place), exist_ok=True)\n"
        "        open(place, 'w').write('x')\n    except OSError: pass"
    )
    if tier == "limits" and os.geteuid() != 0:
        pytest.skip("limits alone, as an ordinary user, do not protect that user's files")
    output_of(code.replace("PLACES", repr(places)), tier)
    assert [place for place in places if Path(place).exists()] == []


def test_each_test_begins_in_an_empty_private_folder(tier: str) -> None:
    code = (
        "import os, pathlib\nassert pathlib.Path.cwd() == pathlib.Path.home()\nfound = os.listdir('.')\n"
        "for name in ('f', '.g'): open(name, 'w').write('left')\nos.makedirs('deep/' * 50)\nos.chmod('deep', 0)"
    )
    tests = (schema.Test("found", "['program.py']"),) * 3
    outcomes = run_programs([Submission(code, tests)] * 2, LIMITS, workers=1, isolation=tier)
    assert all(outcome.passed for outcome in outcomes), outcomes


def test_a_file_in_place_of_the_program_is_noticed(tier: str) -> None:
    code = "import os\nos.remove(__file__)\nos.mkdir(__file__)\n" + HONEST
    (outcome,) = run_programs([Submission(code, TESTS)], LIMITS, workers=1, isolation=tier)
    assert outcome.passed


def test_shared_memory_does_not_reach_the_next_test(tier: str) -> None:
    if tier == "limits":
        pytest.skip("limits alone do not separate shared memory")
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None)\nfound = [libc.shmget(77, 4096, 0), libc.semget(77, 1, 0), "
        "libc.msgget(77, 0)]\nlibc.shmget(77, 4096, 0o1666); libc.semget(77, 1, 0o1666); libc.msgget(77, 0o1666)"
    )
    tests = (schema.Test("found", "[-1, -1, -1]"),) * 2
    outcomes = run_programs([Submission(code, tests)] * 2, LIMITS, workers=1, isolation=tier)
    assert all(outcome.passed for outcome in outcomes), outcomes


def test_there_is_no_network(tier: str) -> None:
    if tier == "limits":
        pytest.skip("limits alone do not close the network")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind("\0feedback-lightning-test")
        local.listen()
        addresses = [("AF_INET", server.getsockname()), ("AF_INET", ("8.8.8.8", 53)), ("AF_UNIX", local.getsockname())]
        code = (
            "import socket\nfor family, address in ADDRESSES:\n    try:\n"
            "        connection = socket.socket(getattr(socket, family))\n        connection.settimeout(0.1)\n"
            "        connection.connect(address)\n        print('connected', address)\n    except OSError: pass"
        )
        assert output_of(code.replace("ADDRESSES", repr(addresses)), tier) == "1\n"


def test_programs_have_no_privileges(tier: str) -> None:
    code = (
        "import ctypes, os\nlibc = ctypes.CDLL(None)\nheader = (ctypes.c_uint32 * 2)(0x20080522, 0)\n"
        "data = (ctypes.c_uint32 * 6)()\nlibc.capget(header, data)\n"
        "print(os.getuid() != 0, data[0] & ~4, data[1] & ~4, libc.prctl(39, 0, 0, 0, 0))\n"  # PR_GET_NO_NEW_PRIVS
        "print(libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None), libc.unshare(0x20000), libc.setuid(0))"
    )
    if tier == "namespaces":  # chroot closes them
        code += "\nassert libc.unshare(0x10000000) == -1"
    root_in_limits = tier == "limits" and os.geteuid() == 0 and sandbox.own_user(0) is None
    assert root_in_limits or output_of(code, tier) == "True 0 0 1\n-1 -1 -1\n1\n"


def test_everything_ends_when_this_process_is_killed(tier: str) -> None:
    mark = f"{MARK}1"
    code = f"import subprocess, time\nsubprocess.Popen(['sleep', '{mark}'], start_new_session=True)\ntime.sleep(99)"
    host = (
        "from feedback_lightning.execution import *\nfrom feedback_lightning.data.schema import Test\n"
        f"run_programs([Submission({code!r}, (Test('1', '1'),))], Limits(test_seconds=60), isolation={tier!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", host], cwd=REPOSITORY)
    started = wait_until(lambda: processes_with(mark) != [])
    process.kill()
    process.wait()
    assert started
    assert wait_until(lambda: processes_with(mark) == [])


def test_unknown_and_unavailable_isolation_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FeedbackError, match="not one of auto, bubblewrap, namespaces, limits"):
        sandbox.choose_tier("docker")
    monkeypatch.setattr(sandbox, "reason_against", lambda tier: f"{tier} is not installed")
    with pytest.raises(FeedbackError, match="bubblewrap is not installed"):
        sandbox.choose_tier("bubblewrap")


def test_limits_alone_come_with_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "reason_against", lambda tier: None if tier == "limits" else f"no {tier}")
    sandbox.warn_of_limits_alone.cache_clear()
    with pytest.warns(UserWarning, match="limits alone.*no bubblewrap; no namespaces"):
        assert sandbox.choose_tier("auto") == "limits"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sandbox.choose_tier("auto") == "limits"
        assert sandbox.choose_tier("limits") == "limits"
    sandbox.warn_of_limits_alone.cache_clear()


def test_documentation_says_what_each_tier_covers() -> None:
    text = " ".join((feedback_lightning.execution.__doc__ or "").split())
    for words in ("limits", "namespaces", "bubblewrap", "seccomp", "can read", "network", "shared memory"):
        assert words in text
