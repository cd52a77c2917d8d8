"""The command line: one message for a user's mistake and nothing left behind; configurations compose; quick to ask."""

import json
import shutil
import subprocess
import sys

import pytest
import yaml
from conftest import REPOSITORY

from feedback_lightning.cli import main

DATA = REPOSITORY / "data"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, cache):
    """An empty working directory, with a dataset beside it in which things can be broken."""
    shutil.copytree(DATA / "problems", tmp_path / "broken" / "problems")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["cli.py"])
    return folder


def training(folder, content):
    (folder.parent / "broken" / "training_raw.json").write_text(content)
    return ["--data.root", "../broken"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["--config", "r65.yaml"],
            "--config r65.yaml: no such file here or in configs/; there are: all_targets.yaml, course.yaml, demo.yaml",
        ),
        (["--config=r65"], "--config r65: no such file"),
        (["--data.root", "missing"], "missing: no such folder"),
        (["--model.lora.rank", "0"], "rank must be a whole number of at least 1, not 0"),
        (["--model.lora.targets", "[q_porj]"], "unknown target 'q_porj'; nearest names: q_proj"),
        (["--data.root", DATA, "--model.base_model", "./missing"], "base model ./missing: no such folder"),
        (["--data.root", DATA, "--ckpt_path", "last"], "--ckpt_path last: no run in lightning_logs/repair-r16"),
        (["--data.root", DATA, "--ckpt_path", "gone.ckpt"], "--ckpt_path gone.ckpt: no such file"),
        (["--data.root", DATA, "--data.max_tokens", "60"], "tokens, more than data.max_tokens = 60"),
        (["--model.lora.rnk", "4"], "nrecognized arguments: --model.lora.rnk 4; nearest options: --model.lora.rank"),
        (["--data.task", "repairs"], "data.task"),
        (["--data.root", DATA, "--trainer.accumulate_grad_batches", "2"], "accumulate_grad_batches"),
        (["--checkpoint.every_n_steps", "0"], "checkpoint.every_n_steps must be at least 1"),
        (["--trainer.logger", "false"], "fit writes the adapter beside its logs; leave out --trainer.logger false"),
        (["--config"], "expected one argument"),
    ],
)
def test_a_mistake_is_one_message_and_leaves_nothing(elsewhere, small_base, capsys, args, message):
    assert main(["fit", "--model.base_model", small_base, *map(str, args)]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert message in printed.err
    assert printed.err.count("error: ") == 1
    assert "Traceback" not in printed.err
    assert printed.out == ""
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"1": [', "training_raw.json:1: broken JSON"),
        (json.dumps({"1": [{"buggy_code": "x", "hint": "z"}]}), "problem 1, entry 0: 'repaired_code' is missing"),
        (
            json.dumps({"1": [{"buggy_code": "\n", "repaired_code": "y", "hint": "z"}]}),
            "entry 0: 'buggy_code' is empty",
        ),
    ],
)
def test_broken_data_is_one_message_and_leaves_nothing(elsewhere, small_base, capsys, content, message):
    args = training(elsewhere, content)
    test_a_mistake_is_one_message_and_leaves_nothing(elsewhere, small_base, capsys, args, message)


def test_a_mistake_in_a_process_of_its_own(elsewhere, small_base):
    """Nothing else is on either stream: no warnings, no tips."""
    options = ["--config", "r4.yaml", "--model.base_model", small_base, "--data.root", "missing"]
    command = [sys.executable, REPOSITORY / "cli.py", "fit", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: missing: no such folder")
    assert list(elsewhere.iterdir()) == []


def test_the_command_that_the_usage_shows_for_scaling(elsewhere, capsys):
    assert main(["scaling", "lightning_logs"]) == 2
    assert capsys.readouterr().err.startswith("error: lightning_logs: no run records")


def test_help_and_an_unknown_command(capsys):
    assert main(["--help"]) == main([]) == 0
    assert "python cli.py fit --config r64.yaml" in capsys.readouterr().out
    assert main(["fti"]) == 2
    assert "unknown command 'fti'; there are fit, validate" in capsys.readouterr().err


def printed_config(capsys, monkeypatch, *configs, option="--config"):
    monkeypatch.setattr(sys, "argv", ["cli.py"])
    with pytest.raises(SystemExit) as stopped:
        main(["fit", *(word for name in configs for word in (option, name)), "--print_config"])
    assert not stopped.value.code
    return yaml.safe_load(capsys.readouterr().out)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "configs").glob("*.yaml")), ids=lambda path: path.name)
def test_each_config_parses_and_is_used_whole(capsys, monkeypatch, path):
    def check(asked, got):
        for key, value in asked.items():
            if isinstance(value, dict):
                check(value, got[key])
            else:
                assert got[key] == value, key

    check(yaml.safe_load(path.read_text()), printed_config(capsys, monkeypatch, path.name))


def test_the_short_option_finds_configs_too(capsys, monkeypatch):
    assert printed_config(capsys, monkeypatch, "r64.yaml", option="-c")["model"]["lora"]["rank"] == 64


def test_configs_are_what_they_say(capsys, monkeypatch):
    for rank in (4, 16, 64):
        lora = printed_config(capsys, monkeypatch, f"r{rank}.yaml")["model"]["lora"]
        assert (lora["rank"], lora["alpha"]) == (rank, 2 * rank)
    for task in ("hints", "merged"):
        assert printed_config(capsys, monkeypatch, f"{task}.yaml")["data"]["task"] == task


def test_configs_compose_to_the_reports_recipe(capsys, monkeypatch):
    config = printed_config(capsys, monkeypatch, "r64.yaml", "merged.yaml", "phi3.yaml")
    model, data = config["model"], config["data"]
    assert (model["lora"]["rank"], data["task"]) == (64, "merged")
    assert model["base_model"] == "microsoft/Phi-3-mini-4k-instruct"
    assert len(model["lora"]["targets"]) == 7
    recipe = [model[key] for key in ("quantization", "learning_rate", "warmup_steps", "weight_decay")]
    assert recipe == ["nf4", 2e-4, 5, 0.01]
    assert (data["batch_size"], data["max_tokens"], data["val_fraction"]) == (8, 2048, 0.0)
    assert (config["trainer"]["max_epochs"], config["seed_everything"]) == (1, 3407)


@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (["--help"], ["torch", "lightning", "transformers", "datasets"]),
        (["fit", "--help"], ["datasets", "bitsandbytes", "transformers.models.phi3"]),
        (["fit", "--config", "r64.yaml", "--print_config"], ["datasets", "bitsandbytes", "transformers.models.phi3"]),
    ],
)
def test_asking_loads_neither_models_nor_datasets(args, absent):
    script = (
        "import sys; sys.argv = ['cli.py']; from feedback_lightning.cli import main\n"
        f"try: main({args})\nexcept SystemExit: pass\n"
        f"print([name for name in {absent} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
