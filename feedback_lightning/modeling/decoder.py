"""The forward pass of a decoder over the tokens of a packed batch, written out.

    x = embedding of the tokens                   (T, hidden)
    in every layer:   x += attention(norm(x))
                      x += mlp(norm(x))
    norm(x)

Modules and weights are transformers', and so is the result. Written out it does less work: nothing keeps more for the
backward pass than it needs (operations.py), and after the last attention, behind which no token looks at another, only
the tokens go on whose hidden states are asked for. It covers Phi-3 and Llama; other models take transformers' own
forward pass.
"""

from typing import Any

from torch import Tensor
from torch.utils.checkpoint import checkpoint

from feedback_lightning.data.packing import PackedBatch, Segment
from feedback_lightning.modeling.attention import segment_attention
from feedback_lightning.modeling.operations import RMSNorm, Rotary, SwiGLU

Angles = tuple[Tensor, Tensor]  # cosine and sine, (T, rotated dimensions) each


def hidden_states(model: Any, batch: PackedBatch, rows: Tensor) -> Tensor:
    """What the output layer reads, for some tokens of the batch.

    Args:
        model: a transformers causal language model whose attention is "segments".
        batch: T tokens.
        rows: (n,) int64: which tokens; one may be asked for several times.

    Returns:
        (n, hidden).
    """
    decoder = model.base_model
    if not written_out(model.config):
        ids, positions = batch.input_ids[None], batch.position_ids[None]
        output = decoder(input_ids=ids, position_ids=positions, segments=batch.segments, use_cache=False)
        return output.last_hidden_state[0][rows]
    x = decoder.embed_tokens(batch.input_ids)
    cos, sin = decoder.rotary_emb(x, batch.position_ids[None])
    *layers, last = decoder.layers
    for layer in layers:
        x = decoder_layer(layer, x, (cos[0], sin[0]), batch.segments)
    x = decoder_layer(last, x, (cos[0], sin[0]), batch.segments, rows)
    return norm(decoder.norm, x)


def written_out(config: Any) -> bool:
    """Whether the model is one of those whose forward pass this file is."""
    dropout = getattr(config, "resid_pdrop", 0)
    return config.model_type in ("phi3", "llama") and config.hidden_act == "silu" and not dropout


def decoder_layer(
    layer: Any, x: Tensor, angles: Angles, segments: tuple[Segment, ...], rows: Tensor | None = None
) -> Tensor:
    """x (T, hidden) -> (T, hidden), or (n, hidden) for the rows asked for; checkpointed if the layer is set so."""
    if layer.gradient_checkpointing and layer.training:
        return checkpoint(_decoder_layer, layer, x, angles, segments, rows, use_reentrant=False)
    return _decoder_layer(layer, x, angles, segments, rows)


def _decoder_layer(layer: Any, x: Tensor, angles: Angles, segments: tuple[Segment, ...], rows: Tensor | None) -> Tensor:
    attended = attention(layer.self_attn, norm(layer.input_layernorm, x), angles, segments)
    if rows is not None:
        x, attended = x[rows], attended[rows]
    x = x + layer.self_attn.o_proj(attended)
    return x + mlp(layer.mlp, norm(layer.post_attention_layernorm, x))


def norm(module: Any, x: Tensor) -> Tensor:
    """(n, hidden) -> (n, hidden)."""
    return RMSNorm.apply(x, module.weight, module.variance_epsilon)


def attention(module: Any, x: Tensor, angles: Angles, segments: tuple[Segment, ...]) -> Tensor:
    """(T, hidden) -> (T, heads · head_dim): what the heads write, before o_proj."""
    config, size = module.config, module.head_dim
    heads, kv_heads = config.num_attention_heads, config.num_key_value_heads
    if hasattr(module, "qkv_proj"):
        turned = Rotary.apply(module.qkv_proj(x), heads + kv_heads, size, *angles)
        query, key, value = turned.split([heads * size, kv_heads * size, kv_heads * size], dim=1)
    else:
        query = Rotary.apply(module.q_proj(x), heads, size, *angles)
        key = Rotary.apply(module.k_proj(x), kv_heads, size, *angles)
        value = module.v_proj(x)
    query, key, value = (part.view(1, len(x), -1, size).transpose(1, 2) for part in (query, key, value))
    dropout = module.attention_dropout if module.training else 0.0
    window = getattr(config, "sliding_window", None)
    output, _ = segment_attention(
        module, query, key, value, None, module.scaling, dropout, segments=segments, sliding_window=window
    )
    return output.view(len(x), -1)


def mlp(module: Any, x: Tensor) -> Tensor:
    """(n, hidden) -> (n, hidden)."""
    gate_up = (module.gate_up_proj(x),) if hasattr(module, "gate_up_proj") else (module.gate_proj(x), module.up_proj(x))
    return module.down_proj(SwiGLU.apply(*gate_up))
