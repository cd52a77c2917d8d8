"""The comparison runs, finds out who trains something else, and counts arithmetic as torch does."""

import importlib.util
import json

import pytest
import torch
from small_models import small_phi3
from torch.utils._python_dispatch import TorchDispatchMode

from benchmarks import comparison, growth, training
from benchmarks.contenders import ours, padded
from benchmarks.measure import useful_arithmetic
from benchmarks.where_time_goes import Profiler
from benchmarks.workload import TARGETS, Size, Workload, make_base_model, make_dataset, make_start, model_config
from feedback_lightning.data.packing import TokenizedExample, pack_step
from feedback_lightning.data.tokenization import load_chat_format
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.loss import completion_loss
from lora import LoRAConfig, ModelShape, inject

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(scope="module")
def workload(small_base, tmp_path_factory):
    folder = tmp_path_factory.mktemp("workload")
    base_model = make_base_model(Size(layers=2, vocabulary=600, hidden=128, tokenizer=small_base), folder / "base")
    root = make_dataset(folder / "data", programs=6, lines=3)
    return Workload(base_model, make_start(base_model, 4, folder), root, rank=4, batch=2, steps=3)


@pytest.mark.slow
def test_all_contenders_train_the_same_thing(workload, tmp_path):
    """Those that need no more than the tests do, and TRL where it is there."""
    names = ["ours", "ours, no sharing", "report's recipe"] + ["TRL 1"] * (importlib.util.find_spec("trl") is not None)
    results = comparison.compare(names, workload, tmp_path, lambda _: None)
    assert [result.failure for result in results] == [""] * len(results)
    real = [sum(len(ids) for ids, *_ in step) for step in workload.examples()[1:]]
    for result in results:
        assert result.first_loss == pytest.approx(results[0].first_loss, rel=1e-5)
        assert len(result.seconds) == len(result.processor_seconds) == 2
        assert result.memory > 0
    shared, packed, padded, *_ = (result.computed for result in results)
    assert packed == real
    assert all(a < b <= c for a, b, c in zip(shared, real, padded, strict=True))
    report = training.make_report("small", workload, results)
    assert json.loads(json.dumps(report))["rows"][0]["times_first"] == 1
    assert training.make_table(report).row_count == len(results)


def test_a_contender_that_trains_something_else_is_found_out():
    results = [comparison.Result("ours", 8.0), comparison.Result("another", 8.001)]
    with pytest.raises(FeedbackError, match=r"another has the loss 8.001000 .*, ours 8.000000"):
        comparison.check_losses(results, "float32")
    comparison.check_losses(results, "bfloat16")


def test_contenders_that_fail_or_are_unknown_are_named(workload, tmp_path):
    with pytest.raises(FeedbackError, match=r"none of the contenders runs here; plain PEFT: .*plain PEFT.log"):
        comparison.compare(["plain PEFT"], workload.but(start=str(tmp_path)), tmp_path, lambda _: None)
    with pytest.raises(FeedbackError, match="unknown contender 'their'; there are ours, "):
        comparison.known(["their"])


def test_padding():
    batch = padded([TokenizedExample([5, 6, 7], 1), TokenizedExample([8, 9], 1)], longest=4)
    assert batch["input_ids"].tolist() == [[5, 6, 7, 0], [8, 9, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 0], [1, 1, 0, 0]]
    assert batch["labels"].tolist() == [[-100, 6, 7, -100], [-100, 9, -100, -100]]


class Products(TorchDispatchMode):
    """Counts the floating-point operations of matrix products."""

    total = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function.overloadpacket in (torch.ops.aten.mm, torch.ops.aten.addmm, torch.ops.aten.addmm_):
            left, right = args[-2:]
            self.total += 2 * left.shape[0] * left.shape[1] * right.shape[1]
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("targets", TARGETS.values())
def test_useful_arithmetic_is_what_torch_counts(targets):
    """Of ours, which computes no more than that; attention aside, whose kernel torch does not count on a CPU."""
    examples = [TokenizedExample([5, 6, 7, 8, 9], 3), TokenizedExample([5, 6, 11, 12], 3), TokenizedExample([5, 6], 1)]
    model, config = small_phi3(num_hidden_layers=3), LoRAConfig(rank=5, targets=targets)
    model.set_attn_implementation(attention.NAME)
    inject(model.train(), config)
    (batch,) = pack_step(examples, 100).forwards
    with Products() as products:
        completion_loss(model, batch).backward()
    shape = ModelShape.from_config(model.config)
    seen = 1 + 2 + 3 + 4 + 5 + 3 + 4
    assert useful_arithmetic(shape, config, examples) == products.total + 12 * shape.layers * seen * shape.query


def test_a_model_with_fewer_tokens_reads_and_writes_the_same_text_in_more(workload, small_base):
    text = "<|user|>\ndef f(values):\n    return sorted(values)  # ä 𝛼\n<|end|>"
    cut, whole = (load_chat_format(base).tokenizer for base in (workload.base_model, small_base))
    ids = cut(text, add_special_tokens=False)["input_ids"]
    assert len(ids) > len(whole(text, add_special_tokens=False)["input_ids"])
    assert max(ids) < len(cut) == model_config(workload.base_model)["vocab_size"] == 600
    assert cut.decode(ids) == text


def test_growth_of_reading(small_base, tmp_path, monkeypatch):
    monkeypatch.setattr(growth, "EXAMPLES", (2, 4))
    rows = growth.preparation(tmp_path, small_base)
    assert [(row["examples"], row["contender"]) for row in rows] == [
        (2, "the first time"), (2, "cached"), (4, "the first time"), (4, "cached"),
    ]  # fmt: skip
    assert growth.make_table("examples", rows).row_count == 4


def test_growth_changes_one_thing(small_base, tmp_path):
    found = list(growth.workloads("rank", tmp_path, Size(layers=1, vocabulary=1000, hidden=64, tokenizer=small_base)))
    assert [(value, workload.rank, workload.batch) for value, workload in found] == [
        (4, 4, 8),
        (16, 16, 8),
        (64, 64, 8),
    ]


def test_a_profile_names_the_operators_of_all_steps_but_the_first(workload):
    profiler = Profiler()
    ours(workload, profiler, share_prefixes=True)
    profiler.stop()
    assert profiler.steps == workload.steps - 1
    rows = profiler.operators()
    assert [seconds for _, seconds, _ in rows] == sorted((seconds for _, seconds, _ in rows), reverse=True)
    calls = {name: calls for name, _, calls in rows}
    assert calls["aten::mm"] >= 4 * 2 * 2  # the frozen matrices of two layers, forward and backward
    assert calls["TreeAttention"] == 2
