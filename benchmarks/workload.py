"""What every contender trains: the same base model, adapter, data, examples in each step and settings, from files."""

import json
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors.torch import save_file

from feedback_lightning.base_models import DEFAULT_BASE, find_base_model, load_pretrained
from feedback_lightning.data.datamodule import FeedbackDataModule, Task
from feedback_lightning.data.packing import TokenizedExample
from lora import LoRAConfig, adapter_state_dict, inject, save_adapter

# PEFT gives a fused layer one A for all its rows; these targets are the same mathematics on both sides.
TARGETS = {"attention": ("qkv_proj", "o_proj"), "all": ("qkv_proj", "o_proj", "gate_up_proj", "down_proj")}
Adapted = Literal["attention", "all"]
ADAPTER, START = "adapter", "start.safetensors"


@dataclass(frozen=True)
class Size:
    """A Phi-3 with random weights: decoder layers of `hidden`, heads of 64, an MLP of 8/3 the width.

    Args:
        layers: how many.
        vocabulary: tokens that it knows: of the tokenizer's, the first ones.
        hidden: its width.
        tokenizer: the base model whose tokenizer it has.
    """

    layers: int
    vocabulary: int
    hidden: int = 768
    tokenizer: str = DEFAULT_BASE


# None is the default base model itself.
SIZES: dict[str, Size | None] = {DEFAULT_BASE: None, "74m": Size(10, 2_048), "120m": Size(10, 32_064)}


@dataclass(frozen=True)
class Workload:
    """Some optimiser steps of LoRA.

    Args:
        base_model: folder of the base model and tokenizer.
        start: folder with the adapter that everybody starts from, as PEFT and as we save it.
        root: folder of the dataset.
        task: repair, hints or merged; merged puts both examples of a program into one step.
        rank: of the adapters; alpha is twice that.
        batch: examples in an optimiser step.
        steps: how many.
        dtype: float32 or bfloat16: of the frozen weights and the activations.
        device: cpu or cuda.
        threads: of the processor.
        learning_rate: its peak.
        adapted: the attention's projections, or all of a layer.
    """

    base_model: str
    start: str
    root: str
    task: Task = "repair"
    rank: int = 16
    batch: int = 8
    steps: int = 6
    dtype: str = "float32"
    device: str = "cpu"
    threads: int = 1
    learning_rate: float = 2e-4
    adapted: Adapted = "attention"

    def but(self, **changes: Any) -> "Workload":
        """A copy with some fields changed."""
        return replace(self, **changes)

    @property
    def lora(self) -> LoRAConfig:
        return LoRAConfig(self.rank, 2 * self.rank, targets=TARGETS[self.adapted])

    def data(self, share_prefixes: bool = True) -> FeedbackDataModule:
        """Our data module, with nothing held out."""
        return FeedbackDataModule(
            self.root, self.task, self.base_model, self.batch, pairing=self.task == "merged", val_fraction=0.0,
            share_prefixes=share_prefixes,
        )  # fmt: skip

    def examples(self) -> list[list[TokenizedExample]]:
        """The examples of each optimiser step, for the peers: those that our sampler draws."""
        data = self.data()
        data.setup()
        steps = list(data.train_dataloader().sampler)[: self.steps]
        return [[data.train[i] for i in indices] for indices in steps]


def longest_example(workload: Workload) -> int:
    """Tokens of the longest example in the dataset."""
    data = workload.data()
    data.setup()
    return max(len(example.input_ids) for example in data.train)


def make_base_model(size: Size | None, folder: Path) -> str:
    """The default base model, or a random one written to `folder`. Returns its folder."""
    if size is None:
        return find_base_model(DEFAULT_BASE)
    from transformers import AutoTokenizer, Phi3Config, Phi3ForCausalLM

    tokenizer = load_pretrained(AutoTokenizer, size.tokenizer)
    tokenizer.save_pretrained(folder)
    cut_tokenizer(folder / "tokenizer.json", size.vocabulary)
    torch.manual_seed(0)
    config = Phi3Config(
        vocab_size=size.vocabulary, hidden_size=size.hidden, intermediate_size=size.hidden * 8 // 3,
        num_hidden_layers=size.layers, num_attention_heads=size.hidden // 64, num_key_value_heads=size.hidden // 64,
        max_position_embeddings=4096, original_max_position_embeddings=4096,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    Phi3ForCausalLM(config).save_pretrained(folder)
    return str(folder)


def cut_tokenizer(path: Path, vocabulary: int) -> None:
    """Leave the first tokens of a byte-pair tokenizer and the merges that make them: it then reads and writes as much
    text in more tokens, all of which a model with a small vocabulary has."""
    content = json.loads(path.read_text())
    model = content["model"]
    model["vocab"] = {token: number for token, number in model["vocab"].items() if number < vocabulary}
    pairs = (merge if isinstance(merge, list) else merge.split(" ") for merge in model["merges"])
    model["merges"] = [pair for pair in pairs if "".join(pair) in model["vocab"]]
    path.write_text(json.dumps(content))


def make_start(base_model: str, rank: int, folder: Path, adapted: Adapted = "attention") -> str:
    """An adapter whose B is not zero, so that the first loss shows whether all have loaded it. Returns its folder."""
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_pretrained(base_model, dtype=torch.float32)
    inject(model, LoRAConfig(rank, 2 * rank, targets=TARGETS[adapted]))
    state = adapter_state_dict(model)
    for name, tensor in state.items():
        if name.endswith("B"):
            tensor.normal_(std=0.02)
    save_adapter(model, folder / ADAPTER, base_model)
    save_file(state, folder / START)
    return str(folder)


def make_dataset(folder: Path, programs: int, lines: int) -> str:
    """A dataset of one problem and programs of `lines` lines, all different. Returns its folder."""
    rng = random.Random(0)

    def program() -> str:
        body = [f"    v{rng.randrange(100)} = {rng.randrange(1000)} + v{rng.randrange(100)}" for _ in range(lines)]
        return "\n".join(["def f(x):", *body, "    return x"])

    problem = {
        "id": 1, "title": "Numbers", "description": "Write a function.", "signature": "def f(x)",
        "tests": [{"input": "f(1)", "output": "1"}],
    }  # fmt: skip
    entries = [{"buggy_code": program(), "repaired_code": program(), "hint": "Look at v1."} for _ in range(programs)]
    (folder / "problems").mkdir(parents=True)
    (folder / "problems" / "1_numbers.json").write_text(json.dumps(problem))
    (folder / "training_raw.json").write_text(json.dumps({"1": entries}))
    return str(folder)


def model_config(base_model: str) -> dict[str, Any]:
    return json.loads((Path(base_model) / "config.json").read_text())
