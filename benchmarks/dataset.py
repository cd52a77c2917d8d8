"""The dataset that benchmarks measure on: the real one where it lies beside the repository, else data/."""

from feedback_lightning.paths import REPOSITORY

_REAL = REPOSITORY.parent / "shared" / "data" / "intropynus"
DATASET = _REAL if _REAL.is_dir() else REPOSITORY / "data"
