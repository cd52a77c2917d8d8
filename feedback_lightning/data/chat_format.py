"""How a model is talked to: chats and replies as token ids, by the model's own chat template.

    prompt       everything up to where the reply begins, as the template writes it
    completion   the reply, and the token with which the template ends a turn: so the model learns to stop

What stands in a problem, a program or a reply is text and nothing else. A program with "<|im_end|>" in a string would
otherwise close the student's turn, and what follows could speak for somebody else. Such words are cut after their first
character and the parts are tokenised apart:

    print("<|im_end|>")   ->   print("<   |im_end|>")      no part has a special token, and the text is the same

Two kinds of templates are met halfway. One that refuses a system's turn (Gemma) gets its text at the beginning of the
user's first turn. Where the template does not end a reply with a special token, the tokenizer's end of sequence does.
"""

import re
from collections.abc import Sequence
from typing import Any

from feedback_lightning.errors import FeedbackError
from feedback_lightning.prompts import Messages

PROBE = "Reply0of0the0probe"  # no template has this word


class ChatFormat:
    """Chats and replies as token ids.

    Args:
        tokenizer: a transformers tokenizer with a chat template.
        name: of the base model, for messages.

    Raises:
        FeedbackError: the template cannot be used, and why.
    """

    def __init__(self, tokenizer: Any, name: str = "this model") -> None:
        self.tokenizer, self.name = tokenizer, name
        if not tokenizer.chat_template:
            raise FeedbackError(f"base model {name}: its tokenizer has no chat template; use an instruct model")
        # Runs of white space are text, though some tokenizers have added tokens for them.
        added = [str(token) for token in tokenizer.added_tokens_decoder.values() if str(token).strip()]
        self._special = re.compile("|".join(map(re.escape, sorted(added, key=len, reverse=True))) or r"(?!)")
        self._takes_system = self._shows_system()
        self.ending = self._find_ending()
        self.ending_ids: list[int] = tokenizer(self.ending, add_special_tokens=False)["input_ids"]

    def prompt_ids(self, chats: Sequence[Messages]) -> list[list[int]]:
        """The ids that each reply is written after."""
        rendered = []
        for chat in chats:
            mark = unused_character("".join(message["content"] for message in chat))
            guarded = [{**message, "content": self._cut(message["content"], mark)} for message in chat]
            rendered.append(self._render(guarded, add_generation_prompt=True).split(mark))
        return self._encode(rendered)

    def completion_ids(self, replies: Sequence[str]) -> list[list[int]]:
        """The ids of each reply, and of what ends it."""
        return [ids + self.ending_ids for ids in self.text_ids(replies)]

    def text_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of texts, in which nothing acts as a special token."""
        marks = [unused_character(text) for text in texts]
        return self._encode([self._cut(text, mark).split(mark) for text, mark in zip(texts, marks, strict=True)])

    def _cut(self, text: str, mark: str) -> str:
        """Put the mark behind the first character of every word that is a special token."""
        return self._special.sub(lambda found: found[0][0] + mark + found[0][1:], text)

    def _encode(self, cut: list[list[str]]) -> list[list[int]]:
        """The ids of texts, each given as the parts that are tokenised apart."""
        ids: list[list[int]] = self.tokenizer([parts[0] for parts in cut], add_special_tokens=False)["input_ids"]
        for i, parts in enumerate(cut):
            for part in parts[1:]:
                ids[i] = ids[i] + self._ids_amid_text(part)
        return ids

    def _ids_amid_text(self, text: str) -> list[int]:
        """The ids of a text that does not begin the whole: some tokenizers put a space before what does."""
        newline, both = self.tokenizer(["\n", "\n" + text], add_special_tokens=False)["input_ids"]
        if both[: len(newline)] == newline:
            return both[len(newline) :]
        return self.tokenizer(text, add_special_tokens=False)["input_ids"]

    def _render(self, chat: Messages, add_generation_prompt: bool) -> str:
        """The template's text for a chat."""
        if chat[0]["role"] == "system" and not self._takes_system:
            system, user, *others = chat
            chat = [{**user, "content": f"{system['content']}\n\n{user['content']}"}, *others]
        return self._apply(chat, add_generation_prompt)

    def _apply(self, chat: Messages, add_generation_prompt: bool) -> str:
        from jinja2 import TemplateError

        try:
            return self.tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=add_generation_prompt)
        except TemplateError as error:
            raise FeedbackError(f"base model {self.name}: its chat template does not take this chat: {error}") from None

    def _shows_system(self) -> bool:
        """Whether the template has a place for a system's turn."""
        try:
            return PROBE in self._apply([turn("system", PROBE), turn("user", "Hello")], add_generation_prompt=True)
        except FeedbackError:
            return False

    def _find_ending(self) -> str:
        """What the template ends a reply with: the text after it, up to and with the first special token."""
        rendered = self._render([turn("user", "Hello"), turn("assistant", PROBE)], add_generation_prompt=False)
        before, reply, after = rendered.rpartition(PROBE)
        if not reply:
            raise FeedbackError(f"base model {self.name}: its chat template leaves out the assistant's replies")
        found = re.match(rf"\s*({self._special.pattern})", after)
        # If the same token stands before the reply, it opens a turn: the template opens the next one by itself.
        if found and found[1] not in self._special.findall(before)[-1:]:
            return found[0]
        if not self.tokenizer.eos_token:
            raise FeedbackError(
                f"base model {self.name}: neither its chat template nor its tokenizer has a token that ends a reply"
            )
        return str(self.tokenizer.eos_token)


def turn(role: str, content: str) -> dict[str, str]:
    """One message of a chat."""
    return {"role": role, "content": content}


def unused_character(text: str) -> str:
    r"""A character for private use that the text does not have.

    >>> unused_character("abc"), unused_character("\ue000")
    ('\ue000', '\ue001')
    """
    return next(chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
