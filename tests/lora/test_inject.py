"""Adapters go into a model, do nothing at first, are all that is trained, and come out without a trace."""

from itertools import chain, combinations, product

import pytest
import torch
from peft_reference import SOME, adapted, adapted_names, assert_same_weights, base_weights, logits, loss, state_of
from small_models import randomise_adapters, small_llama, small_phi3
from torch import nn

from lora import (
    FUSED_TARGETS,
    TARGETS,
    LoRAConfig,
    LoRAError,
    adapter_state_dict,
    inject,
    load_adapter_state_dict,
    lora_layers,
    remove,
)

BOTH = pytest.mark.parametrize("make", [small_phi3, small_llama])


def subsets(names):
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


@pytest.mark.parametrize(
    ("make", "targets", "message"),
    [
        (small_llama, ("q_proj", "gate_up_proj"), "target gate_up_proj; .*: down_proj, gate_proj, k_proj, "),
        (
            small_llama,
            ("qkv_proj",),
            "target qkv_proj; .*linear layers: down_proj, gate_proj, k_proj, lm_head, o_proj, ",
        ),
        (lambda: nn.TransformerEncoderLayer(8, 2), ("q_proj",), "target q_proj; .*: linear1, linear2, out_proj$"),
        (lambda: nn.Sequential(nn.Linear(4, 4)), ("o_proj", "v_proj"), "matches target o_proj, v_proj; .*: 0$"),
        (lambda: nn.Sequential(nn.Embedding(4, 4)), ("o_proj",), "target o_proj; this model's linear layers: $"),
        (lambda: nn.ModuleDict({"o_proj": nn.Conv1d(4, 4, 1)}), ("o_proj",), "no layer matches target o_proj; "),
        (lambda: nn.ModuleDict({"qkv_proj": nn.Linear(4, 12)}), ("down_proj",), "target down_proj; .*: qkv_proj$"),
    ],
)
def test_a_target_that_is_not_there_is_refused_with_the_layers_that_are(make, targets, message):
    model = make()
    before = state_of(model)
    with pytest.raises(LoRAError, match=message):
        inject(model, LoRAConfig(targets=targets))
    assert state_of(model) == before


@BOTH
def test_injecting_twice_is_refused_and_changes_nothing(make):
    model = adapted(make, ("q_proj",))
    before, outputs = state_of(model), logits(model)
    for targets in (("q_proj",), ("down_proj",)):
        with pytest.raises(
            LoRAError, match=r"has adapters already \(at model\.layers\.0\.self_attn\.\w+\); remove them"
        ):
            inject(model, LoRAConfig(targets=targets))
    assert state_of(model) == before
    assert torch.equal(logits(model), outputs)


@SOME
def test_only_a_and_b_are_trained(make, targets):
    model = make()
    before = base_weights(model)
    paths = inject(model, LoRAConfig(rank=3, targets=targets))
    randomise_adapters(model)
    assert paths == [path for path, _ in lora_layers(model)]
    trainable = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert trainable.keys() == adapter_state_dict(model).keys()
    assert {path.rpartition(".")[2] for path in adapted_names(model)} == set(targets)
    assert len(trainable) == 2 * len(targets) * 2  # A and B, two decoder layers
    loss(model).backward()
    assert all(p.grad.abs().max() > 0 for p in trainable.values())
    assert all(p.grad is None for name, p in model.named_parameters() if name not in trainable)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    assert_same_weights(model, before)


@BOTH
def test_a_new_adapter_changes_no_bit_and_remove_leaves_no_trace_for_every_target_set(make):
    """All 127 sets of separate targets, and on Phi-3 the 51 with a fused one."""
    model = make()
    plain, before = logits(model), [(path, type(module)) for path, module in model.named_modules()]
    sets = [one for one in subsets(TARGETS) if one]
    if make is small_phi3:
        qkv = [*subsets(FUSED_TARGETS["qkv_proj"]), ("qkv_proj",)]
        mlp = [*subsets(FUSED_TARGETS["gate_up_proj"]), ("gate_up_proj",)]
        sets = [sum(parts, ()) for parts in product(qkv, mlp, subsets(("o_proj", "down_proj")))][1:]
    assert len(sets) == (179 if make is small_phi3 else 127)
    for targets in sets:
        inject(model, LoRAConfig(rank=2, targets=targets))
        assert all(adapter.A.abs().max() > 0 for adapter in adapted_names(model).values())
        assert torch.equal(logits(model), plain), targets
        remove(model)
        assert [(path, type(module)) for path, module in model.named_modules()] == before


@SOME
def test_remove_gives_back_the_original_modules_and_outputs(make, targets):
    model = make()
    plain, modules, before = logits(model), state_of(model)[0], base_weights(model)
    inject(model, LoRAConfig(rank=3, targets=targets))
    randomise_adapters(model)
    assert (logits(model) - plain).abs().max() > 0.1
    remove(model)
    assert state_of(model)[0] == modules
    assert_same_weights(model, before)
    assert torch.equal(logits(model), plain)
    assert not any(p.requires_grad for p in model.parameters())


@BOTH
def test_dropout_acts_in_train_mode_only(make):
    model, without = adapted(make, dropout=0.5), adapted(make)
    assert torch.equal(logits(model.eval()), logits(without.eval()))
    assert not torch.equal(logits(model.train()), logits(model))
    assert torch.equal(logits(without.train()), logits(without.eval()))  # the base has no dropout of its own


def test_adapters_put_into_a_model_in_eval_mode_are_in_eval_mode():
    model = adapted(small_phi3, dropout=0.5)  # small_phi3 is in eval mode, and nobody has called train()
    assert not model.training
    assert torch.equal(logits(model), logits(model))


def test_the_adapters_state_dict_moves_them_to_another_model_and_must_fit():
    model, other = adapted(small_phi3), small_phi3()
    inject(other, LoRAConfig(rank=3, alpha=5, targets=TARGETS))
    load_adapter_state_dict(other, adapter_state_dict(model))
    assert torch.equal(logits(other), logits(model))
    before = {name: tensor.clone() for name, tensor in adapter_state_dict(other).items()}
    fewer = adapter_state_dict(adapted(small_phi3, ("q_proj",)))
    narrower = {name: tensor[:, :-1] for name, tensor in before.items()}
    for state in (fewer, narrower):
        with pytest.raises(LoRAError, match="do not fit this model's"):
            load_adapter_state_dict(other, state)
    assert all(torch.equal(tensor, before[name]) for name, tensor in adapter_state_dict(other).items())
