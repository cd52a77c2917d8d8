"""How much arithmetic a step asks for, and how fast this machine multiplies matrices."""

import time
from collections.abc import Sequence
from typing import NamedTuple

import torch

from feedback_lightning.data.packing import TokenizedExample
from lora import LoRAConfig, ModelShape


def matmul_rate(dtype: torch.dtype, device: torch.device, size: int = 2048, repetitions: int = 10) -> float:
    """The best rate of a product of two square matrices, in floating-point operations per second."""
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    best = float("inf")
    for _ in range(repetitions):
        begin = time.perf_counter()
        torch.mm(a, b)
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - begin)
    return 2 * size**3 / best


class Tree(NamedTuple):
    """The prefix tree of some examples: its tokens, those with a loss, and how many tokens all of them see together."""

    tokens: int
    labels: int
    seen: int


def prefix_tree(examples: Sequence[TokenizedExample]) -> Tree:
    """Sizes of the examples' prefix tree, found without the packer's help.

    >>> prefix_tree([TokenizedExample([5, 6, 7], 1), TokenizedExample([5, 6, 8, 9], 3)])
    Tree(tokens=5, labels=3, seen=15)
    """
    prefixes = {tuple(ids[:end]) for ids, *_ in examples for end in range(1, len(ids) + 1)}
    labelled = {tuple(ids[:end]) for ids, prompt, _ in examples for end in range(prompt + 1, len(ids) + 1)}
    return Tree(len(prefixes), len(labelled), sum(map(len, prefixes)))


def useful_arithmetic(shape: ModelShape, config: LoRAConfig, examples: Sequence[TokenizedExample]) -> int:
    """Floating-point operations of an optimiser step in which nothing is computed twice or in vain.

    Counted are matrix products, forward and backward: through the frozen weights, of A and B and for their gradients,
    of queries, keys and values over the tokens that each token sees, and of logits where there is a label. Behind the
    last attention only the tokens that predict a label count, and below the first adapter there is no backward. Every
    distinct prefix counts once, whoever computes it, so the figure is the same for all contenders.

    Args:
        shape: of the base model.
        config: with targets among qkv_proj, o_proj, gate_up_proj and down_proj.
        examples: of one step.
    """
    tree = prefix_tree(examples)
    total = 12 * shape.layers * tree.seen * shape.query + 4 * tree.labels * shape.vocabulary * shape.hidden
    for layer in range(shape.layers):
        for name in ("qkv_proj", "o_proj", "gate_up_proj", "down_proj"):
            rows = tree.labels if layer == shape.layers - 1 and name != "qkv_proj" else tree.tokens
            wide, high = shape.matrices()[name]
            backward = layer > 0 or name != "qkv_proj"  # into the layer's input
            total += 2 * rows * wide * high * (1 + backward)
            if name in config.targets:
                total += 2 * rows * config.rank * (2 * wide + 3 * high + wide * backward)
    return total
