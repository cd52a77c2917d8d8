"""Each operation is that of transformers' Phi-3, in value and gradient, and keeps what it says."""

import pytest
import torch
from small_models import small_phi3
from torch.nn import functional as F
from transformers.models.phi3.modeling_phi3 import Phi3RMSNorm, apply_rotary_pos_emb

from feedback_lightning.modeling.operations import RMSNorm, Rotary, SwiGLU

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])


def value_and_gradients(function, *inputs):
    inputs = [tensor.clone().requires_grad_() for tensor in inputs]
    output = function(*inputs)
    torch.manual_seed(0)
    output.backward(torch.randn(output.shape).to(output.dtype))
    return [output.detach(), *(tensor.grad for tensor in inputs)]


def assert_same(found, expected):
    """float32: the same sums in another order. bfloat16: rounded once or twice more or less, to 8 bits of mantissa."""
    tolerance = {"rtol": 1e-5, "atol": 1e-5} if found[0].dtype == torch.float32 else {"rtol": 0.02, "atol": 0.02}
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, **tolerance)


def kept(function):
    shapes = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: shapes.append(tuple(t.shape)) or t, lambda t: t):
        function()
    return sorted(shapes)


@DTYPES
def test_rms_norm(dtype):
    torch.manual_seed(1)
    module = Phi3RMSNorm(16, eps=1e-5).to(dtype)
    x, weight = 3 * torch.randn(7, 16, dtype=dtype), torch.randn(16, dtype=dtype)

    def theirs(x, weight):
        return torch.func.functional_call(module, {"weight": weight}, x)

    ours = value_and_gradients(lambda x, weight: RMSNorm.apply(x, weight, 1e-5), x, weight)
    assert_same(ours, value_and_gradients(theirs, x, weight))
    x.requires_grad_()
    assert kept(lambda: RMSNorm.apply(x, weight, 1e-5)) == [(7, 1), (7, 16), (16,)]


@DTYPES
@pytest.mark.parametrize("partial", [1.0, 0.5])
def test_rotary(dtype, partial):
    """Two query heads and one of keys in front of one of values, which stays as it is."""
    rope = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": partial}
    embedding = small_phi3(rope_parameters=rope).model.rotary_emb
    torch.manual_seed(1)
    x, positions = torch.randn(7, 32, dtype=dtype), torch.tensor([[0, 1, 2, 3, 2, 3, 4]])
    cos, sin = embedding(x, positions)
    assert cos.shape == (1, 7, 8 * partial)

    def theirs(x):
        heads = x.view(1, 7, 4, 8).transpose(1, 2)
        query, key = apply_rotary_pos_emb(heads[:, :2], heads[:, 2:3], cos, sin)
        return torch.cat([query, key, heads[:, 3:]], dim=1).transpose(1, 2).reshape(7, 32)

    def ours(x):
        return Rotary.apply(x * 1, 3, 8, cos[0], sin[0])  # written into its input, so not into a leaf

    assert_same(value_and_gradients(ours, x), value_and_gradients(theirs, x))


@DTYPES
@pytest.mark.parametrize("fused", [True, False])
def test_swiglu(dtype, fused):
    torch.manual_seed(1)
    gate_up = torch.randn(7, 32, dtype=dtype)
    inputs = [gate_up] if fused else list(gate_up.chunk(2, -1))

    def theirs(*gate_up):
        gate, up = gate_up[0].chunk(2, -1) if fused else gate_up
        return up * F.silu(gate)

    assert_same(value_and_gradients(SwiGLU.apply, *inputs), value_and_gradients(theirs, *inputs))
    gate_up.requires_grad_()
    assert kept(lambda: SwiGLU.apply(gate_up)) == [(7, 32)]
