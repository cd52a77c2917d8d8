"""The order depends on seed and epoch only; the loader resumes in mid-epoch."""

import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.data.sampling import StepLoader, StepSampler
from feedback_lightning.errors import FeedbackError

TASKS = ["repair"] * 13 + ["hints"] * 7
EXAMPLES = [TokenizedExample([i, 100, 200], 1) for i in range(len(TASKS))]
few = settings(deadline=None, max_examples=25)


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


@few
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
    for task in ("repair", "hints"):
        counts = [drawn.count(i) for i in range(20) if TASKS[i] == task]
        assert max(counts) - min(counts) <= 1


def test_a_ratio_draws_anew_each_epoch():
    drawn = [{i for step in order(repair_ratio=0.25, epoch=epoch) for i in step if i < 13} for epoch in range(4)]
    assert {len(repairs) for repairs in drawn} == {5}
    assert len(set(map(frozenset, drawn))) > 1


def test_a_ratio_of_a_kind_that_is_not_there_ends():
    """It may refuse or draw the others, but not search for ever."""

    def too_late(*_):
        raise TimeoutError("still looking for repairs where there are none")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        list(StepSampler(["hints"] * 5, 2, 0, repair_ratio=0.5))
    except FeedbackError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@few
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(1, 4), st.sampled_from([None, 3, 4]))
def test_pairs_come_into_one_step(pairs, alone, epoch, half_batch, seed):
    """Programs with both examples, and some that have lost one of the two because it was too long."""
    programs = [*(f"p{i}" for i in range(pairs + alone)), *(f"p{i}" for i in range(pairs))]
    sampler = StepSampler(["repair"] * (pairs + alone) + ["hints"] * pairs, 2 * half_batch, seed, programs=programs)
    sampler.set_epoch(epoch)
    steps = list(sampler)
    assert sorted(i for step in steps for i in step) == list(range(len(programs)))
    assert len(steps) == len(sampler)
    assert all(len(step) == 2 * half_batch for step in steps[:-1])
    for step in steps:
        for i in range(pairs):
            assert (i in step) == (pairs + alone + i in step)


def test_pairs_are_shuffled_by_seed_and_epoch():
    programs = [f"p{i % 10}" for i in range(20)]

    def pairs(seed=3, epoch=0):
        sampler = StepSampler(["repair"] * 10 + ["hints"] * 10, 4, seed, programs=programs)
        sampler.set_epoch(epoch)
        return list(sampler)

    assert pairs() == pairs()
    assert pairs(epoch=1) != pairs()
    assert pairs(seed=4) != pairs()


@few
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


def test_a_resumed_loader_counts_on_and_can_be_resumed_again():
    def loader():
        return StepLoader(EXAMPLES, StepSampler(TASKS, batch_size=4, seed=3), budget=30)

    whole, state = first_tokens(loader()), {"steps_taken": 1}
    for taken in (2, 3, 4):
        resumed = loader()
        resumed.load_state_dict(state)
        next(iter(resumed))
        state = resumed.state_dict()
        assert state == {"steps_taken": taken}
    last = loader()
    last.load_state_dict(state)
    assert first_tokens(last) == whole[4:]


@few
@given(st.integers(1, 6))
def test_devices_take_each_example_once(devices):
    steps = [first_tokens(StepLoader(EXAMPLES, StepSampler(TASKS, 4, 3), 30, r, devices)) for r in range(devices)]
    for k, whole in enumerate(order()):
        own = [i for r in range(devices) for i in steps[r][k]]
        # With more devices than examples the idle ones repeat the first in sorted order, without a loss.
        assert sorted(own) == sorted(whole + [min(whole)] * max(0, devices - 4))


def test_a_device_without_an_example_computes_one_without_labels():
    """Twenty examples in steps of six over three devices, of which the last step has two."""
    loaders = [StepLoader(EXAMPLES, StepSampler(TASKS, 6, 3), 30, rank, 3) for rank in range(3)]
    *_, last = zip(*loaders, strict=True)
    labelled = [sum(int(f.loss_counts.sum()) for f in step.forwards) for step in last]
    assert labelled == [2, 0, 2]
    assert [sum(len(f.input_ids) for f in step.forwards) for step in last] == [3, 3, 3]
    assert {(step.examples, step.tokens, step.completion_tokens) for step in last} == {(2, 6, 4)}


PROBLEMS = ["a"] * 9 + ["b"] * 7 + ["c"] * 4


@few
@given(st.integers(0, 50), st.integers(0, 3), st.sampled_from([1, 2, 4]))
def test_a_step_holds_as_many_examples_of_each_of_its_problems(seed, epoch, problems_per_step):
    steps = order(seed, epoch, problems=PROBLEMS, problems_per_step=problems_per_step)
    assert sorted(i for step in steps for i in step) == list(range(20))
    share = 4 // problems_per_step
    whole = sum(PROBLEMS.count(problem) // share for problem in "abc")  # shares that are full
    in_order = [PROBLEMS[i] for step in steps for i in step]
    for i in range(0, whole * share, share):
        assert len(set(in_order[i : i + share])) == 1


def test_examples_by_problem_are_another_order_in_each_epoch_and_seed():
    first = order(problems=PROBLEMS, problems_per_step=2)
    assert first == order(problems=PROBLEMS, problems_per_step=2)
    assert first != order(problems=PROBLEMS, problems_per_step=2, epoch=1)
    assert first != order(problems=PROBLEMS, problems_per_step=2, seed=4)
