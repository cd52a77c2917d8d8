"""The tree is that of a plain trie, depth first, and its cuts repeat as little as any."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.data.prefix_tree import cut_into_forwards, grow_tree, shared_with_previous

# Few different tokens, so that examples often begin alike, continue each other, or are the same.
ALIKE = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=7), min_size=1, max_size=8).map(sorted)
few = settings(deadline=None, max_examples=100)


def trie_size(examples):
    """Nodes of a plain trie: one for each token after each prefix."""
    trie, size = {}, 0
    for tokens in examples:
        node = trie
        for token in tokens:
            if token not in node:
                node[token], size = {}, size + 1
            node = node[token]
    return size


@few
@given(ALIKE)
def test_what_sorted_examples_share(examples):
    shared = shared_with_previous(examples)
    for (one, other), count in zip(itertools.pairwise(examples), shared[1:], strict=True):
        assert one[:count] == other[:count]
        assert count == min(len(one), len(other)) or one[count] != other[count]


@few
@given(ALIKE)
def test_the_tree_is_a_plain_trie(examples):
    nodes = grow_tree([len(tokens) for tokens in examples], shared_with_previous(examples))
    assert sum(node.end - node.start for node in nodes) == trie_size(examples)
    for node in nodes:
        alike = [tokens[: node.end] for tokens in examples[node.examples.start : node.examples.stop]]
        assert all(tokens == alike[0] and len(tokens) == node.end for tokens in alike)
        assert node.start == (nodes[node.parent].end if node.parent >= 0 else 0) < node.end
    # As few nodes as a tree can have: each but a leaf branches or has an example that ends there.
    for i, node in enumerate(nodes):
        children = sum(other.parent == i for other in nodes)
        assert children != 1 or any(len(examples[k]) == node.end for k in node.examples)


@few
@given(ALIKE)
def test_the_nodes_stand_depth_first(examples):
    parents = [n.parent for n in grow_tree([len(tokens) for tokens in examples], shared_with_previous(examples))]
    path = []
    for i, parent in enumerate(parents):
        while path and path[-1] != parent:
            path.pop()
        assert path or parent == -1
        path.append(i)


@few
@given(ALIKE, st.integers(7, 30))
def test_no_other_cuts_repeat_less(examples, budget):
    lengths, shared = [len(tokens) for tokens in examples], shared_with_previous(examples)
    forwards = cut_into_forwards(lengths, shared, budget)
    assert [i for forward in forwards for i in forward] == list(range(len(examples)))
    sizes = [trie_size(examples[f.start : f.stop]) for f in forwards]
    assert max(sizes) <= budget
    possible = []
    for cuts in itertools.product([False, True], repeat=len(examples) - 1):
        places = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), len(examples)]
        other = [trie_size(examples[a:b]) for a, b in itertools.pairwise(places)]
        if max(other) <= budget:
            possible.append((sum(other), len(other)))
    assert (sum(sizes), len(sizes)) == min(possible)


@few
@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(50, 120))
def test_without_sharing_there_is_no_cut_without_need(lengths, budget):
    forwards = cut_into_forwards(lengths, [0] * len(lengths), budget)
    assert [i for forward in forwards for i in forward] == list(range(len(lengths)))
    assert all(0 < sum(lengths[i] for i in forward) <= budget for forward in forwards)
    for one, following in itertools.pairwise(forwards):
        assert sum(lengths[i] for i in one) + lengths[following[0]] > budget


def test_an_example_over_the_budget_is_refused():
    with pytest.raises(ValueError, match="7 tokens does not fit a forward of 6"):
        cut_into_forwards([3, 7], [0, 3], 6)


def test_a_chain_of_examples_that_continue_each_other_is_no_recursion():
    lengths = list(range(1, 3001))
    nodes = grow_tree(lengths, [0, *lengths[:-1]])
    assert [node.parent for node in nodes] == list(range(-1, 2999))
