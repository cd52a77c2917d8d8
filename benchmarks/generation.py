"""Repairs of the evaluation programs: our decoding beside transformers' own `generate`.

    python -m benchmarks.generation [--adapter lightning_logs/repair-r64/version_0/adapter]

All decode greedily with the same model object, in turns. Before anything is timed, every reply of ours is compared
with the one of `generate`: text and number of tokens up to the end tag; in float32 all must be the same. `generate`
decodes one request at a time with its key-value cache, which is plain greedy decoding; it stops at the end of the turn,
a token after the tag. What lookup gives depends on how much the model copies, so the table says which model it was.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.dataset import DATASET
from feedback_lightning.base_models import DEFAULT_BASE
from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.data.tokenization import load_chat_format
from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.ending import Ending
from feedback_lightning.generation.local import LocalGenerator
from feedback_lightning.generation.schema import Reply, Request
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.prompts import repair_prompt
from lora import LoRAError, load_adapter

STOP = ("[/FIXED]",)


@dataclass
class Method:
    """A way to answer the requests, and what it took.

    Args:
        name: for the table.
        answer: returns the replies and the number of forwards.
        seconds: one for each repetition.
    """

    name: str
    answer: Callable[[], tuple[list[Reply], int]]
    replies: list[Reply] = field(default_factory=list)
    forwards: int = 0
    seconds: list[float] = field(default_factory=list)

    def run(self, device: torch.device) -> float:
        begin = time.perf_counter()
        self.replies, self.forwards = self.answer()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - begin


def transformers_replies(
    model: Any, chat_format: ChatFormat, requests: list[Request], max_new_tokens: int
) -> tuple[list[Reply], int]:
    """One request at a time with `generate`; replies are cut behind the end tag, forwards are those before the cut."""
    ending = Ending(model, chat_format, STOP)
    attention = model.config._attn_implementation
    model.set_attn_implementation("sdpa")
    replies = []
    for request in requests:
        prompt = torch.tensor(chat_format.prompt_ids([request.messages]), device=model.device)
        with torch.no_grad():
            output = model.eval().generate(
                input_ids=prompt,
                attention_mask=torch.ones_like(prompt),
                do_sample=False,
                use_cache=True,
                max_new_tokens=max_new_tokens,
                eos_token_id=sorted(ending.tokens),
                pad_token_id=chat_format.tokenizer.pad_token_id,
            )
        prompt_tokens = prompt.shape[1]
        tokens = output[0, prompt_tokens:].tolist()
        ends = (n for n in range(1, len(tokens) + 1) if ending.reached(tokens[:n]))
        end = next(ends, None)
        finish: Literal["stop", "length"] = "length" if end is None else "stop"
        replies.append(Reply(ending.text(tokens[:end]), prompt_tokens, len(tokens[:end]), finish))
    model.set_attn_implementation(attention)
    return replies, sum(reply.completion_tokens for reply in replies)


def our_replies(generator: LocalGenerator, requests: list[Request], together: bool) -> tuple[list[Reply], int]:
    """All requests in one call, or a call for each, which shares nothing between them."""
    before = generator.forwards
    if together:
        found = dict(generator.replies(requests))
        replies = [found[i] for i in range(len(requests))]
    else:
        replies = [reply for request in requests for _, reply in generator.replies([request])]
    return replies, generator.forwards - before


def methods(
    model: Any, chat_format: ChatFormat, requests: list[Request], batch_size: int, max_new_tokens: int
) -> list[Method]:
    """The reference first."""

    def ours(together: bool, lookup: bool) -> Callable[[], tuple[list[Reply], int]]:
        size = batch_size if together else 1
        generator = LocalGenerator(model, chat_format, max_new_tokens, size, lookup, STOP)
        return lambda: our_replies(generator, requests, together)

    return [
        Method(
            "generate, one by one",
            lambda: transformers_replies(model, chat_format, requests, max_new_tokens),
        ),
        Method("one by one", ours(together=False, lookup=False)),
        Method("one by one, lookup", ours(together=False, lookup=True)),
        Method(f"{batch_size} at once", ours(together=True, lookup=False)),
        Method(f"{batch_size} at once, lookup", ours(together=True, lookup=True)),
    ]


def same_replies(method: Method, reference: Method) -> int:
    """How many of the method's replies are the reference's."""
    return sum(ours == theirs for ours, theirs in zip(method.replies, reference.replies, strict=True))


def measure(contenders: list[Method], repetitions: int, device: torch.device, exact: bool, console: Console) -> None:
    """Answer once and compare, then in turns. Where arithmetic is not exact enough the table says how many differ."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("comparing", total=len(contenders) * (repetitions + 1))
        for method in contenders:
            method.run(device)
            progress.advance(task)
            if exact and same_replies(method, contenders[0]) < len(method.replies):
                raise FeedbackError(f"{method.name}: not the replies of {contenders[0].name}")
        for repetition in range(repetitions):
            progress.update(task, description=f"repetition {repetition + 1}")
            for method in contenders:
                method.seconds.append(method.run(device))
                progress.advance(task)


def table(contenders: list[Method], title: str) -> Table:
    """A line for each method: seconds for all replies, tokens per forward, and how many replies are the reference's."""
    shown = Table(title=title)
    for column in ("", "min s", "median s", "max s", "tokens/s", "faster", "per forward", "same"):
        shown.add_column(column, justify="right" if column else "left")
    reference = contenders[0]
    for method in contenders:
        tokens, median = sum(reply.completion_tokens for reply in method.replies), statistics.median(method.seconds)
        shown.add_row(
            method.name,
            *(f"{value:.2f}" for value in (min(method.seconds), median, max(method.seconds))),
            f"{tokens / median:,.0f}",
            f"{statistics.median(reference.seconds) / median:.1f}x",
            f"{tokens / method.forwards:.2f}",
            f"{same_replies(method, reference)}/{len(method.replies)}",
        )
    return shown


def main(args: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=DEFAULT_BASE, help="folder or hub name of the base model")
    parser.add_argument("--adapter", type=Path, help="folder of a LoRA adapter; by default the base model alone")
    parser.add_argument("--dtype", default="auto", choices=("auto", "float32", "bfloat16"))
    parser.add_argument("--quantization", default="none", choices=("none", "nf4", "int8"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", type=torch.device)
    parser.add_argument("--data", type=Path, default=DATASET)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--batch_size", type=int, default=25)
    parser.add_argument("--max_new_tokens", type=int, default=512)
    options = parser.parse_args(args)

    model = load_base_model(options.model, options.dtype, options.quantization, options.device)
    if options.adapter:
        load_adapter(model, options.adapter)
    chat_format = load_chat_format(options.model)
    problems = read_problems(options.data)
    programs = read_evaluation(options.data, problems)
    requests = [Request(repair_prompt(problems[program.problem], program.code)) for program in programs]
    contenders = methods(model, chat_format, requests, options.batch_size, options.max_new_tokens)
    console = Console()
    exact = model.dtype == torch.float32 and options.quantization == "none"
    measure(contenders, options.repetitions, options.device, exact, console)
    device = f"{torch.get_num_threads()} threads" if options.device.type == "cpu" else torch.cuda.get_device_name()
    what = f"{options.model} with {options.adapter}" if options.adapter else f"{options.model} alone"
    console.print(table(contenders, f"{len(requests)} programs of {options.data}\n{what}, {model.dtype}, {device}"))


if __name__ == "__main__":
    try:
        main()
    except (FeedbackError, LoRAError) as error:
        sys.exit(f"error: {error}")
