"""What the data is made of: problems with tests, and buggy programs with their repair and hint."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Test:
    """Appending `result = <input>` and `print(result)` to a program must print `output`."""

    input: str
    output: str


@dataclass(frozen=True)
class Problem:
    """One programming problem. `name` is "<id>_<slug>", as its file and folder are called."""

    id: str
    name: str
    title: str
    description: str
    additional_description: str
    signature: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class BuggyProgram:
    """A student's program that fails a test.

    Args:
        problem: the problem's id.
        name: where it came from, such as "training_raw.json[1][17]" or "1_insert-position/prog_2".
        code: the program.
        fixed: a repair of it.
        hint: a hint at its bug; evaluation programs have none.
    """

    problem: str
    name: str
    code: str
    fixed: str
    hint: str | None = None
