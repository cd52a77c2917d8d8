"""The most probable ways to write something else, against all ways there are."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.departures import departures


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(2, 4), st.integers(0, 2**31 - 1), st.data())
def test_they_are_the_most_probable_of_all(length, vocabulary, seed, data):
    logits = 3 * torch.randn(length, vocabulary, generator=torch.Generator().manual_seed(seed))
    reply = data.draw(st.lists(st.integers(0, vocabulary - 1), min_size=length, max_size=length))
    log_p = [[x - math.log(sum(math.exp(y) for y in row)) for x in row] for row in logits.double().tolist()]
    every = {
        (*reply[:place], token): sum(log_p[i][reply[i]] for i in range(place)) + log_p[place][token]
        for place in range(length)
        for token in range(vocabulary)
        if token != reply[place]
    }
    expected = sorted(every, key=every.__getitem__, reverse=True)
    count = data.draw(st.integers(1, len(every)))
    assert [tuple(beginning) for beginning in departures(logits, reply, count)] == expected[:count]
    with pytest.raises(FeedbackError, match=f"in {len(every)} ways, not in {len(every) + 1}"):
        departures(logits, reply, len(every) + 1)
