"""Bytes that training with LoRA holds, from shapes alone: weights, gradients, optimiser state, saved activations.

The activations are those that autograd keeps for the backward pass of one forward, added up operation by operation
for transformers' Phi-3 with the adapters of lora/linear.py. What comes on top at the peak and is not counted:
temporaries inside an operation, the gradients of activations, and what the allocator rounds up or keeps.
"""

import math
from dataclasses import dataclass

from lora.config import FUSED_TARGETS, LoRAConfig
from lora.counting import ModelShape, count_adapter_parameters, count_base_parameters

# bitsandbytes stores one float32 scale for each block: 64 weights for nf4, a row for int8, 256 optimiser entries;
# with nested ("double") quantisation nf4's scales take 8 bits plus one float32 for 256 of them (QLoRA, section 3).
NF4_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256)
ADAM_BYTES = {"adamw": 8.0, "adamw8bit": 2 + 2 * 4 / 256}


@dataclass(frozen=True)
class Memory:
    """Bytes by kind."""

    weights: int
    adapters: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def training(self) -> int:
        """What training adds to the loaded model: gradients, optimiser state, saved activations."""
        return self.gradients + self.optimizer + self.activations

    @property
    def total(self) -> int:
        return self.weights + self.adapters + self.training


def predict_memory(
    shape: ModelShape,
    config: LoRAConfig,
    tokens: int,
    labels: int,
    element_size: int = 4,
    quantization: str = "none",
    optimizer: str = "adamw",
    gradient_checkpointing: bool = False,
) -> Memory:
    """Predict the bytes of one training step.

    Args:
        shape: sizes of the base model.
        config: what is adapted.
        tokens: tokens in the largest forward.
        labels: how many of them have a loss, hence logits.
        element_size: bytes of a number in the base's dtype, which is the activations' too: 4 or 2.
        quantization: none, nf4 (nested scales) or int8: how the linear layers of the decoder are stored.
        optimizer: adamw (two float32 moments) or adamw8bit.
        gradient_checkpointing: keep only each layer's input and compute one layer again at a time.
    """
    trainable = shape.layers * sum(count_adapter_parameters(shape, config).values())
    quantised = shape.layers * shape.linear_parameters() if quantization != "none" else 0
    bytes_each = {"none": 0.0, "nf4": NF4_BYTES, "int8": 1.0}[quantization]
    weights = (count_base_parameters(shape) - quantised) * element_size + math.ceil(quantised * bytes_each)
    layers = [
        _layer_activations(shape, config, element_size, tokens, labels, layer == 0, layer == shape.layers - 1)
        for layer in range(shape.layers)
    ]
    kept = shape.layers * tokens * shape.hidden * element_size + max(layers) if gradient_checkpointing else sum(layers)
    norm = shape.hidden * element_size + 4  # an RMSNorm keeps its input and one scale
    rotary = 2 * shape.head_dim * element_size  # cos and sin, once for all layers
    loss = shape.hidden * element_size + 8  # the gradient into the hidden state, and which one it is
    return Memory(
        weights=weights,
        adapters=4 * trainable,
        gradients=4 * trainable,
        optimizer=math.ceil(trainable * ADAM_BYTES[optimizer]),
        activations=kept + tokens * rotary + labels * (norm + loss),
    )


def _layer_activations(
    shape: ModelShape, config: LoRAConfig, element_size: int, tokens: int, labels: int, is_first: bool, is_last: bool
) -> int:
    """Bytes that autograd keeps of one decoder layer.

    Below the first adapter nothing needs a gradient, so the first layer keeps less. In the last layer only the tokens
    that predict a label go on after attention.
    """
    qkv, o_proj, gate_up, down = (
        len({layer, *FUSED_TARGETS.get(layer, ())} & set(config.targets))  # how many adapters it has
        for layer in ("qkv_proj", "o_proj", "gate_up_proj", "down_proj")
    )
    rows = labels if is_last else tokens
    at_input, at_attention = not is_first, not is_first or qkv > 0  # whether a gradient goes there
    at_residual = at_attention or o_proj > 0
    at_mlp = at_residual or gate_up > 0
    numbers = (
        tokens * shape.hidden * at_input  # an RMSNorm keeps its input
        + tokens * (shape.hidden * (qkv > 0) + config.rank * qkv)  # adapters keep x and A x
        + tokens * (shape.query + 2 * shape.key + shape.query) * at_attention  # q, k, v, and what the heads write ...
        + rows * shape.query * (o_proj > 0 and (is_last or not at_attention))  # ... which is o_proj's x
        + rows * config.rank * (o_proj + gate_up + down)
        + rows * shape.hidden * at_residual  # the other RMSNorm
        + rows * shape.hidden * (gate_up > 0)
        + rows * 2 * shape.intermediate * at_mlp  # gate and up
        + rows * shape.intermediate * (down > 0)
    )
    # In float32 whatever the dtype: a scale for each row of an RMSNorm.
    statistics = tokens * at_input + rows * at_residual
    return numbers * element_size + 4 * statistics
