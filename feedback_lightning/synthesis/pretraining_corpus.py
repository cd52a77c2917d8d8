"""Endless chat examples from a dataset of proven triples, for pretraining the embedded base model.

A small model would learn the programs by heart instead of reading the one in the prompt. So programs are disguised:
each time their variables get other names, and some become strange (disguise.py), so that their slip can only be found
by looking. Programs of one problem come together, and share its description in the forward pass.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from feedback_lightning.data.packing import StepBatch, TokenizedExample, pack_step
from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.data.tokenization import tokenize
from feedback_lightning.prompts import Messages, hint_completion, hint_prompt, repair_completion, repair_prompt
from feedback_lightning.synthesis.disguise import disguised

PROGRAMS = 16  # of a step
STRANGE = 0.15  # share of the disguised programs: their slips can be told from the program alone, or not at all
HINTS = 0.1  # share of the programs whose hint is learned too
LONGER = 0.2  # share of the descriptions with another problem's behind it, where all programs are disguised
WHOLE_STEP = 10**9  # tokens in one forward


@dataclass(frozen=True)
class Corpus:
    """Problems, and the triples of each.

    Args:
        problems: by id.
        programs: by the id of their problem; at least one for each.
        tokenizer: of the model.
        problems_per_step: that the programs of a step are of.
        disguise: share of the programs that are disguised.
        seed: with it the number of a step says what is in it.
    """

    problems: dict[str, Problem]
    programs: dict[str, list[BuggyProgram]]
    tokenizer: Any
    problems_per_step: int
    disguise: float
    seed: int

    def step(self, number: int, rank: int = 0, world_size: int = 1) -> StepBatch:
        """One process's share of the examples of one optimiser step, packed."""
        return pack_step(self.examples(number), WHOLE_STEP, rank, world_size)

    def examples(self, number: int) -> list[TokenizedExample]:
        """Those of one optimiser step."""
        rng = random.Random(f"{self.seed} {number}")
        problems = rng.sample(sorted(self.programs), min(self.problems_per_step, len(self.programs)))
        return [example for problem in problems for example in self._of_problem(problem, rng)]

    def _of_problem(self, problem: str, rng: random.Random) -> Sequence[TokenizedExample]:
        """Some programs of one problem."""
        shown = self.problems[problem]
        if rng.random() < LONGER * self.disguise:
            other = self.problems[rng.choice(sorted(self.problems))]
            shown = replace(shown, additional_description=other.description)
        programs = rng.choices(self.programs[problem], k=PROGRAMS // self.problems_per_step)
        programs = [self._in_disguise(program, rng) for program in programs]
        return tokenize(self.tokenizer, chats(shown, programs, rng))

    def _in_disguise(self, program: BuggyProgram, rng: random.Random) -> BuggyProgram:
        """The program, or the same with other names."""
        if self.disguise < 1 and rng.random() >= self.disguise:
            return program
        return disguised(program, rng, strange=rng.random() < STRANGE)


def chats(problem: Problem, programs: Sequence[BuggyProgram], rng: random.Random) -> list[tuple[Messages, str]]:
    """Prompt and reply for the repair of each program, and for the hints at some."""
    pairs = [(repair_prompt(problem, program.code), repair_completion(program)) for program in programs]
    hinted = [program for program in programs if rng.random() < HINTS]
    return pairs + [(hint_prompt(problem, program.code), hint_completion(program)) for program in hinted]
