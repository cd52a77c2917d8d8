"""How good repairs are, and how sure one can be of it.

rpass.py        RPass: percent of the programs whose repair passes every test
redit.py        REdit: mean token distance of the repairs that pass
tokens.py       the token lists between which that distance is taken
statistics.py   intervals for one model's figures, and tests of two models on the same programs
"""

from feedback_lightning.metrics.redit import REdit
from feedback_lightning.metrics.rpass import RPass
from feedback_lightning.metrics.statistics import (
    Interval,
    bootstrap_mean_interval,
    mcnemar_exact,
    paired_bootstrap,
    wilson_interval,
)
from feedback_lightning.metrics.tokens import edit_distance, program_tokens

__all__ = [
    "Interval",
    "REdit",
    "RPass",
    "bootstrap_mean_interval",
    "edit_distance",
    "mcnemar_exact",
    "paired_bootstrap",
    "program_tokens",
    "wilson_interval",
]
