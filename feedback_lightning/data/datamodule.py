"""FeedbackDataModule: a dataset's folder in, packed optimiser steps out."""

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lightning.pytorch import LightningDataModule

from feedback_lightning.base_models import DEFAULT_BASE
from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.data.readers import read_evaluation, read_problems, read_training
from feedback_lightning.data.sampling import StepLoader, StepSampler
from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.data.tokenization import load_chat_format, tokenize_cached
from feedback_lightning.errors import FeedbackError
from feedback_lightning.prompts import (
    Example,
    hint_completion,
    hint_prompt,
    plain_layout,
    repair_completion,
    repair_prompt,
    repair_reply,
)

Task = Literal["repair", "hints", "merged"]
TRAINS_ON = {"repair": ("repaired_code",), "hints": ("hint",), "merged": ("repaired_code", "hint")}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EvaluationBatch:
    """A device's share of the evaluation programs, to be repaired or hinted at.

    Args:
        task: "repair" or "hints".
        problems: by id.
        programs: the buggy programs.
    """

    task: str
    problems: dict[str, Problem]
    programs: list[BuggyProgram]

    def to(self, device: Any) -> "EvaluationBatch":
        """Text is on no device."""
        return self


class EvaluationLoader:
    """Batches as they are (of a plain list, Lightning would take each one for a loader)."""

    def __init__(self, batches: list[EvaluationBatch]) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[EvaluationBatch]:
        return iter(self.batches)


class FeedbackDataModule(LightningDataModule):
    """Repair and hint examples of a dataset, tokenised once and packed without padding.

    Args:
        root: the dataset's folder, with problems/ and, to train, training_raw.json whose entries have what the task
            trains on, or, to test, evaluation_data/.
        task: repair, hints, or merged: both for every program, shuffled.
        base_model: whose tokenizer is used; the command line sets it to the model's.
        batch_size: examples in an optimiser step, over all devices and forwards.
        tokens_per_forward: most tokens in one forward; a step is cut into as many forwards as that takes.
        share_prefixes: compute the tokens with which examples of a step begin alike once instead of for each of them.
            Loss and gradients are the same; false is there to measure the difference.
        pairing: for merged, put the repair and the hint of a program into the same step, where they share nearly all
            of their prompt. This changes the order: programs are shuffled instead of examples.
        problems_per_step: put examples of so many problems only into a step, as many of each: their prompts begin
            alike, and the more of them share a step, the fewer tokens are computed. By default they are mixed freely.
        edit_weight: how often the loss counts on the tokens at which a repair departs from its program; on those that
            it copies it counts once. More than 1 teaches rather to change than to copy. Training's loss only.
        max_tokens: longest example allowed, prompt and completion together.
        overlong: what to do with longer ones: error refuses them, drop leaves them out and says how many.
        val_fraction: share of the buggy programs held out for the validation loss, none of which (nor a copy of it)
            is trained on. 0 holds out none.
        repair_ratio: for merged, the share of repair examples, drawn anew each epoch; by default every example once.
        also: other datasets, whose training programs are trained on, too.
        seed: of the split and of the order; the command line sets it to seed_everything.
    """

    def __init__(
        self,
        root: str = "data",
        task: Task = "repair",
        base_model: str = DEFAULT_BASE,
        batch_size: int = 8,
        tokens_per_forward: int = 4096,
        share_prefixes: bool = True,
        pairing: bool = False,
        problems_per_step: int | None = None,
        edit_weight: int = 1,
        max_tokens: int = 2048,
        overlong: Literal["error", "drop"] = "error",
        val_fraction: float = 0.1,
        repair_ratio: float | None = None,
        also: Sequence[str] = (),
        seed: int = 3407,
    ) -> None:
        super().__init__()
        if batch_size < 1:
            raise FeedbackError(f"data.batch_size must be at least 1, not {batch_size}")
        if max_tokens > tokens_per_forward:
            raise FeedbackError(
                f"data.tokens_per_forward ({tokens_per_forward}) must hold the longest example ({max_tokens});"
                " raise it or lower data.max_tokens"
            )
        if edit_weight < 1:
            raise FeedbackError(f"data.edit_weight must be at least 1, not {edit_weight}")
        if not 0 <= val_fraction < 1:
            raise FeedbackError(f"data.val_fraction is a share in [0, 1), not {val_fraction}")
        if repair_ratio is not None and (task != "merged" or not 0 <= repair_ratio <= 1):
            raise FeedbackError("data.repair_ratio is a share in [0, 1] and goes with --data.task merged")
        if pairing and (task != "merged" or repair_ratio is not None or batch_size % 2):
            raise FeedbackError(
                "data.pairing goes with --data.task merged, an even data.batch_size and no data.repair_ratio"
            )
        if problems_per_step is not None and (
            problems_per_step < 1 or batch_size % problems_per_step or pairing or repair_ratio is not None
        ):
            raise FeedbackError(
                f"data.problems_per_step ({problems_per_step}) must divide data.batch_size ({batch_size}); it goes"
                " neither with data.pairing nor with data.repair_ratio"
            )
        self.root, self.also, self.task, self.base_model = root, tuple(also), task, base_model
        self.batch_size, self.tokens_per_forward = batch_size, tokens_per_forward
        self.share_prefixes, self.pairing, self.problems_per_step = share_prefixes, pairing, problems_per_step
        self.edit_weight = edit_weight
        self.max_tokens, self.overlong, self.val_fraction = max_tokens, overlong, val_fraction
        self.repair_ratio, self.seed = repair_ratio, seed
        self.train: list[TokenizedExample] = []
        self.validation: list[TokenizedExample] = []
        self.train_tasks: list[str] = []
        self.train_programs: list[str] = []
        self.train_problems: list[str] = []
        self.problems: dict[str, Problem] = {}
        self.evaluation: list[BuggyProgram] = []
        self.fingerprint = ""
        self.dropped = 0

    def prepare_data(self) -> None:
        """Read, check, tokenise and cache, before anything else is done or written."""
        self.setup(self.trainer.state.fn if self.trainer else None)

    def setup(self, stage: str | None = None) -> None:
        if stage in ("test", "predict"):
            self.problems = read_problems(self.root)
            self.evaluation = read_evaluation(self.root, self.problems)
        elif not self.train:
            self._read_training()
        if stage == "validate" and not self.validation:
            raise FeedbackError("nothing is held out to validate on; set --data.val_fraction above 0")

    def _read_training(self) -> None:
        tasks = [task for task in ("repair", "hints") if self.task in (task, "merged")]
        programs: list[BuggyProgram] = []
        chosen: list[tuple[str, str, BuggyProgram]] = []
        pairs: list[Example] = []
        for root in (self.root, *self.also):
            problems = read_problems(root)
            own = read_training(root, problems, TRAINS_ON[self.task])
            programs += own
            chosen += [(task, root, p) for task in tasks for p in own]
            pairs += [training_example(task, problems[p.problem], p) for task in tasks for p in own]
        examples, self.fingerprint = tokenize_cached(load_chat_format(self.base_model), pairs)
        held_out = held_out_programs(programs, self.val_fraction, self.seed)
        for (task, root, program), example in zip(chosen, examples, strict=True):
            if len(example.input_ids) > self.max_tokens:
                self._overlong(task, root, program, len(example.input_ids))
            elif program_key(program) in held_out:
                self.validation.append(example)
            else:
                self.train.append(example)
                self.train_tasks.append(task)
                self.train_programs.append(f"{root} {program.name}")
                self.train_problems.append(f"{root} {program.problem}")
        if self.dropped:
            log.warning("left out %d of %d examples over %d tokens", self.dropped, len(chosen), self.max_tokens)
        if not self.train:
            raise FeedbackError(f"{self.root}: no training examples are left of {len(chosen)}")

    def _overlong(self, task: str, root: str, program: BuggyProgram, length: int) -> None:
        if self.overlong == "error":
            raise FeedbackError(
                f"{root}: the {task} example of {program.name} has {length} tokens, more than"
                f" data.max_tokens = {self.max_tokens}; raise it, or leave such examples out with --data.overlong drop"
            )
        self.dropped += 1

    def train_dataloader(self) -> StepLoader:
        programs = self.train_programs if self.pairing else None
        problems = self.train_problems if self.problems_per_step else None
        sampler = StepSampler(
            self.train_tasks, self.batch_size, self.seed, self.repair_ratio, programs, problems,
            self.problems_per_step or 1,
        )  # fmt: skip
        return self._loader(self.train, sampler, self.edit_weight)

    def val_dataloader(self) -> StepLoader | list[Any]:
        if not self.validation:
            return []
        return self._loader(self.validation, StepSampler([self.task] * len(self.validation), self.batch_size))

    def test_dataloader(self) -> EvaluationLoader:
        """The evaluation programs, all at once for each task: the generator makes its own batches."""
        rank, world_size = self._place()
        own = self.evaluation[rank::world_size]
        tasks = [task for task in ("repair", "hints") if self.task in (task, "merged")]
        return EvaluationLoader([EvaluationBatch(task, self.problems, own) for task in tasks])

    def predict_dataloader(self) -> EvaluationLoader:
        return self.test_dataloader()

    def _loader(self, examples: list[TokenizedExample], sampler: StepSampler, edit_weight: int = 1) -> StepLoader:
        place = self._place()
        return StepLoader(examples, sampler, self.tokens_per_forward, *place, self.share_prefixes, edit_weight)

    def _place(self) -> tuple[int, int]:
        """This device's rank among how many."""
        return (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)

    def record(self) -> dict[str, Any]:
        """What was trained on, for the record of a run."""
        lengths = [len(example.input_ids) for example in self.train]
        return {
            "root": self.root,
            "also": list(self.also),
            "task": self.task,
            "fingerprint": self.fingerprint,
            "train_examples": len(self.train),
            "validation_examples": len(self.validation),
            "dropped_examples": self.dropped,
            "tokens": sum(lengths),
            "completion_tokens": sum(len(e.input_ids) - e.prompt_length for e in self.train),
            "edit_tokens": sum(len(e.edits) for e in self.train),
            "longest_example": max(lengths, default=0),
        }


def training_example(task: str, problem: Problem, program: BuggyProgram) -> Example:
    """What is learned from a program for a task."""
    if task == "repair":
        return Example(repair_prompt(problem, program.code), repair_completion(program), repair_reply(program.code))
    return Example(hint_prompt(problem, program.code), hint_completion(program))


def program_key(program: BuggyProgram) -> tuple[str, str]:
    """Equal for copies of a buggy program: those whose prompts are equal."""
    return program.problem, plain_layout(program.code)


def held_out_programs(programs: list[BuggyProgram], fraction: float, seed: int) -> set[tuple[str, str]]:
    """Keys of the programs to validate on, the same whatever the task."""
    keys = list(dict.fromkeys(map(program_key, programs)))
    random.Random(seed).shuffle(keys)
    return set(keys[: max(1, round(fraction * len(keys)))] if fraction else [])
