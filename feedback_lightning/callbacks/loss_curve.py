"""LossCurve: the training loss of every step, also over the fraction of an epoch, to compare runs of any batch size."""

from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import TensorBoardLogger

from feedback_lightning.data.packing import StepBatch


class LossCurve(Callback):
    """Keeps (step, epochs, examples seen, loss) and writes `loss_by_epoch` to TensorBoard.

    TensorBoard's axis is whole numbers, so there the x of `loss_by_epoch` counts thousandths of an epoch.
    """

    columns = ("step", "epochs", "examples", "loss")

    def __init__(self) -> None:
        self.rows: list[list[float]] = []

    def on_train_batch_end(
        self, trainer: Trainer, module: LightningModule, outputs: Any, batch: StepBatch, batch_idx: int
    ) -> None:
        epochs = trainer.current_epoch + (batch_idx + 1) / trainer.num_training_batches
        examples = (self.rows[-1][2] if self.rows else 0) + batch.examples
        loss = outputs["step_loss"].item()
        self.rows.append([trainer.global_step, epochs, examples, loss])
        if isinstance(trainer.logger, TensorBoardLogger):
            trainer.logger.experiment.add_scalar("loss_by_epoch", loss, round(1000 * epochs))

    def state_dict(self) -> dict[str, Any]:
        return {"rows": self.rows}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.rows = [list(row) for row in state_dict["rows"]]

    def record(self) -> dict[str, Any]:
        return {"columns": list(self.columns), "rows": self.rows}
