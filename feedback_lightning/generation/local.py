"""LocalGenerator: replies from a model on this machine.

What makes it fast, and leaves every reply what decoding it alone and token by token would make it:

    batch     a forward holds the next tokens of up to batch_size replies; when one is complete, another begins
    cache     keys and values are computed once for each token, and once for what prompts have in common (cache.py)
    lookup    guesses at the next tokens are checked in the forward that computes one more anyway (lookup.py)
    stop      a reply ends with its end tag (ending.py)

A reply that shall be unlike a given one begins with a departure from it (departures.py); the rest is written as any
other.

What is guaranteed: the mathematics of a reply depends on its request only. A guess stands only if it is the very
token that is chosen there. Floating point is another matter: the same sum may differ in its last bits when more tokens
are computed at once. Between two tokens that are as close as that, either may be chosen. The tests do not meet such a
case in float32; bfloat16 makes them likelier, and int8 chooses by all tokens of a forward what it keeps in 16 bits.

Not here: beams, repetition penalties, top-k and top-p, contexts beyond the length up to which the rotary embedding
stays the same.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.prefix_tree import common_prefix
from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.cache import KeyValues, Piece, cached_generation
from feedback_lightning.generation.choice import choose_tokens
from feedback_lightning.generation.departures import departures
from feedback_lightning.generation.draft import Draft
from feedback_lightning.generation.ending import Ending
from feedback_lightning.generation.identity import model_fingerprint
from feedback_lightning.generation.lookup import PromptLookup
from feedback_lightning.generation.schema import Reply, Request

FORWARD_TOKENS = 4096  # a forward with as many tokens takes no further prompt, which bounds its memory


@dataclass(frozen=True)
class Unwanted:
    """A reply that is not wanted, read by the model.

    Args:
        prompt: token ids.
        text: the reply.
        reply: its token ids.
        logits: (N, vocabulary), before each of those N tokens.
        cache: keys and values of prompt and reply.
    """

    prompt: list[int]
    text: str
    reply: list[int]
    logits: torch.Tensor
    cache: KeyValues

    @property
    def in_cache(self) -> list[int]:
        return self.prompt + self.reply

    def answers(self, prompt: list[int], text: str) -> bool:
        return (prompt, text) == (self.prompt, self.text)


class LocalGenerator:
    """Answers requests with a transformers causal language model.

    While `replies` is iterated over, the model is in evaluation mode and has another attention; both are put back at
    the end.

    Args:
        model: Phi-3, Llama or alike, with or without adapters, quantised or not.
        chat_format: the model's.
        max_new_tokens: longest reply.
        batch_size: replies in work at once; each keeps keys and values for its prompt and max_new_tokens.
        lookup: guess that a reply goes on as the program in the prompt does; off decodes token by token.
        stop: a reply is complete as soon as it has one of these texts, such as "[/FIXED]", and ends with it.
    """

    def __init__(
        self,
        model: Any,
        chat_format: ChatFormat,
        max_new_tokens: int = 512,
        batch_size: int = 16,
        lookup: bool = True,
        stop: Sequence[str] = (),
    ) -> None:
        if max_new_tokens < 1 or batch_size < 1:
            raise FeedbackError(f"max_new_tokens ({max_new_tokens}) and batch_size ({batch_size}) must be at least 1")
        self.model, self.chat_format = model, chat_format
        self.max_new_tokens, self.batch_size, self.lookup = max_new_tokens, batch_size, lookup
        check_layers(model.config)
        self._ending = Ending(model, chat_format, stop)
        self._context = context_length(model.config)
        self.forwards = 0  # done so far, for measurements

    @property
    def identity(self) -> str:
        """The model, its adapters and its tokenizer by content, and the settings that replies depend on."""
        name, stop = type(self.model).__name__, " or ".join(map(repr, self._ending.stop)) or "nothing"
        fingerprint = model_fingerprint(self.model, self.chat_format.tokenizer)
        return f"{name} {fingerprint}, up to {self.max_new_tokens} tokens, stops at {stop}"

    def replies(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """(index of the request, its reply), each as soon as it is complete.

        completion_tokens counts all tokens written, the one that ends the turn included. A reply cut at
        max_new_tokens or at the end of the model's context has finish "length".

        Raises FeedbackError, before anything is generated, if a prompt leaves no room for a reply.
        """
        prompts = self._tokenize(requests)
        return self._write(requests, prompts)

    def _tokenize(self, requests: Sequence[Request]) -> list[list[int]]:
        """The prompts' ids, made as for training (data/chat_format.py)."""
        if not requests:
            return []
        prompts = self.chat_format.prompt_ids([request.messages for request in requests])
        for request, ids in zip(requests, prompts, strict=True):
            if len(ids) >= self._context:
                raise FeedbackError(
                    f"{request.name}: its prompt has {len(ids)} tokens, and the model takes {self._context} for prompt"
                    " and reply together; shorten it, leave it out, or use a model with a longer context"
                )
        return prompts

    def _write(self, requests: Sequence[Request], prompts: list[list[int]]) -> Iterator[tuple[int, Reply]]:
        """Prompts that begin alike are neighbours in sorted order, so each takes over what the one before it has."""
        drafts: list[Draft] = []
        latest: Draft | Unwanted | None = None
        with cached_generation(self.model):
            waiting = deque(sorted(range(len(prompts)), key=lambda i: (prompts[i], requests[i].unlike or "")))
            while waiting or drafts:
                tokens = 0
                while waiting and len(drafts) < self.batch_size and tokens < FORWARD_TOKENS:
                    index = waiting.popleft()
                    draft, latest = self._begin(index, requests[index], prompts[index], latest)
                    tokens += len(draft.new_tokens())
                    drafts.append(draft)
                self._go_on(drafts)
                yield from [(draft.index, draft.as_reply(self._ending)) for draft in drafts if draft.finish]
                drafts = [draft for draft in drafts if not draft.finish]

    def _begin(
        self, index: int, request: Request, prompt: list[int], latest: Draft | Unwanted | None
    ) -> tuple[Draft, Draft | Unwanted]:
        """A draft, and what the next one may take keys and values over from."""
        beginning: list[int] = []
        if request.unlike is not None:
            if not (isinstance(latest, Unwanted) and latest.answers(prompt, request.unlike)):
                latest = self._read_unwanted(prompt, request.unlike, latest)
            beginning = departures(latest.logits, latest.reply, request.departure + 1)[request.departure]
        limit = self._limit(prompt)
        keys_values = self._keys_values(len(prompt) + limit, prompt + beginning, latest)
        draft = Draft(index, request, prompt, limit, keys_values, PromptLookup(prompt) if self.lookup else None)
        draft.write(beginning, self._ending)
        return draft, latest if isinstance(latest, Unwanted) and request.unlike is not None else draft

    def _keys_values(self, capacity: int, tokens: list[int], latest: Draft | Unwanted | None) -> KeyValues:
        """Room for a sequence that begins with these tokens; the last of them is always computed."""
        shared = common_prefix(tokens[:-1], latest.in_cache) if latest else 0
        return KeyValues(capacity, latest.cache if latest else None, shared)

    def _limit(self, prompt: list[int]) -> int:
        """Most tokens of the reply to a prompt."""
        return min(self.max_new_tokens, self._context - len(prompt))

    @torch.no_grad()
    def _read_unwanted(self, prompt: list[int], text: str, latest: Draft | Unwanted | None) -> Unwanted:
        """One forward over a prompt and the reply that is not wanted, up to where a reply ends."""
        reply = self.chat_format.text_ids([text])[0][: self._limit(prompt)]
        reply = reply[: next((n for n in range(1, len(reply)) if self._ending.reached(reply[:n])), len(reply))]
        tokens = prompt + reply
        if latest and latest.cache.length < len(latest.in_cache):
            latest = None  # a draft whose first forward is still to come
        cache = self._keys_values(len(tokens), prompt, latest)
        places = range(cache.length, len(tokens))
        piece, asked = Piece(0, len(places), cache), range(len(places) - len(reply) - 1, len(places) - 1)
        logits = self._logits([tokens[i] for i in places], list(places), [piece], list(asked))
        cache.keep(len(places))
        return Unwanted(prompt, text, reply, logits, cache)

    @torch.no_grad()
    def _go_on(self, drafts: list[Draft]) -> None:
        """One forward: for each draft the tokens that are not in its cache yet, then a guess at the following ones."""
        tokens: list[int] = []
        places: list[int] = []  # in the draft's sequence, for the rotary embedding
        pieces: list[Piece] = []
        asked: list[int] = []  # tokens of the forward whose successor is to be chosen
        for draft in drafts:
            new = draft.new_tokens() + draft.make_guess()
            start, end = len(tokens), len(tokens) + len(new)
            tokens += new
            places += range(draft.cache.length, draft.cache.length + len(new))
            pieces.append(Piece(start, end, draft.cache))
            asked += range(end - len(draft.positions()), end)
        logits, device = self._logits(tokens, places, pieces, asked), self.model.device
        choices = [(draft.temperature, draft.seed, i) for draft in drafts for i in draft.positions()]
        temperatures, seeds, positions = (torch.tensor(column, device=device) for column in zip(*choices, strict=True))
        chosen = choose_tokens(logits, temperatures, seeds, positions).split([len(d.positions()) for d in drafts])
        for draft, tokens_of_draft in zip(drafts, chosen, strict=True):
            draft.accept(tokens_of_draft.tolist(), self._ending)

    def _logits(self, tokens: list[int], places: list[int], pieces: list[Piece], asked: list[int]) -> torch.Tensor:
        """(len(asked), vocabulary)."""
        self.forwards += 1
        device = self.model.device
        logits: torch.Tensor = self.model(
            input_ids=torch.tensor([tokens], device=device),
            position_ids=torch.tensor([places], device=device),
            logits_to_keep=torch.tensor(asked, device=device),
            pieces=pieces,
            use_cache=False,
        ).logits[0]
        return logits


def check_layers(config: Any) -> None:
    """Refuse models whose layers keep something other than keys and values."""
    kinds = set(getattr(config.get_text_config(), "layer_types", None) or ())
    if others := kinds - {"full_attention", "sliding_attention"}:
        raise FeedbackError(
            f"generation works with full and sliding attention; this model also has {', '.join(sorted(others))}"
        )


def context_length(config: Any) -> int:
    """The most tokens that prompt and reply may have together.

    A "longrope" embedding changes all positions at once when a sequence outgrows its original length, which would
    make keys in the cache wrong; such a model is used up to that length.
    """
    config = config.get_text_config()
    rope = getattr(config, "rope_parameters", None) or {}
    original = rope.get("original_max_position_embeddings") if rope.get("rope_type") == "longrope" else None
    return min(config.max_position_embeddings, original or config.max_position_embeddings)
