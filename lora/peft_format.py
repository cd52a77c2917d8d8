"""Adapters in PEFT's folder format: adapter_config.json and adapter_model.safetensors.

PEFT has one A and one B for each layer, so separate adapters for q, k and v on a fused weight have no twin of the
same shape there. They are written, without approximation, as one adapter of rank 3r whose B is block-diagonal:

    scaling · ┌ B_q         ┐ ┌ A_q ┐
              │     B_k     │ │ A_k │      A: (3r, in), B: (out, 3r), scaling kept by alpha = scaling · 3r
              └         B_v ┘ └ A_v ┘

The file's metadata names the blocks, so that loading here gives the separate adapters back. Files are written to a
temporary folder that is then renamed. Only safetensors are read: a pickle (adapter_model.bin) is refused.
"""

import json
import math
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from lora.config import LoRAError
from lora.inject import Blocks, attach, lora_layers, row_blocks
from lora.linear import LoRAAdapter, LoRALinear

NOT_PLAIN_LORA = (
    "use_dora", "modules_to_save", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora", "target_parameters",
    "trainable_token_indices", "alora_invocation_tokens", "layer_replication", "arrow_config", "kasa_config",
    "velora_config", "monteclora_config",
)  # fmt: skip
HARMLESS_INIT = (True, False, None, "gaussian", "eva", "orthogonal")
CONFIG, WEIGHTS, PREFIX = "adapter_config.json", "adapter_model.safetensors", "base_model.model."


def save_adapter(
    model: nn.Module, folder: str | Path, base_model: str | None = None, dtype: torch.dtype = torch.float32
) -> Path:
    """Write the model's adapters to `folder`, replacing what it held. PEFT, vLLM and others load the result.

    Args:
        model: a model with adapters.
        folder: where to; its parents are made.
        base_model: name or path of the base model, for whoever loads the adapter.
        dtype: of the tensors in the file; the model's own stay float32.
    """
    layers = dict(lora_layers(model))
    if not layers:
        raise LoRAError("the model has no adapters to save")
    tensors: dict[str, Tensor] = {}
    for path, layer in layers.items():
        a, b = stack_blocks(layer)
        tensors[f"{PREFIX}{path}.lora_A.weight"], tensors[f"{PREFIX}{path}.lora_B.weight"] = a.to(dtype), b.to(dtype)
    metadata = {"format": "pt", "blocks": json.dumps({path: list(layer.adapters) for path, layer in layers.items()})}

    folder = Path(folder)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    (temporary / CONFIG).write_text(json.dumps(_peft_config(model, layers, base_model), indent=2) + "\n")
    save_file(tensors, temporary / WEIGHTS, metadata)
    if folder.exists():
        replaced = folder.with_name(f"{temporary.name}.replaced")
        folder.rename(replaced)
        temporary.rename(folder)
        shutil.rmtree(replaced)
    else:
        temporary.rename(folder)
    return folder


def stack_blocks(layer: LoRALinear) -> tuple[Tensor, Tensor]:
    """One A (R, in) and one B (out, R) that do what the layer's adapters do together, on the CPU."""
    blocks = layer.blocks()
    a = torch.cat([block.A.detach().cpu() for block in blocks])
    b = torch.zeros(layer.out_features, len(a))
    column = 0
    for block in blocks:
        b[slice(*block.rows), column : column + block.rank] = block.B.detach().cpu()
        column += block.rank
    return a, b


def _peft_config(model: nn.Module, layers: dict[str, LoRALinear], base_model: str | None) -> dict[str, Any]:
    ranks = {path: sum(block.rank for block in layer.blocks()) for path, layer in layers.items()}
    alphas = {path: layer.blocks()[0].scaling * ranks[path] for path, layer in layers.items()}
    rank = Counter(ranks.values()).most_common(1)[0][0]
    alpha = next(alphas[path] for path in layers if ranks[path] == rank)
    dropout = next(iter(layers.values())).blocks()[0].dropout
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base_model,
        "r": rank,
        "lora_alpha": _whole(alpha),
        "lora_dropout": dropout.p if isinstance(dropout, nn.Dropout) else 0.0,
        "use_rslora": False,  # the scaling is in alpha, whatever the rule that gave it
        "bias": "none",
        "target_modules": sorted(_by_name(dict.fromkeys(layers, True), list(_linear_paths(model)))),
        "rank_pattern": _by_name({path: r for path, r in ranks.items() if r != rank}, list(layers)),
        "alpha_pattern": _by_name({path: _whole(a) for path, a in alphas.items() if a != alpha}, list(layers)),
        "inference_mode": True,
    }


def _whole(alpha: float) -> int | float:
    return int(alpha) if alpha == int(alpha) else alpha


def _linear_paths(model: nn.Module) -> Iterator[str]:
    """Paths of the linear layers, adapted or not; what an adapted layer wraps is not another one."""
    for path, module in model.named_modules():
        if isinstance(module, LoRALinear) or (isinstance(module, nn.Linear) and not path.endswith(".base")):
            yield path


def _by_name(values: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """{'….qkv_proj': 48, …} -> {'qkv_proj': 48} for names whose layers among `paths` all have the same value.

    PEFT takes a name for every layer of that name; layers that differ from others of their name stand as paths.
    """
    short: dict[str, Any] = {}
    for path, value in values.items():
        name = path.rpartition(".")[2]
        alike = all(values.get(other) == value for other in paths if other.rpartition(".")[2] == name)
        short[name if alike else path] = value
    return short


def load_adapter(model: nn.Module, folder: str | Path) -> list[str]:
    """Put the adapters saved in `folder`, by us or by PEFT, into `model`; returns the adapted layers' paths.

    Raises LoRAError, with the model unchanged, for what is not plain LoRA on linear layers or does not fit.
    """
    folder = Path(folder)
    config = _read_config(folder)
    tensors, names = _read_weights(folder)
    plan: dict[str, Blocks] = {}
    paths = sorted({key.removeprefix(PREFIX).rpartition(".lora_")[0] for key in tensors})
    for path in paths:
        linear = _linear_for(model, path, tensors, folder)
        b = tensors[f"{PREFIX}{path}.lora_B.weight"]
        plan[path] = _separate_blocks(row_blocks(model, path, linear), names.get(path, []), b)

    def make(path: str, linear: nn.Linear, rows: tuple[int, int]) -> LoRAAdapter:
        a, b = (tensors[f"{PREFIX}{path}.lora_{matrix}.weight"] for matrix in "AB")
        index, count = list(plan[path].values()).index(rows), len(plan[path])
        rank = len(a) // count
        columns = slice(index * rank, (index + 1) * rank)
        dropout, device = config.get("lora_dropout", 0.0), linear.weight.device
        adapter = LoRAAdapter(linear.in_features, rows, rank, _scaling(config, path, len(a)), dropout, device)
        with torch.no_grad():
            adapter.A.copy_(a[columns])
            adapter.B.copy_(b[slice(*rows), columns])
        return adapter

    attach(model, plan, make)
    return paths


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text())
    except FileNotFoundError:
        raise LoRAError(f"{folder} is not an adapter folder: it has no {CONFIG}") from None
    except json.JSONDecodeError as error:
        raise LoRAError(f"{folder / CONFIG}:{error.lineno}: broken JSON: {error.msg}") from None
    kind = config.get("peft_type") if isinstance(config, dict) else None
    if kind != "LORA":
        raise LoRAError(f"{folder / CONFIG}: peft_type is {kind!r}; only LORA loads here")
    unsupported = [key for key in NOT_PLAIN_LORA if config.get(key)]
    unsupported += ["bias"] if config.get("bias", "none") != "none" else []
    # The others (pissa, olora, corda, loftq, …) change the base's weights, which are not in the folder.
    unsupported += ["init_lora_weights"] if config.get("init_lora_weights", True) not in HARMLESS_INIT else []
    if unsupported:
        raise LoRAError(f"{folder / CONFIG}: plain LoRA only; this adapter uses {', '.join(unsupported)}")
    if not isinstance(config.get("lora_alpha"), int | float):
        raise LoRAError(f"{folder / CONFIG}: lora_alpha is missing, so the scaling is unknown")
    return config


def _read_weights(folder: Path) -> tuple[dict[str, Tensor], dict[str, list[str]]]:
    path = folder / WEIGHTS
    if not path.exists():
        pickled = (folder / "adapter_model.bin").exists()
        raise LoRAError(f"{folder} has no {WEIGHTS}" + " (adapter_model.bin is a pickle and is never loaded)" * pickled)
    try:
        with safe_open(path, "pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dictionary)
            metadata = (file.metadata() or {}).get("blocks", "{}")
    except SafetensorError as error:
        raise LoRAError(f"{path} is damaged: {error}") from None
    try:
        names = dict(json.loads(metadata))
    except (json.JSONDecodeError, TypeError, ValueError):
        names = {}  # a hint that is not ours; the adapters load whole
    strange = [key for key in tensors if not re.fullmatch(rf"{re.escape(PREFIX)}.+\.lora_[AB]\.weight", key)]
    if strange or not tensors:
        raise LoRAError(f"{path} holds {strange[0] if strange else 'nothing'}: not the A and B of linear layers")
    return tensors, names


def _separate_blocks(blocks: Blocks, names: list[str], b: Tensor) -> Blocks:
    """The row blocks to load: those named, if B (out, R) is block-diagonal in them; else the whole."""
    whole = dict(list(blocks.items())[:1])
    if not names or b.shape[1] % len(names) or not blocks.keys() >= set(names):
        return whole
    rank = b.shape[1] // len(names)
    rest = b.clone()
    for i, name in enumerate(names):
        rest[slice(*blocks[name]), i * rank : (i + 1) * rank] = 0
    return whole if rest.any() else {name: blocks[name] for name in names}


def _linear_for(model: nn.Module, path: str, tensors: dict[str, Tensor], folder: Path) -> nn.Linear:
    try:
        linear = model.get_submodule(path)
    except AttributeError:
        raise LoRAError(f"{folder}: the adapter is for {path}, which this model does not have") from None
    if not isinstance(linear, nn.Linear):
        raise LoRAError(f"{folder}: {path} is {type(linear).__name__} here, not a linear layer without an adapter")
    try:
        a, b = (tensors[f"{PREFIX}{path}.lora_{matrix}.weight"] for matrix in "AB")
    except KeyError as error:
        raise LoRAError(f"{folder}: {error.args[0]} is missing") from None
    if a.shape[1] != linear.in_features or b.shape != (linear.out_features, len(a)):
        shapes = f"A {tuple(a.shape)}, B {tuple(b.shape)}"
        raise LoRAError(f"{folder}: {shapes} do not fit {path} ({linear.out_features}, {linear.in_features})")
    return linear


def _scaling(config: dict[str, Any], path: str, rank: int) -> float:
    """alpha / rank or alpha / sqrt(rank), where alpha may be set for some layers by PEFT's suffix patterns."""
    alpha = config["lora_alpha"]
    for pattern, value in (config.get("alpha_pattern") or {}).items():
        if re.match(rf"(.*\.)?({pattern})$", path):
            alpha = value
            break
    return alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)
