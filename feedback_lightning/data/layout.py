"""What the readers of all layouts share: text out of folders and .zip archives, names and signatures of problems.

An archive is read where it is, nothing of it is unpacked.
"""

import ast
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from feedback_lightning.data.schema import Problem, Test
from feedback_lightning.errors import DataError

Folder = Path | zipfile.Path  # or a file in one; both kinds are walked and read in the same way


def open_folder(path: str | Path) -> Folder:
    """A folder, or a .zip archive as if it were one."""
    path = Path(path)
    if path.is_dir():
        return path
    if not path.exists():
        raise DataError(path, "no such folder or .zip archive")
    try:
        return zipfile.Path(path)
    except zipfile.BadZipFile:
        raise DataError(path, "neither a folder nor a .zip archive") from None
    except OSError as error:
        raise DataError(path, f"cannot be read: {error.strerror}") from None


def need_folder(folder: Folder, what: str) -> None:
    """Refuse to go on without a folder; `what` says what should be in it."""
    if not folder.is_dir():
        raise DataError(str(folder), f"no such folder; expected {what}")


def children(folder: Folder, suffix: str = "") -> list[Folder]:
    """What is in a folder, without hidden files, in the order of the names: question_2 before question_10."""
    try:
        found: list[Folder] = [*folder.iterdir()]
    except OSError as error:
        raise DataError(str(folder), f"cannot be read: {error.strerror}") from None
    return sorted(
        (path for path in found if not path.name.startswith(".") and path.name.endswith(suffix)),
        key=lambda path: [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", path.name)],
    )


def read_text(path: Folder) -> str:
    """A UTF-8 file, with or without a byte order mark; line ends become newlines."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(str(path), "no such file") from None
    except UnicodeDecodeError as error:
        raise DataError(str(path), f"not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # damaged, encrypted, unknown compression
        raise DataError(str(path), f"cannot be read from the archive: {error}") from None


def make_problem(id: str, title: str, description: str, solution: str, tests: Sequence[Test]) -> Problem:
    """A Problem where the layout has neither a slug nor a signature; an empty description says what the title says."""
    return Problem(
        id=id,
        name=f"{id}_{slug(title)}",
        title=title,
        description=description or title,
        additional_description="",
        signature=signature_of(solution, tests),
        tests=tuple(tests),
    )


def slug(title: str) -> str:
    """A title as part of a file's name.

    >>> slug("Unique dates & months")
    'unique-dates-months'
    """
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "untitled"


def signature_of(code: str, tests: Sequence[Test]) -> str:
    r"""The functions of a program that its tests call, without their bodies; empty if the program is no Python.

    >>> signature_of("def f(x, y=1):\n    return g(x)\ndef g(x): return x", [Test("f(3)", "3")])
    'def f(x, y=1):\n    pass'
    """
    try:
        functions = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, ValueError):
        return ""
    called = {name for test in tests for name in re.findall(r"\w+", test.input)}
    return "\n\n\n".join(f"def {f.name}({ast.unparse(f.args)}):\n    pass" for f in functions if f.name in called)
