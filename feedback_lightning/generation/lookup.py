"""Guesses at a reply's next tokens, looked up in what is there already.

A repair is mostly a copy of the program in the prompt (prompt lookup: Saxena 2023; Yang et al. 2023, arXiv:2304.04487).
The guess is what followed the last tokens where they stood before. Of several such places the one with the longest
match counts, then the one nearest to where copying got to, so that it goes on in the right line after an edit. It is
as long as the match and a little longer: short after an edit, twice as long with each guess that is right.
"""

MORE = 1  # token that a guess is longer than its match
LONGEST_MATCH = 32


class PromptLookup:
    """Guesses for one reply.

    Args:
        tokens: the prompt.

    >>> lookup = PromptLookup([5, 6, 7, 8, 9, 1])
    >>> lookup.extend([6])
    >>> lookup.guess(8)
    [7, 8]
    >>> lookup.guess(1)
    [7]
    """

    def __init__(self, tokens: list[int]) -> None:
        self._tokens: list[int] = []
        self._behind: dict[int, list[int]] = {}  # token -> the places just behind it
        self._place = 0  # where copying got to
        self.extend(tokens)

    def extend(self, tokens: list[int]) -> None:
        """These tokens came."""
        self._place += len(tokens)
        for token in tokens:
            self._tokens.append(token)
            self._behind.setdefault(token, []).append(len(self._tokens))

    def guess(self, limit: int) -> list[int]:
        """Up to `limit` tokens that may come next."""
        match = 0
        # Where the last token stands nowhere else, it may have replaced the one that was to be copied: no move then.
        if places := self._behind[self._tokens[-1]][:-1]:
            match, _, self._place = max((self._match(place), -self._distance(place), place) for place in places)
        return self._tokens[self._place : self._place + min(match + MORE, limit)]

    def _match(self, place: int) -> int:
        """How many tokens just before `place` are also the last ones."""
        most = min(place, LONGEST_MATCH)
        return next((n for n in range(most) if self._tokens[place - 1 - n] != self._tokens[-1 - n]), most)

    def _distance(self, place: int) -> int:
        """Tokens skipped; going back counts double, as edits leave out more often than they repeat."""
        ahead = place - self._place
        return ahead if ahead >= 0 else -2 * ahead
