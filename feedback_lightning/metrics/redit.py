"""REdit: how much the repairs that pass have changed."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torchmetrics import Metric


class REdit(Metric):
    """Mean token distance from program to repair, over the repairs that pass every test and only those.

    A repair that fails has no say: a model that repairs one program with few edits has a lower REdit than one that
    also repairs the hard ones, so read it beside RPass.

    Distances are summed as integers, so however they are spread over devices, the figure is the same to the last bit.

    As input to ``update``, three sequences of equal length:
        distances: of each repair from its program, as edit_distance measures it; None where there is no repair.
        passed: whether it passes every test.

    As output of ``compute``: a float64 scalar, in tokens; nan if no repair passed.

    Raises:
        ValueError: the sequences differ in length, or a repair is said to pass and is not there.

    Args:
        kwargs: torchmetrics' own, such as sync_on_compute.

    >>> metric = REdit()
    >>> metric.update([4, None, 60, 7], [True, False, False, True])
    >>> metric.compute()
    tensor(5.5000, dtype=torch.float64)
    """

    is_differentiable = False
    higher_is_better = False
    full_state_update = False

    distance: Tensor
    repaired: Tensor

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.add_state("distance", torch.tensor(0), dist_reduce_fx="sum")
        self.add_state("repaired", torch.tensor(0), dist_reduce_fx="sum")

    def update(self, distances: Sequence[int | None], passed: Sequence[bool]) -> None:
        counted = [distance for distance, passes in zip(distances, passed, strict=True) if passes]
        if None in counted:
            raise ValueError("a program without a repair cannot have passed")
        self.distance += sum(distance or 0 for distance in counted)
        self.repaired += len(counted)

    def compute(self) -> Tensor:
        return self.distance.double() / self.repaired
