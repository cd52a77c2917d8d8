"""JSON files whose errors name the file, the line or the entry."""

import json
from typing import Any

from feedback_lightning.data.layout import Folder, read_text
from feedback_lightning.errors import DataError


def read_json(path: Folder) -> Any:
    """The file's content; a key that stands twice in one object is an error."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise DataError(str(path), f"{key!r} stands twice in one object; the first would be lost")
            found[key] = value
        return found

    try:
        return json.loads(read_text(path), object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise DataError(str(path), f"broken JSON: {error.msg}", line=error.lineno) from None


REQUIRED: Any = object()


def field(
    raw: Any, key: str, path: Folder, entry: str | None = None, kind: Any = object, default: Any = REQUIRED
) -> Any:
    """raw[key], of a kind; or the default, where the key may be missing."""
    if not isinstance(raw, dict):
        raise DataError(str(path), f"expected an object, not {type(raw).__name__}", entry)
    if key not in raw and default is not REQUIRED:
        return default
    if key not in raw:
        raise DataError(str(path), f"{key!r} is missing; it has {', '.join(map(repr, raw)) or 'nothing'}", entry)
    if not isinstance(raw[key], kind):
        raise DataError(str(path), f"{key!r} must be text, not {type(raw[key]).__name__}" if kind is str
                        else f"{key!r} cannot be a {type(raw[key]).__name__}", entry)  # fmt: skip
    return raw[key]


def text(raw: Any, key: str, path: Folder, entry: str | None = None) -> str:
    """raw[key], which must be text and not empty."""
    found: str = field(raw, key, path, entry, kind=str)
    if not found.strip():
        raise DataError(str(path), f"{key!r} is empty", entry)
    return found
