"""The forward pass written out is transformers' own, in values and in the gradients of everything that is trained."""

import pytest
import torch
from small_models import SMALL, randomise_adapters, small_llama, small_phi3

from feedback_lightning.data.packing import TokenizedExample, pack
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.decoder import hidden_states, written_out
from lora import LoRAConfig, inject

EXAMPLES = [TokenizedExample([5, 6, 7, 8, 9], 2), TokenizedExample([11, 12, 13], 1)]
ROWS = torch.tensor([4, 1, 4, 6])  # in any order, and one of them twice


def small_qwen2():
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(0)
    sizes = {key: value for key, value in SMALL.items() if not key.startswith("original")}
    return Qwen2ForCausalLM(Qwen2Config(**sizes)).eval()


PARTIAL = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64}  # fmt: skip
MODELS = pytest.mark.parametrize(
    ("make", "changes", "ours"),
    [
        (small_phi3, {}, True),
        (small_phi3, {"rope_parameters": PARTIAL}, True),
        (small_phi3, {"sliding_window": 3}, True),
        (small_phi3, {"num_hidden_layers": 1}, True),
        (small_phi3, {"resid_pdrop": 0.1}, False),
        (small_phi3, {"hidden_act": "gelu"}, False),
        (small_llama, {"attention_bias": True, "mlp_bias": True}, True),
        (small_llama, {"rope_parameters": LLAMA3}, True),
        (small_qwen2, {}, False),
    ],
)


def one_by_one(model):
    """transformers on each example alone; the rows that are asked for."""
    model.set_attn_implementation("sdpa")
    outputs = [model.base_model(torch.tensor([ids])).last_hidden_state[0] for ids, *_ in EXAMPLES]
    return torch.cat(outputs)[ROWS]


def written(model):
    model.set_attn_implementation(attention.NAME)
    return hidden_states(model, pack(EXAMPLES), ROWS)


def values_and_gradients(model, run):
    output = run(model)
    model.zero_grad()
    weights = torch.randn(output.shape, generator=torch.Generator().manual_seed(2))
    (output * weights).sum().backward()
    return {"hidden": output.detach()} | {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


def assert_same(found, expected, relative=1e-5):
    """To `relative` of the largest number: float32 sums in another order through two layers."""
    assert found.keys() == expected.keys()
    for name in expected:
        largest = expected[name].abs().max().item()
        assert largest > 0
        torch.testing.assert_close(found[name], expected[name], rtol=0, atol=relative * largest)


@MODELS
def test_hidden_states_and_gradients_of_adapters(make, changes, ours):
    model = make(**changes)
    assert written_out(model.config) == ours
    inject(model, LoRAConfig(rank=3))
    randomise_adapters(model, scale=0.1)
    assert_same(values_and_gradients(model, written), values_and_gradients(model, one_by_one), 3e-5)


@pytest.mark.parametrize("make", [small_phi3, small_llama])
def test_gradients_of_all_weights_when_the_model_itself_is_trained(make):
    model = make()
    assert_same(values_and_gradients(model, written), values_and_gradients(model, one_by_one), 3e-5)


@pytest.mark.parametrize("make", [small_phi3, small_llama])
def test_checkpointing_changes_nothing(make):
    model = make()
    inject(model, LoRAConfig(rank=3, dropout=0.3))
    randomise_adapters(model, scale=0.1)
    results = []
    for _ in range(2):
        torch.manual_seed(3)
        results.append(values_and_gradients(model.train(), written))
        model.gradient_checkpointing_enable({"use_reentrant": False})
    assert all(torch.equal(results[0][name], results[1][name]) for name in results[0])


def test_bfloat16_is_as_near_to_float32_as_transformers_is():
    exact = one_by_one(small_phi3())
    model = small_phi3().bfloat16()
    ours, theirs = ((run(model).float() - exact).abs().mean() for run in (written, one_by_one))
    assert ours < 1.2 * theirs  # the same roundings up to their order


def test_nothing_below_the_first_adapter_keeps_or_gets_a_gradient():
    model = small_phi3(num_hidden_layers=3)
    inject(model, LoRAConfig(rank=3, targets=("down_proj",)))
    kept = []
    hooks = [
        module.register_forward_hook(lambda module, inputs, output: kept.append(output.requires_grad))
        for module in (model.model.embed_tokens, model.model.layers[0].self_attn.qkv_proj)
    ]
    written(model).sum().backward()
    assert kept == [False, False]
    assert model.model.embed_tokens.weight.grad is None
    for hook in hooks:
        hook.remove()
