"""Process 1 of a sandbox: forks a process for each program, and sees that the sandbox stays as it was."""

import gc
import marshal
import os
import select
import site
import sys
from posix import _exit

from . import system
from .config import Config
from .host import BROKEN, CHANGED, FIT, READY, Host
from .program import serve


def main(fresh: frozenset[str]) -> None:
    """Serve programs until the host closes the pipe or the sandbox is not as it was.

    Args:
        fresh: names of the modules that a new interpreter has loaded.
    """
    host = Host(os.dup(0), os.dup(1))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    config = Config(**marshal.loads(host.read(host.read_size())))
    system.drop_privileges(config.uid)
    system.adopt_orphans()
    os.chdir(config.folder)
    look_fresh(fresh, config.folder)
    initial = system.state(config.folder, config.own_namespaces)
    host.send(READY)
    while size := host.read_size():
        whole = run(host, size, config, initial)
        system.kill_the_rest(config.own_namespaces)
        fit = system.state(config.folder, config.own_namespaces) == initial
        host.send(BROKEN if not whole else FIT if fit else CHANGED)
        if not (whole and fit):
            return


def run(host: Host, size: int, config: Config, initial: tuple[object, ...]) -> bool:
    """Serve a program in a process of its own, as long as the host is there; whether that process ended well."""
    alive, held = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            serve(host, size, config, initial)
            _exit(0)
        finally:
            _exit(1)
    os.close(held)  # now only the process holds it, since tests close all files
    ends = select.poll()
    for pipe in (alive, host.requests):
        ends.register(pipe, 0)  # when nobody holds the other end
    if ends.poll()[0][0] == host.requests:
        system.kill(process)
    os.close(alive)
    return os.waitpid(process, 0)[1] == 0


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
