"""The packed loss and all adapter gradients equal those of transformers run on each example alone."""

import pytest
import torch
from conftest import randomise_adapters, small_llama, small_phi3
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.data.packing import IGNORE, PackedBatch, Segment, TokenizedExample, cut_into_forwards, pack
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.loss import completion_loss
from lora import LoRAConfig, inject

# Sums of float32 in another order: the losses here are about 5 nats a token, gradients of order 1.
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}
SEVEN = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def adapted(build=small_phi3, targets=SEVEN, rank=3, **changes):
    model = build(initializer_range=0.1, **changes)
    inject(model, LoRAConfig(rank=rank, targets=targets))
    randomise_adapters(model, scale=0.1)
    return model.train()


def gradients(model):
    found = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad(set_to_none=True)
    return found


def one_by_one(model, examples):
    """transformers' own attention and loss, one example at a time."""
    model.set_attn_implementation("sdpa")
    total, count = 0.0, sum(len(ids) - prompt for ids, prompt in examples)
    for ids, prompt in examples:
        labels = torch.tensor([[IGNORE] * prompt + ids[prompt:]])
        loss = model(input_ids=torch.tensor([ids]), labels=labels).loss * (len(ids) - prompt) / count
        loss.backward()
        total += loss.item()
    return total, gradients(model)


def packed(model, batches):
    model.set_attn_implementation(attention.NAME)
    total, count = 0.0, sum(int((batch.labels != IGNORE).sum()) for batch in batches)
    for batch in batches:
        loss = completion_loss(model, batch) / count
        loss.backward()
        total += loss.item()
    return total, gradients(model)


def assert_equal(result, expected):
    assert result[0] == pytest.approx(expected[0], rel=1e-5)
    assert result[1].keys() == expected[1].keys()
    for name, gradient in expected[1].items():
        torch.testing.assert_close(result[1][name], gradient, **TOLERANCE, msg=lambda m, name=name: f"{name}: {m}")


@st.composite
def example_lists(draw, longest=24):
    lengths = draw(st.lists(st.integers(2, longest), min_size=1, max_size=6))
    seed = draw(st.integers(0, 2**16))
    generator = torch.Generator().manual_seed(seed)
    return [
        TokenizedExample(torch.randint(3, 97, (n,), generator=generator).tolist(), draw(st.integers(1, n - 1)))
        for n in lengths
    ]


@settings(max_examples=20, deadline=None)
@given(examples=example_lists(), budget=st.integers(24, 100), checkpointing=st.booleans(), llama=st.booleans())
def test_any_packing_and_any_cut_into_forwards(examples, budget, checkpointing, llama):
    model = adapted(small_llama if llama else small_phi3)
    expected = one_by_one(model, examples)
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    forwards = cut_into_forwards([len(ids) for ids, _ in examples], budget)
    assert_equal(packed(model, [pack([examples[i] for i in forward]) for forward in forwards]), expected)


@settings(max_examples=10, deadline=None)
@given(examples=example_lists(), window=st.integers(2, 12))
def test_sliding_window(examples, window):
    model = adapted(sliding_window=window)
    assert_equal(packed(model, [pack(examples)]), one_by_one(model, examples))


def pack_family(prefix: list[int], tails: list[list[int]]) -> tuple[PackedBatch, list[TokenizedExample]]:
    """Examples that share a prompt, the prompt once; and the same examples apart."""
    segments, ids, positions, labels = [Segment(0, len(prefix))], list(prefix), list(range(len(prefix))), []
    labels = [IGNORE] * len(prefix)
    for tail in tails:
        segments.append(Segment(len(ids), len(ids) + len(tail), 0))
        ids, labels = ids + tail, labels + tail
        positions += range(len(prefix), len(prefix) + len(tail))
    batch = PackedBatch(torch.tensor(ids), torch.tensor(positions), torch.tensor(labels), tuple(segments))
    return batch, [TokenizedExample(prefix + tail, len(prefix)) for tail in tails]


@settings(max_examples=10, deadline=None)
@given(
    prefix=st.lists(st.integers(3, 96), min_size=1, max_size=12),
    tails=st.lists(st.lists(st.integers(3, 96), min_size=1, max_size=8), min_size=1, max_size=4),
    window=st.sampled_from([None, 5]),
)
def test_segments_with_a_parent_are_the_separate_examples(prefix, tails, window):
    model = adapted(sliding_window=window)
    batch, examples = pack_family(prefix, tails)
    assert_equal(packed(model, [batch]), one_by_one(model, examples))


def test_a_grandchild_sees_its_whole_path():
    model = adapted()
    a, b, c, d = [5, 6, 7], [8, 9], [10, 11, 12], [13]
    ids = a + b + c + d
    segments = (Segment(0, 3), Segment(3, 5, 0), Segment(5, 8, 1), Segment(8, 9, 0))
    labels = [IGNORE] * 5 + c + d
    batch = PackedBatch(torch.tensor(ids), torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 3]), torch.tensor(labels), segments)
    examples = [TokenizedExample(a + b + c, 5), TokenizedExample(a + d, 3)]
    assert_equal(packed(model, [batch]), one_by_one(model, examples))


def test_a_batch_without_labels_gives_zero_and_reaches_every_adapter():
    model = adapted()
    loss, grads = packed(model, [pack([TokenizedExample([5, 6, 7, 8], 2)])])
    model.set_attn_implementation(attention.NAME)
    zero = completion_loss(model, pack([TokenizedExample([5, 6, 7, 8], 4)]))
    zero.backward()
    assert loss > 0
    assert zero.item() == 0
    assert {name: g.abs().max().item() for name, g in gradients(model).items()} == dict.fromkeys(grads, 0.0)


def test_segment_attention_refuses_plain_batches():
    model = adapted()
    model.set_attn_implementation(attention.NAME)
    with pytest.raises(ValueError, match="needs segments="):
        model(input_ids=torch.tensor([[5, 6, 7]]))
