"""Ours and its peers, each in a process of its own that takes one optimiser step when it is told to.

Every contender trains the adapter of a Workload on the same examples with AdamW, gradient clipping and a linear
schedule. The clock of a step covers all that a user waits for: packing or padding, forward, backward, optimiser.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from benchmarks.workload import ADAPTER, START, Workload, longest_example
from feedback_lightning.base_models import load_pretrained
from feedback_lightning.callbacks.training_memory import forget_peak, memory_now, memory_peak
from feedback_lightning.data.packing import TokenizedExample

CLIP, WEIGHT_DECAY, WARMUP = 1.0, 0.01, 1
IGNORE = -100  # the label of a token without loss, as in transformers


class Turns:
    """A contender's side of the conversation: it waits for its turn, takes a step, and says how that went."""

    def __init__(self, connection: Connection, workload: Workload) -> None:
        self.connection, self.device = connection, torch.device(workload.device)
        self._left, self._memory, self._begin, self._cpu = workload.steps, {"used": 0.0}, 0.0, 0.0

    def loaded(self, model: torch.nn.Module) -> None:
        """All is loaded: what is in use now does not count as training's."""
        for parameter in model.parameters():
            parameter.data.view(torch.uint8).sum()  # reads the pages of a mapped file in
        forget_peak(self.device)
        self._memory = memory_now(self.device)
        self.connection.send("loaded")
        self.wait()

    def wait(self) -> None:
        self.connection.recv()
        self._begin, self._cpu = time.perf_counter(), time.process_time()

    def end(self, loss: float, tokens: int) -> None:
        """Report a finished step and wait for the next, if there is one."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        seconds, cpu = time.perf_counter() - self._begin, time.process_time() - self._cpu
        key = "allocated" if self.device.type == "cuda" else "used"
        peak = memory_peak(self.device)[key] - self._memory[key]
        self.connection.send(
            {"seconds": seconds, "processor_seconds": cpu, "loss": loss, "computed": tokens, "memory": peak}
        )
        self._left -= 1
        if self._left:
            self.wait()


@dataclass(frozen=True)
class Contender:
    """Who trains, and how.

    Args:
        run: takes a workload, the turns and the options, and trains to the end.
        note: its settings, for the table.
        options: of `run`.
    """

    run: Callable[..., None]
    note: str
    options: dict[str, Any] = field(default_factory=dict)


def ours(workload: Workload, turns: Turns, share_prefixes: bool) -> None:
    """`fit` without its callbacks: Lightning's Trainer, FeedbackModule and FeedbackDataModule."""
    from lightning.pytorch import Callback, Trainer

    from feedback_lightning.modeling.module import FeedbackModule
    from lora import load_adapter_state_dict

    class TakeTurns(Callback):
        def on_train_start(self, trainer: Trainer, module: Any) -> None:
            load_adapter_state_dict(module.model, load_file(Path(workload.start) / START))
            turns.loaded(module.model)

        def on_train_batch_end(self, trainer: Trainer, module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
            turns.end(outputs["step_loss"].item(), sum(len(forward.input_ids) for forward in batch.forwards))

    module = FeedbackModule(
        workload.lora, workload.base_model, workload.dtype, learning_rate=workload.learning_rate,
        warmup_steps=WARMUP, weight_decay=WEIGHT_DECAY, gradient_clip=CLIP, optimizer="adamw",
    )  # fmt: skip
    trainer = Trainer(
        accelerator=workload.device, devices=1, max_steps=workload.steps, callbacks=[TakeTurns()], logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip
    trainer.fit(module, workload.data(share_prefixes))


def peft_model(workload: Workload) -> Any:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    dtype = getattr(torch, workload.dtype)
    base = load_pretrained(AutoModelForCausalLM, workload.base_model, dtype=dtype, attn_implementation="sdpa")
    base.config.use_cache = False
    return PeftModel.from_pretrained(base, Path(workload.start) / ADAPTER, is_trainable=True).to(workload.device)


def trl(workload: Workload, turns: Turns, micro_batch: int, padding_free: bool = False) -> None:
    """TRL's SFTTrainer on a PEFT model: completion-only loss, logits in tiles and only where there is a label."""
    from datasets import Dataset
    from transformers import AutoTokenizer, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    micro_batch = min(micro_batch, workload.batch)
    steps = workload.examples()
    rows = [{"input_ids": e.input_ids, "labels": labels(e)} for step in steps for e in step]

    class Trainer(SFTTrainer):
        loss = 0.0

        def training_step(self, *args: Any, **kwargs: Any) -> Any:
            part = super().training_step(*args, **kwargs)
            self.loss += part.item()
            return part

    class TakeTurns(TrainerCallback):
        def on_train_begin(self, *_: Any, **__: Any) -> None:
            turns.loaded(trainer.model)

        def on_step_end(self, *_: Any, **__: Any) -> None:
            lengths = [len(example.input_ids) for example in steps[trainer.state.global_step - 1]]
            loss, trainer.loss = trainer.loss, 0.0
            turns.end(loss, sum(lengths) if padding_free else padded_tokens(lengths, micro_batch))

    config = SFTConfig(
        output_dir=str(Path(workload.start) / "trl"), max_steps=workload.steps,
        per_device_train_batch_size=micro_batch, gradient_accumulation_steps=workload.batch // micro_batch,
        learning_rate=workload.learning_rate, lr_scheduler_type="linear", warmup_steps=WARMUP,
        weight_decay=WEIGHT_DECAY, max_grad_norm=CLIP, bf16=workload.dtype == "bfloat16",
        gradient_checkpointing=False, padding_free=padding_free, train_sampling_strategy="sequential",
        use_cpu=workload.device == "cpu", max_length=None, save_strategy="no", report_to="none", disable_tqdm=True,
        logging_strategy="no", dataloader_pin_memory=False,
    )  # fmt: skip
    trainer = Trainer(
        peft_model(workload), config, train_dataset=Dataset.from_list(rows), callbacks=[TakeTurns()],
        processing_class=load_pretrained(AutoTokenizer, workload.base_model),
    )  # fmt: skip
    trainer.train()


def plain(workload: Workload, turns: Turns, micro_batch: int, to_longest: bool = False) -> None:
    """A loop with transformers and PEFT alone, padded by batch, or to the longest example as the report did."""
    from transformers import get_linear_schedule_with_warmup

    steps = workload.examples()
    longest = longest_example(workload) if to_longest else 0
    model = peft_model(workload).train()
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, workload.learning_rate, weight_decay=WEIGHT_DECAY)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, workload.steps)
    turns.loaded(model)
    for step in steps:
        count, total = sum(len(example.input_ids) - example.prompt_length for example in step), 0.0
        optimizer.zero_grad()
        for start in range(0, len(step), micro_batch):
            batch = padded(step[start : start + micro_batch], longest)
            on_device = {name: tensor.to(workload.device) for name, tensor in batch.items()}
            loss = model(**on_device, num_items_in_batch=count).loss
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        optimizer.step()
        schedule.step()
        turns.end(total, padded_tokens([len(example.input_ids) for example in step], micro_batch, longest))


def labels(example: TokenizedExample) -> list[int]:
    return [IGNORE] * example.prompt_length + example.input_ids[example.prompt_length :]


def padded(examples: Sequence[TokenizedExample], longest: int = 0) -> dict[str, torch.Tensor]:
    """Examples on top of each other, padded on the right to the longest of them or to `longest`."""
    width = max(longest, *(len(example.input_ids) for example in examples))
    batch = {"input_ids": torch.zeros(len(examples), width, dtype=torch.int64)}
    batch["attention_mask"] = torch.zeros_like(batch["input_ids"])
    batch["labels"] = torch.full_like(batch["input_ids"], IGNORE)
    for row, example in enumerate(examples):
        length = len(example.input_ids)
        batch["input_ids"][row, :length] = torch.tensor(example.input_ids)
        batch["attention_mask"][row, :length] = 1
        batch["labels"][row, :length] = torch.tensor(labels(example))
    return batch


def padded_tokens(lengths: Sequence[int], micro_batch: int, longest: int = 0) -> int:
    """Tokens that are computed when each micro-batch is padded.

    >>> padded_tokens([3, 5, 2, 2], micro_batch=2)
    14
    """
    batches = [lengths[start : start + micro_batch] for start in range(0, len(lengths), micro_batch)]
    return sum(len(batch) * max(longest, *batch) for batch in batches)


CONTENDERS = {
    "ours": Contender(ours, "shared prefixes computed once", {"share_prefixes": True}),
    "ours, no sharing": Contender(ours, "packed without padding", {"share_prefixes": False}),
    "TRL 8": Contender(trl, "8 at a time, padded to the longest of them", {"micro_batch": 8}),
    "TRL 2": Contender(trl, "2 at a time, padded to the longer", {"micro_batch": 2}),
    "TRL 1": Contender(trl, "1 at a time: no padding", {"micro_batch": 1}),
    "TRL padding-free": Contender(trl, "8 laid end to end", {"micro_batch": 8, "padding_free": True}),
    "plain PEFT": Contender(plain, "8 at a time, padded to the longest of them", {"micro_batch": 8}),
    "report's recipe": Contender(
        plain, "2 at a time, padded to the dataset's longest", {"micro_batch": 2, "to_longest": True}
    ),
}


def work(connection: Connection, name: str, workload: Workload, log: str) -> None:
    """The main function of a contender's process; everything it prints goes to `log`."""
    import os
    import sys
    import traceback

    sys.stdout.flush()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    torch.set_num_threads(workload.threads)
    contender = CONTENDERS[name]
    try:
        contender.run(workload, Turns(connection, workload), **contender.options)
    except BaseException as error:
        traceback.print_exc()
        connection.send(f"{type(error).__name__}: {error}")
