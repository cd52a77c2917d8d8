"""Where things are: the repository, configurations by name, the user's cache."""

import os
from pathlib import Path

from feedback_lightning.errors import FeedbackError

REPOSITORY = Path(__file__).resolve().parent.parent


def find_config(name: str) -> Path:
    """A --config argument: a path as given, then a name in configs/ (with or without .yaml)."""
    folder = REPOSITORY / "configs"
    for path in (Path(name), folder / name, folder / f"{name}.yaml"):
        if path.is_file():
            return path
    there = ", ".join(sorted(path.name for path in folder.glob("*.yaml")))
    raise FeedbackError(f"--config {name}: no such file here or in configs/; there are: {there}")


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/feedback_lightning, by default in ~/.cache; made if it is not there."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "feedback_lightning"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
