"""Where things are: the repository, configurations by name, base models by name."""

import re
from pathlib import Path
from typing import Any

from feedback_lightning.errors import FeedbackError

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_BASE = "smollm2"


def find_config(name: str) -> Path:
    """A --config argument: a path as given, then a name in configs/ (with or without .yaml)."""
    folder = REPOSITORY / "configs"
    for path in (Path(name), folder / name, folder / f"{name}.yaml"):
        if path.is_file():
            return path
    there = ", ".join(sorted(path.name for path in folder.glob("*.yaml")))
    raise FeedbackError(f"--config {name}: no such file here or in configs/; there are: {there}")


def find_base_model(name: str) -> str:
    """A base model's folder, here or in the repository; else a name for the model hub, as it is.

    >>> find_base_model("microsoft/Phi-3-mini-4k-instruct")
    'microsoft/Phi-3-mini-4k-instruct'
    """
    for folder in (Path(name), REPOSITORY / name):
        if folder.is_dir():
            if not (folder / "config.json").is_file():
                raise FeedbackError(f"base model {name}: {folder} has no config.json; expected a transformers model")
            return str(folder)
    if re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", name) and not name.startswith("data/"):
        return name
    raise FeedbackError(
        f"base model {name}: no such folder, and not a hub name such as microsoft/Phi-3-mini-4k-instruct"
    )


def load_pretrained(kind: Any, name: str, **options: Any) -> Any:
    """kind.from_pretrained for a base model's name, where kind is one of transformers' Auto classes."""
    path = find_base_model(name)
    try:
        return kind.from_pretrained(path, **options)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        advice = "" if path != name else "; without a network, download it elsewhere and give its folder"
        raise FeedbackError(f"base model {name} does not load: {reason}{advice}") from error
