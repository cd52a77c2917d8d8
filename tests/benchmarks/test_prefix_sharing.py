"""The counts of the benchmark on our own data."""

import pytest

from benchmarks.prefix_sharing import count_epochs
from feedback_lightning.data.datamodule import FeedbackDataModule


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("pairing", [False, True])
def test_counts_are_in_order(few_data, small_base, pairing):
    data = FeedbackDataModule(few_data, "merged", small_base, pairing=pairing, val_fraction=0.0)
    data.setup()
    counts, seconds = count_epochs(data, epochs=2)
    assert counts.real == 2 * data.record()["tokens"]
    assert counts.shared <= counts.shared_in_budget < counts.real < counts.padded_to_batch < counts.padded_to_dataset
    assert len(seconds) == 2 * len(data.train_dataloader())
