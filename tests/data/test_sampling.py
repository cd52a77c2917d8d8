"""The order depends on seed and epoch only; the loader resumes in mid-epoch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.data.sampling import StepLoader, StepSampler

TASKS = ["repair"] * 13 + ["hints"] * 7
EXAMPLES = [TokenizedExample([i, 100, 200], 1) for i in range(len(TASKS))]


def order(seed=3, epoch=0, **options):
    sampler = StepSampler(TASKS, batch_size=4, seed=seed, **options)
    sampler.set_epoch(epoch)
    return list(sampler)


def first_tokens(loader):
    """The examples of each step, by their first token."""
    steps = []
    for step in loader:
        steps.append([f.input_ids[s.start].item() for f in step.forwards for s in f.segments])
    return steps


@given(st.integers(0, 50), st.integers(0, 5))
def test_an_epoch_takes_each_example_once(seed, epoch):
    steps = order(seed, epoch)
    assert sorted(i for step in steps for i in step) == list(range(20))
    assert [len(step) for step in steps] == [4] * 5


def test_seed_and_epoch_decide():
    assert order() == order()
    assert order(epoch=1) != order()
    assert order(seed=4) != order()
    assert order(seed=None) == [list(range(i, i + 4)) for i in range(0, 20, 4)]


@pytest.mark.parametrize(("ratio", "repairs"), [(0.0, 0), (0.25, 5), (0.5, 10), (1.0, 20)])
def test_a_ratio_draws_that_share(ratio, repairs):
    drawn = [i for step in order(repair_ratio=ratio) for i in step]
    assert len(drawn) == 20
    assert sum(TASKS[i] == "repair" for i in drawn) == repairs
    # Round and round: no example is drawn twice before all of its kind were drawn once.
    counts = [drawn.count(i) for i in range(20) if TASKS[i] == "repair"]
    assert max(counts) - min(counts) <= 1


@given(st.integers(0, 5), st.integers(0, 3))
def test_a_loader_resumes_where_its_state_was_taken(taken, epoch):
    def loader():
        sampler = StepSampler(TASKS, batch_size=4, seed=3)
        sampler.set_epoch(epoch)
        return StepLoader(EXAMPLES, sampler, budget=30)

    whole, interrupted, resumed = first_tokens(loader()), loader(), loader()
    steps = iter(interrupted)
    for _ in range(taken):
        next(steps)
    resumed.load_state_dict(interrupted.state_dict())
    assert first_tokens(resumed) == whole[taken % 5 :]
    assert first_tokens(resumed) == whole  # the next epoch is whole again


@given(st.integers(1, 6))
def test_devices_take_each_example_once(devices):
    steps = [first_tokens(StepLoader(EXAMPLES, StepSampler(TASKS, 4, 3), 30, r, devices)) for r in range(devices)]
    for k, whole in enumerate(order()):
        own = [i for r in range(devices) for i in steps[r][k]]
        # With more devices than examples the idle ones repeat the first example, without labels.
        assert sorted(own) == sorted(whole + [whole[0]] * max(0, devices - 4))
