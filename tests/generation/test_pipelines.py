"""Which replies are asked for, and which repair counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.endpoint import EndpointConfig
from feedback_lightning.generation.pipelines import GenerationConfig, best_candidate, requests_for, sample_seed
from feedback_lightning.generation.schema import Request

PROMPT = [{"role": "user", "content": "Repair it."}]
SAME = "[FIXED]\nreturn 1\n[/FIXED]"


def test_basic_is_one_greedy_reply():
    [request] = requests_for(GenerationConfig(), PROMPT, "p", SAME)
    assert request.name == "p"
    assert (request.messages, request.temperature) == (PROMPT, 0.0)


def test_best_of_n_samples_with_a_seed_for_each_reply_and_program():
    config = GenerationConfig(pipeline="best-of-n")
    requests = [
        request for name in ("1_a/prog_1", "1_a/prog_2") for request in requests_for(config, PROMPT, name, SAME)
    ]
    assert len(requests) == 6
    assert {request.temperature for request in requests} == {0.7}
    assert len({request.seed for request in requests}) == 6
    assert requests[:3] == requests_for(config, PROMPT, "1_a/prog_1", SAME), "whatever else is asked"
    assert requests[0] not in requests_for(GenerationConfig(pipeline="best-of-n", seed=1), PROMPT, "1_a/prog_1", SAME)


def test_changes_are_departures_from_the_reply_that_changes_nothing():
    requests = requests_for(GenerationConfig(pipeline="changes", n=2), PROMPT, "p", SAME)
    assert requests == [Request(PROMPT, unlike=SAME, departure=k) for k in range(2)]


def test_endpoints_do_not_know_what_is_likeliest():
    with pytest.raises(FeedbackError, match="changes needs the probabilities of all tokens"):
        GenerationConfig(pipeline="changes", endpoint=EndpointConfig(model="m"))


@given(st.integers(), st.text(), st.integers(0, 100))
def test_seeds_are_what_endpoints_take(seed, name, k):
    assert 0 <= sample_seed(seed, name, k) < 2**31


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3)), min_size=1))
def test_the_best_passes_most_tests_then_edits_least_then_comes_first(candidates):
    passed = [tests for tests, _ in candidates]
    distances = [None if tests < 0 else distance for tests, distance in candidates]
    best = best_candidate(passed, distances)
    assert passed[best] == max(passed)
    rivals = [i for i in range(len(passed)) if passed[i] == passed[best]]
    if passed[best] >= 0:
        assert distances[best] == min(distances[i] for i in rivals)
        rivals = [i for i in rivals if distances[i] == distances[best]]
    assert best == rivals[0]


@pytest.mark.parametrize("wrong", [{"n": 0}, {"max_new_tokens": 0}, {"batch_size": 0}, {"temperature": 0.0}])
def test_settings_that_cannot_be_meant(wrong):
    with pytest.raises(FeedbackError, match=f"generation.{next(iter(wrong))} must be"):
        GenerationConfig(**wrong)
