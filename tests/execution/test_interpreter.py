"""A test behaves as `python program.py` does: what it prints, whether it passes, whether it ends with an error."""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.data import schema
from feedback_lightning.execution import Limits, Submission, TestOutcome, run_programs
from feedback_lightning.execution.pool import judge
from feedback_lightning.execution.sandbox import Sandbox, choose_tier

# The text of a test. Where the interpreter sees it, it must not matter that ours comes to it in another way.
TEST = "\nresult = 1 + 1\nprint(result)\n"
DEPTH = "def depth(n=1):\n    try: return depth(n + 1)\n    except RecursionError: return n\nprint(depth())"

PROGRAMS = [
    # as a script
    "import os, sys\nprint(__name__, os.path.basename(__file__), len(sys.argv))",
    "import os, sys\nprint(sys.path[0] == os.path.dirname(__file__))",
    "print(sorted(globals()), __spec__, __doc__, __package__, __cached__, type(__builtins__), type(__loader__))",
    "import __main__, sys\nprint(__main__.__dict__ is globals(), sys.modules['__main__'] is __main__)",
    "'text'\nx: int = 1\nprint(__doc__, __annotations__)",
    "if __name__ == '__main__':\n    print('main')",
    "print(len(open(__file__).read()))",
    "import inspect\ndef f(): return 1\nprint(inspect.getsource(f))",
    "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))))",
    "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = 1\nprint(A())",
    "import threading\nprint(threading.current_thread() is threading.main_thread(), threading.active_count())",
    "import traceback\ntry: 1 / 0\nexcept ZeroDivisionError: print(traceback.format_exc().replace(__file__, ''))",
    "import os\nprint(os.listdir('.'))\nopen('f', 'w').write('x')\nprint(open('f').read(), sorted(os.listdir('.')))",
    # the interpreter
    DEPTH,
    f"import sys\n{DEPTH}",
    "def f(): yield from f()\ntry: list(f())\nexcept RecursionError: print('deep')",
    "class A:\n    n = 0\n    def __repr__(self): A.n += 1; return repr(self)\n"
    "try: repr(A())\nexcept RecursionError: print(A.n)",
    "import sys\nsys.setrecursionlimit(50000)\ndef f(n): return n and f(n - 1)\nprint(f(20000))",
    "import gc\nprint(gc.isenabled(), gc.get_threshold())",
    "import signal\nprint(*map(signal.getsignal, (2, 13, 14, 15, 17)), signal.pthread_sigmask(signal.SIG_BLOCK, []))",
    "import signal, time\nsignal.signal(14, lambda *_: print('alarm'))\nsignal.setitimer(0, 0.02)\ntime.sleep(0.1)",
    "import ctypes\nprint(ctypes.sizeof(ctypes.c_int), ctypes.CDLL(None).getpid() > 0)",
    "import re, json, collections, decimal, unittest, typing, enum, heapq, datetime\nprint(re.sub('a', 'b', 'aa'))",
    "import xml\ntry: print(xml.dom)\nexcept AttributeError: print('not loaded')",
    "print('x'.encode('idna'), exit, quit, hash('a'), {'a', 'b', 'c', 'd'})",
    "import random\nrandom.seed(1)\nprint(random.random())",
    "print = str",
    "import builtins\ndel builtins.print",
    "def print(*values): pass",
    "str = int\nlist = 3",
    "del __builtins__",
    "globals().clear()",
    "import sys\nsys.modules.clear()",
    "import sys\ndel sys.modules['__main__']",
    "__name__ = 'x'",
    # input and output
    "import sys\nprint(sys.stdin.read(), sys.stdin.isatty(), sys.stdout.isatty(), sys.stdout.encoding)",
    "import sys\nprint(sys.stdout.errors, sys.stdout.line_buffering, sys.stdout.seekable(), sys.stderr.errors)",
    "try: input('prompt')\nexcept EOFError: print('end')",
    "input()",
    "print('x', end='')",
    "import sys\nprint('x', file=sys.stderr)",
    "import os\nprint('second')\nos.write(1, b'first\\n')",
    "import os\nprint('lost')\nos._exit(0)",
    "import os\nprint('kept', flush=True)\nos._exit(0)",
    "import subprocess\nprint('b')\nsubprocess.run(['echo', 'a'])",
    "out = open(1, 'w', closefd=False)\nout.write('unflushed ')",
    "import sys\nsys.stdout = None",
    "import sys\ndel sys.stdout",
    "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer)",
    "import io, sys\nsys.stdout = io.StringIO()",
    "import sys\nsys.stdout.close()",
    "import sys\nsys.stdout.detach()",
    "import sys\nsys.__stdout__ = None",
    "import os\nos.close(1)",
    "import sys\nsys.stdout.buffer.write(b'\\xff\\xfe')",
    "print('\\udc80')",
    "import os\nos.dup2(2, 1)",
    "import os\nif os.fork() == 0: print('child'); os._exit(0)\nos.wait()",
    "import os\nif os.fork() == 0: print('child')\nelse: os.wait()",
    # the end
    "exit()",
    "quit(3)",
    "import sys\nsys.exit('text')",
    "raise SystemExit",
    "raise SystemExit(0)",
    "raise SystemExit(256)",
    "raise SystemExit(10**30)",
    "raise SystemExit((1, 2))",
    "raise SystemExit(True)",
    "print(2)\nraise SystemExit(1)",
    "1 / 0",
    "assert False",
    "raise KeyboardInterrupt",
    "import os\nos.abort()",
    "import os\nos.kill(os.getpid(), 11)",
    "import sys\nsys.excepthook = lambda *a: print('hook', a[0])\n1 / 0",
    "import sys\nsys.excepthook = None\n1 / 0",
    "import sys\nsys.exit = lambda *a: None\nsys.exit(1)",
    "import atexit\natexit.register(print, 'bye')",
    "import atexit\natexit.register(lambda: 1 / 0)\natexit.register(print, 'bye')",
    "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()",
    "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('thread')), daemon=True).start()",
    "import threading\nthreading.Thread(target=lambda: 1 / 0).start()",
    "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, print, 'end')",
    "class A:\n    def __del__(self): print('deleted')\na = A()",
    "class A:\n    def __init__(self): self.a = self\n    def __del__(self): print('deleted')\nA()",
    "def g():\n    try: yield\n    finally: print('finally')\nx = g(); next(x)",
    "def g():\n    try: yield x\n    finally: print('finally')\nx = g(); next(x)",
    "def g():\n    try: yield\n    finally: print('finally')\n"
    "def f():\n    a = g(); next(a); b = [a]; b.append(b)\nf()",
    "import asyncio\nasync def f(): print('async')\nasyncio.run(f())",
    "async def f(): pass\nf()",
    # text
    "x = 'abc",
    "x = '''abc",
    "x = (1,",
    "x = 1 \\",
    "x = 1 \\\n",
    "if True:\\",
    "if True: \\",
    "def f():",
    "def f():\n    ",
    "  x = 1",
    "@property",
    "try:",
    "try:\n    pass",
    "x = = 3",
    "print 'hello'",
    "return 5",
    "yield 5",
    "await x",
    "lambda: (yield)",
    "break",
    "# -*- coding: latin-1 -*-\nprint('é')",
    "# coding: nonsense",
    "\ufeffprint('mark')",
    "print('a')\r\nprint('b')\r\n",
    "print('a')\rprint('b')",
    "\x0cprint(1)",
    "if 1:\n\tprint(1)\n        print(2)",
    "x = 1 is 1\nprint(x)",
    "from __future__ import annotations\ndef f(x: undefined): pass",
    "from __future__ import braces",
    "",
    "\n\n",
    "#",
    "\\",
    "match 3:\n    case int(): print('int')",
    "try: raise ExceptionGroup('', [ValueError()])\nexcept* ValueError: print('group')",
    "x = []\nfor i in range(100_000): x = [x]\nprint(len(x))",
    "print(-5 // 2, 2**100, 1e300 * 1e10)",
    "print(10**5000)",
]


@functools.cache  # for all tiers
def fresh(source: bytes) -> tuple[bytes, int]:
    """Output and exit code of a new interpreter."""
    environment = {"PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": "0", "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_bytes(source)
        run = subprocess.run(
            [sys.executable, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=folder, env=environment,
        )  # fmt: skip
    return run.stdout, run.returncode


def assert_same(ours: TestOutcome, output: bytes, code: int) -> None:
    text = output.decode("utf-8", "replace")
    assert ours.output == text
    assert ours.passed == (text.strip() == "2")
    assert ours.passed or ours.status == ("error" if code else "wrong output")


def test_programs_behave_as_in_a_new_interpreter(tier: str) -> None:
    submissions = [Submission(code, (schema.Test("1 + 1", "2"),)) for code in PROGRAMS]
    for code, outcome in zip(PROGRAMS, run_programs(submissions, Limits(), isolation=tier), strict=True):
        try:
            assert_same(outcome.tests[0], *fresh((code + TEST).encode()))
        except AssertionError as error:
            raise AssertionError(f"{code!r}: {error}") from error


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(choose_tier("auto"), Limits())
    yield made
    made.close()


FRAGMENTS = st.sampled_from(
    [
        *"\n\n\n\\'\"#:;()[]{}=@,\t \x0c",
        "    ",
        "'''",
        '"""',
        "def f(x):",
        "if 1:",
        "else:",
        "x = 1",
        "print(1)",
        "pass",
        "try:",
        "finally:",
        "x",
        "lambda:",
        "f'{",
        "}'",
        "\r",
        "\r\n",
        "é",
        "class A:",
        "return",
        "import os",
        "raise",
    ]
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(code=st.lists(FRAGMENTS, max_size=12).map("".join))
def test_any_text_behaves_as_in_a_new_interpreter(sandbox: Sandbox, code: str) -> None:
    (result,), then = sandbox.run_alone(code.encode(), [TEST.encode()], 10)
    assert then == "fit"
    assert_same(judge(result, schema.Test("1 + 1", "2")), *fresh((code + TEST).encode()))


def test_modules_of_a_new_interpreter_are_loaded_and_no_others(sandbox: Sandbox) -> None:
    shown = "print(sorted(set(sys.modules) - {'__main__'}))"
    (result,), _ = sandbox.run_alone(b"import sys\n", [shown.encode()], 10)
    new = subprocess.run([sys.executable, "-I", "-S", "-c", f"import site, sys; {shown}"], capture_output=True)
    assert result.output == new.stdout


def test_nothing_is_kept_between_tests(tier: str) -> None:
    together = (
        "seen = []\ncount = 0\n"
        "def f(x, y=seen):\n    global count\n    count += 1\n    y.append(x)\n    return y, count"
    )
    alone = (
        "import builtins, math\ncount = getattr(builtins, 'count', 0) + (math.pi == 3)\nseen = []\n"
        "def f(x, y=seen):\n    y.append(x)\n    builtins.count = math.pi = 3\n    return y, count"
    )
    for code, count in ((together, 1), (alone, 0)):
        tests = tuple(schema.Test(f"f({i})", f"([{i}], {count})") for i in range(3))
        (outcome,) = run_programs([Submission(code, tests)], isolation=tier)
        assert outcome.passed, outcome
