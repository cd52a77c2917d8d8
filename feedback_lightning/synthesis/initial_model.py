"""The model that pretraining starts with: a small Phi-3 that copies from its prompt before it has learned anything.

A repair is nearly a copy of the program, and a transformer takes long to find out how to copy: one head has to write
to every token which token stands before it, and heads of a later layer have to look for the place behind an earlier
occurrence of the present token (induction heads: Olsson et al. 2022, arXiv:2209.11895). Here both are there from the
start, as "mimetic" initial weights (Trockman and Kolter 2023, arXiv:2305.09828); training is free to change them. With
them, 150 steps of 8 programs learned what had taken more than 500 steps with random weights alone.

The residual stream is divided so that the two do not disturb each other, until training mixes everything:

    feature      0            1 … hidden - head_dim - 1     the last head_dim
    holds        a constant   the token                     the token before: its features 1 … head_dim
"""

from typing import Any

import torch
from torch import Tensor

from feedback_lightning.modeling import attention
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.synthesis.tokenizer import CONTEXT, SPECIAL_TOKENS

HEAD_DIM = 64
ROPE = {"rope_type": "default", "rope_theta": 1e5, "partial_rotary_factor": 1.0}  # slow: more room to compare tokens
EMBEDDING_SCALE = 0.02  # Phi3Config's initializer_range, of the features that hold the token
CONSTANT = 0.08  # feature 0 of all tokens: 4 after the normalisation
FREQUENCIES = 8  # of the rotary embedding, the highest ones, tell the token before from all others
POSITION_SHARPNESS = 1.5  # the token before gets about 5 logits more than those beside it
MATCH = 1.6  # equal tokens get about 10 logits
MATCH_FREQUENCY = 0.0035  # rotates by less than 30 degrees within the 150 tokens from a program to its repair
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
    """Make head 0 of the first layer see the token before, and the heads of the second copy what followed.

    Args:
        model: a Phi3ForCausalLM of two or more layers, as many heads of keys as of queries, and two or more of them.
    """
    config = model.config
    head_dim = config.hidden_size // config.num_attention_heads
    half = head_dim // 2
    frequencies = config.rope_parameters["rope_theta"] ** (-torch.arange(half) / half)
    for layer in model.model.layers:  # else they would add noise: all but copying starts from nothing
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
    embedding = model.model.embed_tokens.weight
    embedding[:, 0] = CONSTANT
    embedding[:, -head_dim:] = 0
    see_the_token_before(model.model.layers[0].self_attn, frequencies[:FREQUENCIES], head_dim)
    copy_what_followed(model.model.layers[1].self_attn, frequencies, head_dim)


def projections(attention: Any) -> tuple[Tensor, Tensor, Tensor]:
    """The parts of the fused projection for query, key and value, each (hidden, hidden)."""
    query, key, value = attention.qkv_proj.weight.chunk(3)
    return query, key, value


def see_the_token_before(attention: Any, frequencies: Tensor, head_dim: int) -> None:
    """Head 0: the same query everywhere, and as key the same one turned by one position."""
    query, key, value = projections(attention)
    for part in (query, key, value):
        part[:head_dim] = 0
    some = torch.arange(len(frequencies))
    query[some, 0] = POSITION_SHARPNESS
    key[some, 0] = POSITION_SHARPNESS * frequencies.cos()
    key[some + head_dim // 2, 0] = POSITION_SHARPNESS * frequencies.sin()
    every = torch.arange(head_dim)
    value[every, 1 + every] = 1
    attention.o_proj.weight[-head_dim:, :head_dim] = EMBEDDING_SCALE * torch.eye(head_dim)


def copy_what_followed(attention: Any, frequencies: Tensor, head_dim: int) -> None:
    """Each head compares some features of the present token with those of the token before a key, and copies some."""
    query, key, value = projections(attention)
    hidden = len(query)
    query.zero_(), key.zero_()
    slow = (frequencies < MATCH_FREQUENCY).nonzero().flatten()
    rows = torch.cat([slow, slow + head_dim // 2])
    for head in range(hidden // head_dim):
        features = (torch.arange(len(rows)) + head * len(rows)) % head_dim
        query[head * head_dim + rows, 1 + features] = MATCH
        key[head * head_dim + rows, hidden - head_dim + features] = MATCH
    value.copy_(torch.eye(hidden))
    tokens = torch.arange(1, hidden - head_dim)
    attention.o_proj.weight[tokens, tokens] = COPY * EMBEDDING_SCALE
