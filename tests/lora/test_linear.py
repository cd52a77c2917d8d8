"""One adapted layer: its formula, its dropout, quantised bases, and PEFT's values and gradients."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from peft_reference import (
    FUSED,
    adapted,
    adapted_names,
    assert_near,
    logits,
    loss,
    peft_adapters,
    peft_twin,
    split_llama,
)
from small_models import randomise_adapters, small_llama, small_phi3
from torch import nn
from torch.nn import functional as F

from lora import TARGETS, LoRAAdapter, LoRAConfig, LoRAError, LoRALinear, inject


def adapter(rows=(0, 12), rank=3, scaling=1.5, dropout=0.0, in_features=8):
    made = LoRAAdapter(in_features, rows, rank, scaling, dropout)
    nn.init.normal_(made.B)
    return made


@st.composite
def row_blocks(draw):
    """Cuts of 12 rows, some of the blocks between them with an adapter, in any order."""
    cuts = sorted(draw(st.sets(st.integers(1, 11), max_size=4)) | {0, 12})
    blocks = list(pairwise(cuts))
    return draw(st.lists(st.sampled_from(blocks), min_size=1, unique=True))


@settings(deadline=None, max_examples=40)
@given(
    blocks=row_blocks(), rank=st.integers(1, 14), scaling=st.floats(0.1, 8), leading=st.sampled_from([(), (5,), (2, 3)])
)
def test_each_block_of_rows_gets_its_own_update_and_the_rest_none(blocks, rank, scaling, leading):
    torch.manual_seed(rank)
    base, x = nn.Linear(8, 12), torch.randn(*leading, 8)
    adapters = {f"rows{start}": adapter((start, stop), rank, scaling) for start, stop in blocks}
    h, plain = LoRALinear(base, adapters)(x), base(x)
    assert h.shape == (*leading, 12)
    assert not any(p.requires_grad for p in base.parameters())
    free = torch.ones(12, dtype=torch.bool)
    for start, stop in blocks:
        own = adapters[f"rows{start}"]
        expected = plain[..., start:stop] + scaling * (x @ own.A.T @ own.B.T)
        torch.testing.assert_close(h[..., start:stop], expected, rtol=1e-5, atol=1e-5)  # other order of sums only
        torch.testing.assert_close(own.delta(), scaling * own.B @ own.A, rtol=1e-5, atol=1e-5)  # the same
        free[start:stop] = False
    assert torch.equal(h[..., free], plain[..., free])


@pytest.mark.parametrize("rows", [[(0, 6), (5, 12)], [(0, 12), (0, 12)], [(0, 13)], [(-1, 3)]])
def test_rows_that_overlap_or_are_not_there_are_refused(rows):
    with pytest.raises(LoRAError, match="overlap another adapter or exceed 12"):
        LoRALinear(nn.Linear(8, 12), {str(i): adapter(block) for i, block in enumerate(rows)})


def test_a_new_adapter_has_a_kaiming_uniform_a_and_a_zero_b():
    torch.manual_seed(0)
    new = LoRAAdapter(100, (0, 7), rank=64, scaling=2.0)
    assert torch.count_nonzero(new.B) == 0
    # Kaiming with a = sqrt(5) is uniform on ±1/sqrt(in): 6400 draws come within 1% of the bound, and the standard
    # deviation of a uniform distribution, bound/sqrt(3), is met to 5% (its standard error is 0.6%).
    assert 0.099 < new.A.abs().max() <= 0.1
    assert new.A.std().item() == pytest.approx(0.1 / 3**0.5, rel=0.05)


def test_adapters_of_a_bfloat16_layer_are_float32_and_the_output_is_bfloat16():
    torch.manual_seed(0)
    layer = LoRALinear(nn.Linear(8, 12, dtype=torch.bfloat16), {"o_proj": adapter()})
    x = torch.randn(4, 8, dtype=torch.bfloat16)
    h = layer(x)
    assert h.dtype == torch.bfloat16
    h.sum().backward()
    own = layer.blocks()[0]
    assert own.A.dtype == own.A.grad.dtype == own.B.dtype == own.B.grad.dtype == torch.float32
    exact = F.linear(x.float(), layer.base.weight.float() + own.delta(), layer.base.bias.float())
    torch.testing.assert_close(h.float(), exact, rtol=0.03, atol=0.05)  # five roundings to 8 bits of mantissa


def test_dropout_drops_entries_of_x_on_the_way_into_a_in_train_mode_only():
    torch.manual_seed(0)
    layer, x = LoRALinear(nn.Linear(8, 12), {"o_proj": adapter(dropout=0.5)}), torch.randn(4, 8)
    own = layer.blocks()[0]
    without = LoRALinear(layer.base, {"o_proj": adapter()})
    without.blocks()[0].load_state_dict(own.state_dict())
    layer.eval()
    assert torch.equal(layer(x), without.eval()(x))
    layer.train()
    torch.manual_seed(7)
    h = layer(x)
    torch.manual_seed(7)
    expected = layer.base(x) + own.scaling * F.linear(F.linear(F.dropout(x, 0.5), own.A), own.B)
    torch.testing.assert_close(h, expected, rtol=1e-6, atol=1e-6)  # the same operations with the same mask
    assert not torch.allclose(h, layer(x), atol=0.1)
    assert not torch.allclose(h, without(x), atol=0.1)


def quantised(kind: str) -> nn.Linear:
    import bitsandbytes as bnb

    if kind == "nf4":
        layer = bnb.nn.Linear4bit(64, 128, bias=False, quant_type="nf4", compute_dtype=torch.float32)
    else:
        layer = bnb.nn.Linear8bitLt(64, 128, bias=False, has_fp16_weights=False)
    layer.load_state_dict({"weight": torch.randn(128, 64) / 8})
    return layer.to("cpu")  # quantises


@pytest.mark.filterwarnings("ignore:MatMul8bitLt")
@pytest.mark.parametrize(("kind", "dtype"), [("nf4", torch.uint8), ("int8", torch.int8)])
def test_a_quantised_base_is_adapted_and_never_trained(kind, dtype):
    torch.manual_seed(0)
    base, x = quantised(kind), torch.randn(5, 64)
    layer = LoRALinear(base, {"q_proj": adapter((0, 64), in_features=64), "v_proj": adapter((96, 128), in_features=64)})
    plain, before = base(x).detach(), base.weight.detach().clone()
    assert before.dtype == dtype
    expected = plain.clone()
    for own in layer.blocks():
        expected[:, slice(*own.rows)] += own.scaling * x @ own.A.T @ own.B.T
    h = layer(x)
    torch.testing.assert_close(h, expected, rtol=1e-5, atol=1e-5)  # other order of sums only
    assert (h - plain)[:, :64].abs().min() > 0
    trained = {name: parameter for name, parameter in layer.named_parameters() if parameter.requires_grad}
    assert set(trained) == {f"adapters.{name}.{matrix}" for name in ("q_proj", "v_proj") for matrix in "AB"}
    old = {name: parameter.detach().clone() for name, parameter in trained.items()}
    h.square().mean().backward()
    assert base.weight.grad is None
    torch.optim.AdamW(layer.parameters(), lr=0.01).step()
    assert all((trained[name] != old[name]).any() for name in trained)
    assert torch.equal(base.weight, before)
    assert torch.equal(base(x), plain)
    assert layer(x).square().mean() < h.square().mean()


@pytest.mark.parametrize("rslora", [False, True])
@pytest.mark.parametrize(
    ("ours", "reference", "targets"),
    [
        *[(small_phi3, small_phi3, (target,)) for target in FUSED],
        (small_phi3, small_phi3, FUSED),
        *[(small_llama, small_llama, (target,)) for target in TARGETS],
        (small_llama, small_llama, TARGETS),
        *[(small_phi3, lambda: split_llama(small_phi3()), (target,)) for target in TARGETS],
        (small_phi3, lambda: split_llama(small_phi3()), TARGETS),
    ],
)
def test_logits_and_gradients_are_those_of_peft(ours, reference, targets, rslora):
    """The third group: separate adapters on the rows of a fused layer against a model that is not fused.

    In float64, so that the tolerance can be far below anything but rounding.
    """
    model = ours()
    inject(model, LoRAConfig(rank=3, alpha=5, targets=targets, rslora=rslora))
    plain = logits(model)
    randomise_adapters(model)
    twin = peft_twin(model, reference(), r=3, lora_alpha=5, use_rslora=rslora).double()
    assert_near(logits(model.double()), logits(twin), 1e-12)
    assert (logits(model) - plain).abs().max() > 0.1
    loss(model).backward()
    loss(twin).backward()
    for path, (a, b) in peft_adapters(twin).items():
        assert_near(adapted_names(model)[path].A.grad, a.grad, 1e-12)
        assert_near(adapted_names(model)[path].B.grad, b.grad, 1e-12)


@pytest.mark.parametrize(("reference", "targets"), [(small_phi3, FUSED), (lambda: split_llama(small_phi3()), TARGETS)])
def test_in_float32_gradients_are_as_near_to_the_exact_ones_as_those_of_peft(reference, targets):
    model = adapted(small_phi3, targets)
    twin = peft_twin(model, reference(), r=3, lora_alpha=5)
    exact = peft_twin(model, reference(), r=3, lora_alpha=5).double()
    for each in (model, twin, exact):
        loss(each).backward()

    def furthest(pairs):
        """The largest error over all A and B, each in parts of its largest gradient."""
        gradients = [m.grad for path in pairs for m in pairs[path]]
        wanted = [m.grad for path in pairs for m in peft_adapters(exact)[path]]
        return max(((g - w).abs().max() / w.abs().max()).item() for g, w in zip(gradients, wanted, strict=True))

    ours = furthest({path: (layer.A, layer.B) for path, layer in adapted_names(model).items()})
    assert 0 < ours < 2 * furthest(peft_adapters(twin)) < 1e-4  # both are roundings of float32, in another order
