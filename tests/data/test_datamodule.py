"""FeedbackDataModule: tasks, the split by program, the length limit, and what it refuses."""

import json
import logging
import shutil
from pathlib import Path

import pytest
from conftest import REPOSITORY
from small_models import small_tokenizer

from feedback_lightning.data.datamodule import FeedbackDataModule, held_out_programs, program_key
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.prompts import repair_prompt

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def ready(few_data, small_base):
    """ready(**options): a data module that is set up."""

    def make(**options) -> FeedbackDataModule:
        module = FeedbackDataModule(**{"root": few_data, "base_model": small_base, **options})
        module.setup()
        return module

    return make


def prompts(examples):
    tokenizer = small_tokenizer()
    texts = (tokenizer.decode(ids[:prompt_length]) for ids, prompt_length, _ in examples)
    return [text.split("Program:")[1].split("```")[1] for text in texts]


def test_merged_is_repair_and_hints(ready):
    modules = {task: ready(task=task) for task in ("repair", "hints", "merged")}
    for side in ("train", "validation"):
        parts = getattr(modules["repair"], side) + getattr(modules["hints"], side)
        assert getattr(modules["merged"], side) == parts
    assert modules["merged"].train_tasks == ["repair"] * 108 + ["hints"] * 108
    assert len({module.fingerprint for module in modules.values()}) == 3


@pytest.mark.parametrize(
    ("lacks", "works", "refused"),
    [("hint", "repair", ("hints", "merged")), ("repaired_code", "hints", ("repair", "merged"))],
)
def test_an_entry_needs_what_its_task_trains_on(ready, few_data, tmp_path, lacks, works, refused):
    """What the others need and is missing is named, and no example is left out in silence."""
    shutil.copytree(f"{few_data}/problems", tmp_path / "problems")
    entries = json.loads(Path(few_data, "training_raw.json").read_text())
    del entries["3"][7][lacks]
    (tmp_path / "training_raw.json").write_text(json.dumps(entries))
    assert ready(root=str(tmp_path), task=works).train == ready(task=works).train
    for task in refused:
        with pytest.raises(DataError, match=rf"training_raw\.json: problem 3, entry 7: '{lacks}' is missing; .*{task}"):
            ready(root=str(tmp_path), task=task)


def test_no_program_is_on_both_sides_and_each_task_holds_out_the_same(ready):
    merged = ready(task="merged", val_fraction=0.3)
    trained, held_out = set(prompts(merged.train)), set(prompts(merged.validation))
    assert not trained & held_out
    assert len(held_out) == 36
    for task in ("repair", "hints"):
        assert set(prompts(ready(task=task, val_fraction=0.3).validation)) == held_out


def test_copies_of_a_program_stay_together():
    programs = [BuggyProgram("1", str(i), f"x = {i // 4}" + " \n" * (i % 4), "x = 9", "?") for i in range(80)]
    assert len({program_key(p) for p in programs}) == 20
    held_out = held_out_programs(programs, 0.25, seed=1)
    assert len(held_out) == 5
    assert sum(program_key(p) in held_out for p in programs) == 20


def test_programs_with_one_prompt_are_copies():
    """Prompts have spaces for tabs, so the layout of the file must not put one prompt on both sides."""
    problem = read_problems(REPOSITORY / "data")["1"]
    codes = ["if x:\n    y = 1", "if x:\n\ty = 1", "if x:\r\n    y = 1  \n\n"]
    assert len({repair_prompt(problem, code)[1]["content"] for code in codes}) == 1
    assert len({program_key(BuggyProgram("1", "p", code, "x", "?")) for code in codes}) == 1


def test_the_split_follows_the_seed():
    problems = read_problems(REPOSITORY / "data")
    programs = read_training(REPOSITORY / "data", problems)
    assert held_out_programs(programs, 0.2, 1) == held_out_programs(programs, 0.2, 1)
    assert held_out_programs(programs, 0.2, 1) != held_out_programs(programs, 0.2, 2)
    assert held_out_programs(programs, 0, 1) == set()


def test_nothing_is_held_out_if_so_asked(ready):
    module = ready(val_fraction=0.0)
    assert (len(module.train), module.validation, module.val_dataloader()) == (120, [], [])


def test_too_long_is_refused_by_name_or_left_out_with_a_count(ready, caplog):
    lengths = [len(ids) for ids, _, _ in ready(val_fraction=0.0).train]
    limit = sorted(lengths)[-10]
    with pytest.raises(
        FeedbackError, match=rf"training_raw.json\[\d\]\[\d+\] has \d+ tokens, more .* = {limit};.*--data.overlong drop"
    ):
        ready(max_tokens=limit)
    with caplog.at_level(logging.WARNING):
        module = ready(max_tokens=limit, overlong="drop", val_fraction=0.0)
    kept = [n for n in lengths if n <= limit]
    assert [len(ids) for ids, _, _ in module.train] == kept  # whole examples: nothing is cut
    assert module.dropped == 120 - len(kept) > 0
    assert f"left out {module.dropped} of 120 examples" in caplog.text
    with pytest.raises(FeedbackError, match="no training examples are left"):
        ready(max_tokens=10, overlong="drop")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"max_tokens": 5000}, "must hold the longest example"),
        ({"val_fraction": 1.0}, r"share in \[0, 1\)"),
        ({"val_fraction": -0.1}, r"share in \[0, 1\)"),
        ({"val_fraction": float("nan")}, r"share in \[0, 1\)"),
        ({"task": "merged", "repair_ratio": -0.5}, "repair_ratio"),
        ({"task": "merged", "repair_ratio": 1.5}, "repair_ratio"),
        ({"repair_ratio": 0.5}, "goes with --data.task merged"),
        ({"pairing": True}, "pairing goes with --data.task merged"),
        ({"pairing": True, "task": "merged", "batch_size": 5}, "even data.batch_size"),
        ({"pairing": True, "task": "merged", "repair_ratio": 0.5}, "no data.repair_ratio"),
    ],
)
def test_nonsense_is_refused(options, message):
    with pytest.raises(FeedbackError, match=message):
        FeedbackDataModule(**options)


def test_the_record_counts_what_is_trained_on(ready):
    module = ready(task="merged")
    record, steps = module.record(), list(module.train_dataloader())
    assert record["train_examples"] == sum(step.examples for step in steps) == 216
    assert record["tokens"] == sum(step.tokens for step in steps)
    assert record["completion_tokens"] == sum(step.completion_tokens for step in steps)


def computed(module):
    return sum(step.computed for step in module.train_dataloader())


def test_sharing_and_pairing_save_tokens_and_keep_the_examples(ready):
    separate = ready(task="merged", share_prefixes=False)
    shared, paired = ready(task="merged"), ready(task="merged", pairing=True)
    assert paired.train == shared.train == separate.train
    assert list(shared.train_dataloader().sampler) == list(separate.train_dataloader().sampler)
    assert computed(paired) < computed(shared) < computed(separate) == separate.record()["tokens"]
    programs = [[paired.train_programs[i] for i in step] for step in paired.train_dataloader().sampler]
    assert all(step.count(program) == 2 for step in programs for program in step)


def test_pairs_are_repair_and_hint_of_the_same_program(ready):
    module = ready(task="merged", pairing=True)
    first = next(iter(module.train_dataloader().sampler))
    assert {module.train_tasks[i] for i in first} == {"repair", "hints"}
    code = prompts([module.train[i] for i in first])
    assert code[0::2] == code[1::2]


def test_all_real_programs_are_used(ready, real_data):
    module = ready(root=str(real_data), task="merged", val_fraction=0.0)
    assert (len(module.train), module.dropped) == (2 * 957, 0)


def test_no_real_prompt_is_on_both_sides(ready, real_data):
    module = ready(root=str(real_data), seed=1)
    trained, held_out = (
        {tuple(ids[:prompt_length]) for ids, prompt_length, _ in side} for side in (module.train, module.validation)
    )
    assert len(module.train) + len(module.validation) == 957
    assert len(held_out) > 50
    assert len(trained & held_out) == 0


def test_the_fingerprint_is_of_the_text_and_not_of_the_split(ready):
    assert ready().fingerprint == ready(seed=1, val_fraction=0.5, batch_size=3).fingerprint


def test_other_datasets_are_trained_on_too(ready, few_data, tmp_path):
    shutil.copytree(f"{few_data}/problems", tmp_path / "problems")
    problem = json.loads((tmp_path / "problems" / "3_remove-duplicates.json").read_text())
    (tmp_path / "problems" / "3_remove-duplicates.json").write_text(json.dumps({**problem, "title": "Another title"}))
    entries = json.loads(Path(few_data, "training_raw.json").read_text())
    (tmp_path / "training_raw.json").write_text(json.dumps({"3": entries["3"][:6]}))
    alone, both = ready(val_fraction=0), ready(val_fraction=0, also=[str(tmp_path)])
    assert both.train[: len(alone.train)] == alone.train
    assert len(both.train) == len(alone.train) + 6  # with their own problem's text
    assert both.record()["also"] == [str(tmp_path)]
    assert len(set(both.train_problems)) == len(set(alone.train_problems)) + 1
    assert both.fingerprint != alone.fingerprint


def test_steps_of_few_problems_compute_fewer_tokens(ready):
    mixed, grouped = ready(), ready(problems_per_step=1)
    steps = {module: list(module.train_dataloader()) for module in (mixed, grouped)}
    assert sum(step.tokens for step in steps[mixed]) == sum(step.tokens for step in steps[grouped])
    computed = {module: sum(step.computed for step in steps[module]) for module in steps}
    assert computed[grouped] < 0.9 * computed[mixed]


@pytest.mark.parametrize(
    "options",
    [
        {"problems_per_step": 3}, {"problems_per_step": 0},
        {"problems_per_step": 2, "task": "merged", "pairing": True},
        {"problems_per_step": 2, "task": "merged", "repair_ratio": 0.5},
    ],
)  # fmt: skip
def test_problems_per_step_that_cannot_be_honoured_are_refused(options):
    with pytest.raises(FeedbackError, match=r"data\.problems_per_step .* must divide data\.batch_size \(8\)"):
        FeedbackDataModule(**options)
