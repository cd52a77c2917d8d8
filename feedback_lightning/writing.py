"""Files that are there whole or not at all."""

import json
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
