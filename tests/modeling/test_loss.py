"""The packed loss and all adapter gradients equal those of transformers run on each example alone."""

from itertools import chain

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import randomise_adapters, small_llama, small_phi3

from feedback_lightning.data.packing import TokenizedExample, pack, pack_step
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.modeling.loss import completion_loss
from lora import LoRAConfig, inject

# Sums of float32 in another order: the losses here are about 5 nats a token, gradients of order 1.
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}
SEVEN = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
LONGEST = 24


def with_adapters(model, targets=SEVEN, rank=3):
    inject(model, LoRAConfig(rank=rank, targets=targets))
    randomise_adapters(model, scale=0.1)
    return model.train()


def adapted(build=small_phi3, targets=SEVEN, rank=3, **changes):
    return with_adapters(build(initializer_range=0.1, **changes), targets, rank)


def gradients(model):
    found = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad(set_to_none=True)
    return found


def one_by_one(model, examples):
    """transformers' own attention and loss, one example at a time."""
    model.set_attn_implementation("sdpa")
    total, count = 0.0, sum(len(ids) - prompt for ids, prompt, _ in examples)
    for ids, prompt, _ in examples:
        labels = torch.tensor([[-100] * prompt + ids[prompt:]])
        loss = model(input_ids=torch.tensor([ids]), labels=labels).loss * (len(ids) - prompt) / count
        loss.backward()
        total += loss.item()
    return total, gradients(model)


def packed(model, *steps):
    """The devices' shares of a step, one after the other."""
    model.set_attn_implementation(attention.NAME)
    total = 0.0
    for step in steps:
        for batch in step.forwards:
            loss = completion_loss(model, batch) / step.completion_tokens
            loss.backward()
            total += loss.item()
    return total, gradients(model)


def assert_equal(result, expected):
    assert result[0] == pytest.approx(expected[0], rel=1e-5)
    assert result[1].keys() == expected[1].keys()
    for name, gradient in expected[1].items():
        torch.testing.assert_close(result[1][name], gradient, **TOLERANCE, msg=lambda m, name=name: f"{name}: {m}")


@st.composite
def families(draw):
    """Examples put together from few pieces: many begin alike, continue others, or are the same; labels anywhere."""
    pieces = draw(st.lists(st.lists(st.integers(3, 96), min_size=1, max_size=6), min_size=1, max_size=3))
    text = st.lists(st.sampled_from(pieces), min_size=1, max_size=4).map(lambda parts: [*chain(*parts)])
    texts = draw(st.lists(text.filter(lambda ids: len(ids) > 1), min_size=1, max_size=6))
    return [TokenizedExample(ids, draw(st.integers(1, len(ids) - 1))) for ids in texts]


few = settings(max_examples=25, deadline=None)


@few
@given(
    examples=families(),
    budget=st.integers(LONGEST, 100),
    share=st.booleans(),
    devices=st.integers(1, 3),
    rank=st.integers(1, 9),
    targets=st.sets(st.sampled_from(SEVEN), min_size=1),
    checkpointing=st.booleans(),
    llama=st.booleans(),
)
def test_any_tree_and_any_cut(examples, budget, share, devices, rank, targets, checkpointing, llama):
    model = adapted(small_llama if llama else small_phi3, tuple(targets), rank)
    expected = one_by_one(model, examples)
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    steps = [pack_step(examples, budget, device, devices, share) for device in range(devices)]
    assert_equal(packed(model, *steps), expected)


@few
@given(examples=families(), window=st.integers(2, 12), checkpointing=st.booleans())
def test_sliding_window(examples, window, checkpointing):
    model = adapted(sliding_window=window)
    expected = one_by_one(model, examples)
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    assert_equal(packed(model, pack_step(examples, 200)), expected)


@pytest.mark.parametrize("quantization", ["nf4", "int8"])
def test_quantised_bases(tmp_path, quantization):
    """Both sides compute with the same rounded weights, and a CPU rounds no activations: the tolerance stays."""
    small_phi3(initializer_range=0.1, hidden_size=64).save_pretrained(tmp_path)
    model = with_adapters(load_base_model(str(tmp_path), "float32", quantization, torch.device("cpu")))

    @settings(max_examples=10, deadline=None)
    @given(examples=families(), budget=st.integers(LONGEST, 100), checkpointing=st.booleans())
    def check(examples, budget, checkpointing):
        model.gradient_checkpointing_disable()
        expected = one_by_one(model, examples)
        if checkpointing:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        assert_equal(packed(model, pack_step(examples, budget)), expected)

    check()


def test_a_token_that_begins_the_completion_of_one_and_ends_the_prompt_of_another():
    model = adapted()
    examples = [TokenizedExample(ids, prompt) for ids, prompt in (
        ([5, 6, 7], 1), ([5, 6, 7, 8, 9], 4), ([5, 6, 7], 2), ([5, 6, 7, 8], 3), ([5, 6, 10], 2), ([11, 6], 1),
    )]  # fmt: skip
    step = pack_step(examples, 50)
    assert step.forwards[0].loss_counts.tolist() == [0, 1, 2, 1, 1, 1, 0, 1]
    assert_equal(packed(model, step), one_by_one(model, examples))


def test_a_batch_without_labels_gives_zero_and_reaches_every_adapter():
    model = adapted()
    loss, grads = packed(model, pack_step([TokenizedExample([5, 6, 7, 8], 2)], 9))
    model.set_attn_implementation(attention.NAME)
    zero = completion_loss(model, pack([TokenizedExample([5, 6, 7, 8], 4)]))
    zero.backward()
    assert loss > 0
    assert zero.item() == 0
    assert {name: g.abs().max().item() for name, g in gradients(model).items()} == dict.fromkeys(grads, 0.0)
