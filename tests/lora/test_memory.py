"""Predicted activations against the storages that autograd really keeps."""

import weakref

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import small_phi3

from feedback_lightning.data.packing import PackedBatch, TokenizedExample, pack
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.loss import completion_loss
from lora import TARGETS, LoRAConfig, ModelShape, adapter_state_dict, count_base_parameters, inject, predict_memory


def saved_bytes(model: torch.nn.Module, batch: PackedBatch) -> int:
    """Bytes of all storages that the backward pass would read, model parameters aside."""
    parameters = {p.untyped_storage().data_ptr() for p in model.parameters()}
    saved: list[weakref.ref[torch.Tensor]] = []

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        saved.append(weakref.ref(tensor))  # dead when the loss is there, if it was for a part of it only
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = completion_loss(model, batch)
    storages = {t.untyped_storage().data_ptr(): t.untyped_storage() for ref in saved if (t := ref()) is not None}
    assert loss.requires_grad  # the graph is alive
    return sum(storage.nbytes() for pointer, storage in storages.items() if pointer not in parameters)


def example_batch(lengths: list[int]) -> PackedBatch:
    return pack([TokenizedExample(torch.randint(3, 97, (n,)).tolist(), n // 2) for n in lengths])


@settings(max_examples=25, deadline=None)
@given(
    targets=st.sets(st.sampled_from(TARGETS), min_size=1),
    rank=st.integers(1, 9),
    lengths=st.lists(st.integers(4, 40), min_size=1, max_size=4),
    element_size=st.sampled_from([4, 2]),
)
def test_predicted_activations_are_what_autograd_keeps(targets, rank, lengths, element_size):
    model = small_phi3(num_hidden_layers=3)
    model.set_attn_implementation(attention.NAME)
    model = model if element_size == 4 else model.bfloat16()
    config = LoRAConfig(rank=rank, targets=tuple(targets))
    inject(model.train(), config)
    batch = example_batch(lengths)
    tokens, labels = len(batch.input_ids), int((batch.loss_counts > 0).sum())
    predicted = predict_memory(ModelShape.from_config(model.config), config, tokens, labels, element_size)
    assert saved_bytes(model, batch) == predicted.activations


def test_weights_gradients_and_optimizer_state_are_counted_to_the_byte():
    model = small_phi3(tie_word_embeddings=True)
    config = LoRAConfig(rank=3)
    inject(model, config)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad])
    model(torch.randint(3, 97, (1, 9))).logits.sum().backward()
    optimizer.step()
    shape = ModelShape.from_config(model.config)
    memory = predict_memory(shape, config, tokens=9, labels=9)
    adapters = adapter_state_dict(model).values()
    assert memory.weights == 4 * count_base_parameters(shape)
    assert memory.adapters == sum(t.nbytes for t in adapters)
    assert memory.gradients == sum(p.grad.nbytes for p in model.parameters() if p.grad is not None)
    moments = (state[name] for state in optimizer.state.values() for name in ("exp_avg", "exp_avg_sq"))
    assert memory.optimizer == sum(t.nbytes for t in moments)
    assert memory.total == memory.weights + memory.adapters + memory.training


def test_nf4_bytes_of_a_weight_are_those_of_bitsandbytes():
    from bitsandbytes.functional import quantize_4bit

    packed, state = quantize_4bit(torch.randn(512, 512), quant_type="nf4", compress_statistics=True)
    nested = state.state2
    real = packed.nbytes + state.absmax.nbytes + nested.absmax.nbytes
    shape = ModelShape(hidden=512, intermediate=512, layers=1, heads=1, kv_heads=1, head_dim=512, vocabulary=1)
    weights = predict_memory(shape, LoRAConfig(), tokens=1, labels=1, quantization="nf4").weights
    unquantised = 4 * (count_base_parameters(shape) - shape.linear_parameters())
    assert weights - unquantised == pytest.approx(real * shape.linear_parameters() / 512**2, rel=1e-3)


def test_checkpointing_and_8_bit_moments_need_less():
    shape = ModelShape(hidden=64, intermediate=128, layers=8, heads=4, kv_heads=4, head_dim=16, vocabulary=100)
    plain = predict_memory(shape, LoRAConfig(), 100, 10)
    assert predict_memory(shape, LoRAConfig(), 100, 10, gradient_checkpointing=True).activations < plain.activations / 3
    assert predict_memory(shape, LoRAConfig(), 100, 10, optimizer="adamw8bit").optimizer < plain.optimizer / 3
