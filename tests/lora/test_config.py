"""LoRAConfig refuses nonsense with a message that helps, and has the scaling of the papers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lora import DEFAULT_TARGETS, FUSED_TARGETS, TARGETS, LoRAConfig, LoRAError


@pytest.mark.parametrize("rank", [0, -1, True, False, 4.0, 0.5, float("nan"), "4", None])
def test_a_rank_that_is_no_whole_number_from_1_is_refused(rank):
    with pytest.raises(LoRAError, match=r"rank must be a whole number of at least 1, not "):
        LoRAConfig(rank=rank)


@pytest.mark.parametrize("alpha", [0, 0.0, -1, -0.5, float("nan"), float("inf")])
def test_an_alpha_that_is_not_positive_is_refused(alpha):
    with pytest.raises(LoRAError, match="alpha must be positive"):
        LoRAConfig(alpha=alpha)


@pytest.mark.parametrize("dropout", [-0.01, 1, 1.0, 1.5, float("nan")])
def test_a_dropout_outside_0_to_1_is_refused(dropout):
    with pytest.raises(LoRAError, match=r"dropout is a probability in \[0, 1\)"):
        LoRAConfig(dropout=dropout)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("q_porj", "q_proj"),
        ("gate_pro", "gate_proj"),
        ("qkvproj", "qkv_proj"),
        ("down-proj", "down_proj"),
        ("gateup_proj", "gate_up_proj"),
    ],
)
def test_an_unknown_target_is_refused_with_the_nearest_names(typed, meant):
    with pytest.raises(LoRAError, match="unknown target") as refusal:
        LoRAConfig(targets=("o_proj", typed))
    message, _, nearest = str(refusal.value).partition("nearest names: ")
    assert repr(typed) in message
    assert meant in nearest.split(", ")
    assert len(nearest.split(", ")) <= 3


def test_a_target_like_no_other_is_refused_with_all_names():
    with pytest.raises(LoRAError) as refusal:
        LoRAConfig(targets=("12345",))
    assert all(name in str(refusal.value) for name in (*TARGETS, *FUSED_TARGETS))


def test_empty_targets_are_refused():
    with pytest.raises(LoRAError, match="targets is empty"):
        LoRAConfig(targets=())


@pytest.mark.parametrize("target", [*TARGETS, *FUSED_TARGETS])
def test_a_target_given_twice_is_refused(target):
    with pytest.raises(LoRAError, match=f"'{target}' is given twice"):
        LoRAConfig(targets=(target, target))


@pytest.mark.parametrize(("fused", "part"), [(f, part) for f, parts in FUSED_TARGETS.items() for part in parts])
def test_a_fused_target_together_with_one_of_its_parts_is_refused(fused, part):
    for targets in ((fused, part), (part, "down_proj", fused)):
        with pytest.raises(LoRAError, match=rf"{fused} and {part} adapt the same rows"):
            LoRAConfig(targets=targets)


@pytest.mark.parametrize("fused", FUSED_TARGETS)
def test_a_fused_target_goes_with_the_parts_of_the_other(fused):
    others = [name for name in TARGETS if name not in FUSED_TARGETS[fused]]
    assert LoRAConfig(targets=(fused, *others)).targets == (fused, *others)


def test_targets_may_be_a_list_and_are_kept_as_a_tuple():
    assert LoRAConfig(targets=["v_proj", "q_proj"]).targets == ("v_proj", "q_proj")
    assert LoRAConfig().targets == DEFAULT_TARGETS


@settings(deadline=None, max_examples=50)
@given(rank=st.integers(1, 4096), alpha=st.none() | st.floats(1e-3, 1e6), dropout=st.floats(0, 1, exclude_max=True))
def test_scaling_is_alpha_over_r_or_its_root_and_alpha_is_2r_by_default(rank, alpha, dropout):
    numerator = 2 * rank if alpha is None else alpha
    assert LoRAConfig(rank, alpha, dropout).scaling == numerator / rank
    assert LoRAConfig(rank, alpha, dropout, rslora=True).scaling == numerator / math.sqrt(rank)
