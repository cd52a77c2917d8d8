"""Errors that the user can put right. The command line prints them as one message, without a traceback."""

from pathlib import Path


class FeedbackError(Exception):
    """What was wrong, where, and what to do."""


class DataError(FeedbackError):
    """Something wrong in a data file.

    Args:
        path: the file or folder.
        message: what is wrong and what to do.
        entry: which entry of the file, in words.
        line: line of the file, from 1.
    """

    def __init__(self, path: str | Path, message: str, entry: str | None = None, line: int | None = None) -> None:
        where = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{where}: {entry}: {message}" if entry else f"{where}: {message}")
