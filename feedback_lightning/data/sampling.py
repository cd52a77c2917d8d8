"""Which examples make an optimiser step, in an order that depends only on the seed and the epoch."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

from feedback_lightning.data.packing import StepBatch, TokenizedExample, pack_step
from feedback_lightning.errors import FeedbackError


class StepSampler:
    """Lists of example indices, one list for each optimiser step of an epoch.

    Args:
        tasks: the task of each example, "repair" or "hints".
        batch_size: examples in an optimiser step.
        seed: of the order; None keeps the examples' own order.
        repair_ratio: None takes every example once in an epoch. A number in [0, 1] draws as many examples as there
            are, this share of them from the repairs and the rest from the hints, each kind round and round.
        programs: the program of each example. If given, programs are shuffled instead of examples, and the two
            examples of a program come into one step; batch_size is even then, and repair_ratio None.
        problems: the problem of each example. If given, a step holds examples of `problems_per_step` problems only,
            as many of each, whose prompts begin alike; repair_ratio is None then. What is left over of each problem
            makes the last steps of an epoch.
        problems_per_step: divides batch_size.
    """

    def __init__(
        self,
        tasks: Sequence[str],
        batch_size: int,
        seed: int | None = None,
        repair_ratio: float | None = None,
        programs: Sequence[str] | None = None,
        problems: Sequence[str] | None = None,
        problems_per_step: int = 1,
    ) -> None:
        self.pools = [
            [i for i, t in enumerate(tasks) if t == "repair"],
            [i for i, t in enumerate(tasks) if t != "repair"],
        ]
        self.count, self.batch_size, self.seed, self.repair_ratio = len(tasks), batch_size, seed, repair_ratio
        self.programs, self.problems, self.problems_per_step = programs, problems, problems_per_step
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Lightning calls this when an epoch begins."""
        self.epoch = epoch

    def __len__(self) -> int:
        return math.ceil(self.count / self.batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        order = self._order()
        return (order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size))

    def _order(self) -> list[int]:
        rng = random.Random(f"{self.seed} {self.epoch}")
        if self.programs is not None:
            return self._order_of_pairs(self.programs, rng)
        if self.problems is not None:
            return self._order_by_problem(self.problems, rng)
        if self.repair_ratio is None:
            order = list(range(self.count))
        else:
            repairs = round(self.repair_ratio * self.count)
            if not all(pool or not n for pool, n in zip(self.pools, (repairs, self.count - repairs), strict=True)):
                raise FeedbackError(f"data.repair_ratio {self.repair_ratio} asks for a task without any examples")
            order = _round_and_round(self.pools[0], repairs, rng)
            order += _round_and_round(self.pools[1], self.count - repairs, rng)
        if self.seed is not None:
            rng.shuffle(order)
        return order

    def _order_of_pairs(self, programs: Sequence[str], rng: random.Random) -> list[int]:
        examples: dict[str, list[int]] = {}
        for i, program in enumerate(programs):
            examples.setdefault(program, []).append(i)
        # An example whose partner was left out goes with another such one, so that no pair is ever split.
        alone = [i for group in examples.values() if len(group) == 1 for i in group]
        if self.seed is not None:
            rng.shuffle(alone)
        pairs = [group for group in examples.values() if len(group) == 2]
        pairs += [alone[i : i + 2] for i in range(0, len(alone), 2)]
        if self.seed is not None:
            rng.shuffle(pairs)
        pairs.sort(key=len, reverse=True)  # the last of an odd number comes last
        return [i for pair in pairs for i in pair]

    def _order_by_problem(self, problems: Sequence[str], rng: random.Random) -> list[int]:
        """Each problem's examples, shuffled and cut into a step's share of them; then these shares, shuffled."""
        of_problem: dict[str, list[int]] = {}
        for i in rng.sample(range(self.count), self.count) if self.seed is not None else range(self.count):
            of_problem.setdefault(problems[i], []).append(i)
        share = self.batch_size // self.problems_per_step
        shares = [group[i : i + share] for group in of_problem.values() for i in range(0, len(group), share)]
        if self.seed is not None:
            rng.shuffle(shares)
        shares.sort(key=lambda part: len(part) < share)  # what is not full comes last
        return [i for part in shares for i in part]


def _round_and_round(pool: list[int], count: int, rng: random.Random) -> list[int]:
    drawn: list[int] = []
    while len(drawn) < count:
        drawn += rng.sample(pool, min(len(pool), count - len(drawn)))
    return drawn


class StepLoader:
    """Packed optimiser steps. Its state says how many steps of the epoch were taken, so training resumes in mid-epoch.

    Args:
        examples: all of them, on every device.
        sampler: which make a step.
        budget: most tokens in one forward.
        rank, world_size: this device among all.
        share_prefixes: compute what examples of a forward have in common once.
        edit_weight: how often the loss counts on a token that is an edit.
    """

    def __init__(
        self,
        examples: Sequence[TokenizedExample],
        sampler: StepSampler,
        budget: int,
        rank: int = 0,
        world_size: int = 1,
        share_prefixes: bool = True,
        edit_weight: int = 1,
    ) -> None:
        self.examples, self.budget = examples, budget
        self.share_prefixes, self.edit_weight = share_prefixes, edit_weight
        self.sampler = self.batch_sampler = sampler  # where Lightning looks for set_epoch
        self.rank, self.world_size = rank, world_size
        self._taken = self._skip = 0

    def __len__(self) -> int:
        return len(self.sampler)

    def __iter__(self) -> Iterator[StepBatch]:
        self._taken, skip, self._skip = 0, self._skip, 0
        for indices in self.sampler:
            self._taken += 1
            if self._taken > skip:
                examples = [self.examples[i] for i in indices]
                yield pack_step(
                    examples, self.budget, self.rank, self.world_size, self.share_prefixes, self.edit_weight
                )

    def state_dict(self) -> dict[str, Any]:
        return {"steps_taken": self._taken}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        # A checkpoint at the end of an epoch goes on with a whole next one.
        self._skip = state["steps_taken"] % len(self)
