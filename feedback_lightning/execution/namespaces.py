"""Starts a program in its own namespaces of the kernel, as bubblewrap would. A script for the tier "namespaces".

    python namespaces.py '{"view": …, "folder": …, "command": …}'

The command becomes process 1 of a process namespace and sees a file system of a few folders of the system, read-only,
and an empty /tmp. It has no network, not even the loopback, shares no memory, and sees no /proc. As root, it is still
root and must become somebody else; everyone else needs a user namespace for this and has no capabilities in it once
the command has started. Because the new file system is entered by chroot, the kernel refuses it further user
namespaces, in which it would have capabilities again.

Needs Linux 5.14 or newer, and imports the standard library only.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

libc = ctypes.CDLL(None, use_errno=True)

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000  # the same number on all architectures since 5.12
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
USER = 1000  # ours, as the command sees it


def main(view: dict[str, Any], folder: str, command: list[str]) -> int:
    """Enter the namespaces and run the command; returns its exit code.

    Args:
        view: what the command sees, see `sandbox.system_view`.
        folder: an empty folder to build its file system in.
        command: program and arguments.
    """
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    enter_namespaces()
    process = os.fork()
    if process == 0:  # the first one after unshare(CLONE_NEWPID) is process 1
        check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
        build(Path(folder), view)
        os.chroot(folder)
        os.chdir("/tmp")
        os.execv(command[0], command)
    for file in (0, 1):  # the pipes are the command's alone
        os.close(file)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def enter_namespaces() -> None:
    """All but the user namespace for root."""
    flags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        check(libc.unshare(flags), "unshare")
        return
    check(libc.unshare(flags | CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{USER} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{USER} {group} 1")


def build(root: Path, view: dict[str, Any]) -> None:
    """Mount the view at the folder `root`."""
    os.umask(0o022)
    mount("none", Path("/"), flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m")
    for place, target in view["links"].items():
        below(root, place).symlink_to(target)
    for place, source in {**view["folders"], **view["files"], **view["devices"]}.items():
        if place in view["folders"]:
            below(root, place).mkdir(exist_ok=True)
        else:
            below(root, place).touch()
        mount(source, below(root, place), flags=MS_BIND | MS_REC)
        if place not in view["devices"]:
            make_read_only(below(root, place))
    for place in view["hidden"]:
        mount("tmpfs", below(root, place), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "mode=755,size=4k")
    below(root, "/tmp").mkdir(exist_ok=True)
    mount("tmpfs", below(root, "/tmp"), "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777,nr_inodes=1k,size={view['bytes']}")
    mount("none", root, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def below(root: Path, place: str) -> Path:
    """An absolute path below the root; its parents are made."""
    path = root / place.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def mount(source: str, target: Path, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    arguments = (os.fsencode(source), os.fsencode(target), kind and kind.encode(), flags, options.encode())
    check(libc.mount(*arguments[:3], ctypes.c_ulong(flags), arguments[4]), f"mount {source} at {target}")


def make_read_only(path: Path) -> None:
    """A mount and all those below it."""
    attributes = (ctypes.c_uint64 * 4)(MS_RDONLY | MS_NOSUID | MS_NODEV)  # to set; to clear, propagation, user
    arguments = AT_FDCWD, os.fsencode(path), AT_RECURSIVE, attributes, ctypes.c_size_t(ctypes.sizeof(attributes))
    check(libc.syscall(SYS_MOUNT_SETATTR, *arguments), f"mount_setattr {path}")


def check(result: int, what: str) -> None:
    """Raise what a C function reports by returning -1."""
    if result:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


if __name__ == "__main__":
    try:
        sys.exit(main(**json.loads(sys.argv[1])))
    except OSError as error:
        sys.exit(error.strerror or str(error))
