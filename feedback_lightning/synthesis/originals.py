"""Correct programs to start from, and proof that they are correct.

They come from any layout that corpora.py reads: the programs called correct, except those held out for evaluation. What
a course gives with every program (a prelude, such as imports) is kept only where a program needs it.
"""

import itertools
import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.data.schema import Problem, Program
from feedback_lightning.errors import DataError
from feedback_lightning.synthesis.augmentation import augmented
from feedback_lightning.synthesis.normal_form import normal_form
from feedback_lightning.synthesis.parsed_program import parses
from feedback_lightning.synthesis.runner import Passes


@dataclass(frozen=True)
class Original:
    """A program said to be correct.

    Args:
        problem: the problem's id.
        name: the file that it comes from.
        code: its text.
        prelude: what `code` begins with that the course gave.
        augmentations: how it was rewritten since.
    """

    problem: str
    name: str
    code: str
    prelude: str = ""
    augmentations: tuple[str, ...] = ()


def read_originals(
    path: str | Path, problems: str | Path | None
) -> tuple[dict[str, Problem], list[Original], set[tuple[str, str]]]:
    """The problems and the programs called correct.

    Args:
        path: folder or archive with the programs.
        problems: dataset whose problems replace those of `path`, by id; programs for others are left out.

    Returns:
        (problems by id, originals, (problem, normal form) of what is held out: the evaluation programs and those
        fixes of them that are there, of either place.)

    Raises:
        DataError: neither layout is there, or nothing in it can be used.
    """
    corpus = read_programs(path)
    found = corpus.problems
    originals = [_from(program) for program in corpus.programs if program.label != "wrong" and not program.held_out]
    held_out = {(program.problem, normal_form(program.code)) for program in corpus.programs if program.held_out}
    if problems is not None:
        found = read_problems(problems)
        originals = [original for original in originals if original.problem in found]
        evaluation = read_evaluation(problems, found) if (Path(problems) / "evaluation_data").is_dir() else []
        codes = [(pair.problem, code) for pair in evaluation for code in (pair.code, pair.fixed)]
        held_out |= {(problem, normal_form(code)) for problem, code in codes if code is not None}
    with_programs = {original.problem for original in originals}
    if not originals:
        there = f"none for {', '.join(found)}" if problems is not None else "none"
        raise DataError(path, f"no correct programs here ({there}); expected correct_programs/<id>_<slug>/*.py")
    return {key: problem for key, problem in found.items() if key in with_programs}, originals, held_out


def _from(program: Program) -> Original:
    return Original(program.problem, program.name, program.code, program.prelude)


def proven(originals: Sequence[Original], passes: Passes) -> tuple[list[Original], Counter[tuple[str, str]]]:
    """The originals that pass, without their prelude where they need none, and why the others are left out.

    Args:
        originals: as they were read.
        passes: runs programs.

    Returns:
        (the proven, number of rejected by (problem, reason)).
    """
    rejected: Counter[tuple[str, str]] = Counter()
    bare = [replace(o, code=_from_first_line(o.code.removeprefix(o.prelude)), prelude="") for o in originals]
    readable = [(o, b) for o, b in zip(originals, bare, strict=True) if parses(b.code) and b.code.strip()]
    rejected.update((o.problem, "does not parse") for o in set(originals) - {o for o, _ in readable})
    outcomes = passes(_programs(b for _, b in readable), "running the originals")
    found = [b for (_, b), passed in zip(readable, outcomes, strict=True) if passed]
    again = [o for (o, _), passed in zip(readable, outcomes, strict=True) if not passed and o.prelude]
    rejected.update((o.problem, "fails its tests") for (o, _), p in zip(readable, outcomes, strict=True) if not p)
    for original, passed in zip(again, passes(_programs(again), "running originals with their prelude"), strict=True):
        if passed:
            found.append(original)
            rejected[original.problem, "fails its tests"] -= 1
    return found, +rejected


def _programs(originals: Iterable[Original]) -> list[tuple[str, str]]:
    return [(original.problem, original.code) for original in originals]


def without(
    originals: Sequence[Original], held_out: Collection[tuple[str, str]]
) -> tuple[list[Original], Counter[tuple[str, str]]]:
    """The originals whose (problem, normal form) is not held out for evaluation, and how many are, as for `proven`."""
    if not held_out:
        return [*originals], Counter()
    kept = [o for o in originals if (o.problem, normal_form(o.code.removeprefix(o.prelude))) not in held_out]
    left_out = Counter(o.problem for o in originals) - Counter(o.problem for o in kept)
    return kept, Counter({(problem, "held out"): count for problem, count in left_out.items()})


def _from_first_line(code: str) -> str:
    """Without blank lines at the beginning, which prompts leave out too: so hints and prompts count lines alike."""
    return re.sub(r"\A([ \t]*\n)+", "", code)


def variants(originals: Sequence[Original], count: int, seed: int, passes: Passes) -> list[Original]:
    """About `count` rewritten originals that pass too, evenly over the originals."""
    if count == 0:
        return []
    rng = random.Random(f"variants {seed}")
    codes: dict[str, list[str]] = {}
    for original in originals:
        codes.setdefault(original.problem, []).append(original.code)
    rewritten = []
    shuffled = rng.sample(originals, len(originals))
    for original in itertools.islice(itertools.cycle(shuffled), count):
        code, steps = augmented(original.code, codes[original.problem], rng)
        if steps:
            rewritten.append(replace(original, code=code, augmentations=steps))
    outcomes = passes(_programs(rewritten), "running rewritten originals")
    return [original for original, passed in zip(rewritten, outcomes, strict=True) if passed]
