"""Text to token ids, once: the result is cached by content with the datasets library."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from feedback_lightning.base_models import load_pretrained
from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.paths import cache_folder
from feedback_lightning.prompts import Messages
from feedback_lightning.writing import write_folder

FORMAT = 2  # part of the cache's key; raise it when the meaning of the columns changes


def load_chat_format(base_model: str) -> ChatFormat:
    """The base model's tokenizer and chat template."""
    from transformers import AutoTokenizer

    return ChatFormat(load_pretrained(AutoTokenizer, base_model), base_model)


def tokenize(chat_format: ChatFormat, pairs: Sequence[tuple[Messages, str]]) -> list[TokenizedExample]:
    """(chat prompt, reply) pairs as token ids.

    Prompt and reply are tokenised apart, so that the prompt's ids are exactly those that generation starts from.
    """
    prompts = chat_format.prompt_ids([prompt for prompt, _ in pairs])
    completions = chat_format.completion_ids([reply for _, reply in pairs])
    return [TokenizedExample(p + c, len(p)) for p, c in zip(prompts, completions, strict=True)]


def tokenize_cached(
    chat_format: ChatFormat, pairs: Sequence[tuple[Messages, str]]
) -> tuple[list[TokenizedExample], str]:
    """`tokenize`, or what an earlier call with the same tokenizer and text left on disk.

    Returns the examples and their fingerprint: the hash of everything that they depend on.
    """
    import datasets

    fingerprint = _fingerprint(chat_format, pairs)
    examples: list[TokenizedExample] = []

    def read(folder: Path) -> bool:
        """Whether what is there can be read; whatever pyarrow says of a damaged cache does not matter."""
        try:
            table = datasets.load_from_disk(str(folder)).to_dict()
            examples[:] = [TokenizedExample(*row) for row in zip(*table.values(), strict=True)]
        except Exception:
            return False
        return True

    def make(folder: Path) -> None:
        examples[:] = tokenize(chat_format, pairs)
        columns = {name: [getattr(example, name) for example in examples] for name in TokenizedExample._fields}
        datasets.disable_progress_bars()
        datasets.Dataset.from_dict(columns).save_to_disk(str(folder))

    write_folder(cache_folder() / f"tokens-{fingerprint}", make, whole=read)
    return examples, fingerprint


def _fingerprint(chat_format: ChatFormat, pairs: Sequence[tuple[Messages, str]]) -> str:
    tokenizer = chat_format.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    vocabulary = backend.to_str() if backend else json.dumps(tokenizer.get_vocab(), sort_keys=True)
    content = json.dumps([FORMAT, vocabulary, tokenizer.chat_template, chat_format.ending, list(pairs)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
