"""Adapted models, the same adapters in PEFT as an independent reference, and what is compared."""

import warnings
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from small_models import randomise_adapters, small_llama, small_phi3
from torch import Tensor
from torch.nn import functional as F

from lora import TARGETS, LoRAConfig, inject, lora_layers

FUSED = ("qkv_proj", "gate_up_proj", "o_proj", "down_proj")
SOME = pytest.mark.parametrize(
    ("make", "targets"),
    [(small_phi3, FUSED), (small_phi3, TARGETS), (small_phi3, ("k_proj", "up_proj")), (small_llama, TARGETS)],
)
IDS = torch.arange(3, 25).reshape(2, 11)


def adapted(make: Any, targets: tuple[str, ...] = TARGETS, **config: Any) -> Any:
    """A model of make() with adapters that do something."""
    model = make()
    inject(model, LoRAConfig(**{"rank": 3, "alpha": 5, "targets": targets, **config}))
    randomise_adapters(model)
    return model


def logits(model: Any) -> Tensor:
    with torch.no_grad():
        return model(IDS).logits


def assert_near(actual: Tensor, expected: Tensor, relative: float = 1e-5) -> None:
    """Equal to `relative` of the largest value: the same float32 sums (at most 144 terms, eps 1.2e-7) in another
    order, carried through two layers. A wrong scaling, row or gradient is off by far more than 1e-5."""
    assert expected.abs().max() > 0
    torch.testing.assert_close(actual, expected, rtol=0, atol=relative * expected.abs().max().item())


def state_of(model: torch.nn.Module) -> tuple[Any, ...]:
    """What a refusal must leave alone: every module, every parameter, its values and whether it is trained."""
    modules = [(path, id(module)) for path, module in model.named_modules()]
    parameters = [(name, id(p), p.requires_grad, p.sum().item()) for name, p in model.named_parameters()]
    return modules, parameters


def adapted_names(model: torch.nn.Module) -> dict[str, Any]:
    """{path of the target as if no layer were fused: adapter}."""
    return {
        f"{path.rpartition('.')[0]}.{name}": adapter
        for path, layer in lora_layers(model)
        for name, adapter in layer.adapters.items()
    }


def peft_twin(model: torch.nn.Module, base: Any, **config: Any) -> PeftModel:
    """PEFT's adapters on `base` with the A and B of our adapted `model`."""
    adapters = adapted_names(model)
    twin = get_peft_model(
        base, LoraConfig(target_modules=list({path.rpartition(".")[2] for path in adapters}), **config)
    )
    assert len(peft_adapters(twin)) == len(adapters)
    for path, (a, b) in peft_adapters(twin).items():
        a.data.copy_(adapters[path].A)
        b.data.copy_(adapters[path].B)
    return twin.eval()


def peft_adapters(model: PeftModel) -> dict[str, tuple[Tensor, Tensor]]:
    """{path: (A, B)} of a PEFT model."""
    return {
        path: (module.lora_A["default"].weight, module.lora_B["default"].weight)
        for path, module in model.base_model.model.named_modules()
        if hasattr(module, "lora_A")
    }


def peft_load(base: Any, folder: Any) -> PeftModel:
    """PEFT's own loading; that an adapter key is missing or unexpected is only a warning there, and an error here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=FutureWarning)
        return PeftModel.from_pretrained(base, folder)


def loss(model: Any) -> Tensor:
    return F.cross_entropy(model(IDS).logits[:, :-1].flatten(0, 1), IDS[:, 1:].flatten())


def split_llama(phi3: Any) -> Any:
    """A Llama with the weights of a Phi-3: the rows of qkv_proj and gate_up_proj, cut apart."""
    config = phi3.config
    query, key = (n * config.hidden_size // config.num_attention_heads for n in (4, 2))
    assert (config.num_attention_heads, config.num_key_value_heads) == (4, 2)
    state: dict[str, Tensor] = {}
    for name, weight in phi3.state_dict().items():
        if "qkv_proj" in name:
            parts = zip(("q_proj", "k_proj", "v_proj"), weight.split([query, key, key]), strict=True)
            state |= {name.replace("qkv_proj", part): rows for part, rows in parts}
        elif "gate_up_proj" in name:
            parts = zip(("gate_proj", "up_proj"), weight.chunk(2), strict=True)
            state |= {name.replace("gate_up_proj", part): rows for part, rows in parts}
        else:
            state[name] = weight
    llama = small_llama(rms_norm_eps=config.rms_norm_eps)
    llama.load_state_dict(state)
    return llama


def base_weights(model: torch.nn.Module) -> dict[str, Tensor]:
    """Copies of all parameters but A and B, under the names they have without adapters."""
    return {
        name.replace(".base.", "."): p.detach().clone()
        for name, p in model.named_parameters()
        if "adapters" not in name
    }


def assert_same_weights(model: torch.nn.Module, weights: dict[str, Tensor]) -> None:
    """The base weights are these, bit for bit."""
    now = base_weights(model)
    assert now.keys() == weights.keys()
    assert all(torch.equal(now[name], weights[name]) for name in weights)


def peft_trained(make: Any, folder: Any, **config: Any) -> PeftModel:
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
