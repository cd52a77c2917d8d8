"""RPass: percent of the programs whose repair passes every test."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torchmetrics import Metric


class RPass(Metric):
    """Percent of the programs whose repair passes every test of the problem.

    Programs are counted as integers, so however they are spread over devices, the figure is the same to the last bit.

    As input to ``update``:
        passed: one bool for each program; a program without a repair is one that did not pass.

    As output of ``compute``: a float64 scalar in [0, 100]; nan if there were no programs.

    Args:
        kwargs: torchmetrics' own, such as sync_on_compute.

    >>> metric = RPass()
    >>> metric.update([True, False, True, True])
    >>> metric.compute()
    tensor(75., dtype=torch.float64)
    """

    is_differentiable = False
    higher_is_better = True
    full_state_update = False

    passed: Tensor
    programs: Tensor

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.add_state("passed", torch.tensor(0), dist_reduce_fx="sum")
        self.add_state("programs", torch.tensor(0), dist_reduce_fx="sum")

    def update(self, passed: Sequence[bool]) -> None:
        self.passed += sum(map(bool, passed))
        self.programs += len(passed)

    def compute(self) -> Tensor:
        return 100 * self.passed.double() / self.programs
