"""Process 1 of a sandbox: forks a process for each program, and sees that the sandbox stays as it was."""

from __future__ import annotations

import gc
import marshal
import os
import select
import site
import sys
from posix import _exit  # a program may replace os._exit

from . import system
from .config import Config
from .host import BROKEN, CHANGED, FIT, READY, TOGETHER, Host
from .interpreter import execute_together
from .program import enter, serve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TOGETHER_SECONDS = 0.5  # for all tests of a program that leaves no trace


def main(fresh: frozenset[str]) -> None:
    """Serve programs until the host closes the pipe or the sandbox is not as it was.

    Args:
        fresh: names of the modules that a new interpreter has loaded.
    """
    host = Host(os.dup(0), os.dup(1))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    config = Config(**marshal.loads(host.read(host.read_number())))
    system.drop_privileges(config.uid)
    system.adopt_orphans()
    os.chdir(config.folder)
    look_fresh(fresh, config.folder)
    initial = system.state(config.folder, config.own_namespaces)
    host.send(READY)
    mark = FIT
    while mark == FIT and (kind := host.read(1)):
        mark = run_together(host, config) if kind == TOGETHER else run_alone(host, config, initial)
        system.kill_the_rest(config.own_namespaces)
        if mark == FIT and system.state(config.folder, config.own_namespaces) != initial:
            mark = CHANGED
        host.send(mark)


def run_together(host: Host, config: Config) -> bytes:
    """Run the tests of a program in one process, if it leaves no trace there, for a short time."""
    size = host.read_number()
    output, _, notes = files = [os.memfd_create(name) for name in ("output", "errors", "notes")]

    def run(held: int) -> int:
        program, tests, _ = marshal.loads(host.read(size))
        enter([*files, held], config)
        return execute_together(program, tests)

    code = watch(host, run, min(TOGETHER_SECONDS, config.test_seconds))
    host.send_files([notes, output])
    for file in files:
        os.close(file)
    return FIT if code >= 0 else CHANGED  # a process that was killed may have left half of the request


def run_alone(host: Host, config: Config, initial: tuple[object, ...]) -> bytes:
    """Have a process of its own run the tests of a program one by one."""
    size = host.read_number()
    code = watch(host, lambda held: serve(host, size, config, initial), seconds=None)
    return FIT if code == 0 else BROKEN


def watch(host: Host, run: Callable[[int], int], seconds: float | None) -> int:
    """The exit code of run(held) in a new process, which is killed after some time or when the host has gone.

    The process must keep the file `held` open; it has ended when nobody does.
    """
    alive, held = os.pipe()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            code = run(held)
        finally:
            _exit(code)
    os.close(held)
    ends = select.poll()
    for pipe in (alive, host.requests):
        ends.register(pipe, 0)  # when nobody holds the other end
    ended = ends.poll(None if seconds is None else seconds * 1000)
    if not ended or ended[0][0] == host.requests:
        system.kill(process)
    os.close(alive)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def look_fresh(fresh: frozenset[str], folder: str) -> None:
    """Make this interpreter look like one that has just started with the script program.py."""
    sys.argv[:] = [f"{folder}/program.py"]
    sys.path.insert(0, folder)
    for add_builtins in (site.setquit, site.setcopyright, site.sethelper):
        add_builtins()
    for name in set(sys.modules) - fresh:
        del sys.modules[name]
    gc.collect()
    gc.freeze()  # the collections of a test need not look at what was here before it
