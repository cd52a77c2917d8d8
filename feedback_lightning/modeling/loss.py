"""The completion loss of a packed batch, with logits only where there is a label."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from feedback_lightning.data.packing import PackedBatch, Segment
from feedback_lightning.modeling.cross_entropy import linear_cross_entropy
from feedback_lightning.modeling.decoder import hidden_states


def predecessors(segments: Sequence[Segment]) -> Tensor:
    """For each token the index of the token before it, (T,); -1 for the first of a root.

    The first token of a child is predicted by the last token of its parent.

    >>> predecessors([Segment(0, 2), Segment(2, 4, 0), Segment(4, 5, 0), Segment(5, 6)]).tolist()
    [-1, 0, 1, 2, 1, -1]
    """
    before = torch.arange(-1, segments[-1].end - 1)
    for segment in segments:
        before[segment.start] = segments[segment.parent].end - 1 if segment.parent >= 0 else -1
    return before


def completion_loss(model: Any, batch: PackedBatch) -> Tensor:
    """Sum of the cross-entropy over the batch's examples, in float32 (nats).

    A token that several examples share counts as often as they have a loss on it. A sum, not a mean: the caller divides
    by the completion tokens of the whole optimiser step, so that the loss does not depend on how the step is cut into
    forwards.

    Args:
        model: a transformers causal language model whose attention is "segments".
        batch: T tokens.
    """
    before = predecessors(batch.segments).to(batch.input_ids.device)
    labelled = ((batch.loss_counts > 0) & (before >= 0)).nonzero().squeeze(1)
    hidden = hidden_states(model, batch, before[labelled])
    labels, counts = batch.input_ids[labelled], batch.loss_counts[labelled]
    return linear_cross_entropy(hidden, model.get_output_embeddings(), labels, counts.float())
