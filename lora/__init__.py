"""LoRA by hand: low-rank adapters for the linear layers of a transformer (Hu et al. 2021, arXiv:2106.09685).

    config.py       what to adapt and how: rank, alpha, dropout, targets
    linear.py       h = W x + scaling * B A x, around one frozen linear layer
    function.py     the products of that, forward and backward
    inject.py       put adapters into a model, merge, unmerge, take them out
    counting.py     trainable parameters from shapes alone, no model needed
    memory.py       bytes of weights, gradients, optimiser state and activations, likewise
    peft_format.py  save and load adapters in PEFT's folder format

Needs torch and safetensors only. What is not here: adapters for embeddings and convolutions, DoRA, several
named adapter sets in one model.
"""

from lora.config import DEFAULT_TARGETS, FUSED_TARGETS, TARGETS, LoRAConfig, LoRAError
from lora.counting import ModelShape, count_adapter_parameters, count_base_parameters
from lora.inject import (
    adapter_state_dict,
    count_by_layer,
    inject,
    load_adapter_state_dict,
    lora_layers,
    merge,
    remove,
    unmerge,
)
from lora.linear import LoRAAdapter, LoRALinear
from lora.memory import Memory, predict_memory
from lora.peft_format import load_adapter, save_adapter

__all__ = [
    "DEFAULT_TARGETS",
    "FUSED_TARGETS",
    "TARGETS",
    "LoRAAdapter",
    "LoRAConfig",
    "LoRAError",
    "LoRALinear",
    "Memory",
    "ModelShape",
    "adapter_state_dict",
    "count_adapter_parameters",
    "count_base_parameters",
    "count_by_layer",
    "inject",
    "load_adapter",
    "load_adapter_state_dict",
    "lora_layers",
    "merge",
    "predict_memory",
    "remove",
    "save_adapter",
    "unmerge",
]
