"""Make the embedded base model: a small Phi3ForCausalLM with its own tokenizer, trained from scratch.

What it learns is to read the chat prompts, copy programs faithfully and know Python's forms and novices' slips. The
problems of data/ that it is later fine-tuned on are not among those that it is trained on.
"""

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.progress import Progress
from torch import distributed, multiprocessing

from feedback_lightning.data.packing import PackedBatch, pack_step
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.data.tokenization import load_tokenizer, tokenize
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.base_model import DType, resolve_dtype
from feedback_lightning.synthesis.initial_model import BEFORE, HEAD_DIM, initial_model
from feedback_lightning.synthesis.model_card import model_card
from feedback_lightning.synthesis.optimisation import loss_sum, one_tensor_for_gradients, optimise, optimizers_for, rate
from feedback_lightning.synthesis.pretraining_corpus import PROGRAMS, WHOLE_STEP, Corpus, chats
from feedback_lightning.synthesis.tokenizer import train_tokenizer

REPORT = 100  # steps between two points of the curve, and two checkpoints
HELD_OUT = 25  # every so many-th problem is left out of training; its loss is reported
HELD_OUT_PROGRAMS = 64  # whose loss it is; where there are fewer problems they are left out instead


@dataclass(frozen=True)
class Training:
    """What the processes train together.

    Args:
        corpus: the examples.
        validation: examples that are not among them.
        settings: of the model and of the training.
        counts: of problems and triples, for the record.
        output: the model's folder.
    """

    corpus: Corpus
    validation: PackedBatch | None
    settings: dict[str, Any]
    counts: dict[str, int]
    output: Path

    @property
    def checkpoint(self) -> Path:
        return self.output.with_name(f".{self.output.name}.training")


def pretrain(
    data: str,
    output: str = "data/tiny-phi3",
    base: str | None = None,
    steps: int = 2100,
    vocabulary: int = 2048,
    hidden: int = 256,
    layers: int = 6,
    learning_rate: float = 1e-3,
    cool_down: float = 0.3,
    problems_per_step: int = 4,
    disguise: float = 1.0,
    dtype: DType = "auto",
    seed: int = 3407,
    processes: int | None = None,
) -> None:
    """Train the embedded base model from scratch, or a small model further.

    Interrupted and called again, it goes on, also with other `steps`.

    Args:
        data: dataset of triples, as `synthesize` makes it.
        output: folder to write; one that is there is replaced when training is done.
        base: folder of a model to go on from, of which all weights are trained; its tokenizer and sizes remain.
        steps: optimiser steps of 16 programs.
        vocabulary: tokens of the tokenizer, trained on the prompts and replies.
        hidden: width of the model; it has one attention head for each 64, of which it needs three.
        layers: decoder layers.
        learning_rate: its peak.
        cool_down: share of the steps in which it falls to zero.
        problems_per_step: that the 16 programs of a step are of. Programs of one problem share its description, so
            fewer problems are faster.
        disguise: share of the programs that are shown with other names each time, so that the model reads them; a model
            for just the problems in `data` may know them, and learns more from most programs as they are.
        dtype: of the products; auto is bfloat16 where the device has instructions for it. Weights are float32.
        seed: of the examples and of the initial weights.
        processes: that share the examples of a step; by default one for each processor, which was 1.4 times as fast
            for a model of this size as one process on two.
    """
    check_settings(hidden, layers, cool_down, problems_per_step, disguise)
    problems = read_problems(data)
    programs: dict[str, list[BuggyProgram]] = {}
    for program in read_training(data, problems, needs=("repaired_code", "hint")):
        programs.setdefault(program.problem, []).append(program)
    problems_in_all = len(programs)
    held_out = hold_out(programs, seed)
    tokenizer = load_tokenizer(base) if base else train_tokenizer(problems, programs, vocabulary, seed)
    corpus = Corpus(problems, programs, tokenizer, problems_per_step, disguise, seed)
    training = Training(
        corpus,
        validation_batch(corpus, held_out),
        {"data": data, "base": base, "steps": steps, "vocabulary": vocabulary, "hidden": hidden, "layers": layers,
         "learning_rate": learning_rate, "cool_down": cool_down, "problems_per_step": problems_per_step,
         "disguise": disguise, "dtype": str(resolve_dtype(dtype, torch.device("cpu"))), "seed": seed,
         "processes": processes or torch.get_num_threads()},
        {"problems": len(programs), "triples": sum(map(len, programs.values())),
         "held_out": problems_in_all - len(programs), "held_out_programs": len(held_out)},
        Path(output),
    )  # fmt: skip
    if training.checkpoint.exists() and kept(training.checkpoint)["settings"] | {"steps": steps} != training.settings:
        raise FeedbackError(
            f"{training.checkpoint} is of a training that was interrupted, with other settings; repeat those, or"
            " remove the file to begin anew"
        )
    with tempfile.TemporaryDirectory() as folder:
        meeting = f"{folder}/meeting"
        if training.settings["processes"] == 1:
            train(0, training, meeting)
        else:
            multiprocessing.start_processes(train, (training, meeting), training.settings["processes"], daemon=True)


def check_settings(hidden: int, layers: int, cool_down: float, problems_per_step: int, disguise: float) -> None:
    """Refuse those that make no sense."""
    if not 1 <= problems_per_step <= PROGRAMS:
        raise FeedbackError(f"problems_per_step is {problems_per_step}; a step has {PROGRAMS} programs")
    if not 0 <= disguise <= 1:
        raise FeedbackError(f"disguise is a share in [0, 1], not {disguise}")
    if not 0 < cool_down <= 1:
        raise FeedbackError(f"cool_down is a share in (0, 1], not {cool_down}")
    if hidden < BEFORE * HEAD_DIM or hidden % HEAD_DIM or layers < 2:
        raise FeedbackError(
            f"hidden is {hidden} and layers {layers}; expected a multiple of {HEAD_DIM} from {BEFORE * HEAD_DIM} on,"
            " and two or more layers: the first two make the model copy"
        )


def hold_out(programs: dict[str, list[BuggyProgram]], seed: int) -> list[BuggyProgram]:
    """Take out what is not trained on: all programs of some problems; where there are few problems, some of each."""
    if problems := sorted(programs)[HELD_OUT - 1 :: HELD_OUT]:
        return [program for problem in problems for program in programs.pop(problem)]
    rng = random.Random(f"held out {seed}")
    count = min(HELD_OUT_PROGRAMS, sum(map(len, programs.values())) // 10)
    largest = (max(programs.values(), key=len) for _ in range(count))
    return [group.pop(rng.randrange(len(group))) for group in largest]


def validation_batch(corpus: Corpus, programs: Sequence[BuggyProgram]) -> PackedBatch | None:
    """Repairs and hints of some programs that are left out; None if there are none."""
    rng = random.Random(f"validation {corpus.seed}")
    chosen = rng.sample(list(programs), min(HELD_OUT_PROGRAMS, len(programs)))
    pairs = [pair for p in chosen for pair in chats(corpus.problems[p.problem], [p], rng)]
    return pack_step(tokenize(corpus.tokenizer, pairs), WHOLE_STEP).forwards[0] if pairs else None


def train(rank: int, training: Training, meeting: str) -> None:
    """Full training in one of several processes, which share each step's examples and have the same weights.

    Args:
        rank: of this process; the first one writes a checkpoint now and then, and the model in the end.
        training: what is trained.
        meeting: a file by which the processes find each other.
    """
    world_size, parent = training.settings["processes"], os.getppid()
    torch.set_num_threads(max(1, torch.get_num_threads() // world_size))
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=world_size)
    try:
        take_steps(rank, training, orphaned=lambda: world_size > 1 and os.getppid() != parent)
    finally:
        distributed.destroy_process_group()


def take_steps(rank: int, training: Training, orphaned: Callable[[], bool]) -> None:
    """All steps from the last checkpoint on, as long as there is someone to take them for."""
    settings, corpus = training.settings, training.corpus
    steps = settings["steps"]
    torch.manual_seed(settings["seed"])
    model = initial_model(settings, corpus.tokenizer)
    optimizers = optimizers_for(model, settings["learning_rate"])
    gradients = one_tensor_for_gradients(model)
    state: dict[str, Any] = {"settings": settings, "step": 0, "tokens": 0, "seconds": 0.0, "curve": []}
    if training.checkpoint.exists():
        state = resume(training.checkpoint, model, optimizers) | {"settings": settings}
    losses: list[float] = []
    with Progress(disable=rank > 0) as progress:
        bar = progress.add_task("pretraining", total=steps, completed=state["step"])
        begin = time.monotonic() - state["seconds"]
        for step in range(state["step"] + 1, steps + 1):
            if orphaned():
                return
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = settings["learning_rate"] * rate(step / steps, settings["cool_down"])
            batch = corpus.step(step, rank, settings["processes"])
            losses.append(optimise(model, batch, gradients, optimizers, settings["dtype"]))
            state["tokens"] += batch.tokens
            progress.advance(bar)
            if step % REPORT == 0 or step == steps:
                state |= {"step": step, "seconds": time.monotonic() - begin}
                state["curve"].append([step, *measured(model, losses, training.validation, settings["dtype"])])
                losses.clear()
                if rank == 0:
                    keep(training.checkpoint, state, model, optimizers)
                    _, loss, held_out = state["curve"][-1]
                    kind = "problems" if training.counts["held_out"] else "programs"
                    beside = f", on held-out {kind} {held_out}" if training.validation else ""
                    spent = f"{state['tokens']:,} tokens, {state['seconds'] / 60:.1f} min"
                    progress.console.print(f"step {step}, loss {loss}{beside}, {spent}")
    if rank == 0:
        minutes = round(state["seconds"] / 60, 1)
        record = {**settings, **training.counts, "tokens": state["tokens"], "minutes": minutes, "curve": state["curve"]}
        save(model, corpus.tokenizer, training.output, record)
        training.checkpoint.unlink(missing_ok=True)


@torch.no_grad()
def measured(
    model: Any, losses: Sequence[float], validation: PackedBatch | None, dtype: str
) -> tuple[float, float | None]:
    """The mean of the losses of some steps, all processes' shares together, and the loss on what is held out."""
    mean = torch.tensor(sum(losses) / len(losses))
    distributed.all_reduce(mean)
    if validation is None:
        return round(float(mean), 4), None
    held_out = loss_sum(model, validation, dtype) / validation.loss_counts.sum()
    return round(float(mean), 4), round(float(held_out), 4)


def keep(checkpoint: Path, state: dict[str, Any], model: Any, optimizers: Sequence[torch.optim.Optimizer]) -> None:
    """Write a checkpoint under a temporary name, then rename it."""
    temporary = checkpoint.with_name(f"{checkpoint.name}.{os.getpid()}")
    temporary.parent.mkdir(parents=True, exist_ok=True)
    states = {"model": model.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers]}
    torch.save({**state, **states}, temporary)
    temporary.replace(checkpoint)


def kept(checkpoint: Path) -> dict[str, Any]:
    """What `keep` has written."""
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    return state


def resume(checkpoint: Path, model: Any, optimizers: Sequence[torch.optim.Optimizer]) -> dict[str, Any]:
    """Put the states of an interrupted training back; returns what else was kept."""
    state = kept(checkpoint)
    model.load_state_dict(state.pop("model"))
    for optimizer, its_state in zip(optimizers, state.pop("optimizers"), strict=True):
        optimizer.load_state_dict(its_state)
    return state


def save(model: Any, tokenizer: Any, output: Path, record: dict[str, Any]) -> None:
    """Write model, tokenizer, record and card to a temporary folder, then rename it. Weights are stored as bfloat16."""
    temporary = output.with_name(f".{output.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    model.bfloat16().save_pretrained(temporary)
    tokenizer.save_pretrained(temporary)
    (temporary / "pretraining.json").write_text(json.dumps(record, indent=1) + "\n")
    (temporary / "README.md").write_text(model_card(model, record))
    shutil.rmtree(output, ignore_errors=True)
    temporary.rename(output)
