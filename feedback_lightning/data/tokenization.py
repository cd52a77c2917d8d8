"""Text to token ids, once: the result is cached by content with the datasets library."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import load_pretrained
from feedback_lightning.prompts import Messages

END = "<|end|>"  # closes every turn of a Phi-3 chat; the model learns to write it
FORMAT = 1  # part of the cache's key; raise it when the meaning of the columns changes


def load_tokenizer(base_model: str) -> Any:
    """The base model's tokenizer; it must have a chat template."""
    from transformers import AutoTokenizer

    tokenizer = load_pretrained(AutoTokenizer, base_model)
    if not tokenizer.chat_template:
        raise FeedbackError(f"base model {base_model}: its tokenizer has no chat template; use an instruct model")
    return tokenizer


def tokenize(tokenizer: Any, pairs: Sequence[tuple[Messages, str]]) -> list[TokenizedExample]:
    """(chat prompt, completion) pairs as token ids.

    Prompt and completion are tokenised apart, so that the prompt's ids are exactly those that generation starts from.

    Args:
        tokenizer: a transformers tokenizer with a chat template.
        pairs: what the model reads and what it shall write; END is added to the latter.
    """
    prompts = [tokenizer.apply_chat_template(p, tokenize=False, add_generation_prompt=True) for p, _ in pairs]
    completions = [completion + END for _, completion in pairs]
    prompt_ids = tokenizer(prompts, add_special_tokens=False)["input_ids"]
    completion_ids = tokenizer(completions, add_special_tokens=False)["input_ids"]
    return [TokenizedExample(p + c, len(p)) for p, c in zip(prompt_ids, completion_ids, strict=True)]


def tokenize_cached(tokenizer: Any, pairs: Sequence[tuple[Messages, str]]) -> tuple[list[TokenizedExample], str]:
    """`tokenize`, or what an earlier call with the same tokenizer and text left on disk.

    Returns the examples and their fingerprint: the hash of everything that they depend on.
    """
    import datasets

    fingerprint = _fingerprint(tokenizer, pairs)
    folder = cache_folder() / f"tokens-{fingerprint}"
    if folder.exists():
        try:
            table = datasets.load_from_disk(str(folder)).to_dict()
            return [TokenizedExample(*row) for row in zip(*table.values(), strict=True)], fingerprint
        except Exception:  # a damaged cache is made again; whatever pyarrow says of it does not matter
            shutil.rmtree(folder, ignore_errors=True)
    examples = tokenize(tokenizer, pairs)
    columns = {name: [getattr(example, name) for example in examples] for name in TokenizedExample._fields}
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    datasets.disable_progress_bars()
    datasets.Dataset.from_dict(columns).save_to_disk(str(temporary))
    try:
        temporary.rename(folder)
    except OSError:  # another process was faster with the same content
        shutil.rmtree(temporary)
    return examples, fingerprint


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/feedback_lightning, by default in ~/.cache; made if it is not there."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "feedback_lightning"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fingerprint(tokenizer: Any, pairs: Sequence[tuple[Messages, str]]) -> str:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    vocabulary = backend.to_str() if backend else json.dumps(tokenizer.get_vocab(), sort_keys=True)
    content = json.dumps([FORMAT, vocabulary, tokenizer.chat_template, END, list(pairs)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
