"""What is broken, is not plain LoRA or does not fit is refused with a clear message, and the model is unchanged."""

import json

import pytest
import torch
from peft_reference import IDS, adapted, logits, peft_trained, state_of
from safetensors.torch import load_file, save_file
from small_models import small_llama, small_phi3

from lora import LoRAError, load_adapter, save_adapter
from lora.peft_format import CONFIG, PREFIX, WEIGHTS

QKV = "model.layers.1.self_attn.qkv_proj"
SEPARATE = ("q_proj", "k_proj", "v_proj")


def change_config(**changes):
    def change(folder):
        config = json.loads((folder / CONFIG).read_text())
        (folder / CONFIG).write_text(json.dumps({**config, **changes}))

    return change


def change_weights(change):
    def rewrite(folder):
        save_file(change(load_file(folder / WEIGHTS)), folder / WEIGHTS)

    return rewrite


def only_pickle(folder):
    (folder / WEIGHTS).unlink()
    torch.save({"weight": IDS}, folder / "adapter_model.bin")


def cut(folder):
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-10])


def dora(folder):
    peft_trained(small_phi3, folder, target_modules=["qkv_proj"], use_dora=True)


def pissa(folder):
    peft_trained(small_phi3, folder, target_modules=["qkv_proj"], init_lora_weights="pissa")


def with_embedding(folder):
    peft_trained(small_phi3, folder, target_modules=["qkv_proj", "embed_tokens"])


def other_sizes(folder):
    save_adapter(adapted(lambda: small_phi3(hidden_size=64)), folder)


def more_layers(folder):
    save_adapter(adapted(lambda: small_phi3(num_hidden_layers=3)), folder)


def without_a(tensors):
    return {name: tensor for name, tensor in tensors.items() if name != f"{PREFIX}{QKV}.lora_A.weight"}


REFUSALS = {
    "no config": (lambda folder: (folder / CONFIG).unlink(), rf"{{}} is not an adapter folder: it has no {CONFIG}"),
    "broken JSON": (lambda f: (f / CONFIG).write_text('{\n "r": 3,\n oops\n}'), rf"{{}}/{CONFIG}:3: broken JSON: "),
    "JSON of no config": (lambda folder: (folder / CONFIG).write_text("[]"), CONFIG),
    "config without alpha": (lambda f: (f / CONFIG).write_text('{"peft_type": "LORA"}'), "lora_alpha"),
    "no weights": (lambda folder: (folder / WEIGHTS).unlink(), rf"{{}} has no {WEIGHTS}$"),
    "only a pickle": (only_pickle, rf"has no {WEIGHTS} \(adapter_model.bin is a pickle and is never loaded\)"),
    "cut weights": (cut, rf"{{}}/{WEIGHTS} is damaged"),
    "no safetensors": (lambda folder: (folder / WEIGHTS).write_bytes(b"nothing of the kind"), f"{WEIGHTS} is damaged"),
    "empty weights": (lambda folder: (folder / WEIGHTS).write_bytes(b""), f"{WEIGHTS} is damaged"),
    "no tensors": (change_weights(lambda tensors: {}), "holds nothing"),
    "half a pair": (change_weights(without_a), r"layers\.1\.self_attn\.qkv_proj\.lora_A\.weight is missing"),
    "DoRA": (dora, "plain LoRA only; this adapter uses use_dora"),
    "an embedding": (with_embedding, "embed_tokens.*not the A and B of linear layers"),
    "a trained bias": (change_config(bias="all"), "this adapter uses bias"),
    "other saved modules": (change_config(modules_to_save=["lm_head"]), "this adapter uses modules_to_save"),
    "a changed base": (pissa, "init_lora_weights"),  # PEFT subtracts what it starts A and B from
    "activated LoRA": (change_config(alora_invocation_tokens=[5]), "alora_invocation_tokens"),
    "no LoRA": (change_config(peft_type="IA3"), "peft_type is 'IA3'; only LORA loads here"),
    "other sizes": (other_sizes, r"A \(3, 48\), B \(64, 3\) do not fit model\.layers\.0\.mlp\.down_proj \(32, 48\)"),
    "more layers": (more_layers, r"is for model\.layers\.2\.\S+, which this model does not have"),
    "other names": (
        lambda f: save_adapter(adapted(small_llama), f),
        r"is for model\.layers\.0\.mlp\.gate_proj, which this model",
    ),
}


@pytest.mark.parametrize(("damage", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_broken_or_does_not_fit_is_refused_and_the_model_is_unchanged(damage, message, tmp_path):
    folder, model = save_adapter(adapted(small_phi3), tmp_path / "adapter"), small_phi3()
    damage(folder)
    before, outputs = state_of(model), logits(model)
    with pytest.raises(LoRAError, match=message.replace("{}", str(folder))):
        load_adapter(model, folder)
    assert state_of(model) == before
    assert torch.equal(logits(model), outputs)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LoRAError, match=f"{tmp_path / 'nowhere'} is not an adapter folder"):
        load_adapter(small_phi3(), tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("there", "message"),
    [
        (("down_proj",), "the model has adapters already"),
        (("qkv_proj",), "is LoRALinear here, not a linear layer without"),
    ],
)
def test_loading_into_an_adapted_model_is_refused_and_changes_nothing(there, message, tmp_path):
    folder, model = save_adapter(adapted(small_phi3, SEPARATE), tmp_path / "saved"), adapted(small_phi3, there)
    before, outputs = state_of(model), logits(model)
    with pytest.raises(LoRAError, match=message):
        load_adapter(model, folder)
    assert state_of(model) == before
    assert torch.equal(logits(model), outputs)
