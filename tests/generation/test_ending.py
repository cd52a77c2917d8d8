"""A reply ends with the first token that completes a stop, however the text is cut into tokens."""

import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import small_tokenizer

from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.generation.ending import Ending, end_tokens

TOKENIZER = small_tokenizer()
CHAT = ChatFormat(TOKENIZER)
NONE = SimpleNamespace(config=SimpleNamespace(eos_token_id=None), generation_config=SimpleNamespace(eos_token_id=None))
STOPS = ("[/FIXED]", "\n\n", "𝛼", "].")
TEXTS = st.text(st.sampled_from("ab [/]FIXED\n.𝛼é"), max_size=12)


def encode(text: str) -> list[int]:
    return TOKENIZER(text, add_special_tokens=False)["input_ids"]


def decode(tokens: list[int]) -> str:
    return TOKENIZER.decode(tokens, skip_special_tokens=True)


@settings(deadline=None, max_examples=200)
@given(before=TEXTS, stop=st.sampled_from(STOPS), behind=TEXTS, cuts=st.sets(st.integers(0, 40)), special=st.booleans())
def test_the_first_token_that_completes_a_stop_ends_the_reply(before, stop, behind, cuts, special):
    text = before + stop + behind
    borders = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    tokens = [token for start, end in itertools.pairwise(borders) for token in encode(text[start:end])]
    if special:  # a token that does not show, maybe in the middle of the stop
        tokens.insert(len(tokens) // 2, TOKENIZER.convert_tokens_to_ids("<|user|>"))
    ending = Ending(NONE, CHAT, STOPS)
    ending.tokens = frozenset()
    length = next(n for n in range(1, len(tokens) + 1) if ending.reached(tokens[:n]))
    assert any(each in decode(tokens[:length]) for each in STOPS)
    assert not any(each in decode(tokens[: length - 1]) for each in STOPS)
    reply = ending.text(tokens[:length])
    assert text.startswith(reply)
    assert reply.endswith(STOPS)
    assert not any(each in reply[:-1] for each in STOPS)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["[FIXED]\nx\n[/FIXED]"], "[FIXED]\nx\n[/FIXED]"),
        (["[", "/", "F", "I", "X", "E", "D", "]"], "[/FIXED]"),
        (["x\n[/FIX", "ED]"], "x\n[/FIXED]"),
        (["x[/FIXED", "]\n"], "x[/FIXED]"),
        (["x[/FIXED", "] and more"], "x[/FIXED]"),
    ],
)
def test_the_text_ends_with_the_tag(pieces, expected):
    ending = Ending(NONE, CHAT, ("[/FIXED]",))
    tokens = [token for piece in pieces for token in encode(piece)]
    length = next(n for n in range(1, len(tokens) + 1) if ending.reached(tokens[:n]))
    assert ending.text(tokens[:length]) == expected


def test_tokens_that_end_a_turn_are_not_in_the_text():
    ending = Ending(NONE, CHAT)
    tokens = [*encode("x[/FIXED]"), CHAT.ending_ids[-1]]
    assert not ending.reached(tokens[:-1])
    assert ending.reached(tokens)
    assert ending.text(tokens) == ending.text(tokens[:-1]) == "x[/FIXED]"
    assert ending.text([]) == ""


def test_end_tokens_of_every_source():
    model = SimpleNamespace(
        config=SimpleNamespace(eos_token_id=11), generation_config=SimpleNamespace(eos_token_id=[12, 13])
    )
    assert end_tokens(model, CHAT) == {CHAT.ending_ids[-1], TOKENIZER.eos_token_id, 11, 12, 13}
