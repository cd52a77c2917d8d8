"""Adapters saved here load in PEFT and back, adapters of PEFT load here, and what is not plain LoRA is refused."""

import json

import pytest
import torch
from conftest import randomise_adapters, small_llama, small_phi3
from peft import LoraConfig, get_peft_model
from peft_reference import IDS, adapted_names, assert_near, logits, loss, peft_load, state_of
from safetensors.torch import load_file, save_file

from lora import TARGETS, LoRAConfig, LoRAError, adapter_state_dict, inject, load_adapter, lora_layers, save_adapter
from lora.peft_format import CONFIG, PREFIX, WEIGHTS

SEPARATE = ("q_proj", "k_proj", "v_proj")
QKV = "model.layers.1.self_attn.qkv_proj"
FUSED = ("qkv_proj", "o_proj", "gate_up_proj", "down_proj")
CASES = pytest.mark.parametrize(
    ("make", "targets", "rslora"),
    [
        (small_phi3, SEPARATE, False),
        (small_phi3, SEPARATE, True),
        (small_phi3, ("k_proj", "up_proj"), False),
        (small_phi3, ("v_proj", "q_proj", "down_proj"), True),
        (small_phi3, TARGETS, False),
        (small_phi3, TARGETS, True),
        (small_phi3, FUSED, False),
        (small_phi3, FUSED, True),
        (small_llama, TARGETS, False),
        (small_llama, TARGETS, True),
    ],
)


def adapted(make, targets=TARGETS, **config):
    model = make()
    inject(model, LoRAConfig(**{"rank": 3, "alpha": 5, "targets": targets, **config}))
    randomise_adapters(model)
    return model


def peft_trained(make, folder, **config):
    """Saved by PEFT after a few steps from random A and B, with dropout; returns its model in eval mode."""
    model = get_peft_model(make(), LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.1, **config))
    randomise_adapters(model)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        loss(model.train()).backward()
        optimizer.step()
    model.save_pretrained(folder)
    return model.eval()


@CASES
def test_peft_loads_what_is_saved_here(make, targets, rslora, tmp_path):
    model = adapted(make, targets, rslora=rslora)
    assert save_adapter(model, tmp_path / "a" / "b") == tmp_path / "a" / "b"
    theirs = peft_load(make(), tmp_path / "a" / "b")
    assert_near(logits(theirs), logits(model))
    assert (logits(model) - logits(make())).abs().max() > 0.1


@CASES
def test_what_is_saved_here_loads_here_with_the_same_adapters_and_the_same_bits(make, targets, rslora, tmp_path):
    model, other = adapted(make, targets, rslora=rslora), make()
    paths = load_adapter(other, save_adapter(model, tmp_path / "adapter"))
    assert sorted(paths) == sorted(path for path, _ in lora_layers(model))
    saved, loaded = adapter_state_dict(model), adapter_state_dict(other)
    assert list(saved) == list(loaded)
    assert all(torch.equal(saved[name], loaded[name]) for name in saved)
    assert {name for name, p in other.named_parameters() if p.requires_grad} == set(saved)
    assert torch.equal(logits(other), logits(model))


@pytest.mark.parametrize("rslora", [False, True])
@pytest.mark.parametrize("targets", [SEPARATE, ("k_proj",), ("q_proj", "v_proj")])
def test_separate_adapters_on_a_fused_layer_are_one_block_diagonal_adapter(targets, rslora, tmp_path):
    model = adapted(small_phi3, targets, rslora=rslora)
    save_adapter(model, tmp_path / "adapter", base_model="some/phi-3")
    tensors = load_file(tmp_path / "adapter" / WEIGHTS)
    a, b = (tensors[f"{PREFIX}{QKV}.lora_{matrix}.weight"] for matrix in "AB")
    rank = 3 * len(targets)
    assert (a.shape, b.shape) == ((rank, 32), (64, rank))
    for i, name in enumerate(targets):  # in the order of the rows
        own, columns = adapted_names(model)[f"model.layers.1.self_attn.{name}"], slice(3 * i, 3 * i + 3)
        rows = {"q_proj": slice(0, 32), "k_proj": slice(32, 48), "v_proj": slice(48, 64)}[name]
        assert torch.equal(a[columns], own.A)
        assert torch.equal(b[rows, columns], own.B)
        b[rows, columns] = 0
    assert torch.count_nonzero(b) == 0
    config = json.loads((tmp_path / "adapter" / CONFIG).read_text())
    assert config["base_model_name_or_path"] == "some/phi-3"
    assert (config["r"], config["target_modules"], config["use_rslora"]) == (rank, ["qkv_proj"], False)
    # To float64 rounding of alpha = scaling * rank.
    assert config["lora_alpha"] / config["r"] == pytest.approx(5 / 3**0.5 if rslora else 5 / 3, rel=1e-15)


PEFT_CONFIGS = pytest.mark.parametrize(
    ("make", "config"),
    [
        (small_phi3, {"r": 4, "lora_alpha": 6, "target_modules": list(FUSED)}),
        (small_llama, {"r": 4, "lora_alpha": 6, "target_modules": list(TARGETS), "use_rslora": True}),
        (
            small_phi3,
            {
                "r": 4,
                "lora_alpha": 6,
                "target_modules": list(FUSED),
                "rank_pattern": {"o_proj": 2, "layers.1.mlp.gate_up_proj": 7},
                "alpha_pattern": {"down_proj": 11, "layers.0.self_attn.qkv_proj": 3, "mlp.gate_up_proj": 5},
            },
        ),
        (
            small_llama,
            {
                "r": 4,
                "lora_alpha": 6,
                "target_modules": ["q_proj", "v_proj"],
                "rank_pattern": {"q_proj": 9, ".*0.*.v_proj": 1},
                "alpha_pattern": {"model.layers.1.self_attn.v_proj": 2},
                "use_rslora": True,
            },
        ),
    ],
    ids=["plain", "rslora", "patterns", "patterns-rslora"],
)


@PEFT_CONFIGS
def test_an_adapter_trained_by_peft_loads_here(make, config, tmp_path):
    theirs, model = peft_trained(make, tmp_path, **config), make()
    load_adapter(model, tmp_path)
    assert_near(logits(model), logits(theirs))
    assert (logits(model) - logits(make())).abs().max() > 0.1
    assert all(p.requires_grad == (".adapters." in name) for name, p in model.named_parameters())
    model.train()  # with the dropout of the adapter's config
    assert not torch.equal(logits(model), logits(model))


@PEFT_CONFIGS
def test_from_peft_to_here_to_peft_and_here(make, config, tmp_path):
    theirs, model, again = peft_trained(make, tmp_path / "theirs", **config), make(), make()
    load_adapter(model, tmp_path / "theirs")
    model.eval()
    save_adapter(model, tmp_path / "ours")
    load_adapter(again, tmp_path / "ours")
    assert torch.equal(logits(again.eval()), logits(model))
    assert_near(logits(peft_load(make(), tmp_path / "ours")), logits(theirs))


def test_an_adapter_loads_into_eval_mode_if_the_model_is_in_eval_mode(tmp_path):
    theirs, model = peft_trained(small_phi3, tmp_path, target_modules=["o_proj"]), small_phi3()
    load_adapter(model, tmp_path)
    assert not model.training
    assert_near(logits(model), logits(theirs))


def test_an_adapter_for_some_layers_only_loads_in_peft(tmp_path):
    theirs = peft_trained(small_llama, tmp_path / "theirs", target_modules=["q_proj"], layers_to_transform=[1])
    model = small_llama()
    assert load_adapter(model, tmp_path / "theirs") == ["model.layers.1.self_attn.q_proj"]
    model.eval()
    save_adapter(model, tmp_path / "ours")
    assert_near(logits(peft_load(small_llama(), tmp_path / "ours")), logits(theirs))


def test_merged_adapters_are_saved_as_they_are(tmp_path):
    model, other = adapted(small_phi3), small_phi3()
    expected = logits(model)
    for _, layer in lora_layers(model):
        layer.merge()
    load_adapter(other, save_adapter(model, tmp_path / "adapter"))
    assert torch.equal(logits(other), expected)


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
    "half a pair": (change_weights(without_a), rf"layers\.1\.self_attn\.qkv_proj\.lora_A\.weight is missing"),
    "DoRA": (dora, "plain LoRA only; this adapter uses use_dora"),
    "an embedding": (with_embedding, "embed_tokens.*not the A and B of linear layers"),
    "a trained bias": (change_config(bias="all"), "this adapter uses bias"),
    "other saved modules": (change_config(modules_to_save=["lm_head"]), "this adapter uses modules_to_save"),
    "a changed base": (change_config(init_lora_weights="pissa"), "init_lora_weights"),
    "activated LoRA": (change_config(alora_invocation_tokens=[5]), "alora_invocation_tokens"),
    "no LoRA": (change_config(peft_type="IA3"), "peft_type is 'IA3'; only LORA loads here"),
    "other sizes": (other_sizes, r"A \(\d+, 64\), B \(\d+, \d+\) do not fit model\.layers\.0\.\S+ \(\d+, \d+\)"),
    "more layers": (more_layers, r"is for model\.layers\.2\.\S+, which this model does not have"),
    "other names": (lambda f: save_adapter(adapted(small_llama), f), r"down_proj|\w+_proj, which this model does not"),
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


@pytest.mark.parametrize("there", [("down_proj",), ("qkv_proj",)], ids=["elsewhere", "same"])
def test_loading_into_an_adapted_model_is_refused_and_changes_nothing(there, tmp_path):
    folder, model = save_adapter(adapted(small_phi3, SEPARATE), tmp_path / "adapter"), adapted(small_phi3, there)
    before, outputs = state_of(model), logits(model)
    with pytest.raises(LoRAError, match="adapter"):
        load_adapter(model, folder)
    assert state_of(model) == before
    assert torch.equal(logits(model), outputs)


def test_saving_replaces_the_folder_and_leaves_nothing_beside_it(tmp_path):
    folder, last, other = tmp_path / "adapter", adapted(small_phi3, ("o_proj",)), small_phi3()
    save_adapter(adapted(small_phi3), folder)
    (folder / "of the first").touch()
    save_adapter(last, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]
    assert sorted(path.name for path in folder.iterdir()) == [CONFIG, WEIGHTS]
    load_adapter(other, folder)
    assert torch.equal(logits(other), logits(last))


def test_a_model_without_adapters_is_not_saved_and_the_folder_stays(tmp_path):
    folder = save_adapter(adapted(small_phi3), tmp_path / "adapter")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(LoRAError, match="no adapters to save"):
        save_adapter(small_phi3(), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
