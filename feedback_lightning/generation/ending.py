"""When a reply is over, and its text."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from feedback_lightning.data.chat_format import ChatFormat


class Ending:
    """Knows the tokens and the text that end a reply.

    Args:
        model: its configuration and its generation configuration may name tokens that end a reply.
        chat_format: its tokenizer's end-of-sequence token does too, and so does what ends a turn of the chat.
        stop: a reply ends as soon as it has one of these texts, however it is cut into tokens.
    """

    def __init__(self, model: Any, chat_format: ChatFormat, stop: Sequence[str] = ()) -> None:
        self.tokenizer, self.stop = chat_format.tokenizer, tuple(stop)
        self.tokens = end_tokens(model, chat_format)
        self._may_complete_a_stop = lru_cache(maxsize=None)(self._has_a_last_character)

    def reached(self, tokens: list[int]) -> bool:
        """Whether the last of these tokens ends the reply; the ones before it did not."""
        if tokens[-1] in self.tokens:
            return True
        return self._may_complete_a_stop(tokens[-1]) and any(stop in self._decode(tokens) for stop in self.stop)

    def text(self, tokens: list[int]) -> str:
        """The reply without the token that ended it and without what its last token wrote behind a stop."""
        text = self._decode(tokens[:-1] if tokens and tokens[-1] in self.tokens else tokens)
        ends = [text.index(stop) + len(stop) for stop in self.stop if stop in text]
        return text[: min(ends, default=len(text))]

    def _decode(self, tokens: list[int]) -> str:
        return self.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def _has_a_last_character(self, token: int) -> bool:
        """Spares decoding the whole reply after most tokens. A token by itself may lose white space at its ends, and
        a part of a character shows as U+FFFD."""
        text = self._decode([token])
        return "\ufffd" in text or any(stop[-1] in text or stop[-1].isspace() for stop in self.stop)


def end_tokens(model: Any, chat_format: ChatFormat) -> frozenset[int]:
    """Ids of the tokens that end a reply."""
    named = [chat_format.tokenizer.eos_token_id, model.config.eos_token_id, model.generation_config.eos_token_id]
    named.append(chat_format.ending_ids[-1])
    ids: set[int] = set()
    for value in named:
        ids.update(value if isinstance(value, list) else [] if value is None else [value])
    return frozenset(ids)
