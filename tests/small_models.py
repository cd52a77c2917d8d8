"""A Phi-3 and a Llama with random weights and a tokenizer of byte pairs, made in an instant."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from feedback_lightning.data.packing import TokenizedExample, pack
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.loss import completion_loss
from feedback_lightning.prompts import hint_completion, hint_prompt, repair_completion, repair_prompt

DATA = Path(__file__).resolve().parent.parent / "data"
SMALL = {
    "vocab_size": 97,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "original_max_position_embeddings": 128,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "initializer_range": 0.3,  # far from linear, so that mistakes show
}
SPECIAL_TOKENS = ["<|endoftext|>", "<s>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]  # the ids above
VOCABULARY = 1000
# As Phi-3 has it: <|user|> and a line end, what the user says, <|end|> and a line end, and so on.
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)


def small_phi3(seed: int = 0, **changes: Any) -> Any:
    """A Phi3ForCausalLM with random weights, grouped queries and fused projections."""
    from transformers import Phi3Config, Phi3ForCausalLM

    torch.manual_seed(seed)
    return Phi3ForCausalLM(Phi3Config(**{**SMALL, **changes})).eval()


def small_llama(seed: int = 0, **changes: Any) -> Any:
    """The same sizes with separate q, k, v, gate and up projections."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    sizes = {key: value for key, value in SMALL.items() if not key.startswith("original")}
    return LlamaForCausalLM(LlamaConfig(**{**sizes, **changes})).eval()


def having_learnt(examples: Sequence[TokenizedExample], **changes: Any) -> Any:
    """A Phi-3 that gives the completions of these prompts, since it has seen nothing else; takes some seconds."""
    context = {"max_position_embeddings": 2048, "original_max_position_embeddings": 2048}
    model = small_phi3(**{**changes, **context, "hidden_size": 64, "intermediate_size": 128, "initializer_range": 0.1})
    model.set_attn_implementation(attention.NAME)
    optimizer = torch.optim.AdamW(model.train().parameters(), lr=5e-3)
    batch = pack(examples)
    for _ in range(30):
        optimizer.zero_grad()
        (completion_loss(model, batch) / batch.loss_counts.sum()).backward()
        optimizer.step()
    return model.eval()


def randomise_adapters(model: torch.nn.Module, seed: int = 1, scale: float = 0.3) -> None:
    """Give A and B values, so that the adapters do something."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        if parameter.requires_grad:
            values = torch.randn(parameter.shape, generator=generator) * scale
            parameter.data.copy_(values)


def small_tokenizer() -> Any:
    """A tokenizer of 1,000 tokens, Phi-3's for a chat among them; a new object each time, so that it may be changed."""
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(_byte_pairs()), bos_token="<s>", eos_token="<|end|>",
        pad_token="<|endoftext|>", extra_special_tokens=SPECIAL_TOKENS[3:],
        chat_template=CHAT_TEMPLATE, clean_up_tokenization_spaces=False,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _byte_pairs() -> str:
    """Byte-level BPE, which reads and writes any text, trained on our own prompts and replies."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(), trainer)
    return tokenizer.to_str()


def _texts() -> list[str]:
    """Prompts and replies for some of our own programs."""
    problems = read_problems(DATA)
    texts: list[str] = []
    for program in read_training(DATA, problems)[::10]:
        problem = problems[program.problem]
        messages = repair_prompt(problem, program.code) + hint_prompt(problem, program.code)
        texts += [message["content"] for message in messages]
        texts += [repair_completion(program), hint_completion(program)]
    return texts
