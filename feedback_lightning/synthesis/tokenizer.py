"""The embedded model's tokenizer: byte-level BPE, trained on whole prompts and replies."""

import random
from collections.abc import Mapping
from typing import Any

from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.synthesis.pretraining_corpus import chats

SPECIAL_TOKENS = ["<unk>", "<s>", "<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
# Phi-3-mini's own template.
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)
CONTEXT = 2048


def train_tokenizer(
    problems: Mapping[str, Problem], programs: dict[str, list[BuggyProgram]], vocabulary: int, seed: int
) -> Any:
    """A byte-level BPE tokenizer with Phi-3's chat tokens, trained on whole prompts and replies."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # an indentation with its line end, a word with its space, one digit, a run of other signs
            pre_tokenizers.Split(Regex(r"\n+ *| ?[A-Za-z_]+|\d| ?[^\sA-Za-z_\d]+|\s+"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    rng = random.Random(f"tokenizer {seed}")
    texts = (
        text
        for key in sorted(programs)
        for prompt, reply in chats(problems[key], rng.choices(programs[key], k=40), rng)
        for text in (*(message["content"] for message in prompt), reply)
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="<|end|>",
        pad_token="<|endoftext|>", extra_special_tokens=SPECIAL_TOKENS[3:6], chat_template=CHAT_TEMPLATE,
        model_max_length=CONTEXT, clean_up_tokenization_spaces=False,
    )  # fmt: skip
