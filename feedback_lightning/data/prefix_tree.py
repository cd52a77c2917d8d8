"""The tree of the token prefixes that examples have in common, found by sorting.

Sorted, examples that begin alike stand together, and each has with all before it no more in common than with the one
just before it. So one number for each example, how many first tokens it shares with its predecessor, says all:

    examples       shared        the tree
    p q a b          0           p q ─┬─ a b
    p q c            2                └─ c ─┬─ d
    p q c d          3                      └─ e
    p q c e          3

Only beginnings are shared, because only there are a model's hidden states the same; equal middles or ends are not.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Node(NamedTuple):
    """The tokens start … end - 1 that all its examples have, after those of its parent (-1: none)."""

    examples: range
    start: int
    end: int
    parent: int


def shared_with_previous(examples: Sequence[Sequence[int]]) -> list[int]:
    """For each of the sorted examples, how many first tokens it shares with the one before it.

    >>> shared_with_previous([[1, 2, 3], [1, 2, 4], [2]])
    [0, 2, 0]
    """
    return [0, *(common_prefix(examples[i - 1], examples[i]) for i in range(1, len(examples)))]


def common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """How many first tokens are equal.

    >>> common_prefix([5, 6, 7], [5, 6, 8, 9])
    2
    """
    most = min(len(one), len(other))
    return next((i for i in range(most) if one[i] != other[i]), most)


def cut_into_forwards(lengths: Sequence[int], shared: Sequence[int], budget: int) -> list[range]:
    """Cut a row of examples into forwards of at most `budget` tokens so that as few tokens as possible are repeated.

    A cut before example i repeats the shared[i] tokens that it would have had from its predecessor. Of the cuts that
    repeat the fewest, those with the fewest forwards are taken, and of these the fullest first.

    Args:
        lengths: of the examples; none is over the budget.
        shared: first tokens of each that it shares with the one before it.
        budget: most tokens in one forward, each shared token counted once.

    Returns:
        The examples of each forward.

    >>> cut_into_forwards([4, 4, 4, 4], shared=[0, 1, 3, 0], budget=8)
    [range(0, 3), range(3, 4)]
    """
    count = len(lengths)
    # For the examples from i on: (tokens repeated, forwards, minus where the first of these stops), best first.
    best = [(0, 0, 0)] * (count + 1)
    for i in reversed(range(count)):
        size, choices = shared[i], []
        for stop in range(i + 1, count + 1):
            size += lengths[stop - 1] - shared[stop - 1]
            if size > budget:
                break
            repeated, forwards, _ = best[stop]
            choices.append((repeated + (shared[stop] if stop < count else 0), forwards + 1, -stop))
        if not choices:
            raise ValueError(f"an example of {lengths[i]} tokens does not fit a forward of {budget}")
        best[i] = min(choices)
    cuts = [0]
    while cuts[-1] < count:
        cuts.append(-best[cuts[-1]][2])
    return [range(start, stop) for start, stop in pairwise(cuts)]


def grow_tree(lengths: Sequence[int], shared: Sequence[int]) -> list[Node]:
    """The nodes of the tree, depth first: each is followed by everything that continues it.

    >>> for node in grow_tree([4, 3, 4, 4], shared=[0, 2, 3, 3]):
    ...     print(*node)
    range(0, 4) 0 2 -1
    range(0, 1) 2 4 0
    range(1, 4) 2 3 0
    range(2, 3) 3 4 2
    range(3, 4) 3 4 2
    """
    nodes: list[Node] = []
    open_groups = [(range(len(lengths)), 0, -1)]  # examples that share their first `start` tokens, and these's node
    while open_groups:
        group, start, parent = open_groups.pop()
        end = min((shared[i] for i in group[1:]), default=lengths[group[0]])
        if end > start:
            nodes.append(Node(group, start, end, parent))
            parent = len(nodes) - 1
        # Those that end here come first, then the continuations, each where no more than these tokens is shared.
        starts = [i for i in group if lengths[i] > end and (i == group[0] or shared[i] == end)]
        continuations = [(range(*cut), end, parent) for cut in pairwise([*starts, group.stop])]
        open_groups += reversed(continuations)
    return nodes
