"""What a sandboxed program sees of the file system, and how it is started in it."""

import json
import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

from feedback_lightning.errors import FeedbackError
from feedback_lightning.execution.schema import Limits, Tier
from feedback_lightning.paths import REPOSITORY

HERE = Path(__file__).resolve().parent
PYTHON = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)  # not that of a virtual environment
PREFIXES = sorted({os.path.realpath(path) for path in (sys.base_prefix, sys.base_exec_prefix)})
OPTIONS = ("-P", "-s", "-S", "-B")  # no folder of the script's on the path, no site-packages, no .pyc files
SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/etc/ld.so.cache", "/etc/localtime",
)  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def system_view(limits: Limits) -> dict[str, Any]:
    """What there is inside: {place: what is there} for folders, files, devices and symbolic links, in the order in
    which they are to be mounted; folders that are hidden (empty); bytes for files in /tmp."""
    view: dict[str, Any] = {"folders": {}, "files": {}, "devices": {}, "links": {}}
    for path in map(Path, (*SYSTEM, *PREFIXES)):
        if path.is_symlink():
            view["links"][str(path)] = str(path.readlink())
        elif path.is_file():
            view["files"][str(path)] = str(path)
        elif path.is_dir() and not any(path.is_relative_to(folder) for folder in view["folders"]):
            view["folders"][str(path)] = str(path)
    view["hidden"] = hidden_folders(list(view["folders"]))
    view["folders"]["/inside"] = str(HERE / "inside")
    view["devices"] = {device: device for device in DEVICES}
    view["bytes"] = limits.files_mb << 20
    return view


def hidden_folders(visible: list[str]) -> list[str]:
    """Folders below the visible ones that programs have no business in: packages, this repository, home, data."""
    packages = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_exec_prefix})
    private = {packages["purelib"], packages["platlib"], str(REPOSITORY), str(Path.cwd()), str(Path.home())}
    return sorted(
        str(path)
        for path in map(Path.resolve, map(Path, private))
        if path.is_dir()
        and any(path.is_relative_to(folder) and str(path) != folder for folder in visible)
        and not any(Path(needed).is_relative_to(path) for needed in (*visible, *PREFIXES, PYTHON))
    )


def start_script(tier: Tier) -> str:
    """Where the script that a sandbox starts with is, as it is seen inside."""
    return str(HERE / "inside" / "start.py") if tier == "limits" else "/inside/start.py"


def isolated(tier: Tier, command: list[str], limits: Limits, folder: str, exclusive: bool) -> list[str]:
    """The command that runs a command in isolation.

    Args:
        tier: how to isolate; "limits" does nothing here.
        command: program and arguments.
        limits: for the size of files.
        folder: an empty folder of our own.
        exclusive: whether the command, started as root, will become a user of its own.
    """
    if tier == "limits":
        return command
    view = system_view(limits)
    if tier == "bubblewrap":
        return [*bubblewrap(view, exclusive), *command]
    arguments = json.dumps({"view": view, "folder": folder, "command": command})
    return [PYTHON, "-I", "-S", "-B", str(HERE / "namespaces.py"), arguments]


def bubblewrap(view: dict[str, Any], exclusive: bool) -> list[str]:
    """bwrap with the options that show this view."""
    program = shutil.which("bwrap")
    if program is None:
        raise FeedbackError("bubblewrap is not installed (the package is called bubblewrap, its program bwrap)")
    if exclusive:  # root: no user namespace, and only the capabilities to become somebody else and to kill him
        options = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_KILL"]
    else:
        options = ["--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"]
    for what in ("ipc", "pid", "net", "uts", "cgroup-try"):
        options.append(f"--unshare-{what}")
    options += ["--die-with-parent", "--new-session", "--as-pid-1"]
    for place, target in view["links"].items():
        options += ["--symlink", target, place]
    for option, places in (("--ro-bind", {**view["folders"], **view["files"]}), ("--dev-bind", view["devices"])):
        for place, source in places.items():
            for parent in reversed(Path(place).parents[:-1]):
                options += ["--dir", str(parent)]  # otherwise it would be closed to others
            options += [option, source, place]
    for place in view["hidden"]:
        options += ["--tmpfs", place, "--remount-ro", place]
    options += ["--perms", "1777", "--size", str(view["bytes"]), "--tmpfs", "/tmp", "--remount-ro", "/"]
    return [program, *options, "--chdir", "/tmp"]
