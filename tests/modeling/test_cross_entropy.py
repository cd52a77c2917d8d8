"""The chunked loss is torch's, and so is its gradient; no more than a chunk of logits is alive."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from feedback_lightning.modeling.cross_entropy import linear_cross_entropy


def problem(n, vocabulary=13, bias=False, dtype=torch.float32):
    torch.manual_seed(n)
    head = nn.Linear(8, vocabulary, bias=bias, dtype=dtype).requires_grad_(False)
    hidden = torch.randn(n, 8, dtype=dtype, requires_grad=True)
    return hidden, head, torch.randint(0, vocabulary, (n,))


def all_at_once(hidden, head, labels, weights):
    return F.cross_entropy(head(hidden).float(), labels, reduction="none") @ weights


@settings(deadline=None, max_examples=30)
@given(n=st.integers(0, 12), rows=st.integers(1, 14), bias=st.booleans(), seed=st.integers(0, 99))
def test_loss_and_gradient_are_those_of_all_logits_at_once(n, rows, bias, seed):
    hidden, head, labels = problem(n, bias=bias)
    weights = torch.randint(0, 4, (n,), generator=torch.Generator().manual_seed(seed)).float()
    expected = all_at_once(hidden, head, labels, weights)
    (gradient,) = torch.autograd.grad(3 * expected, hidden)
    loss = linear_cross_entropy(hidden, head, labels, weights, rows)
    (found,) = torch.autograd.grad(3 * loss, hidden)
    torch.testing.assert_close(loss, expected, rtol=1e-6, atol=1e-6)  # the same sums in another order
    torch.testing.assert_close(found, gradient, rtol=1e-5, atol=1e-6)


def test_without_weights_every_label_counts_once():
    hidden, head, labels = problem(5)
    loss = linear_cross_entropy(hidden, head, labels, rows=2)
    torch.testing.assert_close(loss, F.cross_entropy(head(hidden), labels, reduction="sum"))


def test_bfloat16_logits_are_summed_in_float32():
    hidden, head, labels = problem(5, dtype=torch.bfloat16)
    loss = linear_cross_entropy(hidden, head, labels, rows=2)
    assert loss.dtype == torch.float32
    assert torch.autograd.grad(loss, hidden)[0].dtype == torch.bfloat16
    torch.testing.assert_close(loss, all_at_once(hidden, head, labels, torch.ones(5)), rtol=1e-6, atol=1e-6)


def test_a_chunk_of_logits_is_the_most_that_is_alive_and_the_gradient_alone_is_kept():
    hidden, head, labels = problem(64, vocabulary=1000)
    shapes, kept = [], []
    head.register_forward_hook(lambda module, inputs, logits: shapes.append(tuple(logits.shape)))
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t.shape) or t, lambda t: t):
        linear_cross_entropy(hidden, head, labels, rows=16)
    assert shapes == [(16, 1000)] * 4
    assert kept[-1] == (64, 8)
    assert all(shape.numel() <= 16 * 1000 for shape in kept)


def test_without_gradients_none_is_computed():
    hidden, head, labels = problem(5)
    with torch.no_grad():
        loss = linear_cross_entropy(hidden, head, labels)
    assert not loss.requires_grad
    assert not linear_cross_entropy(hidden.detach(), head, labels).requires_grad


def test_a_head_that_is_trained_gets_its_gradient():
    hidden, head, labels = problem(5)
    head.requires_grad_(True)
    linear_cross_entropy(hidden, head, labels, rows=2).backward()
    found = head.weight.grad.clone()
    head.zero_grad()
    F.cross_entropy(head(hidden), labels, reduction="sum").backward()
    torch.testing.assert_close(found, head.weight.grad)


@pytest.mark.parametrize("kind", ["nf4", "int8"])
@pytest.mark.filterwarnings("ignore:MatMul8bitLt")
def test_a_quantised_head(kind):
    import bitsandbytes as bnb

    torch.manual_seed(0)
    if kind == "nf4":
        head = bnb.nn.Linear4bit(64, 128, bias=False, quant_type="nf4", compute_dtype=torch.float32)
    else:
        head = bnb.nn.Linear8bitLt(64, 128, bias=False, has_fp16_weights=False)
    head.load_state_dict({"weight": torch.randn(128, 64) / 8})
    head = head.to("cpu").requires_grad_(False)
    hidden, labels = torch.randn(6, 64, requires_grad=True), torch.randint(0, 128, (6,))
    (expected,) = torch.autograd.grad(F.cross_entropy(head(hidden), labels, reduction="sum"), hidden)
    (found,) = torch.autograd.grad(linear_cross_entropy(hidden, head, labels, rows=4), hidden)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)  # int8 rounds each row by its own scale: the same
