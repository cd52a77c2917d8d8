"""`test` and `predict` as a user calls them: results beside the run, interruption, the base alone, an adapter."""

import json
import shutil
import subprocess
import sys

import pytest
import torch
from conftest import REPOSITORY
from small_models import randomise_adapters

from feedback_lightning.cli import main
from feedback_lightning.generation.local import LocalGenerator
from feedback_lightning.generation.schema import Reply
from feedback_lightning.modeling.base_model import load_base_model
from lora import LoRAConfig, inject, load_adapter, save_adapter

DATA = REPOSITORY / "data"
QUICK = ["--model.generation.max_new_tokens", "12"]


@pytest.fixture
def few(tmp_path, monkeypatch, cache):
    """An empty working directory beside a dataset of two evaluation programs, without fixes as a course has them."""
    for name in ("1_insert-position/prog_1", "5_top-k/prog_2"):
        shutil.copytree(DATA / "evaluation_data" / name, tmp_path / "few" / "evaluation_data" / name)
        (tmp_path / "few" / "evaluation_data" / name / "fixed.py").unlink()
    shutil.copytree(DATA / "problems", tmp_path / "few" / "problems")
    shutil.copy(DATA / "training_raw.json", tmp_path / "few")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(sys, "argv", ["cli.py"])
    return ["--data.root", "../few", "--model.dtype", "float32"]  # replies are compared token by token


def run(capsys, *args):
    status = main([str(arg) for arg in args])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return printed.out


def read(folder, name="results.json"):
    return json.loads((folder / name).read_text())


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_base_model_alone(few, small_base, capsys, tmp_path):
    printed = run(capsys, "test", *few, *QUICK, "--model.base_model", small_base)
    folder = tmp_path / "work" / "lightning_logs" / "base-small-phi3" / "test" / "few-repair-basic"
    results = read(folder)
    assert f"{small_base} alone" in printed
    assert "RPass" in printed
    assert str(folder.relative_to(tmp_path / "work")) in printed
    assert results["model"]["adapter"] is None
    assert [row["program"] for row in results["programs"]] == ["1_insert-position/prog_1", "5_top-k/prog_2"]
    assert results["figures"]["all"]["RPass"] == 0.0  # twelve tokens repair nothing
    assert results["usage"]["replies"] == len(lines(folder / "transcript.jsonl")) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["results.json", "transcript.jsonl"]


def test_a_run_and_its_adapter_give_the_same_replies(few, small_base, capsys, tmp_path):
    """The checkpoint of a run and its adapter folder are the same model, and not the base."""
    options = [*few, "--model.base_model", small_base]
    run(capsys, "fit", *options, "--model.learning_rate", "0.1", "--trainer.max_steps", "3", "--data.val_fraction", "0")
    version = tmp_path / "work" / "lightning_logs" / "repair-r16" / "version_0"
    run(capsys, "test", *options, *QUICK, "--ckpt_path", "last")
    for command, extra in (("test", QUICK), ("validate", [])):
        assert main([command, *map(str, [*options, *extra, "--ckpt_path", "last", "--model.lora.alpha", "640"])]) == 2
        assert "this checkpoint is of a run with alpha / rank 2.0" in capsys.readouterr().err
    assert main(["fit", *map(str, options), "--ckpt_path", "last", "--trainer.max_steps", "4"]) == 2
    assert "this checkpoint is of a run with learning_rate 0.1; repeat its options" in capsys.readouterr().err
    assert main(["validate", *map(str, options), "--ckpt_path", "last", "--data.val_fraction", "0"]) == 2
    assert "nothing is held out to validate on" in capsys.readouterr().err
    of_run = version / "test" / "few-repair-basic"
    run(capsys, "test", *options, *QUICK, "--model.adapter", version / "adapter", "--model.output", "elsewhere")
    by_checkpoint, by_folder = read(of_run), read(tmp_path / "work" / "elsewhere")
    assert by_checkpoint["model"]["identity"] == by_folder["model"]["identity"]
    replies = [
        [row["reply"] for row in lines(folder / "transcript.jsonl")]
        for folder in (of_run, tmp_path / "work" / "elsewhere")
    ]
    assert sorted(replies[0]) == sorted(replies[1])
    run(capsys, "test", *options, *QUICK, "--model.output", "base")
    assert read(tmp_path / "work" / "base")["model"]["identity"] != by_folder["model"]["identity"]


def test_what_is_generated_is_what_the_adapted_model_generates(few, small_base, capsys, tmp_path):
    model = load_base_model(small_base, "float32", "none", torch.device("cpu"))
    inject(model, LoRAConfig(rank=2, targets=("q_proj", "down_proj")))
    randomise_adapters(model)
    save_adapter(model, tmp_path / "mine")
    run(capsys, "predict", *few, *QUICK, "--model.base_model", small_base, "--model.adapter", tmp_path / "mine")
    rows = lines(tmp_path / "work" / "lightning_logs" / "adapter-mine" / "test" / "few-repair-basic" / "replies.jsonl")
    assert [row["program"] for row in rows] == ["1_insert-position/prog_1", "5_top-k/prog_2"]
    from feedback_lightning.data.readers import read_evaluation, read_problems
    from feedback_lightning.data.tokenization import load_chat_format
    from feedback_lightning.generation.schema import Request
    from feedback_lightning.prompts import repair_prompt

    fresh = load_base_model(small_base, "float32", "none", torch.device("cpu"))
    load_adapter(fresh, tmp_path / "mine")
    problems = read_problems(tmp_path / "few")
    requests = [
        Request(repair_prompt(problems[p.problem], p.code)) for p in read_evaluation(tmp_path / "few", problems)
    ]
    generator = LocalGenerator(fresh, load_chat_format(small_base), 12, batch_size=1, lookup=False)
    expected = dict(generator.replies(requests))
    assert [row["text"] for row in rows] == [expected[i].text for i in range(2)]


def test_merged_repairs_and_hints(few, small_base, capsys, tmp_path):
    options = [*few, *QUICK, "--model.base_model", small_base, "--model.output", "out", "--data.task", "merged"]
    printed = run(capsys, "test", *options)
    results = read(tmp_path / "work" / "out")
    assert len(results["programs"]) == len(results["hints"]) == 2
    assert results["usage"]["replies"] == 4
    assert "Hints: 0 of 2 replies have one" in printed
    run(capsys, "test", *options, "--data.task", "hints")
    results = read(tmp_path / "work" / "out")
    assert (results["programs"], results["figures"]) == ([], {})


def test_replies_without_tags_are_scored_and_counted(few, small_base, capsys, tmp_path, monkeypatch):
    """Each reply counts, also of several for one program; replies to hint prompts do not."""

    def canned(self, requests):
        for i, request in enumerate(requests):
            code = request.messages[-1]["content"].split("```python\n")[1].split("```")[0]
            texts = (f"```python\n{code}```", f"[FIXED]\n{code}[/FIXED]", "I cannot.")
            yield i, Reply(texts[i % 3], 1, 1, "length" if i == 0 else "stop")

    monkeypatch.setattr(LocalGenerator, "replies", canned)
    options = [*few, "--model.base_model", small_base, "--model.output", "out", "--data.task", "merged"]
    printed = run(capsys, "test", *options, "--model.generation.pipeline", "best-of-n")
    results = read(tmp_path / "work" / "out")
    assert results["repair_replies"] == {"count": 6, "untagged": 4, "fenced": 2, "cut": 1}
    assert [row["distance"] for row in results["programs"]] == [0, 0]
    assert "No tags in 4 of 6 replies; in 2 of them a single fenced program counts as the repair.\n" in printed
    assert "Cut at generation.max_new_tokens = 512: 1 of 6 replies.\n" in printed


def test_an_interrupted_test_goes_on_where_it_stopped(few, small_base, capsys, tmp_path, monkeypatch):
    options = ["test", *few, *QUICK, "--model.base_model", small_base, "--model.output", "out",
               "--model.generation.pipeline", "best-of-n", "--model.generation.batch_size", "1"]  # fmt: skip
    complete = LocalGenerator.replies

    def interrupted(self, requests):
        for done, item in enumerate(complete(self, requests)):
            if done == 2:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(LocalGenerator, "replies", interrupted)
    with pytest.raises(SystemExit):
        main(options)
    transcript = tmp_path / "work" / "out" / "transcript.jsonl"
    kept = transcript.read_text()
    assert len(kept.splitlines()) == 2
    assert not (tmp_path / "work" / "out" / "results.json").exists()
    monkeypatch.setattr(LocalGenerator, "replies", complete)
    run(capsys, *options)
    assert transcript.read_text().startswith(kept)
    assert len(transcript.read_text().splitlines()) == 6
    assert read(tmp_path / "work" / "out")["usage"]["replies"] == 6


def test_two_devices_agree_with_one(few, small_base, capsys, tmp_path):
    """Each process takes its share of the programs; figures, replies and their order are those of one process."""
    options = ["test", *few, *QUICK, "--model.base_model", small_base, "--trainer.accelerator", "cpu"]
    command = [sys.executable, str(REPOSITORY / "cli.py"), *options, "--model.output", "two"]
    command += ["--trainer.devices", "2", "--trainer.strategy", "ddp"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("RPass") == 1
    run(capsys, *options, "--model.output", "one")
    one, two = (read(tmp_path / "work" / folder) for folder in ("one", "two"))
    for part in ("model", "figures", "programs", "repair_replies", "usage"):
        assert one[part] == two[part]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--model.adapter", "missing"], "missing is not an adapter folder"),
        (["--model.generation.n", "0"], "generation.n must be at least 1"),
        (["--model.adapter", "a", "--model.generation.endpoint.model", "m"], "leave out model.adapter"),
        (["--ckpt_path", "last"], "--ckpt_path last: no run in lightning_logs/repair-r16 has a checkpoint yet"),
        (["--model.generation.endpoint.model", "m"], "needs a key"),
        (["--data.root", "missing"], "missing: no such folder"),
    ],
)
def test_a_mistake_is_one_message_and_leaves_nothing(few, small_base, capsys, tmp_path, monkeypatch, args, message):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert main(["test", *few, "--model.base_model", small_base, *args]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert message in printed.err
    assert list((tmp_path / "work").iterdir()) == []
