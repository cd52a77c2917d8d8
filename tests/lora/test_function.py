"""LowRankUpdate: its derivative, what it keeps and skips, and the places in which torch runs it."""

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from lora import LoRAAdapter, LoRALinear
from lora.function import LowRankUpdate

ROWS = [(0, 4), (6, 12)]  # rows 4 and 5 have no adapter


def layer(dropout: float = 0.0, dtype: torch.dtype = torch.float32) -> LoRALinear:
    torch.manual_seed(0)
    adapters = {f"rows{start}": LoRAAdapter(8, (start, stop), 3, 1.5, dropout) for start, stop in ROWS}
    for adapter in adapters.values():
        nn.init.normal_(adapter.B)
    return LoRALinear(nn.Linear(8, 12, dtype=dtype), adapters)


def run(module, x, forward=None):
    """The output and every gradient of a loss that is not linear."""
    x = x.clone().requires_grad_()
    module.zero_grad()
    h = (module if forward is None else forward)(x)
    h.float().square().sum().backward()
    trained = {name: p.grad.clone() for name, p in module.named_parameters() if p.requires_grad}
    return {"h": h.detach(), "x": x.grad, **trained}


def assert_same(result, expected, **tolerance):
    assert result.keys() == expected.keys()
    for name in expected:
        torch.testing.assert_close(result[name], expected[name], **tolerance)


@pytest.mark.parametrize("x_needs_it", [True, False])
@pytest.mark.parametrize("shape", [(8,), (5, 8), (2, 3, 8), (0, 8)])
def test_the_derivative_is_that_of_finite_differences(shape, x_needs_it):
    module = layer().double()
    x = torch.randn(shape, dtype=torch.float64, requires_grad=x_needs_it)
    parameters = [p for p in module.parameters() if p.requires_grad]
    assert torch.autograd.gradcheck(lambda x, *_: module(x), (x, *parameters))


def test_only_x_and_the_low_rank_products_are_kept():
    module, x = layer(), torch.randn(5, 8, requires_grad=True)
    known = {p.data_ptr(): name for name, p in module.named_parameters()} | {x.data_ptr(): "x"}
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        module(x)
    others = [t for t in kept if t.data_ptr() not in known]
    assert [tuple(t.shape) for t in others] == [(5, 6)]  # both adapters' A x


def test_the_update_is_written_into_h():
    module, x = layer(), torch.randn(5, 8)
    h = module.base(x)
    blocks = module.blocks()
    result = LowRankUpdate.apply(h, x, ROWS, 1.5, *(b.A for b in blocks), *(b.B for b in blocks))
    assert result.data_ptr() == h.data_ptr()
    assert torch.equal(result, module(x))


def test_nothing_is_computed_for_an_x_that_needs_no_gradient():
    def products(x):
        h = layer()(x)
        with torch.profiler.profile() as profile:
            h.sum().backward()
        return sum(event.count for event in profile.key_averages() if event.key == "aten::mm")

    x = torch.randn(5, 8)
    assert products(x.clone().requires_grad_()) - products(x) == 2  # through W, and through A


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_torch_compile_traces_forward_and_backward_without_a_graph_break(dtype):
    module, x = layer(dtype=dtype), torch.randn(2, 5, 8).to(dtype)
    expected = run(module, x)
    compiled = torch.compile(module, fullgraph=True, backend="aot_eager")  # all of it but the machine code
    assert_same(run(module, x, compiled), expected, rtol=0, atol=0)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_under_gradient_checkpointing(dropout):
    module, x = layer(dropout), torch.randn(5, 8)
    torch.manual_seed(1)
    expected = run(module, x)
    torch.manual_seed(1)
    assert_same(run(module, x, lambda x: checkpoint(module, x, use_reentrant=False)), expected, rtol=0, atol=0)


def test_under_autocast_it_computes_in_16_bits_and_gives_gradients_in_32():
    module, x = layer(), torch.randn(5, 8)
    with torch.autocast("cpu", torch.bfloat16):
        result = run(module, x)
    assert result["h"].dtype == torch.bfloat16
    assert all(result[name].dtype == torch.float32 for name in result if name != "h")
    result["h"] = result["h"].float()
    assert_same(result, run(module, x), rtol=0.05, atol=0.2)  # gradients of order 10; roundings to 8 bits of mantissa


def test_one_layer_used_twice_adds_up_its_gradients():
    module, x = layer(), torch.randn(5, 8)
    twice = run(module, x, lambda x: torch.cat([module(x), module(2 * x)]))
    once, other = run(module, x), run(module, 2 * x)
    for name in once.keys() - {"h", "x"}:
        torch.testing.assert_close(twice[name], once[name] + other[name], rtol=1e-5, atol=1e-5)  # other order of sums
    torch.testing.assert_close(twice["x"], once["x"] + 2 * other["x"], rtol=1e-5, atol=1e-5)


def test_a_frozen_b_gets_no_gradient():
    module = layer()
    for block in module.blocks():
        block.B.requires_grad_(False)
    module(torch.randn(5, 8)).sum().backward()
    assert all(block.A.grad is not None and block.B.grad is None for block in module.blocks())
