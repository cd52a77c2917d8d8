"""A model that has learned nothing copies from its prompt, and one with random weights does not."""

import torch
from conftest import REPOSITORY
from transformers import Phi3Config, Phi3ForCausalLM

from feedback_lightning.data.tokenization import load_tokenizer
from feedback_lightning.synthesis.initial_model import ROPE, initialise_copying, new_model

LENGTH = 60


def share_copied(model, vocabulary=2048):
    """How many of the tokens after the first, of a text of random tokens that is repeated, the model foretells."""
    generator = torch.Generator().manual_seed(5)
    text = torch.stack([torch.randperm(vocabulary - 20, generator=generator)[:LENGTH] + 20 for _ in range(8)])
    between = torch.arange(7, 19).expand(8, -1)
    with torch.no_grad():
        logits = model(torch.cat([text, between, text], 1)).logits
    return float((logits[:, -LENGTH:-1].argmax(-1) == text[:, 1:]).float().mean())


def a_phi3(**settings):
    torch.manual_seed(5)
    return Phi3ForCausalLM(
        Phi3Config(
            vocab_size=2048, hidden_size=256, intermediate_size=512, num_hidden_layers=3, num_attention_heads=4,
            tie_word_embeddings=True, pad_token_id=2, rope_parameters=ROPE, **settings,
        )
    ).eval()  # fmt: skip


def test_it_copies_before_it_has_learned_anything():
    model = a_phi3()
    assert share_copied(model) < 0.02
    initialise_copying(model)
    assert share_copied(model) > 0.95


def test_what_pretraining_starts_with_copies():
    tokenizer = load_tokenizer(str(REPOSITORY / "data" / "tiny-phi3"))
    torch.manual_seed(5)
    model = new_model(tokenizer, hidden=256, layers=2).eval()
    model.set_attn_implementation("sdpa")
    assert share_copied(model, len(tokenizer)) > 0.95
