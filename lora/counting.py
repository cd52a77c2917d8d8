"""Parameters from shapes alone: nothing is built, so Phi-3-mini is counted in microseconds.

An adapter on a matrix of shape (out, in) has A: r * in and B: out * r parameters, so the total is r times a constant
of the model and does not depend on alpha (Hu et al. 2021, section 4.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lora.config import LoRAConfig


@dataclass(frozen=True)
class ModelShape:
    """The sizes of a Phi-3 or Llama-like decoder.

    Args:
        hidden: width of the residual stream.
        intermediate: width of the MLP.
        layers: decoder layers.
        heads: query heads.
        kv_heads: key and value heads.
        head_dim: width of one head.
        vocabulary: rows of the embedding.
        tied: whether the output layer is the embedding.
    """

    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    tied: bool = False

    @classmethod
    def from_config(cls, config: Any) -> "ModelShape":
        """From a transformers configuration or the dictionary of a config.json.

        >>> ModelShape.from_config(dict(hidden_size=8, intermediate_size=16, num_hidden_layers=2,
        ...                             num_attention_heads=4, vocab_size=32)).kv_heads
        4
        """
        values = config if isinstance(config, Mapping) else config.to_dict()
        heads = values["num_attention_heads"]
        return cls(
            hidden=values["hidden_size"],
            intermediate=values["intermediate_size"],
            layers=values["num_hidden_layers"],
            heads=heads,
            kv_heads=values.get("num_key_value_heads") or heads,
            head_dim=values.get("head_dim") or values["hidden_size"] // heads,
            vocabulary=values["vocab_size"],
            tied=bool(values.get("tie_word_embeddings", False)),
        )

    @property
    def query(self) -> int:
        """Rows of q_proj."""
        return self.heads * self.head_dim

    @property
    def key(self) -> int:
        """Rows of k_proj and of v_proj."""
        return self.kv_heads * self.head_dim

    def matrices(self) -> dict[str, tuple[int, int]]:
        """(in, out) of every target in one decoder layer, fused ones included."""
        return {
            "q_proj": (self.hidden, self.query),
            "k_proj": (self.hidden, self.key),
            "v_proj": (self.hidden, self.key),
            "o_proj": (self.query, self.hidden),
            "gate_proj": (self.hidden, self.intermediate),
            "up_proj": (self.hidden, self.intermediate),
            "down_proj": (self.intermediate, self.hidden),
            "qkv_proj": (self.hidden, self.query + 2 * self.key),
            "gate_up_proj": (self.hidden, 2 * self.intermediate),
        }

    def linear_parameters(self) -> int:
        """Weights of the linear layers of one decoder layer: what a 4-bit or 8-bit base quantises."""
        shapes = self.matrices()
        return sum(i * o for i, o in (shapes[n] for n in ("qkv_proj", "o_proj", "gate_up_proj", "down_proj")))


def count_adapter_parameters(shape: ModelShape, config: LoRAConfig) -> dict[str, int]:
    """Trainable parameters of one decoder layer by target; every layer has the same.

    >>> phi3 = ModelShape(3072, 8192, layers=32, heads=32, kv_heads=32, head_dim=96, vocabulary=32064)
    >>> sum(count_adapter_parameters(phi3, LoRAConfig(rank=16)).values()) * phi3.layers
    12582912
    """
    shapes = shape.matrices()
    return {target: config.rank * sum(shapes[target]) for target in config.targets}


def count_base_parameters(shape: ModelShape) -> int:
    """Frozen parameters of the whole model.

    >>> count_base_parameters(ModelShape(3072, 8192, 32, 32, 32, 96, 32064))
    3821079552
    """
    embeddings = shape.vocabulary * shape.hidden * (1 if shape.tied else 2)
    norms = shape.hidden * (2 * shape.layers + 1)
    return embeddings + norms + shape.layers * shape.linear_parameters()
