"""Own correct programs for tests: those that ship with this project."""

import ast
import json
import random
from functools import cache

from conftest import REPOSITORY


@cache
def solutions() -> tuple[str, ...]:
    """Every correct program of the problem bank."""
    files = sorted((REPOSITORY / "data" / "bank").glob("*.json"))
    return tuple(code for file in files for code in json.loads(file.read_text(encoding="utf-8"))["solutions"])


def sample(count: int, seed: int = 0) -> list[str]:
    return random.Random(seed).sample(solutions(), count)


def results(code: str, calls: list[str]) -> list[str] | str:
    """What calls of an own program give; the programs of the bank are ours, so they may run here."""
    names: dict[str, object] = {}
    try:
        exec(compile(ast.parse(code), "own", "exec"), names)
        return [repr(eval(call, names)) for call in calls]
    except Exception as error:
        return repr(error)
