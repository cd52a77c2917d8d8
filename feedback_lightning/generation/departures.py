"""Replies other than one that is known to be wrong.

A model asked to repair a program often repeats it. It knows that something is to be changed, but its doubt is spread
over many places, and at each of them leaving the token as it is remains likeliest. Since the program is known to be
wrong, the question is which reply is likeliest among those that change it. Such a reply repeats the program up to some
token and has another one there. The probability that it does so at a given place with a given token is

    p(the program's tokens before it) · p(the other token | those)

and one forward over the program gives it for all places and tokens.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from feedback_lightning.errors import FeedbackError


def departures(logits: Tensor, reply: Sequence[int], count: int) -> list[list[int]]:
    """The `count` most probable ways to begin a reply that is not `reply`, most probable first.

    Args:
        logits: (N, vocabulary), before each of the N tokens of `reply`.
        reply: its token ids.
        count: how many.

    Returns:
        Token ids each: some of the first tokens of `reply`, then one that differs.

    Raises FeedbackError if there are fewer.

    >>> logits = torch.tensor([[9.0, 1.0, 0.0], [5.0, 4.0, 0.0]])
    >>> departures(logits, [0, 0], 3)
    [[0, 1], [0, 2], [1]]
    """
    log_probabilities = logits.double().log_softmax(dim=-1)
    kept = torch.tensor(reply, device=logits.device)[:, None]
    own = log_probabilities.gather(1, kept)
    total = (own.cumsum(dim=0) - own + log_probabilities).scatter(1, kept, -torch.inf)
    if count > (ways := total.numel() - len(reply)):
        raise FeedbackError(f"a reply of {len(reply)} tokens can be departed from in {ways} ways, not in {count}")
    places = total.flatten().topk(count).indices.tolist()
    return [[*reply[: place // logits.shape[-1]], place % logits.shape[-1]] for place in places]
