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
    first, other = (_layer_activations(shape, config, element_size, is_first) for is_first in (True, False))
    if gradient_checkpointing:
        kept = shape.layers * shape.hidden * element_size + other
    else:
        kept = first + (shape.layers - 1) * other
    final_norm = 4 * shape.hidden + 4
    # The loss keeps float32 log-probabilities, the labels, where they are, and how often each counts.
    loss = labels * (4 * shape.vocabulary + 8 + 8 + 4) + 4
    rotary = 2 * shape.head_dim * element_size  # cos and sin, once for all layers
    copies = trainable * element_size if element_size < 4 else 0  # A and B in the activations' dtype
    return Memory(
        weights=weights,
        adapters=4 * trainable,
        gradients=4 * trainable,
        optimizer=math.ceil(trainable * ADAM_BYTES[optimizer]),
        activations=tokens * (kept + final_norm + rotary) + loss + copies,
    )


def _layer_activations(shape: ModelShape, config: LoRAConfig, element_size: int, is_first: bool) -> int:
    """Bytes that autograd keeps of one decoder layer for each token.

    Below the first adapter nothing needs a gradient, so the first layer keeps less.
    """
    targets = set(config.targets)

    def adapted(layer: str) -> bool:
        return bool(targets & {layer, *FUSED_TARGETS.get(layer, ())})

    reaches_qkv = not is_first or adapted("qkv_proj")
    reaches_residual = reaches_qkv or adapted("o_proj")
    reaches_mlp = reaches_residual or adapted("gate_up_proj")
    norm = 4 * shape.hidden + 4  # an RMSNorm keeps its float32 input and one scale
    attention = (
        shape.query + shape.key  # q and k after rotation
        + shape.query + 2 * shape.key  # the output of qkv_proj, of which v is a view
        + shape.query  # what the heads wrote
    )  # fmt: skip
    mlp = 3 * shape.intermediate  # gate and up (one tensor), act(gate)
    inputs = (
        shape.hidden * adapted("qkv_proj")
        + shape.query * (adapted("o_proj") and not reaches_qkv)  # else what the heads wrote, counted above
        + shape.hidden * adapted("gate_up_proj")
        + shape.intermediate * adapted("down_proj")
    )  # x, for the gradient of A
    low = config.rank * len(targets)  # A x, for the gradient of B
    return (
        norm * (not is_first)
        + reaches_qkv * (attention * element_size + 4 * shape.heads)  # one log-sum-exp for each head
        + norm * reaches_residual
        + reaches_mlp * mlp * element_size
        + (inputs + low) * element_size
    )
