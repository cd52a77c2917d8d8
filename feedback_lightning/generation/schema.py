"""What is asked and what comes back, whoever answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from feedback_lightning.prompts import Messages


@dataclass(frozen=True)
class Request:
    """One reply to one chat prompt.

    Args:
        messages: the chat so far.
        temperature: 0 takes the most probable token each time.
        seed: of the sampling; the same request gets the same reply, whatever is asked beside it.
        unlike: a reply that is known to be wrong. The reply begins as it does, and then departs from it.
        departure: where and how: 0 in the most probable way, 1 in the second most probable, …
        name: what error messages call it; equal requests may have different ones.
    """

    messages: Messages
    temperature: float = 0.0
    seed: int = 0
    unlike: str | None = None
    departure: int = 0
    name: str = field(default="request", compare=False)


@dataclass(frozen=True)
class Reply:
    """The answer to one request.

    Args:
        text: without the tokens that end a turn.
        prompt_tokens, completion_tokens: as the model's tokenizer, or the endpoint, counts them.
        finish: "stop" if the model ended the reply, "length" if it was cut at the limit.
    """

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish: Literal["stop", "length"]


class Generator(Protocol):
    """Answers requests."""

    @property
    def identity(self) -> str:
        """Names the model and every setting that replies depend on: equal identities, equal greedy replies."""

    def replies(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """(index of the request, its reply), each as soon as it is complete, in any order."""
