"""How many real buggy programs the mutators explain, and how often each mutator is needed.

    python -m benchmarks.mutator_coverage BUGGY CORRECT [--every N]

BUGGY is a dataset in this project's layout (training_raw.json, evaluation_data/), CORRECT a corpus of correct programs
for the same problems. A buggy program is explained if mutations turn a correct program into it, token for token. The
correct programs tried are its own repair, the nearest of the corpus after their variables were renamed as in the buggy
program, and, where a problem has several functions, the nearest functions put together. Mutations are searched
greedily: each step takes the one that leaves the smallest token distance.

It prints what feedback_lightning/synthesis/distribution.py holds. No program is run, and none is printed.
"""

import argparse
import difflib
import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import Levenshtein
from rich.progress import track

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.errors import FeedbackError
from feedback_lightning.synthesis.likeness import fixed_names, nearest, words
from feedback_lightning.synthesis.mutators import MUTATORS, Mutation
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply, parses

NEAREST = 6  # correct programs tried for each buggy one
MOST_MUTATIONS = 3


@dataclass(frozen=True)
class Explanation:
    """Mutations that lead from a correct program towards a buggy one, and the tokens that still differ.

    Args:
        mutations: in the order in which they were found.
        repeatable: for each, whether there are alike places in which it could be made, too.
        start: token distance of the correct program.
        remaining: token distance after the mutations.
    """

    mutations: tuple[Mutation, ...]
    repeatable: tuple[bool, ...]
    start: int
    remaining: int


def tidied(code: str) -> str:
    """Without texts that only stand there, and without each `pass` that is not needed."""
    code = re.sub(r"(?m)^[ \t]*(\"{3}|'{3})(?:.|\n)*?\1[ \t]*\n?", "", code.expandtabs(4) + "\n")
    lines = code.split("\n")
    for i in [i for i, line in enumerate(lines) if line.strip() == "pass"]:
        without = [line for k, line in enumerate(lines) if k != i]
        if parses("\n".join(without)):
            lines[i] = ""
    return "\n".join(lines)


def functions(code: str) -> list[str]:
    """The parts of a program that begin with a def at the margin."""
    return [part for part in re.split(r"(?m)^(?=def )", code) if part.strip()]


def name_of(function: str) -> str:
    found = re.match(r"def\s+(\w+)", function)
    return found[1] if found else ""


def candidates(buggy: str, corpus: list[str], fixed: frozenset[str]) -> Iterator[str]:
    """Correct programs that the buggy one may come from."""
    yield from nearest(buggy, corpus, fixed, NEAREST)
    parts = functions(buggy)
    pool = [part for code in corpus for part in functions(code)]
    if len(parts) > 1 and {name_of(part) for part in parts} <= {name_of(part) for part in pool}:
        alike = ([p for p in pool if name_of(p) == name_of(part)] for part in parts)
        chosen = (nearest(part, own, fixed, 1)[0] for part, own in zip(parts, alike, strict=True))
        yield "".join(part.rstrip() + "\n\n" for part in chosen)


def explain(correct: str, buggy: str) -> Explanation:
    """Mutations that bring the correct program nearer to the buggy one, until none does."""
    goal = words(buggy)
    start = remaining = Levenshtein.distance(words(correct), goal)
    mutations: list[Mutation] = []
    repeatable: list[bool] = []
    while remaining and len(mutations) < MOST_MUTATIONS:
        step = min(_steps(correct, buggy), key=lambda step: step[0], default=None)
        if step is None or step[0] >= remaining:
            break
        alike = [m for m in MUTATORS[step[1].mutator].mutations(ParsedProgram(correct)) if m.everywhere]
        repeatable.append(any(set(step[1].edits) <= set(mutation.edits) for mutation in alike))
        remaining, mutation, correct = step
        mutations.append(mutation)
    return Explanation(tuple(mutations), tuple(repeatable), start, remaining)


def _steps(correct: str, buggy: str) -> Iterator[tuple[int, Mutation, str]]:
    """Every mutation near a difference that brings in nothing foreign: (distance left, mutation, mutant)."""
    try:
        program = ParsedProgram(correct)
    except SyntaxError:
        return
    goal, near = words(buggy), different_lines(correct, buggy)
    there = {word.strip() for word in goal} | {""}
    for mutator in MUTATORS.values():
        for mutation in mutator.mutations(program):
            lines = {line for e in mutation.edits for line in (program.line_of(e.start), program.line_of(e.end))}
            if lines & near and all(
                word.strip() in there for edit in mutation.edits for word in words(edit.replacement)
            ):
                mutant = apply(correct, mutation.edits)
                distance = Levenshtein.distance(words(mutant), goal)
                if mutator.parses or distance == 0:
                    yield distance, mutation, mutant


def different_lines(correct: str, buggy: str) -> set[int]:
    """Numbers, from 1, of the correct program's lines that are not in the buggy one, and of their neighbours."""
    own, other = (
        [(len(line) - len(line.lstrip()), *words(line)) for line in code.expandtabs(4).split("\n")]
        for code in (correct, buggy)
    )
    found: set[int] = set()
    for kind, start, end, _, _ in difflib.SequenceMatcher(None, own, other, autojunk=False).get_opcodes():
        if kind != "equal":
            found.update(range(start, end + 2))
    return found


def best_explanation(buggy: str, repair: str, corpus: list[str], fixed: frozenset[str]) -> Explanation:
    """The explanation that leaves the fewest tokens, with the fewest mutations."""
    buggy = tidied(buggy)
    correct = itertools.chain([tidied(repair)], candidates(buggy, corpus, fixed))
    found = (explain(program, buggy) for program in correct)
    return min(found, key=lambda explanation: (explanation.remaining, len(explanation.mutations)))


def report(explanations: dict[str, list[Explanation]]) -> None:
    """Coverage by problem and set, then the counts over the training programs."""
    print(f"{'':14}{'programs':>9}{'start<=5':>9}{'1':>6}{'2':>6}{'3':>6}{'explained':>10}")
    for name, found in explanations.items():
        full = [len(e.mutations) for e in found if e.remaining == 0 and e.mutations]
        near = sum(e.start <= 5 for e in found)
        row = "".join(f"{full.count(n):6}" for n in (1, 2, 3))
        print(f"{name:14}{len(found):9}{near:9}{row}{len(full) / len(found):10.0%}")
    # What models are measured by does not shape what they are trained on.
    counted = [e for name, found in explanations.items() if name.startswith("training") for e in found]
    explained = [e for e in counted if e.remaining == 0 and e.mutations]
    mutations = [m for e in explained for m in e.mutations]
    counts = Counter(m.mutator for m in mutations)
    print("\nslips per program:", dict(sorted(Counter(len(e.mutations) for e in explained).items())))
    print(f"EVERYWHERE = {sum(m.everywhere for m in mutations)} / {sum(sum(e.repeatable) for e in explained)}")
    print("COUNTS =", {name: counts[name] for name in MUTATORS})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("buggy", help="dataset with training_raw.json and evaluation_data/")
    parser.add_argument("correct", help="corpus with correct programs for the same problems")
    parser.add_argument("--every", type=int, default=1, help="take every N-th training program only")
    options = parser.parse_args()
    dataset, corpus = read_programs(options.buggy), read_programs(options.correct)
    repairs = [p for p in dataset.programs if p.repair_of is not None]
    chosen = [p for i, p in enumerate(repairs) if p.held_out or i % options.every == 0]
    explanations: dict[str, list[Explanation]] = {}
    for program in track(chosen, description="explaining programs"):
        assert program.repair_of is not None
        pool = [tidied(p.code.removeprefix(p.prelude)) for p in corpus.programs if p.problem == program.problem]
        fixed = fixed_names([test.input for test in dataset.problems[program.problem].tests])
        found = best_explanation(program.repair_of, program.code, pool, fixed)
        kind = "evaluation" if program.held_out else "training"
        explanations.setdefault(f"{kind} {program.problem}", []).append(found)
    report(explanations)


if __name__ == "__main__":
    try:
        main()
    except FeedbackError as error:
        sys.exit(f"error: {error}")
