"""REdit: how much the repairs that pass have changed."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torchmetrics import Metric

from feedback_lightning.metrics.tokens import edit_distance


class REdit(Metric):
    """Mean token distance from program to repair, over the repairs that pass every test and only those.

    A repair that fails has no say: a model that repairs one program with few edits has a lower REdit than one that
    also repairs the hard ones, so read it beside RPass.

    Distances are summed as integers, so however they are spread over devices, the figure is the same to the last bit.

    As input to ``update``, three sequences of equal length:
        programs: the buggy programs.
        repairs: the repair of each; None where there is none.
        passed: whether it passes every test.

    As output of ``compute``: a float64 scalar, in tokens; nan if no repair passed.

    Raises:
        ValueError: the sequences differ in length, or a repair is said to pass and is not there.

    >>> metric = REdit()
    >>> metric.update(["x = 1", "y = 1"], ["x = 2", None], [True, False])
    >>> metric.compute()
    tensor(1., dtype=torch.float64)
    """

    is_differentiable = False
    higher_is_better = False
    full_state_update = False

    distance: Tensor
    repaired: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.add_state("distance", torch.tensor(0), dist_reduce_fx="sum")
        self.add_state("repaired", torch.tensor(0), dist_reduce_fx="sum")

    def update(self, programs: Sequence[str], repairs: Sequence[str | None], passed: Sequence[bool]) -> None:
        distances = []
        for program, repair, passes in zip(programs, repairs, passed, strict=True):
            if passes and repair is None:
                raise ValueError("a program without a repair cannot have passed")
            if passes and repair is not None:
                distances.append(edit_distance(program, repair))
        self.distance += sum(distances)
        self.repaired += len(distances)

    def compute(self) -> Tensor:
        return self.distance.double() / self.repaired
