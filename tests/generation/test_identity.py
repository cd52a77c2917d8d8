"""Equal content, equal identity; whatever changes greedy replies changes it."""

import json
import shutil

import pytest
import torch

from feedback_lightning.data.tokenization import load_chat_format
from feedback_lightning.generation.local import LocalGenerator
from feedback_lightning.generation.schema import Request
from feedback_lightning.modeling.base_model import load_base_model
from lora import LoRAConfig, inject, lora_layers

CPU = torch.device("cpu")
ASK = [Request([{"role": "user", "content": "x = 1"}])]


def generator(folder, quantization="none", dtype="float32", **settings):
    model = load_base_model(str(folder), dtype, quantization, CPU)
    return LocalGenerator(model, load_chat_format(str(folder)), **settings)


def adapted(folder):
    made = generator(folder)
    torch.manual_seed(0)
    inject(made.model, LoRAConfig(rank=2, alpha=4, targets=("q_proj", "v_proj")))
    return made


@pytest.mark.parametrize("quantization", ["none", "nf4", "int8"])
def test_the_same_content_elsewhere_has_the_same_identity(small_base, tmp_path, quantization):
    one, other = (
        generator(folder, quantization, max_new_tokens=4) for folder in (small_base, copied(small_base, tmp_path))
    )
    assert one.identity == other.identity
    list(one.replies(ASK))  # quantised layers may keep things from their first use
    assert one.identity == other.identity


def test_identity_names_the_settings_that_replies_depend_on(small_base):
    identity = generator(small_base, max_new_tokens=77, stop=("[/FIXED]",)).identity
    assert identity.startswith("Phi3ForCausalLM ")
    assert "77 tokens" in identity
    assert "'[/FIXED]'" in identity
    same = generator(small_base, max_new_tokens=77, stop=("[/FIXED]",), batch_size=2, lookup=False)
    assert same.identity == identity


def copied(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def test_what_changes_replies_changes_the_identity(small_base, tmp_path):
    folder = copied(small_base, tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "rms_norm_eps": 0.01}))
    other_template = generator(small_base)
    other_template.chat_format.tokenizer.chat_template += " "
    other_weights = generator(small_base)
    with torch.no_grad():
        other_weights.model.model.layers[1].mlp.down_proj.weight.mul_(1.001)
    other_adapter, other_scaling, merged = adapted(small_base), adapted(small_base), adapted(small_base)
    with torch.no_grad():
        next(lora_layers(other_adapter.model))[1].blocks()[0].B[5, 1] = 1e-3
    next(lora_layers(other_scaling.model))[1].blocks()[0].scaling *= 2
    for _, layer in lora_layers(merged.model):
        layer.merge()
    generators = [
        generator(small_base),
        generator(small_base, max_new_tokens=5),
        generator(small_base, stop=("x",)),
        generator(small_base, dtype="bfloat16"),
        generator(small_base, quantization="nf4"),
        generator(folder),
        other_template,
        other_weights,
        adapted(small_base),
        other_adapter,
        other_scaling,
        merged,
    ]
    assert len({each.identity for each in generators}) == len(generators)
    assert adapted(small_base).identity == adapted(small_base).identity
