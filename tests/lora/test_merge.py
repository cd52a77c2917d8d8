"""Merged weights do what the adapters did, and unmerging restores every bit."""

import pytest
import torch
from peft_reference import SOME, adapted, assert_near, assert_same_weights, base_weights, logits
from small_models import randomise_adapters, small_llama, small_phi3
from torch import nn

from lora import LoRAConfig, LoRAError, LoRALinear, inject, lora_layers, merge, remove, unmerge


@SOME
def test_merge_keeps_the_outputs_and_unmerge_restores_every_bit(make, targets):
    model = adapted(make, targets)
    outputs, before = logits(model), base_weights(model)
    merge(model)
    assert all(layer.merged for _, layer in lora_layers(model))
    after = base_weights(model)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {f"{path}.weight" for path, _ in lora_layers(model)}
    assert_near(logits(model), outputs)
    unmerge(model)
    assert_same_weights(model, before)
    assert torch.equal(logits(model), outputs)
    merge(model)  # again, after unmerge
    assert_same_weights(model, after)


def test_merging_into_bfloat16_rounds_once_and_unmerge_restores_every_bit():
    model = adapted(lambda: small_phi3().bfloat16())
    before = base_weights(model)
    merge(model)
    for path, layer in lora_layers(model):
        exact = before[f"{path}.weight"].float()
        for adapter in layer.blocks():
            exact[slice(*adapter.rows)] += adapter.delta().detach()
        assert torch.equal(layer.base.weight, exact.bfloat16())
    unmerge(model)
    assert_same_weights(model, before)


def test_merging_twice_and_unmerging_what_is_not_merged_are_refused():
    model = adapted(small_phi3)
    before = base_weights(model)
    with pytest.raises(LoRAError, match="not merged"):
        unmerge(model)
    assert_same_weights(model, before)
    merge(model)
    merged, outputs = base_weights(model), logits(model)
    with pytest.raises(LoRAError, match="merged already; unmerge first"):
        merge(model)
    assert_same_weights(model, merged)
    assert torch.equal(logits(model), outputs)


@pytest.mark.parametrize("make", [small_phi3, small_llama])
def test_remove_after_merge_keeps_the_merged_weights(make):
    model = adapted(make)
    plain = logits(make())
    merge(model)
    merged, outputs = base_weights(model), logits(model)
    remove(model)
    assert not list(lora_layers(model))
    assert_same_weights(model, merged)
    assert torch.equal(logits(model), outputs)
    assert (outputs - plain).abs().max() > 0.1


def test_merging_into_a_4_bit_weight_is_refused_and_changes_nothing():
    import bitsandbytes as bnb

    base = bnb.nn.Linear4bit(64, 128, bias=False, quant_type="nf4", compute_dtype=torch.float32)
    base.load_state_dict({"weight": torch.randn(128, 64)})
    model = nn.ModuleDict({"o_proj": base.to("cpu")})
    assert inject(model, LoRAConfig(targets=("o_proj",))) == ["o_proj"]
    randomise_adapters(model)
    x, before = torch.randn(3, 64), base.weight.clone()
    h = model["o_proj"](x)
    with pytest.raises(LoRAError, match="cannot merge into a quantised weight"):
        merge(model)
    assert isinstance(model["o_proj"], LoRALinear)
    assert not model["o_proj"].merged
    assert torch.equal(base.weight, before)
    assert torch.equal(model["o_proj"](x), h)
