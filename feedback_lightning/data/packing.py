"""Several examples as one flat sequence without padding.

    tokens     p p p p c c │ p p p c c c │ …        p prompt, c completion
    position   0 1 2 3 4 5 │ 0 1 2 3 4 5 │ …
    labels     · · · · c c │ · · · c c c │ …        · is IGNORE: no loss
    segments   (0, 6, -1)    (6, 12, -1)            (start, end, parent)

A segment's tokens see each other causally and its ancestors fully. A plain example is a root: parent -1. An example
that continues another's tokens can be a segment whose parent is that prefix; parents come before their children.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

IGNORE = -100  # the label of a token without loss, as in transformers and torch


class TokenizedExample(NamedTuple):
    """Token ids of prompt and completion in one list; the loss is on the ids from `prompt_length` on."""

    input_ids: list[int]
    prompt_length: int


class Segment(NamedTuple):
    """Tokens start … end - 1 of a packed batch, and the index of the segment they continue (-1: none)."""

    start: int
    end: int
    parent: int = -1


@dataclass(frozen=True)
class PackedBatch:
    """One forward's worth of tokens.

    Args:
        input_ids: (T,) int64.
        position_ids: (T,) int64; a child goes on counting where its parent ended.
        labels: (T,) int64: the token itself where it has a loss, IGNORE elsewhere.
        segments: cover the T tokens in order.
    """

    input_ids: Tensor
    position_ids: Tensor
    labels: Tensor
    segments: tuple[Segment, ...]

    def to(self, device: torch.device | str) -> "PackedBatch":
        ids, positions, labels = (t.to(device) for t in (self.input_ids, self.position_ids, self.labels))
        return PackedBatch(ids, positions, labels, self.segments)


@dataclass(frozen=True)
class StepBatch:
    """What one device computes in one optimiser step.

    Args:
        forwards: its packed batches, one forward and backward each.
        examples: examples in the step, on all devices.
        tokens: their tokens, prompts included, on all devices.
        completion_tokens: those with a loss, on all devices: what the step's mean loss divides by.
    """

    forwards: tuple[PackedBatch, ...]
    examples: int
    tokens: int
    completion_tokens: int

    def to(self, device: torch.device | str) -> "StepBatch":
        forwards = tuple(batch.to(device) for batch in self.forwards)
        return StepBatch(forwards, self.examples, self.tokens, self.completion_tokens)


def pack(examples: Sequence[TokenizedExample]) -> PackedBatch:
    """Examples one after another, each a root segment."""
    segments, labels, start = [], [], 0
    for ids, prompt_length in examples:
        segments.append(Segment(start, start + len(ids)))
        labels += [IGNORE] * prompt_length + ids[prompt_length:]
        start += len(ids)
    return PackedBatch(
        input_ids=torch.tensor([token for ids, _ in examples for token in ids]),
        position_ids=torch.cat([torch.arange(len(ids)) for ids, _ in examples]),
        labels=torch.tensor(labels),
        segments=tuple(segments),
    )


def cut_into_forwards(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Indices of examples for each forward, in order, at most `budget` tokens each.

    >>> cut_into_forwards([3, 3, 5, 1], budget=6)
    [[0, 1], [2, 3]]
    """
    forwards: list[list[int]] = []
    room = 0
    for i, length in enumerate(lengths):
        if length > budget:
            raise ValueError(f"an example of {length} tokens does not fit a forward of {budget}")
        if length > room:
            forwards.append([])
            room = budget
        forwards[-1].append(i)
        room -= length
    return forwards


def pack_step(
    examples: Sequence[TokenizedExample], budget: int, rank: int = 0, world_size: int = 1
) -> StepBatch:
    """One device's share of an optimiser step: every world_size-th example, in forwards of at most `budget` tokens.

    A device without an example in a small last step computes the first one without a loss, because every device
    must take part in the exchange of gradients.
    """
    own = list(examples[rank::world_size]) or [TokenizedExample(examples[0].input_ids, len(examples[0].input_ids))]
    forwards = cut_into_forwards([len(ids) for ids, _ in own], budget)
    return StepBatch(
        forwards=tuple(pack([own[i] for i in indices]) for indices in forwards),
        examples=len(examples),
        tokens=sum(len(ids) for ids, _ in examples),
        completion_tokens=sum(len(ids) - prompt_length for ids, prompt_length in examples),
    )
