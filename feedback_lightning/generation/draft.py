"""A reply while it is being written."""

from typing import Literal

from feedback_lightning.data.prefix_tree import common_prefix
from feedback_lightning.generation.cache import KeyValues
from feedback_lightning.generation.ending import Ending
from feedback_lightning.generation.lookup import PromptLookup
from feedback_lightning.generation.schema import Reply, Request


class Draft:
    """One request's tokens so far, and what is needed to go on.

    Args:
        index: the request's place.
        request: its temperature and seed.
        prompt: its token ids.
        limit: longest reply.
        cache: its keys and values, maybe with a prefix of the prompt in it already.
        lookup: where guesses come from; None does not guess.
    """

    def __init__(
        self,
        index: int,
        request: Request,
        prompt: list[int],
        limit: int,
        cache: KeyValues,
        lookup: PromptLookup | None,
    ) -> None:
        self.index, self.prompt, self.limit = index, prompt, limit
        self.temperature, self.seed = request.temperature, request.seed % 2**63
        self.cache, self.lookup = cache, lookup
        self.reply: list[int] = []
        self.guess: list[int] = []
        self.finish: Literal["stop", "length"] | None = None

    @property
    def in_cache(self) -> list[int]:
        """Tokens whose keys and values another sequence may take over, once the forward that computes them is done."""
        return self.prompt

    def new_tokens(self) -> list[int]:
        """The tokens whose keys and values are not in the cache yet."""
        known = self.cache.length - len(self.prompt)
        return self.prompt[known:] + self.reply if known < 0 else self.reply[known:]

    def make_guess(self) -> list[int]:
        """The tokens after those, perhaps; one more is always chosen, which leaves room for limit - 1."""
        self.guess = self.lookup.guess(self.limit - len(self.reply) - 1) if self.lookup else []
        return self.guess

    def positions(self) -> range:
        """The positions in the reply that are chosen next: the guess's and one more."""
        return range(len(self.reply), len(self.reply) + len(self.guess) + 1)

    def accept(self, chosen: list[int], ending: Ending) -> None:
        """Go on with what was chosen at each of those positions, as far as the guess before it was right."""
        right = common_prefix(self.guess, chosen)
        self.cache.keep(len(self.new_tokens()) + right)
        if self.finish is None:  # what it begins with may have ended it
            self.write(chosen[: right + 1], ending)

    def write(self, tokens: list[int], ending: Ending) -> None:
        """The reply goes on with these tokens, up to its end if that is among them."""
        for token in tokens:
            self.reply.append(token)
            if ending.reached(self.reply):
                self.finish = "stop"
                break
        if self.finish is None and len(self.reply) == self.limit:
            self.finish = "length"
        if self.lookup:
            self.lookup.extend(tokens)

    def as_reply(self, ending: Ending) -> Reply:
        """The finished reply."""
        assert self.finish is not None
        return Reply(ending.text(self.reply), len(self.prompt), len(self.reply), self.finish)
