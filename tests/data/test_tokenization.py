"""Prompt and completion are tokenised apart and cached by content."""

import shutil

import pytest
from small_models import small_tokenizer

from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.data.tokenization import tokenize, tokenize_cached
from feedback_lightning.prompts import repair_completion, repair_prompt

PAIRS = [
    ([{"role": "system", "content": "Help."}, {"role": "user", "content": "Fix x = = 1"}], "[FIXED]\nx = 1\n[/FIXED]"),
    ([{"role": "user", "content": "def f(ä):\n\treturn ä"}], "[HINT]Look at line 2.[/HINT]"),
]


class Counting(ChatFormat):
    """Counts how often it is asked for prompts."""

    calls = 0

    def prompt_ids(self, chats):
        self.calls += 1
        return super().prompt_ids(chats)


@pytest.fixture
def chat_format():
    return ChatFormat(small_tokenizer())


def test_prompt_ids_are_those_that_generation_starts_from(chat_format, own_data):
    problems = read_problems(own_data)
    programs = read_training(own_data, problems)
    pairs = PAIRS + [(repair_prompt(problems[p.problem], p.code), repair_completion(p)) for p in programs]
    for (messages, completion), (ids, prompt_length) in zip(pairs, tokenize(chat_format, pairs), strict=True):
        tokenizer = chat_format.tokenizer
        prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        assert ids[:prompt_length] == list(prompt)
        assert tokenizer.decode(ids[prompt_length:]) == completion + "<|end|>"
        assert ids[-1] == tokenizer.convert_tokens_to_ids("<|end|>")


def test_the_second_time_comes_from_the_cache(chat_format, cache):
    counting = Counting(small_tokenizer())
    first = tokenize_cached(counting, PAIRS)
    calls = counting.calls
    assert calls > 0
    assert tokenize_cached(counting, PAIRS) == first
    assert counting.calls == calls
    assert first[0] == tokenize(chat_format, PAIRS)
    assert [path.name for path in cache.iterdir()] == [f"tokens-{first[1]}"]


def test_other_text_tokens_or_template_have_another_fingerprint(chat_format, cache):
    (messages, completion), *rest = PAIRS
    changed = [PAIRS[:1], [(messages, completion + " "), *rest], [(messages[1:], completion), *rest]]
    prints = {tokenize_cached(chat_format, pairs)[1] for pairs in (PAIRS, *changed)}
    tokenizer = chat_format.tokenizer
    tokenizer.add_tokens(["zzz"])
    prints.add(tokenize_cached(chat_format, PAIRS)[1])
    tokenizer.chat_template = tokenizer.chat_template.replace("\n", " ") + " "
    prints.add(tokenize_cached(ChatFormat(tokenizer), PAIRS)[1])
    assert len(prints) == 6


@pytest.mark.parametrize("damage", ["state.json", "dataset_info.json", "data-00000-of-00001.arrow"])
def test_a_damaged_cache_is_made_again(chat_format, cache, damage):
    examples, fingerprint = tokenize_cached(chat_format, PAIRS)
    (cache / f"tokens-{fingerprint}" / damage).write_bytes(b"\x00 damaged")
    assert tokenize_cached(chat_format, PAIRS) == (examples, fingerprint)
    assert not list(cache.glob(".*"))


@pytest.mark.parametrize("rows", [0, 1000, 1500])  # of 2000, in record batches of 1000
def test_a_cache_cut_short_is_made_again(chat_format, cache, rows):
    pairs = [(PAIRS[0][0], f"x = {i}") for i in range(2000)]
    examples, fingerprint = tokenize_cached(chat_format, pairs)
    [arrow] = (cache / f"tokens-{fingerprint}").glob("*.arrow")
    arrow.write_bytes(arrow.read_bytes()[: arrow.stat().st_size * rows // 2000])
    counting = Counting(small_tokenizer())
    assert tokenize_cached(counting, pairs)[0] == examples
    assert counting.calls > 0
    assert tokenize_cached(chat_format, pairs)[0] == examples
    assert not list(cache.glob(".*"))


def test_an_emptied_cache_folder_is_made_again(chat_format, cache):
    examples, fingerprint = tokenize_cached(chat_format, PAIRS)
    folder = cache / f"tokens-{fingerprint}"
    shutil.rmtree(folder)
    folder.mkdir()
    assert tokenize_cached(chat_format, PAIRS) == (examples, fingerprint)
    assert list(folder.glob("*.arrow"))
    assert [path.name for path in cache.iterdir()] == [folder.name]
