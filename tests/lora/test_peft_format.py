"""Adapters saved here load in PEFT, and adapters of PEFT load here, with the same logits."""

import json

import pytest
import torch
from peft_reference import FUSED, adapted, adapted_names, assert_near, logits, peft_load, peft_trained
from safetensors.torch import load_file
from small_models import randomise_adapters, small_llama, small_phi3

from lora import TARGETS, LoRAConfig, LoRAError, adapter_state_dict, inject, load_adapter, lora_layers, save_adapter
from lora.peft_format import CONFIG, PREFIX, WEIGHTS

SEPARATE = ("q_proj", "k_proj", "v_proj")
QKV = "model.layers.1.self_attn.qkv_proj"
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
        (small_phi3, {"r": 4, "lora_alpha": 6, "target_modules": list(FUSED), "init_lora_weights": "gaussian"}),
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
    model.eval()
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


def test_in_bfloat16_the_file_is_half_as_large_and_only_rounded(tmp_path):
    model = small_phi3()
    inject(model, LoRAConfig(rank=8, targets=TARGETS))
    randomise_adapters(model)
    sizes = {}
    for dtype in (torch.float32, torch.bfloat16):
        folder = save_adapter(model, tmp_path / str(dtype), dtype=dtype)
        sizes[dtype] = (folder / "adapter_model.safetensors").stat().st_size
        again = small_phi3()
        load_adapter(again, folder)
        for name, value in adapter_state_dict(again).items():
            assert value.dtype == torch.float32
            assert torch.equal(value, adapter_state_dict(model)[name].to(dtype).float())
    assert sizes[torch.bfloat16] < 0.6 * sizes[torch.float32]
