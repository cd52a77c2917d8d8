"""Prompt and completion are tokenised apart and cached by content."""

import pytest

from feedback_lightning.data import tokenization
from feedback_lightning.data.tokenization import END, tokenize, tokenize_cached
from feedback_lightning.modeling.base_model import load_tokenizer
from feedback_lightning.paths import EMBEDDED_MODEL

PAIRS = [
    ([{"role": "system", "content": "Help."}, {"role": "user", "content": "Fix x = = 1"}], "[FIXED]\nx = 1\n[/FIXED]"),
    ([{"role": "user", "content": "def f(ä):\n\treturn ä"}], "[HINT]Look at line 2.[/HINT]"),
]


@pytest.fixture
def tokenizer():
    return load_tokenizer(EMBEDDED_MODEL)


def test_prompt_ids_are_those_that_generation_starts_from(tokenizer):
    for (messages, completion), (ids, prompt_length) in zip(PAIRS, tokenize(tokenizer, PAIRS), strict=True):
        prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        assert ids[:prompt_length] == list(prompt)
        assert tokenizer.decode(ids[prompt_length:]) == completion + END
        assert ids[-1] == tokenizer.convert_tokens_to_ids(END)


def test_the_second_time_comes_from_the_cache(tokenizer, cache, monkeypatch):
    first = tokenize_cached(tokenizer, PAIRS)
    monkeypatch.setattr(tokenization, "tokenize", None)  # would fail if it were called
    assert tokenize_cached(tokenizer, PAIRS) == first
    assert first[0] == tokenize(tokenizer, PAIRS)
    assert [path.name for path in cache.iterdir()] == [f"tokens-{first[1]}"]


def test_other_text_tokens_or_template_have_another_fingerprint(tokenizer, cache):
    prints = {tokenize_cached(tokenizer, PAIRS)[1], tokenize_cached(tokenizer, PAIRS[:1])[1]}
    tokenizer.add_tokens(["zzz"])
    prints.add(tokenize_cached(tokenizer, PAIRS)[1])
    tokenizer.chat_template = tokenizer.chat_template.replace("\n", " ") + " "
    prints.add(tokenize_cached(tokenizer, PAIRS)[1])
    assert len(prints) == 4


@pytest.mark.parametrize("damage", ["state.json", "dataset_info.json", "data-00000-of-00001.arrow"])
def test_a_damaged_cache_is_made_again(tokenizer, cache, damage):
    examples, fingerprint = tokenize_cached(tokenizer, PAIRS)
    (cache / f"tokens-{fingerprint}" / damage).write_bytes(b"\x00 damaged")
    assert tokenize_cached(tokenizer, PAIRS) == (examples, fingerprint)
    assert not list(cache.glob(".*"))
