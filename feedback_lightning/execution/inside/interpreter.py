"""In the process of a test: run a program with its test as `python program.py` would, to the end of the interpreter."""

from __future__ import annotations

import atexit
import builtins
import gc
import os
import sys
import time
from _frozen_importlib_external import SourceFileLoader

from .host import as_bytes
from .traces import leaves_no_trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

NOTES = 3  # the file in which a process of several tests notes where each ended


def execute(source: bytes) -> int:
    """Run a program that ends with its test; returns the exit code.

    What follows the program is what the interpreter does when a script has ended, except that it does not free its
    own memory: that would take longer than most tests.
    """
    level_recursion()
    main, code = new_main(), 0
    try:
        exec(compile(source, sys.argv[0], "exec", dont_inherit=True), main.__dict__)
    except SystemExit as stop:
        code = exit_code(stop.code)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    attempt(getattr(sys.modules.get("threading"), "_shutdown", flush))  # waits for threads that are not daemons
    attempt(atexit._run_exitfuncs)
    if not attempt(flush):
        code = 120
    sys.modules.pop("__main__", None)
    del main
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    gc.collect()  # finalisers may print
    attempt(flush)
    return code


def execute_together(program: bytes, tests: list[bytes]) -> int:
    """Run the program from the top for each test; note where its output ends and how long it took.

    Runs nothing if program and tests do not compile by themselves or could leave a trace. Stops at an exception.
    """
    level_recursion()
    code, *test_codes = (compile(source, sys.argv[0], "exec", dont_inherit=True) for source in (program, *tests))
    if not all(map(leaves_no_trace, (code, *test_codes))):
        return 0
    for test_code in test_codes:
        begin = time.monotonic_ns()
        main = new_main()
        exec(code, main.__dict__)
        exec(test_code, main.__dict__)
        del main, sys.modules["__main__"]
        gc.collect(1)  # what has just been made
        sys.stdout.flush()
        os.write(NOTES, as_bytes((os.lseek(1, 0, os.SEEK_CUR), (time.monotonic_ns() - begin) // 1000)))
    return 0


def level_recursion() -> None:
    """Let the program recurse as deep as if its frames were the only ones."""
    depth, frame = 1, sys._getframe().f_back  # 1 for exec
    while frame:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(sys.getrecursionlimit() + depth)


def new_main() -> ModuleType:
    """The module `__main__` as the interpreter makes it for a script."""
    path = sys.argv[0]
    main = sys.modules["__main__"] = type(sys)("__main__")
    main.__dict__.update(
        __annotations__={},
        __builtins__=builtins,
        __cached__=None,
        __file__=path,
        __loader__=SourceFileLoader("__main__", path),
    )
    return main


def exit_code(value: object) -> int:
    """What `raise SystemExit(value)` ends the interpreter with."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF if -(1 << 63) <= value < 1 << 63 else 255
    print(value, file=sys.stderr)
    return 1


def attempt(step: Callable[[], object]) -> bool:
    """Whether it raises nothing; what it raises is shown on standard error."""
    try:
        step()
        return True
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return False


def flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not getattr(stream, "closed", False):
            stream.flush()
