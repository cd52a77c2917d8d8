"""Own correct programs for tests: those that ship with this project."""

import ast
import json
import random
from functools import cache

from conftest import REPOSITORY


@cache
def by_problem() -> tuple[tuple[str, ...], ...]:
    """The correct programs for each problem of the bank."""
    files = sorted((REPOSITORY / "data" / "bank").glob("*.json"))
    return tuple(tuple(json.loads(file.read_text(encoding="utf-8"))["solutions"]) for file in files)


def solutions() -> tuple[str, ...]:
    """Every correct program of the problem bank."""
    return tuple(code for programs in by_problem() for code in programs)


def sample(count: int, seed: int = 0) -> list[str]:
    return random.Random(seed).sample(solutions(), count)


def pairs(count: int) -> list[tuple[str, str]]:
    """Two different programs for one problem, for some of the problems."""
    rng = random.Random(0)
    chosen = rng.sample([programs for programs in by_problem() if len(programs) > 1], count)
    return [(first, second) for first, second in (rng.sample(programs, 2) for programs in chosen)]


def results(code: str, calls: list[str]) -> list[str] | str:
    """What calls of an own program give; the programs of the bank are ours, so they may run here."""
    names: dict[str, object] = {}
    try:
        exec(compile(ast.parse(code), "own", "exec"), names)
        return [repr(eval(call, names)) for call in calls]
    except Exception as error:
        return repr(error)
