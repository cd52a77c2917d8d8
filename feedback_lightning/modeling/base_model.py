"""The base model on a device, frozen: in 32 or 16 bits, NF4 or int8. Its names are in base_models.py.

Imports transformers' models only when asked to load one, so that --help and --print_config stay quick.
"""

from typing import Any, Literal

import torch
from torch import nn

from feedback_lightning.base_models import load_pretrained

DType = Literal["auto", "float32", "bfloat16"]
Quantization = Literal["none", "nf4", "int8"]


def load_model_config(name: str) -> Any:
    """The base model's transformers configuration: its sizes, without weights."""
    from transformers import AutoConfig

    return load_pretrained(AutoConfig, name)


def meta_model(name: str) -> nn.Module:
    """The base model's layers without weights, to check in an instant what would be adapted."""
    from transformers import AutoModelForCausalLM

    config = load_model_config(name)  # outside, as it may have to read a GGUF file first
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config)


def resolve_dtype(dtype: DType, device: torch.device) -> torch.dtype:
    """auto is bfloat16 on a device that computes in it natively, float32 elsewhere: emulated it is slower than that."""
    if dtype != "auto":
        return getattr(torch, dtype)
    return torch.bfloat16 if bfloat16_instructions(device) else torch.float32


def bfloat16_instructions(device: torch.device) -> list[str]:
    """What the device multiplies bfloat16 matrices with; empty if nothing (a T4 only emulates it)."""
    if device.type == "cuda":
        return ["tensor cores"] if torch.cuda.is_bf16_supported(including_emulation=False) else []
    if device.type == "cpu":
        has = torch.cpu.get_capabilities()
        return [name for name in ("amx_bf16", "avx512_bf16", "bf16") if has.get(name)]  # the last is ARM's
    return []


def explain_dtype(dtype: DType, device: torch.device) -> str:
    """Which dtype `resolve_dtype` chose, and why, in words."""
    chosen = str(resolve_dtype(dtype, device)).removeprefix("torch.")
    if dtype != "auto":
        return f"{chosen}, as asked"
    instructions = " and ".join(bfloat16_instructions(device))
    return f"{chosen}: this {device.type} has {instructions or 'nothing'} for bfloat16"


def load_base_model(name: str, dtype: DType, quantization: Quantization, device: torch.device) -> Any:
    """The frozen base model on `device`, with segment attention.

    Args:
        name: as base_models.py has it. Only safetensors are read, never pickles, and no code from a hub is run.
        dtype: of the weights that are not quantised, and of the activations.
        quantization: how bitsandbytes stores the decoder's linear layers: none, nf4 (4 bits with nested scales, as
            QLoRA) or int8.
        device: where to.
    """
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig
    from transformers.utils import logging

    from feedback_lightning.modeling import attention

    compute = resolve_dtype(dtype, device)
    options: dict[str, Any] = {"dtype": compute, "attn_implementation": attention.NAME, "use_safetensors": True}
    if quantization == "nf4":
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=compute,
        )
    elif quantization == "int8":
        options["quantization_config"] = BitsAndBytesConfig(load_in_8bit=True)
    if quantization != "none":
        options["device_map"] = {"": device}
    logging.disable_progress_bar()
    model = load_pretrained(AutoModelForCausalLM, name, **options)
    model.config.use_cache = False
    for module in model.modules():
        # On processors with AVX512-BF16 bitsandbytes would repack 4-bit weights at their first use in evaluation mode,
        # with rounding, into a form that gradients do not flow through.
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return model if quantization != "none" else model.to(device)
