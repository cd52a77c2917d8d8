"""Files and folders that are there whole or not at all."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_text(path: Path, text: str) -> None:
    r"""Write to a temporary name, then rename; the folder is made if it is not there.

    Half of a surrogate pair, which a model's reply can hold and UTF-8 cannot, becomes \ud83d or the like: in JSON that
    is the same character.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", errors="backslashreplace")
    temporary.replace(path)


def write_json(path: Path, content: Any) -> None:
    """Write JSON for people to read, too."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_folder(folder: Path, make: Callable[[Path], None], whole: Callable[[Path], bool] = Path.is_dir) -> Path:
    """A folder that is there whole or not at all; one that is there already stays.

    Args:
        folder: its parent exists.
        make: writes the content into the folder that it is given.
        whole: whether the folder, as it is there, is as `make` left it; if not, it is made again.

    Returns the folder. Several processes may call this at once; the first that is ready wins.
    """
    if folder.is_dir() and whole(folder):
        return folder
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        make(temporary)
        if folder.is_dir() and not whole(folder):
            shutil.rmtree(folder)
        with contextlib.suppress(OSError):  # another process was faster with the same content
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder
