"""Prompt and completion are tokenised apart and cached by content."""

import itertools
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import small_tokenizer

from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.data.tokenization import edits, tokenize, tokenize_cached
from feedback_lightning.prompts import Example, repair_completion, repair_prompt, repair_reply

PAIRS = [
    Example(
        [{"role": "system", "content": "Help."}, {"role": "user", "content": "Fix x = = 1"}],
        "[FIXED]\nx = 1\n[/FIXED]",
        "[FIXED]\nx = = 1\n[/FIXED]",
    ),
    Example([{"role": "user", "content": "def f(ä):\n\treturn ä"}], "[HINT]Look at line 2.[/HINT]"),
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
    pairs = PAIRS + [Example(repair_prompt(problems[p.problem], p.code), repair_completion(p)) for p in programs]
    for (messages, completion, _), (ids, prompt_length, _) in zip(pairs, tokenize(chat_format, pairs), strict=True):
        tokenizer = chat_format.tokenizer
        prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        assert ids[:prompt_length] == list(prompt)
        assert tokenizer.decode(ids[prompt_length:]) == completion + "<|end|>"
        assert ids[-1] == tokenizer.convert_tokens_to_ids("<|end|>")


def test_edits_are_where_a_repair_is_no_copy(chat_format):
    """With the text before each of them: what is new, and the first token after what is new or left out."""
    program, repair = "def f(x):\n    y = 1\n    return x", "def f(x):\n    return x + 1"
    [example] = tokenize(chat_format, [Example(PAIRS[0].prompt, repair_reply(repair), repair_reply(program))])
    decode = chat_format.tokenizer.decode
    departures = [decode(example.input_ids[example.prompt_length : place]) for place in example.edits]
    assert departures[0].startswith("[FIXED]\ndef f(x):")
    assert len(departures[0]) < len(f"[FIXED]\n{repair}")
    assert any(text.endswith("return x") for text in departures)
    assert 0 < len(example.edits) < (len(example.input_ids) - example.prompt_length) / 2
    [same] = tokenize(chat_format, [Example(PAIRS[0].prompt, repair_reply(repair), repair_reply(repair))])
    assert same.edits == []


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_between_edits_a_reply_copies(copy, reply):
    """From one edit to the next the reply goes on as the copy does from some place."""
    places = [0, *edits(copy, reply), len(reply)]
    for start, end in itertools.pairwise(places):
        assert any(copy[i : i + end - start - 1] == reply[start + 1 : end] for i in range(len(copy) + 1)) or start == 0
    first = places[1] if len(places) > 2 else len(reply)
    assert copy[:first] == reply[:first]


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
    first, *rest = PAIRS
    others = {"reply": first.reply + " ", "prompt": first.prompt[1:], "copy": "x"}
    changed = [PAIRS[:1], *([first._replace(**{name: value}), *rest] for name, value in others.items())]
    prints = {tokenize_cached(chat_format, pairs)[1] for pairs in (PAIRS, *changed)}
    tokenizer = chat_format.tokenizer
    tokenizer.add_tokens(["zzz"])
    prints.add(tokenize_cached(chat_format, PAIRS)[1])
    tokenizer.chat_template = tokenizer.chat_template.replace("\n", " ") + " "
    prints.add(tokenize_cached(ChatFormat(tokenizer), PAIRS)[1])
    assert len(prints) == 7


@pytest.mark.parametrize("damage", ["state.json", "dataset_info.json", "data-00000-of-00001.arrow"])
def test_a_damaged_cache_is_made_again(chat_format, cache, damage):
    examples, fingerprint = tokenize_cached(chat_format, PAIRS)
    (cache / f"tokens-{fingerprint}" / damage).write_bytes(b"\x00 damaged")
    assert tokenize_cached(chat_format, PAIRS) == (examples, fingerprint)
    assert not list(cache.glob(".*"))


@pytest.mark.parametrize("rows", [0, 1000, 1500])  # of 2000, in record batches of 1000
def test_a_cache_cut_short_is_made_again(chat_format, cache, rows):
    pairs = [Example(PAIRS[0][0], f"x = {i}") for i in range(2000)]
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
