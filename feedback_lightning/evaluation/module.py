"""EvaluationModule: the model replies to the evaluation programs, and its repairs are run and scored."""

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from feedback_lightning.callbacks.run_record import device_record, package_versions
from feedback_lightning.data.datamodule import EvaluationBatch
from feedback_lightning.data.tokenization import load_chat_format
from feedback_lightning.errors import FeedbackError
from feedback_lightning.evaluation.replies import ask, count_lines, count_replies, score_replies
from feedback_lightning.evaluation.results import RESULTS, figures_by_problem, print_figures
from feedback_lightning.evaluation.scoring import ScoredRepair
from feedback_lightning.execution import Limits
from feedback_lightning.generation.endpoint import EndpointGenerator
from feedback_lightning.generation.local import LocalGenerator
from feedback_lightning.generation.pipelines import GenerationConfig, pipeline_label
from feedback_lightning.generation.schema import Generator, Reply
from feedback_lightning.generation.transcript import usage
from feedback_lightning.metrics import REdit, RPass
from feedback_lightning.modeling.module import FeedbackModule
from feedback_lightning.prompts import read_hint, read_repair
from feedback_lightning.writing import write_json, write_text
from lora import inject, load_adapter

TRANSCRIPT, REPLIES, JOURNAL = "transcript.jsonl", "replies.jsonl", "outcomes.jsonl"


class EvaluationModule(FeedbackModule):
    """The base model, alone or with adapters from a checkpoint or a folder, or an endpoint in its place.

    `adapter` is the folder of those to test; a run's checkpoint is tested with --ckpt_path instead.

    Args:
        generation: how replies are made.
        limits: of the sandbox in which repairs run.
        output: folder for results.json and the transcript; the command line puts it beside the run.
    """

    def __init__(
        self,
        generation: GenerationConfig = GenerationConfig(),  # noqa: B008 (frozen)
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        output: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if self.adapter and generation.endpoint:
            raise FeedbackError("an endpoint has a model of its own; leave out model.adapter")
        self.generation, self.limits, self.output = generation, limits, Path(output or "results")
        self.rpass, self.redit = RPass(), REdit()
        self.scored: list[ScoredRepair] = []
        self.replies: list[dict[str, Any]] = []
        self.seconds = {"generation": 0.0, "execution": 0.0}
        self.identity = ""
        self.result: dict[str, Any] = {}

    def prepare_data(self) -> None:
        if not self.generation.endpoint:
            super().prepare_data()

    def configure_model(self) -> None:
        if not self.generation.endpoint:
            super().configure_model()

    def add_adapters(self, model: Any) -> None:
        """Those of the adapter folder; a checkpoint brings its own."""
        if self.adapter:
            load_adapter(model, self.adapter)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        inject(self.model, self.lora)
        super().on_load_checkpoint(checkpoint)

    def test_step(self, batch: EvaluationBatch, batch_idx: int) -> None:
        """Replies to this device's programs; for repairs RPass and REdit too."""
        replies = self._ask(batch)
        if batch.task == "hints":
            return
        begin = time.perf_counter()
        scored = score_replies(batch.problems, batch.programs, replies, self.limits, self.output / JOURNAL)
        self.seconds["execution"] += time.perf_counter() - begin
        passed = [repair.passed for repair in scored]
        self.rpass.update(passed)
        self.redit.update([repair.distance for repair in scored], passed)
        self.log_dict({"RPass": self.rpass, "REdit": self.redit})
        self.scored += scored

    def predict_step(self, batch: EvaluationBatch, batch_idx: int) -> None:
        """Replies only."""
        self._ask(batch)

    def _ask(self, batch: EvaluationBatch) -> list[list[Reply]]:
        begin = time.perf_counter()
        generator = self._generator(batch.task)
        self.identity = generator.identity
        replies = ask(generator, self.generation, batch.task, batch.problems, batch.programs, self.output / TRANSCRIPT)
        self.seconds["generation"] += time.perf_counter() - begin
        read, what = (read_hint, "hint") if batch.task == "hints" else (read_repair, "repair")
        self.replies += [
            {
                "task": batch.task,
                "problem": batch.problems[program.problem].name,
                "program": program.name,
                what: read(reply.text),
                **dataclasses.asdict(reply),
            }
            for program, program_replies in zip(batch.programs, replies, strict=True)
            for reply in program_replies
        ]
        return replies

    def _generator(self, task: str) -> Generator:
        if self.generation.endpoint:
            return EndpointGenerator(self.generation.endpoint)
        config = self.generation
        chat_format = load_chat_format(self.base_model)
        end_tag = "[/HINT]" if task == "hints" else "[/FIXED]"
        return LocalGenerator(
            self.model,
            chat_format,
            max_new_tokens=config.max_new_tokens,
            batch_size=config.batch_size,
            lookup=config.lookup,
            stop=(end_tag,),
        )

    def on_test_epoch_end(self) -> None:
        """Put the devices' shares together and write results.json."""
        replies, scored = self._from_all_devices(self.replies), self._from_all_devices(self.scored)
        if not self.trainer.is_global_zero:
            return
        self.result = self._results(replies, scored)
        write_json(self.output / RESULTS, self.result)
        (self.output / JOURNAL).unlink(missing_ok=True)

    def on_predict_epoch_end(self) -> None:
        """Put the devices' shares together and write replies.jsonl."""
        replies = self._from_all_devices(self.replies)
        if not self.trainer.is_global_zero:
            return
        write_text(self.output / REPLIES, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in replies))

    def _from_all_devices(self, own: list[Any]) -> list[Any]:
        """Every device's items, in the order of the dataset's programs."""
        if self.trainer.world_size > 1:
            shares: list[Any] = [None] * self.trainer.world_size
            torch.distributed.all_gather_object(shares, own)
            own = [item for share in shares for item in share]
        place = {program.name: i for i, program in enumerate(self.trainer.datamodule.evaluation)}  # type: ignore[attr-defined]
        return sorted(own, key=lambda item: place[item["program"] if isinstance(item, dict) else item.program])

    def _results(self, replies: list[dict[str, Any]], scored: list[ScoredRepair]) -> dict[str, Any]:
        data, endpoint = self.trainer.datamodule, self.generation.endpoint  # type: ignore[attr-defined]
        given = [Reply(r["text"], r["prompt_tokens"], r["completion_tokens"], r["finish"]) for r in replies]
        used = usage(given)
        return {
            "model": {
                "identity": self.identity,
                "base_model": endpoint.model if endpoint else self.base_model,
                "adapter": self.adapter or self.trainer.ckpt_path,
            },
            "data": {"root": data.root, "task": data.task},
            "generation": dataclasses.asdict(self.generation),
            "limits": dataclasses.asdict(self.limits),
            "isolation": sorted({repair.outcome.tier for repair in scored if repair.outcome}),
            "figures": figures_by_problem(scored) if scored else {},
            "programs": [repair.as_json() for repair in scored],
            "hints": [{k: r[k] for k in ("problem", "program", "hint")} for r in replies if r["task"] == "hints"],
            "repair_replies": count_replies(g for g, r in zip(given, replies, strict=True) if r["task"] == "repair"),
            "usage": {**dataclasses.asdict(used), "usd": endpoint.cost(used) if endpoint else None},
            "seconds": self.seconds,
            "device": device_record(self.device),
            "versions": package_versions(),
        }

    def print_results(self) -> None:
        """The table, and where everything is."""
        if not self.trainer.is_global_zero:
            return
        result, console = self.result, Console(highlight=False, soft_wrap=True)
        adapter = result["model"]["adapter"]
        name = f"{result['model']['base_model']} {f'with {adapter}' if adapter else 'alone'}"
        if result["figures"]:
            pipeline = pipeline_label(self.generation.pipeline, self.generation.n)
            console.print(f"{name}: {pipeline}, sandbox: {', '.join(result['isolation']) or 'not needed'}")
            print_figures("Repairs", result["figures"])
            for line in count_lines(result["repair_replies"], self.generation.limit):
                console.print(line)
        if result["hints"]:
            read = sum(row["hint"] is not None for row in result["hints"])
            console.print(f"Hints: {read} of {len(result['hints'])} replies have one; they wait to be rated")
        used = result["usage"]
        cost = f", {used['usd']:.4f} USD" if used["usd"] is not None else ""
        console.print(f"Replies: {used['replies']}, {used['completion_tokens']:,} tokens{cost}")
        console.print(f"Results: {self.output / RESULTS}, every reply in {TRANSCRIPT} beside it")

    def print_replies(self) -> None:
        """Where the replies are."""
        if self.trainer.is_global_zero:
            print(f"Replies: {self.output / REPLIES}")
