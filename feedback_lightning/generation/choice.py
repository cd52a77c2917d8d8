"""The next token from its logits: the most probable one, or one drawn at random.

The random numbers belong to a request's seed, a position in its reply and a token, and to nothing else; so a reply does
not depend on what is generated beside it, nor on which of its tokens were guessed. The token drawn is the one with
the largest logit / temperature + Gumbel noise (Gumbel 1954; Maddison et al. 2014, arXiv:1411.0030), which has the
distribution softmax(logits / temperature). Unlike a search in the cumulative distribution, rounding in the logits
changes it only where two tokens all but tie.
"""

import torch
from torch import Tensor


def choose_tokens(logits: Tensor, temperatures: Tensor, seeds: Tensor, positions: Tensor) -> Tensor:
    """One token for each row of logits, (N,).

    Args:
        logits: (N, vocabulary).
        temperatures: (N,); 0 takes the most probable token.
        seeds: (N,), of the requests.
        positions: (N,), in the replies.

    >>> logits = torch.tensor([[0.0, 2.0, 1.0]]).expand(4, 3)
    >>> temperatures = torch.tensor([0.0, 9.0, 9.0, 9.0])
    >>> choose_tokens(logits, temperatures, seeds=torch.tensor([5, 5, 5, 6]), positions=torch.tensor([0, 0, 1, 0]))
    tensor([1, 0, 2, 0])
    """
    tokens = logits.argmax(dim=-1)
    sampled = temperatures > 0
    if sampled.any():
        scaled = logits[sampled].double() / temperatures[sampled, None]
        tokens[sampled] = (scaled + gumbel_noise(seeds[sampled], positions[sampled], logits.shape[-1])).argmax(dim=-1)
    return tokens


def gumbel_noise(seeds: Tensor, positions: Tensor, vocabulary: int) -> Tensor:
    """(N, vocabulary) float64, the same on every device; seeds and positions are (N,) integers."""
    tokens = torch.arange(vocabulary, device=seeds.device)
    bits = _mix(_mix(_mix(seeds) + positions)[:, None] + tokens)
    uniform = (_shift(bits, 11).double() + 0.5) * 2.0**-53
    return -(-uniform.log()).log()


def _mix(x: Tensor) -> Tensor:
    """64 well-mixed bits of each integer: SplitMix64 (Steele, Lea and Flood 2014). Products wrap around."""
    x = x + (0x9E3779B97F4A7C15 - 2**64)
    x = (x ^ _shift(x, 30)) * (0xBF58476D1CE4E5B9 - 2**64)
    x = (x ^ _shift(x, 27)) * (0x94D049BB133111EB - 2**64)
    return x ^ _shift(x, 31)


def _shift(x: Tensor, bits: int) -> Tensor:
    """Right, filling with zeros; torch's own shift repeats the sign."""
    return (x >> bits) & (2 ** (64 - bits) - 1)
