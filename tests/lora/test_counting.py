"""Parameters from shapes alone are those that torch counts in a model of these shapes."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import Phi3Config, Phi3ForCausalLM

from feedback_lightning.callbacks.parameter_scaling import growth_exponent
from lora import (
    FUSED_TARGETS,
    TARGETS,
    LoRAConfig,
    ModelShape,
    count_adapter_parameters,
    count_base_parameters,
    count_by_layer,
    inject,
    remove,
)

RANKS = (4, 16, 64)
PHI3_MINI = {
    ("q_proj", "k_proj", "v_proj", "o_proj"): (3_145_728, 12_582_912, 50_331_648),
    ("qkv_proj", "o_proj"): (2_359_296, 9_437_184, 37_748_736),
    TARGETS: (7_471_104, 29_884_416, 119_537_664),
}


def meta_model(config):
    """Real modules without storage."""
    with torch.device("meta"):
        return Phi3ForCausalLM(config)


@pytest.fixture(scope="module")
def phi3_mini():
    return meta_model(Phi3Config())


def torch_counts(model):
    """Trainable parameters for each decoder layer and target, from torch's own names and shapes."""
    counts = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            parts = name.split(".")  # model.layers.7.self_attn.qkv_proj.adapters.q_proj.A
            layer = counts.setdefault(".".join(parts[:3]), {})
            layer[parts[-2]] = layer.get(parts[-2], 0) + parameter.numel()
    return counts


def total(counts):
    return sum(sum(layer.values()) for layer in counts.values())


@st.composite
def configs(draw):
    kv_heads, groups, head_dim = draw(st.integers(1, 4)), draw(st.integers(1, 3)), 2 * draw(st.integers(1, 9))
    heads = kv_heads * groups
    # head_dim is hidden / heads where it is not given
    own = {"head_dim": head_dim} if draw(st.booleans()) else {}
    return Phi3Config(
        hidden_size=heads * (2 * draw(st.integers(1, 12)) if own else head_dim),
        intermediate_size=draw(st.integers(1, 100)),
        num_hidden_layers=draw(st.integers(1, 3)),
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        vocab_size=draw(st.integers(5, 300)),
        tie_word_embeddings=draw(st.booleans()),
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        **own,
    )


@st.composite
def target_sets(draw):
    chosen = draw(st.lists(st.sampled_from((*TARGETS, *FUSED_TARGETS)), min_size=1, unique=True))
    parts = {part for fused in chosen for part in FUSED_TARGETS.get(fused, ())}
    return tuple(target for target in chosen if target not in parts)


@settings(deadline=None, max_examples=40)
@given(config=configs(), targets=target_sets(), rank=st.integers(1, 70), alpha=st.none() | st.floats(0.1, 1000))
def test_predicted_counts_are_those_of_torch_for_every_layer_and_in_total(config, targets, rank, alpha):
    model, shape = meta_model(config), ModelShape.from_config(config)
    assert count_base_parameters(shape) == sum(p.numel() for p in model.parameters())
    predicted = count_adapter_parameters(shape, LoRAConfig(rank, alpha, targets=targets))
    inject(model, LoRAConfig(rank, alpha, targets=targets))
    expected = {f"model.layers.{i}": predicted for i in range(config.num_hidden_layers)}
    assert torch_counts(model) == expected
    assert count_by_layer(model) == expected
    assert total(torch_counts(model)) == shape.layers * sum(predicted.values()) > 0


@pytest.mark.parametrize(
    ("targets", "rank", "parameters"),
    [
        (targets, rank, count)
        for targets, counts in PHI3_MINI.items()
        for rank, count in zip(RANKS, counts, strict=True)
    ],
)
def test_phi3_mini_has_exactly_the_known_numbers(phi3_mini, targets, rank, parameters):
    config, shape = LoRAConfig(rank, targets=targets), ModelShape.from_config(phi3_mini.config)
    predicted = count_adapter_parameters(shape, config)
    assert 32 * sum(predicted.values()) == parameters
    try:
        inject(phi3_mini, config)
        counted = torch_counts(phi3_mini)
        assert count_by_layer(phi3_mini) == counted
    finally:
        remove(phi3_mini)
    assert counted == {f"model.layers.{i}": predicted for i in range(32)}
    assert total(counted) == parameters


def test_alpha_changes_no_count(phi3_mini):
    shape = ModelShape.from_config(phi3_mini.config)
    counts = []
    for alpha in (None, 0.5, 1000):
        config = LoRAConfig(16, alpha)
        inject(phi3_mini, config)
        counts.append((count_adapter_parameters(shape, config), torch_counts(phi3_mini)))
        remove(phi3_mini)
    assert counts[0] == counts[1] == counts[2]
    assert total(counts[0][1]) == 12_582_912


@pytest.mark.parametrize(("tied", "parameters"), [(False, 3_821_079_552), (True, 3_821_079_552 - 32_064 * 3_072)])
def test_the_base_of_phi3_mini_is_counted_tied_and_untied(tied, parameters):
    model = meta_model(Phi3Config(tie_word_embeddings=tied))
    assert sum(p.numel() for p in model.parameters()) == parameters
    for config in (model.config, model.config.to_dict()):
        assert count_base_parameters(ModelShape.from_config(config)) == parameters


@pytest.mark.parametrize("targets", PHI3_MINI)
def test_parameters_grow_linearly_with_the_rank(phi3_mini, targets):
    shape = ModelShape.from_config(phi3_mini.config)
    for ranks in (RANKS, (1, 2, 3, 5, 7, 100)):
        counts = [32 * sum(count_adapter_parameters(shape, LoRAConfig(r, targets=targets)).values()) for r in ranks]
        assert growth_exponent(list(ranks), counts) == 1
        assert growth_exponent(list(ranks), [r * count for r, count in zip(ranks, counts, strict=True)]) == 2


def test_a_trainable_parameter_outside_the_adapters_is_counted_under_its_name(phi3_mini):
    inject(phi3_mini, LoRAConfig(4))
    phi3_mini.model.norm.weight.requires_grad_(True)
    counts = count_by_layer(phi3_mini)
    phi3_mini.model.norm.weight.requires_grad_(False)
    remove(phi3_mini)
    assert counts.pop("model.norm.weight") == {"model.norm.weight": 3072}
    assert total(counts) == 3_145_728
