"""data/tutor: the adapter that ships, for those who want to try the embedded model without training."""

import json

import pytest
import torch
from conftest import REPOSITORY

from feedback_lightning.data.datamodule import FeedbackDataModule
from feedback_lightning.data.packing import pack_step
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.modeling.loss import completion_loss
from feedback_lightning.paths import EMBEDDED_MODEL
from lora import load_adapter

TUTOR = REPOSITORY / "data" / "tutor"


def test_it_is_small_and_says_whose_it_is():
    assert sum(path.stat().st_size for path in TUTOR.iterdir()) < 1_000_000
    config = json.loads((TUTOR / "adapter_config.json").read_text())
    assert (config["base_model_name_or_path"], config["r"], config["lora_alpha"]) == (EMBEDDED_MODEL, 16, 32)


@pytest.mark.parametrize("task", ["repair", "hints"])
def test_it_has_learnt_from_programs_that_are_not_these(task, cache):
    """The loss on programs held out from its training, with it and without, in nats per token."""
    data = FeedbackDataModule(root=str(REPOSITORY / "data"), task=task)
    data.setup("fit")
    batch = pack_step(data.validation[::3], 10**6)
    model = load_base_model(EMBEDDED_MODEL, "float32", "none", torch.device("cpu"))
    model.set_attn_implementation(attention.NAME)

    def loss() -> float:
        with torch.no_grad():
            return sum(completion_loss(model, f).item() for f in batch.forwards) / batch.completion_tokens

    base = loss()
    load_adapter(model, TUTOR)
    assert loss() < 0.9 * base
