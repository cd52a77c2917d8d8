"""FeedbackModule: supervised fine-tuning of LoRA adapters on packed optimiser steps."""

import contextlib
from typing import Any, Literal

import torch
from lightning.pytorch import LightningModule
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel
from torchmetrics import MeanMetric

from feedback_lightning.base_models import DEFAULT_BASE
from feedback_lightning.data.packing import StepBatch
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.base_model import DType, Quantization, load_base_model, meta_model
from lora import (
    LoRAConfig,
    LoRAError,
    adapter_state_dict,
    inject,
    load_adapter,
    load_adapter_state_dict,
    lora_layers,
)


class FeedbackModule(LightningModule):
    """A frozen base model with adapters.

    Args:
        lora: what is adapted and how.
        base_model: smollm2, a .gguf file, a folder or a hub name.
        dtype: of the base's weights and of the activations; auto is bfloat16 on a GPU or processor that computes in it
            natively, and float32 elsewhere. A and B are float32 in any case.
        quantization: how the base's linear layers are stored.
        learning_rate: its peak; it rises over `warmup_steps` and then falls linearly to zero at the last step.
        warmup_steps: optimiser steps.
        weight_decay: AdamW's, on A and B.
        gradient_clip: largest norm of the adapters' gradient; null does not clip.
        gradient_checkpointing: keep only the layers' inputs and compute the rest again: less memory, more time.
        optimizer: adamw, adamw8bit (bitsandbytes, CUDA only), or auto: the latter on CUDA.
        adapter: an adapter folder in PEFT's format to start from, with the same rank, alpha, targets and dropout; by
            default new adapters.
    """

    def __init__(
        self,
        lora: LoRAConfig = LoRAConfig(),  # noqa: B008 (frozen)
        base_model: str = DEFAULT_BASE,
        dtype: DType = "auto",
        quantization: Quantization = "none",
        learning_rate: float = 2e-3,
        warmup_steps: int = 5,
        weight_decay: float = 0.01,
        gradient_clip: float | None = 1.0,
        gradient_checkpointing: bool = False,
        optimizer: Literal["auto", "adamw", "adamw8bit"] = "auto",
        adapter: str | None = None,
    ) -> None:
        super().__init__()
        self.automatic_optimization = False  # one optimiser step is one training_step of several backwards
        self.strict_loading = False  # checkpoints hold adapters only; on_load_checkpoint is strict about those
        self.lora, self.adapter = lora, adapter
        self.base_model, self.dtype_name, self.quantization = base_model, dtype, quantization
        self.learning_rate, self.warmup_steps, self.weight_decay = learning_rate, warmup_steps, weight_decay
        self.gradient_clip, self.gradient_checkpointing = gradient_clip, gradient_checkpointing
        self.optimizer_name = optimizer
        self.model: Any = None
        self.val_loss = MeanMetric()

    def prepare_data(self) -> None:
        """Find out whether the base model is there and has the targets, before anything is written."""
        self.add_adapters(meta_model(self.base_model))

    def add_adapters(self, model: Any) -> None:
        """Those to start from; or new ones, which change nothing yet."""
        if not self.adapter:
            inject(model, self.lora)
            return
        load_adapter(model, self.adapter)
        if other := differences(model, self.lora):
            raise FeedbackError(f"model.adapter {self.adapter} has {other}; give that as options of model.lora, too")

    def configure_model(self) -> None:
        """Load the base model and put the adapters in, once."""
        if self.model is not None:
            return
        device = self.trainer.strategy.root_device
        model = load_base_model(self.base_model, self.dtype_name, self.quantization, device)
        self.add_adapters(model)
        if self.gradient_checkpointing:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        self.model = model.train()

    @property
    def uses_8bit_optimizer(self) -> bool:
        on_cuda = self.trainer.strategy.root_device.type == "cuda"
        return self.optimizer_name == "adamw8bit" or (self.optimizer_name == "auto" and on_cuda)

    def configure_optimizers(self) -> Any:
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        options: dict[str, Any] = {"lr": self.learning_rate, "weight_decay": self.weight_decay}
        device = self.trainer.strategy.root_device.type
        optimizer: torch.optim.Optimizer
        if self.uses_8bit_optimizer:
            if device != "cuda":
                raise FeedbackError("model.optimizer adamw8bit needs CUDA; use adamw here")
            from bitsandbytes.optim import AdamW8bit

            optimizer = AdamW8bit(parameters, **options)
        else:
            optimizer = torch.optim.AdamW(parameters, fused=device in ("cpu", "cuda"), **options)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: self._rate(step))
        return {"optimizer": optimizer, "lr_scheduler": schedule}

    def _rate(self, step: int) -> float:
        """The share of the peak learning rate at a step: linear warm-up from 0, then linear decay to 0."""
        if step < self.warmup_steps:
            return step / self.warmup_steps
        if step == 0:
            return 1.0
        # Not asked for before training has begun: counting the steps sets up the loaders, and Lightning gives a
        # resumed run's loader its place in the epoch only when it is set up after the checkpoint was read.
        total = int(self.trainer.estimated_stepping_batches)
        return max(0.0, (total - step) / max(1, total - self.warmup_steps))

    def training_step(self, batch: StepBatch, batch_idx: int) -> dict[str, Any]:
        """One optimiser step: a forward and backward for each packed batch, then AdamW.

        The loss is the mean over all losses of the step on all devices, so each forward's sum is divided
        by that count. DDP averages gradients over devices, which the factor world_size undoes.
        """
        optimizer, schedule = self.optimizers(), self.lr_schedulers()
        optimizer.zero_grad()  # type: ignore[union-attr]
        loss = torch.zeros((), device=self.device)
        for i, forward in enumerate(batch.forwards):
            with self._exchange_gradients(i == len(batch.forwards) - 1):
                part = self._loss_sum(forward) / max(batch.losses, 1)
                self.manual_backward(part * self.trainer.world_size)
            loss += part.detach()
        loss = self._sum_over_devices(loss)
        norm = self._clip_gradients()
        if not torch.isfinite(norm):
            raise FeedbackError(
                f"the gradient is not finite at step {self.trainer.global_step + 1} (loss {loss:.4g});"
                " lower model.learning_rate or use a wider dtype"
            )
        rate = optimizer.param_groups[0]["lr"]  # type: ignore[union-attr]
        optimizer.step()  # type: ignore[union-attr]
        schedule.step()  # type: ignore[union-attr]
        self.log_dict({"gradient_norm": norm, "learning_rate": rate})
        self.log("loss", loss, prog_bar=True)
        return {"step_loss": loss}

    def validation_step(self, batch: StepBatch, batch_idx: int) -> None:
        total = sum(self._loss_sum(forward) for forward in batch.forwards)
        count = sum(int(forward.loss_counts.sum()) for forward in batch.forwards)
        self.val_loss.update(total / max(count, 1), weight=count)
        self.log("val_loss", self.val_loss, on_step=False, on_epoch=True, prog_bar=True)

    def _loss_sum(self, batch: Any) -> Tensor:
        from feedback_lightning.modeling.loss import completion_loss

        return completion_loss(self.model, batch)

    def _exchange_gradients(self, last: bool) -> contextlib.AbstractContextManager[None]:
        """Under DDP only the last backward of a step exchanges gradients; the others accumulate."""
        wrapped = self.trainer.strategy.model
        if isinstance(wrapped, DistributedDataParallel) and not last:
            return wrapped.no_sync()
        return contextlib.nullcontext()

    def _sum_over_devices(self, value: Tensor) -> Tensor:
        return self.trainer.strategy.reduce(value, reduce_op="sum") if self.trainer.world_size > 1 else value

    def _clip_gradients(self) -> Tensor:
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        limit = float("inf") if self.gradient_clip is None else self.gradient_clip
        return torch.nn.utils.clip_grad_norm_(parameters, limit)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Adapters only: the base is frozen and found by its name. Random states make dropout resume exactly."""
        checkpoint["state_dict"] = adapter_state_dict(self.model)
        checkpoint["made_by"] = self._made_by()
        checkpoint["random_state"] = torch.get_rng_state()
        if torch.cuda.is_available():
            checkpoint["cuda_random_state"] = torch.cuda.get_rng_state()

    def _made_by(self) -> dict[str, Any]:
        """What A and B belong to, beside their names and shapes; whoever goes on training them repeats the last one."""
        return {
            "base_model": self.base_model,
            "alpha / rank": self.lora.scaling,
            "learning_rate": self.learning_rate,
        }

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        own, made_by = self._made_by(), checkpoint.get("made_by", {})
        if self.trainer.state.fn != "fit":
            del own["learning_rate"]
        other = [f"{name} {made_by[name]}" for name in own if made_by.get(name, own[name]) != own[name]]
        if other:
            raise FeedbackError(f"this checkpoint is of a run with {' and '.join(other)}; repeat its options")
        try:
            load_adapter_state_dict(self.model, checkpoint["state_dict"])
        except LoRAError as error:
            raise FeedbackError(f"this checkpoint is of another run: {error}") from None
        checkpoint["state_dict"] = {}  # done; Lightning has nothing left to load
        self._random_state = checkpoint.get("random_state"), checkpoint.get("cuda_random_state")

    def on_train_start(self) -> None:
        """Random states are put back last, after everything that draws numbers while training is set up."""
        state, cuda_state = getattr(self, "_random_state", (None, None))
        if state is not None:
            torch.set_rng_state(state)
        if cuda_state is not None and torch.cuda.is_available():
            torch.cuda.set_rng_state(cuda_state)


def differences(model: Any, config: LoRAConfig) -> str:
    """In what a model's adapters are not those that the configuration makes, in words; empty if in nothing."""
    adapters = [(name, adapter) for _, layer in lora_layers(model) for name, adapter in layer.adapters.items()]
    compared: dict[str, tuple[set[Any], set[Any]]] = {
        "rank": ({adapter.rank for _, adapter in adapters}, {config.rank}),
        "alpha / rank": ({adapter.scaling for _, adapter in adapters}, {config.scaling}),
        "targets": ({name for name, _ in adapters}, set(config.targets)),
        "dropout": ({getattr(adapter.dropout, "p", 0.0) for _, adapter in adapters}, {config.dropout}),
    }
    said = [(name, " ".join(map(str, sorted(own)))) for name, (own, asked) in compared.items() if own != asked]
    return ", ".join(f"{name} {values}" for name, values in said)
