"""What needs the kernel: identity, privileges, limits, processes that are left over, traces of a program."""

import _signal  # signal loads much more
import ctypes
import os
import resource
import time

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 8, 36, 38
CAP_DAC_READ_SEARCH = 2
SHM_INFO, SEM_INFO, MSG_INFO = 14, 19, 12


def prctl(option: int, value: int) -> None:
    if libc.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value})")


def drop_privileges(uid: int | None) -> None:
    """Become an unprivileged user that nobody else is (None: stay who we are); keep off other processes' hands."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        prctl(PR_SET_KEEPCAPS, 1)  # only until capset
        os.setresuid(uid, uid, uid)
        # without a sandbox that shows it elsewhere, Python may be in a home folder that is closed to others
        set_capabilities(0 if os.access(os.__file__, os.R_OK) else 1 << CAP_DAC_READ_SEARCH)
    prctl(PR_SET_DUMPABLE, 0)  # a program of the same user cannot trace this process or read its memory
    prctl(PR_SET_NO_NEW_PRIVS, 1)  # set-user-ID programs give nothing


def set_capabilities(mask: int) -> None:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    data = (ctypes.c_uint32 * 6)(mask, mask)  # effective, permitted, inheritable; then the upper halves
    if libc.capset(header, data):
        raise OSError(ctypes.get_errno(), f"capset({mask}); the user could not read {os.__file__}")


def adopt_orphans() -> None:
    """From now on, processes below this one whose parent has died become its children."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def set_limits(limits: dict[str, int]) -> None:
    """Soft and hard limits, unless there are lower ones; {"NOFILE": 64} is RLIMIT_NOFILE."""
    for name, limit in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        lower = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(number, (lower, lower))


def state(folder: str, own_namespaces: bool) -> tuple[object, ...]:
    """All that a program could change for the next one: this process's limits and priority, files, shared memory."""
    return (
        [resource.getrlimit(number) for number in range(16)],
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getscheduler(0),
        os.sched_getaffinity(0),
        [entry.name for entry in os.scandir(folder)],
        shared_memory() if own_namespaces else None,
    )


def shared_memory() -> tuple[int, int, int]:
    """System V segments, sets of semaphores and message queues that exist here."""
    segments, semaphores, queues = ((ctypes.c_int * 64)() for _ in range(3))
    libc.shmctl(0, SHM_INFO, segments)
    libc.semctl(0, 0, SEM_INFO, semaphores)
    libc.msgctl(0, MSG_INFO, queues)
    return segments[0], semaphores[7], queues[0]  # shm_info.used_ids, seminfo.semusz, msginfo.msgpool


def kill(process: int, number: int = _signal.SIGKILL) -> None:
    """Send a signal, whether the process is still there or not."""
    libc.kill(process, number)


def kill_the_rest(own_namespaces: bool) -> None:
    """Kill and reap every process below this one, which must have adopted orphans."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        # In a process namespace of our own, -1 is every process but this one and process 1. What is stopped still
        # counts as a process, so that a program at its limit of processes cannot replace those that are killed first.
        victims = [-1] if own_namespaces else below(os.getpid())
        for number in (_signal.SIGSTOP, _signal.SIGKILL):
            for process in victims:
                kill(process, number)
        time.sleep(0.0005)
    raise TimeoutError("processes are still there after they were killed")


def below(process: int) -> list[int]:
    """The processes below this one: its children, their children, and so on."""
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = os.open(f"{entry.path}/stat", os.O_RDONLY)
                parents[int(entry.name)] = int(os.read(stat, 1000).rpartition(b")")[2].split()[1])
                os.close(stat)
            except OSError:  # it has just ended
                continue
    found = [process]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found[1:]
