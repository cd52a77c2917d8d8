"""FeedbackModule trains: exactly, reproducibly, on quantised bases, over devices; and its checkpoints hold adapters."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import REPOSITORY
from lightning.pytorch import Trainer, seed_everything
from safetensors.torch import load_file

from feedback_lightning.callbacks.adapter_checkpoint import AdapterCheckpoint
from feedback_lightning.callbacks.loss_curve import LossCurve
from feedback_lightning.data.datamodule import FeedbackDataModule
from feedback_lightning.data.packing import pack
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.loss import completion_loss
from feedback_lightning.modeling.module import FeedbackModule
from lora import LoRAConfig, adapter_state_dict, lora_layers

pytestmark = pytest.mark.usefixtures("cache")


def fit(base, folder, steps=3, data=None, **options):
    """Train on the own data; returns the module and the loss of each step."""
    seed_everything(7, verbose=False)
    lora = options.pop("lora", LoRAConfig(rank=2))
    module = FeedbackModule(lora=lora, base_model=base, **{"dtype": "float32", **options})
    data = FeedbackDataModule(root=str(REPOSITORY / "data"), base_model=base, **{"batch_size": 4, **(data or {})})
    curve = LossCurve()
    trainer = Trainer(
        max_steps=steps, accelerator="cpu", default_root_dir=folder, callbacks=[curve, AdapterCheckpoint(2)],
        enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0, limit_val_batches=0,
        logger=True, log_every_n_steps=1,
    )  # fmt: skip
    trainer.fit(module, data)
    return module, [row[3] for row in curve.rows]


def reference_losses(base, steps):
    """The same run by transformers and torch alone, one example at a time."""
    seed_everything(7, verbose=False)
    module = FeedbackModule(lora=LoRAConfig(rank=2), base_model=base)
    data = FeedbackDataModule(root=str(REPOSITORY / "data"), base_model=base, batch_size=4)
    data.setup()
    from feedback_lightning.modeling.base_model import load_base_model
    from lora import inject

    model = load_base_model(base, "float32", "none", torch.device("cpu"))
    inject(model, module.lora)
    model.set_attn_implementation("sdpa")
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.01)
    losses = []
    for step, indices in zip(range(steps), data.train_dataloader().sampler, strict=False):
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * step / 5  # warm-up over five steps
        examples = [data.train[i] for i in indices]
        count = sum(len(ids) - prompt for ids, prompt, _ in examples)
        losses.append(0.0)
        optimizer.zero_grad()
        for ids, prompt, _ in examples:
            labels = torch.tensor([[-100] * prompt + ids[prompt:]])
            loss = model(input_ids=torch.tensor([ids]), labels=labels).loss * (len(ids) - prompt) / count
            loss.backward()
            losses[-1] += loss.item()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    return losses, model


def test_training_is_that_of_transformers_on_single_examples(small_base, tmp_path):
    module, losses = fit(small_base, tmp_path, steps=4)
    expected, model = reference_losses(small_base, steps=4)
    assert losses == pytest.approx(expected, rel=1e-5)
    for name, value in adapter_state_dict(model).items():
        # AdamW divides by the root of tiny second moments, which widens float32's rounding in the gradients.
        torch.testing.assert_close(adapter_state_dict(module.model)[name], value, rtol=1e-3, atol=1e-4)


def test_the_cut_into_forwards_changes_rounding_only(small_base, tmp_path):
    _, whole = fit(small_base, tmp_path / "a", data={"tokens_per_forward": 8192})
    _, cut = fit(small_base, tmp_path / "b", data={"tokens_per_forward": 1024, "max_tokens": 1024})
    assert cut == pytest.approx(whole, rel=1e-5)


def test_the_same_seed_gives_the_same_losses(small_base, tmp_path):
    dropout = {"lora": LoRAConfig(rank=2, dropout=0.2)}
    first = fit(small_base, tmp_path / "a", **dropout)[1]
    assert fit(small_base, tmp_path / "b", **dropout)[1] == first
    assert fit(small_base, tmp_path / "c")[1] != first


def loss_on(module, examples):
    with torch.no_grad():
        return completion_loss(module.model, pack(examples)).item()


@pytest.mark.parametrize("quantization", ["nf4", "int8"])
def test_a_model_trains_quantised_and_its_weights_stay_as_they_are(small_base, tmp_path, quantization):
    from bitsandbytes.nn import Linear4bit, Linear8bitLt

    before = FeedbackModule(base_model=small_base, dtype="float32", quantization=quantization, lora=LoRAConfig(rank=2))
    before.trainer = Trainer(accelerator="cpu", logger=False, enable_checkpointing=False)
    before.configure_model()
    frozen = {n: p.detach().clone() for n, p in before.model.named_parameters() if not p.requires_grad}
    module, _ = fit(small_base, tmp_path, steps=12, quantization=quantization, learning_rate=3e-2)
    kinds = {type(layer.base) for _, layer in lora_layers(module.model)}
    assert kinds == {Linear4bit if quantization == "nf4" else Linear8bitLt}
    seen = module.trainer.datamodule.train[:16]
    assert loss_on(module, seen) < 0.99 * loss_on(before, seen)
    for name, parameter in module.model.named_parameters():
        if parameter.requires_grad:
            assert name.rpartition(".")[2] in "AB"
            assert parameter.grad.abs().max() > 0
            assert parameter.dtype == torch.float32
        else:
            assert parameter.grad is None
            assert torch.equal(parameter, frozen[name]), name


@pytest.mark.parametrize("options", [{"dtype": "bfloat16"}, {"quantization": "nf4"}])
def test_a_checkpoint_holds_no_base_weight(small_base, tmp_path, options):
    module, _ = fit(small_base, tmp_path, **options)
    checkpoint = torch.load(next(tmp_path.rglob("last.ckpt")), weights_only=True)
    assert checkpoint["state_dict"].keys() == adapter_state_dict(module.model).keys()
    adapters = sum(t.nbytes for t in checkpoint["state_dict"].values())
    # A, B and their two moments, then at most 60 kB of names and loop state: the base has 0.4 MB.
    assert next(tmp_path.rglob("last.ckpt")).stat().st_size < 3 * adapters + 60_000
    assert all("lora_" in name for name in load_file(next(tmp_path.rglob("adapter_model.safetensors"))))


def test_gradient_checkpointing_gives_the_same_losses(small_base, tmp_path):
    _, plain = fit(small_base, tmp_path / "a")
    _, checkpointed = fit(small_base, tmp_path / "b", gradient_checkpointing=True)
    assert checkpointed == pytest.approx(plain, rel=1e-6)


def test_a_loss_that_explodes_stops_with_advice(small_base, tmp_path):
    with pytest.raises(FeedbackError, match=r"not finite at step \d+.*lower model.learning_rate"):
        fit(small_base, tmp_path, steps=30, learning_rate=1e30, warmup_steps=0, gradient_clip=None)


def test_the_8_bit_optimizer_is_refused_on_a_cpu(small_base, tmp_path):
    with pytest.raises(FeedbackError, match="needs CUDA"):
        fit(small_base, tmp_path, optimizer="adamw8bit")


@pytest.mark.slow
def test_two_devices_give_the_adapter_of_one(small_base, tmp_path):
    """Five steps of 5 examples, so that the devices' shares differ, on one process and on two."""
    adapters = []
    for devices in (1, 2):
        folder = tmp_path / str(devices)
        folder.mkdir()
        command = [
            sys.executable, REPOSITORY / "cli.py", "fit", "--config", "r4.yaml", "--model.base_model", small_base,
            "--model.dtype", "float32",
            "--data.root", REPOSITORY / "data", "--data.batch_size", "5", "--data.tokens_per_forward", "2048",
            "--trainer.accelerator", "cpu", "--trainer.devices", str(devices), "--trainer.strategy",
            "ddp" if devices > 1 else "auto", "--trainer.enable_progress_bar", "false",
            "--trainer.max_steps", "5",
        ]  # fmt: skip
        done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, text=True, timeout=150)
        assert done.returncode == 0, done.stderr
        adapters.append(load_file(next(Path(folder).rglob("adapter_model.safetensors"))))
    for name, tensor in adapters[0].items():
        torch.testing.assert_close(adapters[1][name], tensor, rtol=1e-3, atol=1e-4)


def test_a_fit_goes_on_from_an_adapter(small_base, tmp_path):
    """Its first loss is what the adapter leaves, and the adapter it came from stays as it is."""
    module, losses = fit(small_base, tmp_path / "first", steps=12, learning_rate=1e-2)
    folder = next((tmp_path / "first").rglob("adapter"))
    before = (folder / "adapter_model.safetensors").read_bytes()
    _, after = fit(small_base, tmp_path / "second", steps=2, adapter=str(folder))
    assert after[0] < losses[0] - 0.1
    assert (folder / "adapter_model.safetensors").read_bytes() == before
    fresh, _ = fit(small_base, tmp_path / "third", steps=0, adapter=str(folder))
    for name, value in adapter_state_dict(module.model).items():
        assert torch.equal(adapter_state_dict(fresh.model)[name], value)


@pytest.mark.parametrize(
    ("lora", "message"),
    [
        (LoRAConfig(rank=4), "rank 2"),
        (LoRAConfig(rank=2, alpha=2), r"alpha / rank 2\.0"),
        (LoRAConfig(rank=2, targets=("q_proj",)), "targets k_proj o_proj q_proj v_proj"),
        (LoRAConfig(rank=2, dropout=0.1), r"dropout 0\.0"),
    ],
)
def test_an_adapter_of_other_settings_is_refused(small_base, tmp_path, lora, message):
    fit(small_base, tmp_path / "first", steps=1)
    folder = next((tmp_path / "first").rglob("adapter"))
    with pytest.raises(FeedbackError, match=rf"has {message}; give that as options of model\.lora"):
        fit(small_base, tmp_path / "second", steps=1, adapter=str(folder), lora=lora)
