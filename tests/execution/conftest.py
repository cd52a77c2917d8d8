"""The tiers that work on this machine."""

from typing import get_args

import pytest

from feedback_lightning.execution.sandbox import reason_against
from feedback_lightning.execution.schema import Tier


@pytest.fixture(scope="module", params=get_args(Tier))
def tier(request: pytest.FixtureRequest) -> Tier:
    """Each tier; skipped where it does not work."""
    if reason := reason_against(request.param):
        pytest.skip(reason)
    return request.param
