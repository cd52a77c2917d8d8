"""Programs that run together with their other tests cannot change the interpreter; all others are told apart."""

import pytest

from feedback_lightning.execution.inside.traces import leaves_no_trace

HARMLESS = [
    "def f(x):\n    return sorted(set(x), key=lambda y: -y)[::2]",
    "def f(x):\n    global n\n    n = x.count('a') + len(x)\n    return [y for y in x if y not in (1, 2)]",
    "def f(x, y=[]):\n    try: y.append(int(x))\n    except (ValueError, TypeError) as error: print(error)",
    "def f():\n    yield 1\nfor x in f():\n    print(f'{x:>3}', '{}'.format(x), end='')",
    "if __name__ == '__main__':\n    print('main')",
    "match [1, 2]:\n    case [x, *rest]: print(x)",
]
HARMFUL = [
    "import sys",
    "from os import path",
    "class A: pass",
    "open('x')",
    "input()",
    "exec('1')",
    "eval('1')",
    "__import__('os')",
    "globals()",
    "getattr(print, 'x')",
    "setattr(f, 'x', 1)",
    "def f(): pass\nf.x = 1",
    "def f(): pass\ndel f.x",
    "print.__self__",
    "().__class__",
    "f = (lambda: 0).__globals__",
    "(i for i in [1]).gi_frame",
    "__builtins__",
    "def f():\n    return [lambda: (i for i in [1]).gi_frame.f_back]",
    "exit()",
    "help",
    "vars(int)",
    "x = id(1)",
    "breakpoint()",
    "match (i for i in [1]):\n    case object(gi_frame=x): print(x)",
    "async def f(): pass\nf().cr_frame",
    "super()",
    "try: 1 / 0\nexcept Exception as e: e.with_traceback(None)",
    "memoryview(b'x')",
    "type(1).mro()",
    "__loader__",
    "__annotations__",
    "def f(x):\n    def g():\n        import os\n    return g",
]


@pytest.mark.parametrize("code", HARMLESS)
def test_harmless(code: str) -> None:
    assert leaves_no_trace(compile(code, "", "exec"))


@pytest.mark.parametrize("code", HARMFUL)
def test_what_could_leave_a_trace(code: str) -> None:
    assert not leaves_no_trace(compile(code, "", "exec"))
