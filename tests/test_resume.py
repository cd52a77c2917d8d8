"""A run killed in mid-epoch and resumed ends with the adapter of one that was not, bit for bit on a CPU."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import REPOSITORY
from safetensors.torch import load_file

OPTIONS = [
    "--config", "r4.yaml", "--data.batch_size", "4", "--trainer.max_epochs", "2",
    "--model.lora.dropout", "0.1", "--checkpoint.every_n_steps", "4", "--trainer.enable_progress_bar", "false",
]  # fmt: skip


def command(base: str, data: str, *more: str) -> list[str]:
    return [
        str(part)
        for part in (
            sys.executable,
            REPOSITORY / "cli.py",
            "fit",
            *OPTIONS,
            "--model.base_model",
            base,
            "--data.root",
            data,
            *more,
        )
    ]


def run(folder: Path, base: str, data: str, *more: str) -> None:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(command(base, data, *more), cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr


def kill_in_mid_epoch(folder: Path, base: str, data: str) -> None:
    folder.mkdir()
    process = subprocess.Popen(command(base, data), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(folder.rglob("last.ckpt")):
        assert process.poll() is None, "the run ended before its first checkpoint"
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not list(folder.rglob("run.json")), "the run was killed too late"


def test_a_killed_run_resumes_to_the_same_adapter(small_base, few_data, tmp_path, cache):
    run(tmp_path / "whole", small_base, few_data)
    kill_in_mid_epoch(tmp_path / "killed", small_base, few_data)
    run(tmp_path / "killed", small_base, few_data, "--ckpt_path", "last")
    [whole], [resumed] = ([*(tmp_path / name).rglob("adapter_model.safetensors")] for name in ("whole", "killed"))
    expected, tensors = load_file(whole), load_file(resumed)
    assert tensors.keys() == expected.keys()
    for name, tensor in expected.items():
        assert tensors[name].equal(tensor), name
    records = [json.loads(next((tmp_path / name).rglob("run.json")).read_text()) for name in ("whole", "killed")]
    assert records[1]["loss_curve"] == records[0]["loss_curve"]
    assert records[1]["time"]["tokens_computed"] == records[0]["time"]["tokens_computed"]
