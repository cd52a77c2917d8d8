"""Counts, time, memory, curve and record of a real run; what stops it."""

import json
from pathlib import Path

import pytest
import torch
from lightning.pytorch import Callback, Trainer, seed_everything
from lightning.pytorch.loggers import TensorBoardLogger
from small_models import small_phi3
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from feedback_lightning.callbacks.adapter_checkpoint import AdapterCheckpoint
from feedback_lightning.callbacks.loss_curve import LossCurve
from feedback_lightning.callbacks.parameter_scaling import (
    ParameterScaling,
    compare_counts,
    counts_of_runs,
    growth_exponent,
)
from feedback_lightning.callbacks.run_record import RunRecord
from feedback_lightning.callbacks.training_memory import TrainingMemory
from feedback_lightning.callbacks.training_time import TrainingTime
from feedback_lightning.data.datamodule import FeedbackDataModule
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.module import FeedbackModule
from feedback_lightning.summary import summary_rows
from feedback_lightning.summary import test_command as command_to_test
from lora import LoRAConfig, ModelShape, inject, lora_layers


def trainer_and_parts(base: str, root: str, folder: Path, rank: int = 4, extra: tuple = ()):
    seed_everything(7, verbose=False)
    module = FeedbackModule(lora=LoRAConfig(rank=rank), base_model=base)
    data = FeedbackDataModule(root=root, base_model=base, task="merged")
    measured = [TrainingTime(), TrainingMemory(), ParameterScaling(), LossCurve(), RunRecord(), AdapterCheckpoint(2)]
    logger = TensorBoardLogger(folder, name=f"r{rank}", default_hp_metric=False)
    trainer = Trainer(
        accelerator="cpu", callbacks=[*measured, *extra], logger=logger, max_epochs=1, log_every_n_steps=1,
        enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip
    return trainer, module, data


def run(base: str, root: str, folder: Path, rank: int) -> dict:
    trainer, module, data = trainer_and_parts(base, root, folder, rank)
    trainer.fit(module, data)
    return json.loads((Path(trainer.log_dir) / "run.json").read_text())


@pytest.fixture(scope="module")
def runs(small_base, few_data, tmp_path_factory):
    """One run for each of three ranks; the folder and the records."""
    folder = tmp_path_factory.mktemp("runs")
    return folder, {rank: run(small_base, few_data, folder, rank) for rank in (4, 16, 64)}


def test_parameters_grow_with_exponent_one(runs):
    folder, records = runs
    [counts] = counts_of_runs(folder).values()
    assert counts == {rank: record["parameters"]["counted"] for rank, record in records.items()}
    assert growth_exponent(list(counts), list(counts.values())) == 1
    for record in records.values():
        assert record["parameters"]["counted"] == record["parameters"]["predicted"]


def test_growth_needs_two_ranks_and_runs():
    with pytest.raises(FeedbackError, match="at least two ranks"):
        growth_exponent([4, 4], [10, 10])
    with pytest.raises(FeedbackError, match="no run records"):
        counts_of_runs(Path("/nonexistent"))


def test_growth_tells_quadratic_from_linear():
    assert growth_exponent([4, 16, 64], [16, 256, 4096]) == 2


@pytest.mark.parametrize("what", ["another rank in a layer", "a layer without adapters", "something else trainable"])
def test_a_difference_between_prediction_and_count_is_an_error(what):
    model, config = small_phi3(), LoRAConfig(rank=4)
    inject(model, config)
    layer = next(layer for path, layer in lora_layers(model) if ".1." in path)
    if what == "another rank in a layer":
        layer.blocks()[0].A = torch.nn.Parameter(torch.zeros(5, 32))
    elif what == "a layer without adapters":
        for _, adapted in lora_layers(model.model.layers[1]):
            adapted.requires_grad_(False)
    else:
        model.model.norm.requires_grad_(True)
    with pytest.raises(FeedbackError, match="predicted"):
        compare_counts(ModelShape.from_config(model.config), config, model)


def test_the_record_adds_up(runs):
    _, records = runs
    record = records[4]
    rows, data, time = record["loss_curve"]["rows"], record["data"], record["time"]
    assert record["status"] == "finished"
    assert len(rows) == time["steps"] == -(-data["train_examples"] // 8)
    assert rows[-1][1:3] == [1.0, data["train_examples"]]
    assert time["examples"] == data["train_examples"]
    assert time["tokens_computed"] < time["tokens_useful"] == data["tokens"]
    assert time["tokens_completion"] == data["completion_tokens"]
    assert 0 < time["seconds"] == pytest.approx(60 * time["minutes"])
    assert record["memory"]["predicted"]["tokens"] <= 4096
    assert record["memory"]["peak"] >= record["memory"]["at_start"] > 0
    assert record["final"]["val_loss"] > 0
    assert record["versions"]["torch"] == torch.__version__
    shown = dict(summary_rows(record))
    assert f"{record['parameters']['counted']:,} counted" in shown["Trainable parameters"]
    command = command_to_test(record)
    assert command.startswith(f"python cli.py test --model.adapter {record['adapter']} --model.base_model ")
    assert command.endswith("--data.task merged")
    saved = round(100 - 100 * time["tokens_computed"] / time["tokens_useful"])
    assert shown["Tokens"].endswith(f"{saved}% of them shared and not computed again")
    time["tokens_computed"] = time["tokens_useful"]
    assert dict(summary_rows(record))["Tokens"].endswith("none of them shared")


def test_tensorboard_has_curves_and_hyperparameters(runs):
    folder, records = runs
    events = EventAccumulator(str(folder / "r4" / "version_0")).Reload()
    tags = set(events.Tags()["scalars"])
    expected = {"loss", "loss_by_epoch", "val_loss", "learning_rate", "gradient_norm", "tokens_per_second",
                "useful_tokens_per_second", "memory_gb"}  # fmt: skip
    assert expected <= tags
    rows = records[4]["loss_curve"]["rows"]
    assert [e.value for e in events.Scalars("loss")] == pytest.approx([row[3] for row in rows])
    assert [e.step for e in events.Scalars("loss_by_epoch")] == [round(1000 * row[1]) for row in rows]
    rates = [e.value for e in events.Scalars("learning_rate")]
    assert rates[:6] == pytest.approx([2e-3 * k / 5 for k in range(6)])
    assert rates[6:] == sorted(rates[6:], reverse=True)
    hyperparameters = events.summary_metadata["_hparams_/session_start_info"].plugin_data.content
    assert b"learning_rate" in hyperparameters
    assert events.Scalars("final/loss")[0].value == pytest.approx(records[4]["final"]["loss"])


def test_an_interrupted_run_leaves_its_record(small_base, few_data, tmp_path, capsys):
    class Interrupt(Callback):
        def on_train_batch_start(self, trainer, module, batch, batch_idx):
            if batch_idx == 3:
                raise KeyboardInterrupt

    trainer, module, data = trainer_and_parts(small_base, few_data, tmp_path, extra=(Interrupt(),))
    with pytest.raises((SystemExit, KeyboardInterrupt)):
        trainer.fit(module, data)
    record = json.loads(next(tmp_path.rglob("run.json")).read_text())
    assert record["status"] == "stopped by KeyboardInterrupt"
    assert record["time"]["steps"] == 3
    assert next(tmp_path.rglob("last.ckpt")).is_file()
    assert "Steps up to 2 are kept" in capsys.readouterr().out


def test_no_checkpoint_is_written_after_an_epochs_last_batch(small_base, few_data, tmp_path, monkeypatch):
    """From such a one Lightning would go on as if the epoch had not ended, and count its end a second time."""
    steps: list[int] = []
    monkeypatch.setattr(AdapterCheckpoint, "save", lambda self, trainer: steps.append(trainer.global_step))
    trainer, module, data = trainer_and_parts(small_base, few_data, tmp_path)
    trainer.fit_loop.max_epochs = 2
    trainer.callbacks = [c if not isinstance(c, AdapterCheckpoint) else AdapterCheckpoint(1) for c in trainer.callbacks]
    trainer.fit(module, data)
    last = trainer.global_step
    assert steps == [s for s in range(1, last + 1) if s not in (last // 2, last)] + [last]
