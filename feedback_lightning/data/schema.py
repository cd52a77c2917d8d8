"""What the data is made of: problems with tests, buggy programs with their repair and hint, and programs handed in."""

from dataclasses import dataclass
from typing import Literal


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
        fixed: a repair of it, where there is one.
        hint: a hint at its bug, where there is one; evaluation programs have none.
    """

    problem: str
    name: str
    code: str
    fixed: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Program:
    """A program as its corpus has it; whether its label is true only a run can tell.

    Args:
        problem: the problem's id.
        name: where it came from; unique among the corpus's programs of one label.
        code: the whole program, ready to run.
        label: correct or wrong, as the corpus says, or the course's own reference.
        prelude: what `code` begins with that is not the student's but given by the course for every program.
        repair_of: the wrong program that this one repairs, where the corpus pairs them.
        held_out: whether it is there for evaluation, so that nothing may be trained on it or made from it.
    """

    problem: str
    name: str
    code: str
    label: Literal["correct", "wrong", "reference"]
    prelude: str = ""
    repair_of: str | None = None
    held_out: bool = False


@dataclass(frozen=True)
class Corpus:
    """Problems and programs handed in for them.

    Args:
        problems: by id.
        programs: in the order of the problems.
        left_out: names of programs that could not be tested, so are in neither.
    """

    problems: dict[str, Problem]
    programs: tuple[Program, ...]
    left_out: tuple[str, ...] = ()
