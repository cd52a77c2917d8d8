"""Attention over trees, on a CPU and as flex_attention's mask, beside a dense softmax over each token's path."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import small_phi3
from torch.utils._python_dispatch import TorchDispatchMode

from feedback_lightning.data.packing import Segment
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.attention import flex_tree_attention, segment_attention, tree_block_mask, tree_mask
from feedback_lightning.modeling.cpu_attention import BLOCK, TreeAttention, blocks_of_tree, cpu_tree_attention

few = settings(deadline=None, max_examples=40)
SHAPES = [(4, 4), (4, 2), (3, 1)]  # heads of queries and of keys


@st.composite
def trees(draw, longest=9):
    """Segments depth first: each continues one on the path to the last, or is a root."""
    segments, path, end = [], [], 0
    for i in range(draw(st.integers(1, 8))):
        path = path[: draw(st.integers(0, len(path)))]
        length = draw(st.integers(1, longest))
        segments.append(Segment(end, end + length, path[-1] if path else -1))
        path, end = [*path, i], end + length
    return tuple(segments)


WINDOWS = st.none() | st.integers(1, 20)


def visible(segments, window):
    """(T, T), by walking from each token to its root."""
    before = {}
    for segment in segments:
        for token in range(segment.start, segment.end):
            last = segments[segment.parent].end - 1 if segment.parent >= 0 else None
            before[token] = token - 1 if token > segment.start else last
    sees = torch.zeros(len(before), len(before), dtype=torch.bool)
    for token in before:
        place, back = token, 0
        while place is not None and (window is None or back < window):
            sees[token, place] = True
            place, back = before[place], back + 1
    return sees


def dense(query, key, value, segments, window, scaling):
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
    scores = (query @ key.transpose(-1, -2) * scaling).masked_fill(~visible(segments, window), float("-inf"))
    return (scores.softmax(-1) @ value).transpose(1, 2)


def random_inputs(segments, heads, dtype, seed=0, head_dim=8):
    generator = torch.Generator().manual_seed(seed)
    tokens = segments[-1].end
    return [
        torch.randn(1, tokens, n, head_dim, generator=generator, dtype=torch.float64).to(dtype).transpose(1, 2)
        for n in (heads[0], heads[1], heads[1])
    ]


@few
@given(trees(), WINDOWS, st.sampled_from(SHAPES), st.integers(0, 99))
def test_a_cpu_attends_as_a_dense_softmax_with_the_same_gradients(segments, window, heads, seed):
    inputs = [tensor.requires_grad_() for tensor in random_inputs(segments, heads, torch.float32, seed)]
    expected = dense(*inputs, segments, window, 0.3)
    upstream = torch.randn(expected.shape, generator=torch.Generator().manual_seed(seed))
    gradients = torch.autograd.grad(expected, inputs, upstream)
    output = cpu_tree_attention(*inputs, segments, window, 0.3)
    # float32, values of order 1: rounding in another order.
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    for result, reference in zip(torch.autograd.grad(output, inputs, upstream), gradients, strict=True):
        torch.testing.assert_close(result, reference, rtol=1e-5, atol=1e-5)


@settings(deadline=None, max_examples=10)
@given(trees(longest=3), WINDOWS)
def test_the_gradient_is_the_derivative(segments, window):
    inputs = [tensor.requires_grad_() for tensor in random_inputs(segments, (2, 1), torch.float64, head_dim=3)]
    blocks = blocks_of_tree(segments, window)
    assert torch.autograd.gradcheck(
        lambda *tensors: TreeAttention.apply(*(tensor[0] for tensor in tensors), blocks, 0.5), inputs
    )


@few
@given(trees(), st.sampled_from(SHAPES))
def test_bfloat16_has_its_softmax_in_float32(segments, heads):
    exact = random_inputs(segments, heads, torch.float64)
    inputs = [tensor.to(torch.bfloat16) for tensor in exact]
    output = cpu_tree_attention(*inputs, segments, None, 0.3)
    assert output.dtype == torch.bfloat16
    expected = dense(*(tensor.double() for tensor in inputs), segments, None, 0.3)
    # Scores, weights and results are rounded to 8 bits.
    torch.testing.assert_close(output.double(), expected, rtol=2**-6, atol=2**-6)


@few
@given(trees(), WINDOWS)
def test_the_mask_of_flex_attention_is_the_path(segments, window):
    tokens = torch.arange(segments[-1].end)
    assert torch.equal(tree_mask(segments, window, "cpu")(0, 0, tokens[:, None], tokens), visible(segments, window))


def long_tree():
    """More than one block of 128 in each direction: a root, two branches, one of which branches again, and a root."""
    return (Segment(0, 200), Segment(200, 350, 0), Segment(350, 360, 1), Segment(360, 600, 1), Segment(600, 790, 0),
            Segment(790, 1000))  # fmt: skip


@pytest.mark.parametrize("window", [None, 150])
def test_a_cpu_attends_over_several_blocks_with_the_same_gradients(window):
    inputs = [tensor.requires_grad_() for tensor in random_inputs(long_tree(), (4, 2), torch.float32)]
    output, expected = (attend(*inputs, long_tree(), window, 0.3) for attend in (cpu_tree_attention, dense))
    torch.testing.assert_close(output, expected, rtol=1e-5, atol=1e-5)
    upstream = torch.randn(expected.shape, generator=torch.Generator().manual_seed(0))
    gradients = [torch.autograd.grad(result, inputs, upstream) for result in (output, expected)]
    for result, reference in zip(*gradients, strict=True):
        torch.testing.assert_close(result, reference, rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("ignore:flex_attention called without")
@pytest.mark.parametrize("window", [None, 150])
@pytest.mark.parametrize("segments", [long_tree(), (Segment(0, 3), Segment(3, 5, 0))])
def test_flex_attention_on_a_cpu_attends_as_a_dense_softmax(segments, window):
    """flex_attention without compilation: the mask and its blocks as on CUDA, but another kernel, and no gradients."""
    inputs = random_inputs(segments, (4, 2), torch.float32)
    output = flex_tree_attention(*inputs, segments, window, 0.3)
    torch.testing.assert_close(output, dense(*inputs, segments, window, 0.3), rtol=1e-5, atol=1e-5)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device: compiled flex_attention is not run")
@pytest.mark.parametrize("window", [None, 150])
def test_compiled_flex_attention_attends_as_a_dense_softmax_with_the_same_gradients(window):
    inputs = [t.cuda().requires_grad_() for t in random_inputs(long_tree(), (4, 2), torch.float32, head_dim=32)]
    plain = [tensor.detach().cpu().requires_grad_() for tensor in inputs]
    output, expected = (
        attend(*tensors, long_tree(), window, 0.3)
        for attend, tensors in ((flex_tree_attention, inputs), (dense, plain))
    )
    upstream = torch.randn(expected.shape)
    torch.testing.assert_close(output.cpu(), expected, rtol=1e-4, atol=1e-4)
    gradients = torch.autograd.grad(output, inputs, upstream.cuda())
    for result, reference in zip(gradients, torch.autograd.grad(expected, plain, upstream), strict=True):
        torch.testing.assert_close(result.cpu(), reference, rtol=1e-4, atol=1e-4)


def test_blocks_that_nothing_sees_are_left_out():
    blocks = tree_block_mask(long_tree(), None, torch.device("cpu")).to_dense()[0, 0].bool()
    sees = torch.zeros(1024, 1024, dtype=torch.bool)
    sees[:1000, :1000] = visible(long_tree(), None)
    assert torch.equal(blocks, sees.view(8, 128, 8, 128).any(3).any(1))
    assert blocks.float().mean() < 0.5


class Largest(TorchDispatchMode):
    """The most elements of any tensor made."""

    elements = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, tuple) else (result,):
            if isinstance(tensor, torch.Tensor):
                self.elements = max(self.elements, tensor.numel())
        return result


def test_a_cpu_makes_no_mask_of_all_tokens():
    segments = long_tree()
    inputs = [tensor.requires_grad_() for tensor in random_inputs(segments, (2, 2), torch.float32)]
    with Largest() as largest:
        cpu_tree_attention(*inputs, segments, None, 0.3).sum().backward()
    heads, longest = 2, 600  # the path to the end of the fourth segment: 200 + 150 + 240 tokens
    assert largest.elements <= heads * BLOCK * longest < 1000 * 1000


def test_autocast_attends_in_bfloat16():
    """Under autocast queries and keys come in float32 from the rotation and values in bfloat16."""
    segments = (Segment(0, 3), Segment(3, 5, 0), Segment(5, 9, 0))
    inputs = random_inputs(segments, (4, 2), torch.float32)
    inputs[2] = inputs[2].bfloat16()
    output, _ = segment_attention(torch.nn.Module(), *inputs, None, 0.3, segments=segments)
    assert output.dtype == torch.bfloat16
    torch.testing.assert_close(output.float(), dense(*inputs[:2], inputs[2].float(), segments, None, 0.3),
                               rtol=2**-6, atol=2**-6)  # fmt: skip


def test_what_is_refused():
    model = small_phi3()
    model.set_attn_implementation(attention.NAME)
    with pytest.raises(ValueError, match="needs segments="):
        model(input_ids=torch.tensor([[5, 6, 7]]))
    inputs = random_inputs((Segment(0, 3),), (4, 2), torch.float32)
    with pytest.raises(ValueError, match="set attention_dropout to 0"):
        segment_attention(model, *inputs, None, 0.3, dropout=0.1, segments=(Segment(0, 3),))
