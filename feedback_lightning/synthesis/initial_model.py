"""The model that pretraining starts with: a small Phi-3 that copies from its prompt before it has learned anything.

A repair is nearly a copy of the program, and a transformer takes long to find out how to copy: one head has to write
to every token which token stands before it, and heads of a later layer have to look for the place behind an earlier
occurrence of the present token (induction heads: Olsson et al. 2022, arXiv:2209.11895). Here both are there from the
start, as "mimetic" initial weights (Trockman and Kolter 2023, arXiv:2305.09828), for the three tokens before, as single
tokens are too often repeated in a program. Training is free to change them.

The residual stream is divided so that nothing disturbs the other, until training mixes everything:

    feature      0            1 … 159       160 … 191            192 … 223          224 … 255   (of 256)
    holds        a constant   the token     the token before     the second         the third one before, all by
                                                                                    their features 1 … 32
"""

from typing import Any

import torch
from torch import Tensor

from feedback_lightning.modeling import attention
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.synthesis.tokenizer import CONTEXT, SPECIAL_TOKENS

HEAD_DIM = 64
ROPE = {"rope_type": "default", "rope_theta": 1e5, "partial_rotary_factor": 1.0}  # slow: more room to compare tokens
BEFORE = 3  # tokens before each one that it knows
FEATURES = 32  # of the residual stream, for each of them
SCALE = 0.2  # standard deviation of the embedding's features; at 0.02 training destroys in 100 steps what is here
NORM = 0.3  # weight of the last normalisation: logits of up to 15
FREQUENCIES = 8  # of the rotary embedding, the highest ones, tell a token some places before from all others
SHARPNESS = 1.5  # the token meant gets about 5 logits more than those beside it
MATCH = (2.0, 1.6, 1.6)  # weights with which the present token, and the one and two before it, are compared
SLOW = 0.0035  # radians per token: turns by less than 30 degrees within the 150 tokens from a program to its repair
COPY = 8.0  # how much stronger the token found is than the present one


def initial_model(settings: dict[str, Any], tokenizer: Any) -> Any:
    """What training starts with: the model that it is to go on from, or a new one."""
    if settings["base"]:
        model = load_base_model(settings["base"], "float32", "none", torch.device("cpu"))
        return model.requires_grad_(True).train()
    return new_model(tokenizer, settings["hidden"], settings["layers"])


def new_model(tokenizer: Any, hidden: int, layers: int) -> Any:
    """A Phi-3 that copies and is random otherwise, whose input and output embeddings are the same."""
    from transformers import Phi3Config, Phi3ForCausalLM

    ids = {token: tokenizer.convert_tokens_to_ids(token) for token in SPECIAL_TOKENS}
    config = Phi3Config(
        vocab_size=len(tokenizer), hidden_size=hidden, intermediate_size=hidden * 11 // 4, num_hidden_layers=layers,
        num_attention_heads=hidden // HEAD_DIM, max_position_embeddings=CONTEXT,
        original_max_position_embeddings=CONTEXT, tie_word_embeddings=True, rope_parameters=ROPE,
        bos_token_id=ids["<s>"], eos_token_id=ids["<|end|>"], pad_token_id=ids["<|endoftext|>"],
    )  # fmt: skip
    config._attn_implementation = attention.NAME
    model = Phi3ForCausalLM(config).train()
    initialise_copying(model)
    return model


@torch.no_grad()
def initialise_copying(model: Any) -> None:
    """Make the first layer tell every token those before it, and the second one copy what followed the same ones.

    Args:
        model: a Phi3ForCausalLM with random weights, of two or more layers and of three or more heads, each with its
            own keys.
    """
    config = model.config
    half = config.hidden_size // config.num_attention_heads // 2
    frequencies = config.rope_parameters["rope_theta"] ** (-torch.arange(half) / half)
    for layer in model.model.layers:  # the others would add noise: they start from nothing
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
    embedding = model.model.embed_tokens.weight
    embedding.normal_(0, SCALE)
    embedding[:, 0] = 4 * SCALE
    embedding[:, -BEFORE * FEATURES :] = 0
    model.model.norm.weight.fill_(NORM)
    see_tokens_before(model.model.layers[0].self_attn, frequencies)
    copy_what_followed(model.model.layers[1].self_attn, frequencies)


def projections(attention: Any) -> tuple[Tensor, Tensor, Tensor]:
    """The parts of the fused projection for query, key and value, each (hidden, hidden)."""
    query, key, value = attention.qkv_proj.weight.chunk(3)
    return query, key, value


def see_tokens_before(attention: Any, frequencies: Tensor) -> None:
    """Head n looks at the token n + 1 places before: the same query everywhere, and as key that query turned."""
    query, key, value = projections(attention)
    half, highest = len(frequencies), frequencies[:FREQUENCIES]
    turned = torch.arange(FREQUENCIES)
    features = torch.arange(FEATURES)
    for head in range(BEFORE):
        first = head * 2 * half
        for part in (query, key, value):
            part[first : first + 2 * half] = 0
        query[first + turned, 0] = SHARPNESS
        key[first + turned, 0] = SHARPNESS * ((head + 1) * highest).cos()
        key[first + turned + half, 0] = SHARPNESS * ((head + 1) * highest).sin()
        value[first + features, 1 + features] = 1
        attention.o_proj.weight[features_before(head, len(query)), first : first + FEATURES] = SCALE * torch.eye(
            FEATURES
        )


def copy_what_followed(attention: Any, frequencies: Tensor) -> None:
    """Each head compares the last tokens with those before a key, under projections of its own, and copies some."""
    query, key, value = projections(attention)
    hidden, half = len(query), len(frequencies)
    slow = (frequencies < SLOW).nonzero().flatten()
    rows = torch.cat([slow, slow + half])
    query.zero_()
    key.zero_()
    last = [slice(1, 1 + FEATURES), *(features_before(n, hidden) for n in range(BEFORE - 1))]
    for first in range(0, hidden, 2 * half):
        for n, weight in enumerate(MATCH):
            projection = weight * torch.randn(len(rows), FEATURES) / FEATURES**0.5
            query[first + rows, last[n]] += projection
            key[first + rows, features_before(n, hidden)] += projection
    value.copy_(torch.eye(hidden))
    tokens = torch.arange(1, hidden - BEFORE * FEATURES)
    attention.o_proj.weight[tokens, tokens] = COPY * SCALE


def features_before(n: int, hidden: int) -> slice:
    """Where the residual stream holds the token n + 1 places before.

    >>> features_before(0, 256)
    slice(160, 192, None)
    """
    first = hidden - (BEFORE - n) * FEATURES
    return slice(first, first + FEATURES)
