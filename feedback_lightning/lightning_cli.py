"""FeedbackCLI: LightningCLI with our module, data and callbacks, run folders by name, and a summary at the end."""

import re
from pathlib import Path
from typing import Any, NoReturn

from lightning.pytorch.cli import LightningArgumentParser, LightningCLI

from feedback_lightning.callbacks.adapter_checkpoint import LAST, AdapterCheckpoint
from feedback_lightning.callbacks.loss_curve import LossCurve
from feedback_lightning.callbacks.parameter_scaling import ParameterScaling
from feedback_lightning.callbacks.run_record import RunRecord
from feedback_lightning.callbacks.training_memory import TrainingMemory
from feedback_lightning.callbacks.training_time import TrainingTime
from feedback_lightning.data.datamodule import FeedbackDataModule
from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.pipelines import pipeline_label
from feedback_lightning.modeling.module import FeedbackModule
from feedback_lightning.summary import print_summary
from lora.config import nearest_names

SEED = 3407
LOGGER = {
    "class_path": "lightning.pytorch.loggers.TensorBoardLogger",
    "init_args": {"save_dir": "lightning_logs", "name": None, "default_hp_metric": False},
}


class OneMessageParser(LightningArgumentParser):
    """Says what is wrong with an option, and which one may be meant, without the whole usage."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        options = [option for action in self._actions for option in action.option_strings]
        for unknown in re.findall(r"(?i)unrecognized arguments: (\S+)", message):
            message += f"; nearest options: {nearest_names(unknown.partition('=')[0], options)}"
        raise FeedbackError(message) from ex


class FeedbackCLI(LightningCLI):
    """Parses a command, gives the run a folder, and calls the trainer."""

    def __init__(self, model_class: type[FeedbackModule]) -> None:
        super().__init__(
            model_class,
            FeedbackDataModule,
            seed_everything_default=SEED,
            save_config_kwargs={"overwrite": True},  # a resumed run writes into its own folder
            parser_class=OneMessageParser,
            auto_configure_optimizers=False,
            trainer_defaults={
                "logger": LOGGER,
                "max_epochs": 3,
                "log_every_n_steps": 1,
                "num_sanity_val_steps": 0,
                "enable_model_summary": False,
                "callbacks": [TrainingTime(), TrainingMemory(), ParameterScaling(), LossCurve(), RunRecord()],
            },
        )

    @staticmethod
    def subcommands() -> dict[str, set[str]]:
        return {
            "fit": {"model", "train_dataloaders", "val_dataloaders", "datamodule", "weights_only"},
            "validate": {"model", "dataloaders", "datamodule", "weights_only"},
            "test": {"model", "dataloaders", "datamodule", "weights_only", "verbose"},
            "predict": {"model", "dataloaders", "datamodule", "weights_only", "return_predictions"},
        }

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        parser.add_lightning_class_args(AdapterCheckpoint, "checkpoint")
        parser.link_arguments("model.base_model", "data.base_model")
        parser.link_arguments("seed_everything", "data.seed", compute_fn=_seed)

    def before_instantiate_classes(self) -> None:
        """Name the run's folder after what it trains, and find the run that `--ckpt_path last` means."""
        config = self.config[self.subcommand]
        if self.subcommand != "fit":
            self.save_config_callback = None  # a run's config.yaml says how it was trained
        logger = config.trainer.logger
        if self.subcommand == "fit" and logger is False:
            raise FeedbackError("fit writes the adapter beside its logs; leave out --trainer.logger false")
        if not hasattr(logger, "init_args"):
            return
        options = logger.init_args
        if options.name is None:
            options.name = f"{config.data.task}-r{config.model.lora.rank}"
        if config.ckpt_path == "last":
            runs = Path(options.save_dir) / options.name
            run = newest_run(runs, LAST)
            if run is None:
                raise FeedbackError(f"--ckpt_path last: no run in {runs} has a checkpoint yet")
            config.ckpt_path = str(run / LAST)
            options.version = run.name
        if config.ckpt_path and not Path(config.ckpt_path).is_file():
            raise FeedbackError(f"--ckpt_path {config.ckpt_path}: no such file")
        if self.subcommand in ("test", "predict"):
            self._place_results(config, Path(options.save_dir))

    def _place_results(self, config: Any, logs: Path) -> None:
        """Beside the run, unless --model.output says where. Instead of logs there is results.json."""
        if config.ckpt_path and (config.model.adapter or config.model.generation.endpoint):
            raise FeedbackError("test one thing: --ckpt_path, --model.adapter or --model.generation.endpoint")
        if config.model.output is None:
            config.model.output = str(results_folder(config, logs))
        config.trainer.logger = False
        config.trainer.enable_progress_bar = False

    def _prepare_subcommand_kwargs(self, subcommand: str) -> dict[str, Any]:
        """Checkpoints are loaded as tensors and plain containers only, never as pickled code."""
        quiet = {"test": {"verbose": False}, "predict": {"return_predictions": False}}.get(subcommand, {})
        return {**super()._prepare_subcommand_kwargs(subcommand), **quiet, "weights_only": True}

    def after_fit(self) -> None:
        record = next(c for c in self.trainer.callbacks if isinstance(c, RunRecord)).result  # type: ignore[attr-defined]
        if not self.trainer.is_global_zero:
            return
        if record:
            print_summary(record)
        else:
            print(f"Nothing left to train: the run in {self.trainer.log_dir} has taken all its steps.")

    def after_test(self) -> None:
        self.model.print_results()

    def after_predict(self) -> None:
        self.model.print_replies()


def newest_run(folder: Path, file: Path) -> Path | None:
    """The run folder (version_0, version_1, …) below `folder` whose `file` was written last."""
    runs = [run for run in folder.glob("version_*") if (run / file).is_file()]
    return max(runs, key=lambda run: (run / file).stat().st_mtime, default=None)


def results_folder(config: Any, logs: Path) -> Path:
    """Beside the run whose checkpoint or adapter is tested; else in a folder named after what is."""
    model, data = config.model, config.data
    if config.ckpt_path:
        run = Path(config.ckpt_path).parent.parent
    elif model.adapter and (Path(model.adapter).parent / "run.json").is_file():
        run = Path(model.adapter).parent
    elif model.adapter:
        run = logs / f"adapter-{Path(model.adapter).resolve().name}"
    elif model.generation.endpoint:
        run = logs / f"endpoint-{re.sub(r'[^A-Za-z0-9.-]+', '-', model.generation.endpoint.model)}"
    else:
        run = logs / f"base-{Path(model.base_model).resolve().name}"
    pipeline = pipeline_label(model.generation.pipeline, model.generation.n)
    return run / "test" / f"{Path(data.root).resolve().name}-{data.task}-{pipeline}"


def _seed(seed: bool | int) -> int:
    return seed if isinstance(seed, int) and not isinstance(seed, bool) else SEED
