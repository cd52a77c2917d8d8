"""Several examples as one flat sequence without padding, the prefixes that they have in common only once.

    examples     p p q q c c     p p r d        p p and q q … prompts, c and d completions

    tokens       p p │ q q c c │ r d
    position     0 1 │ 2 3 4 5 │ 2 3
    loss_counts  0 0 │ 0 0 1 1 │ 0 1            in how many of the examples the token has a loss
    segments   (0, 2, -1)  (2, 6, 0)  (6, 8, 0)  (start, end, parent)

A segment's tokens see each other causally and its ancestors fully. Segments stand depth first: all that continues a
segment follows it without a gap. An example that shares nothing is one segment with parent -1.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy
import torch
from torch import Tensor

from feedback_lightning.data.prefix_tree import cut_into_forwards, grow_tree, shared_with_previous


class TokenizedExample(NamedTuple):
    """Token ids of prompt and completion in one list.

    Args:
        input_ids: the loss is on those from `prompt_length` on.
        prompt_length: how many are the prompt's.
        edits: places in input_ids, in order, at which the completion does something else than to copy the program.
    """

    input_ids: list[int]
    prompt_length: int
    edits: Sequence[int] = ()


class Segment(NamedTuple):
    """Tokens start … end - 1 of a packed batch, and the index of the segment they continue (-1: none)."""

    start: int
    end: int
    parent: int = -1


def subtree_ends(segments: Sequence[Segment]) -> list[int]:
    """For each segment, where the last of those that continue it ends.

    >>> subtree_ends([Segment(0, 2), Segment(2, 6, 0), Segment(6, 8, 0), Segment(8, 9)])
    [8, 6, 8, 9]
    """
    ends = [segment.end for segment in segments]
    for i in reversed(range(len(segments))):
        parent = segments[i].parent
        if parent >= 0:
            ends[parent] = max(ends[parent], ends[i])
    return ends


def positions(segments: Sequence[Segment]) -> Tensor:
    """The position of each token in its example, (T,) int64; a child goes on counting where its parent ended.

    >>> positions([Segment(0, 2), Segment(2, 6, 0), Segment(6, 8, 0), Segment(8, 9)]).tolist()
    [0, 1, 2, 3, 4, 5, 2, 3, 0]
    """
    last: list[int] = []
    runs = []
    for start, end, parent in segments:
        first = last[parent] + 1 if parent >= 0 else 0
        last.append(first + end - start - 1)
        runs.append(torch.arange(first, last[-1] + 1))
    return torch.cat(runs)


@dataclass(frozen=True)
class PackedBatch:
    """One forward's worth of tokens.

    Args:
        input_ids: (T,) int64.
        position_ids: (T,) int64; a child goes on counting where its parent ended.
        loss_counts: (T,) int64: how often the loss on the token counts, which is its own label. 0 in a prompt, 1 in a
            completion, more at an edit that has a weight, and the sum where several examples begin alike.
        segments: cover the T tokens in order, depth first.
    """

    input_ids: Tensor
    position_ids: Tensor
    loss_counts: Tensor
    segments: tuple[Segment, ...]

    def to(self, device: torch.device | str) -> "PackedBatch":
        ids, positions, counts = (t.to(device) for t in (self.input_ids, self.position_ids, self.loss_counts))
        return PackedBatch(ids, positions, counts, self.segments)


@dataclass(frozen=True)
class StepBatch:
    """What one device computes in one optimiser step.

    Args:
        forwards: its packed batches, one forward and backward each.
        examples: examples in the step, on all devices.
        tokens: of the examples, each counted whole, prompts included, on all devices.
        completion_tokens: those with a loss, on all devices.
        losses: the same, each as often as its loss counts: what the step's mean loss divides by.
    """

    forwards: tuple[PackedBatch, ...]
    examples: int
    tokens: int
    completion_tokens: int
    losses: int

    @property
    def computed(self) -> int:
        """Tokens that go through the model on this device."""
        return sum(len(forward.input_ids) for forward in self.forwards)

    def to(self, device: torch.device | str) -> "StepBatch":
        forwards = tuple(batch.to(device) for batch in self.forwards)
        return StepBatch(forwards, self.examples, self.tokens, self.completion_tokens, self.losses)


def pack(
    examples: Sequence[TokenizedExample], shared: Sequence[int] | None = None, edit_weight: int = 1
) -> PackedBatch:
    """Examples as one batch.

    Args:
        examples: at least one.
        shared: of sorted examples, how many first tokens each shares with the one before it; None shares nothing.
        edit_weight: how often the loss on a token counts that is an edit.
    """
    nodes = grow_tree([len(example.input_ids) for example in examples], shared or [0] * len(examples))
    prompt_lengths = torch.tensor([example.prompt_length for example in examples])
    ids: list[int] = []
    segments, counts = [], []
    for node in nodes:
        segments.append(Segment(len(ids), len(ids) + node.end - node.start, node.parent))
        ids += examples[node.examples.start].input_ids[node.start : node.end]
        owners = prompt_lengths[node.examples.start : node.examples.stop]
        count = (torch.arange(node.start, node.end)[:, None] >= owners).sum(1)
        if edit_weight != 1:
            for i in node.examples:
                for edit in examples[i].edits:
                    if node.start <= edit < node.end:
                        count[edit - node.start] += edit_weight - 1
        counts.append(count)
    tokens = torch.from_numpy(numpy.array(ids))  # ten times faster than torch.tensor of a list
    return PackedBatch(tokens, positions(segments), torch.cat(counts), tuple(segments))


def shared_out(sizes: Sequence[int], devices: int) -> list[int]:
    """The device of each of the examples of these sizes: neighbours stay together, and none gets much more than others.

    >>> shared_out([1, 1, 1, 5], 2)
    [0, 0, 0, 1]
    """
    total, middles = sum(sizes), [end - size / 2 for size, end in zip(sizes, accumulate(sizes), strict=True)]
    return [min(int(middle / total * devices), devices - 1) for middle in middles]  # equal ones have no size


def pack_step(
    examples: Sequence[TokenizedExample],
    budget: int,
    rank: int = 0,
    world_size: int = 1,
    share_prefixes: bool = True,
    edit_weight: int = 1,
) -> StepBatch:
    """One device's share of an optimiser step, in forwards of at most `budget` tokens.

    To share prefixes the examples are sorted by their tokens, which brings those that begin alike onto the same device
    and into the same forward. The order within a step changes nothing but rounding: its loss is a sum over all tokens.

    Devices get about as many tokens each, as all wait for the slowest. One without an example, in a small last step,
    computes the first one without a loss, because every device must take part in the exchange of gradients.
    """
    order = sorted(examples, key=lambda e: (e.input_ids, e.prompt_length)) if share_prefixes else list(examples)
    shared = shared_with_previous([e.input_ids for e in order]) if share_prefixes else [0] * len(order)
    devices = shared_out([len(e.input_ids) - n for e, n in zip(order, shared, strict=True)], world_size)
    start, stop = bisect_left(devices, rank), bisect_right(devices, rank)
    own = order[start:stop] or [TokenizedExample(order[0].input_ids, len(order[0].input_ids))]
    shared = [0, *shared[start + 1 : stop]]
    forwards = cut_into_forwards([len(e.input_ids) for e in own], shared, budget)
    completion_tokens = sum(len(e.input_ids) - e.prompt_length for e in examples)
    return StepBatch(
        forwards=tuple(pack(own[f.start : f.stop], shared[f.start : f.stop], edit_weight) for f in forwards),
        examples=len(examples),
        tokens=sum(len(e.input_ids) for e in examples),
        completion_tokens=completion_tokens,
        losses=completion_tokens + (edit_weight - 1) * sum(len(e.edits) for e in examples),
    )
