"""Text to token ids, once: the result is cached by content with the datasets library."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import Levenshtein

from feedback_lightning.base_models import load_pretrained
from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.paths import cache_folder
from feedback_lightning.prompts import Example
from feedback_lightning.writing import write_folder

FORMAT = 3  # part of the cache's key; raise it when the meaning of the columns changes


def load_chat_format(base_model: str) -> ChatFormat:
    """The base model's tokenizer and chat template."""
    from transformers import AutoTokenizer

    return ChatFormat(load_pretrained(AutoTokenizer, base_model), base_model)


def tokenize(chat_format: ChatFormat, examples: Sequence[Example]) -> list[TokenizedExample]:
    """Examples as token ids.

    Prompt and reply are tokenised apart, so that the prompt's ids are exactly those that generation starts from.
    """
    prompts = chat_format.prompt_ids([example.prompt for example in examples])
    completions = chat_format.completion_ids([example.reply for example in examples])
    copies = chat_format.completion_ids([example.copy or "" for example in examples])
    return [
        TokenizedExample(p + c, len(p), [len(p) + i for i in edits(copy, c)] if example.copy else [])
        for example, p, c, copy in zip(examples, prompts, completions, copies, strict=True)
    ]


def edits(copy: Sequence[int], reply: Sequence[int]) -> list[int]:
    """The places at which a reply does something else than to copy: what it writes anew, and where it goes on after it.

    >>> edits([1, 2, 3, 4, 5], [1, 7, 8, 3, 5])
    [1, 2, 3, 4]
    """
    found: list[int] = []
    for kind, before, _, start, end in Levenshtein.opcodes(copy, reply):
        if kind != "equal":
            found += range(start, end)
        elif before > 0 or start > 0:  # a copy that goes on: after what was written anew, or left out
            found.append(start)
    return found


def tokenize_cached(chat_format: ChatFormat, examples: Sequence[Example]) -> tuple[list[TokenizedExample], str]:
    """`tokenize`, or what an earlier call with the same tokenizer and text left on disk.

    Returns the examples and their fingerprint: the hash of everything that they depend on.
    """
    import datasets

    fingerprint = _fingerprint(chat_format, examples)
    tokenized: list[TokenizedExample] = []

    def read(folder: Path) -> bool:
        """Whether what is there can be read; whatever pyarrow says of a damaged cache does not matter."""
        try:
            table = datasets.load_from_disk(str(folder)).to_dict()
            tokenized[:] = [TokenizedExample(*row) for row in zip(*table.values(), strict=True)]
        except Exception:
            return False
        return True

    def make(folder: Path) -> None:
        tokenized[:] = tokenize(chat_format, examples)
        columns = {name: [getattr(example, name) for example in tokenized] for name in TokenizedExample._fields}
        datasets.disable_progress_bars()
        datasets.Dataset.from_dict(columns).save_to_disk(str(folder))

    write_folder(cache_folder() / f"tokens-{fingerprint}", make, whole=read)
    return tokenized, fingerprint


def _fingerprint(chat_format: ChatFormat, examples: Sequence[Example]) -> str:
    tokenizer = chat_format.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    vocabulary = backend.to_str() if backend else json.dumps(tokenizer.get_vocab(), sort_keys=True)
    content = json.dumps([FORMAT, vocabulary, tokenizer.chat_template, chat_format.ending, list(examples)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
