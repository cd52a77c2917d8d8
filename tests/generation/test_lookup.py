"""Guesses are what stood behind the last tokens before, in the right place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.generation.lookup import LONGEST_MATCH, MORE, PromptLookup

PROGRAM = list(range(10, 60))


def written(prompt: list[int], reply: list[int]) -> PromptLookup:
    lookup = PromptLookup(prompt)
    for token in reply:
        lookup.guess(100)
        lookup.extend([token])
    return lookup


def forwards(prompt: list[int], reply: list[int]) -> int:
    """How many it takes to write the reply if a forward checks one guess."""
    lookup, done, count = PromptLookup(prompt), 0, 0
    while done < len(reply):
        guess = lookup.guess(len(reply) - done - 1)
        right = next((i for i, token in enumerate(guess) if token != reply[done + i]), len(guess))
        lookup.extend(reply[done : done + right + 1])
        done, count = done + right + 1, count + 1
    return count


def test_a_guess_grows_with_the_match():
    assert written(PROGRAM, [1, 10]).guess(100) == PROGRAM[1 : 2 + MORE]
    assert written(PROGRAM, [1, 10, 11, 12, 13]).guess(100) == PROGRAM[4 : 8 + MORE]
    lookup = written(PROGRAM * 3, [1, *PROGRAM])
    assert len(lookup.guess(100)) == LONGEST_MATCH + MORE
    assert lookup.guess(3) == [1, 10, 11]
    assert lookup.guess(0) == []


def test_copying_goes_on_after_an_edit():
    replaced = [*PROGRAM[:20], 99, *PROGRAM[21:]]
    assert written(PROGRAM, replaced[:21]).guess(1) == PROGRAM[21:22]  # 99 is new: it stands for PROGRAM[20]
    assert written(PROGRAM, [*PROGRAM[:20], PROGRAM[25]]).guess(2) == PROGRAM[26:28]  # five left out
    inserted = [*PROGRAM[:20], 99, 98, PROGRAM[20]]
    assert written(PROGRAM, inserted).guess(2) == PROGRAM[21:23]


def test_of_equal_matches_the_nearest_counts():
    line = [7, 8, 9]
    prompt = [*line, 20, *line, 21, *line, 22, 0]
    assert written(prompt, [*line, 20, *line]).guess(1) == [21]
    assert written(prompt, [*line, 20, *line, 21, *line]).guess(1) == [22]


@pytest.mark.parametrize("edits", [0, 1, 2])
def test_a_copy_takes_few_forwards(edits):
    reply = list(PROGRAM)
    for edit in range(edits):
        reply[15 * (edit + 1)] = 90 + edit
    # A guess is one longer than what was copied: 1 + 3 + 6 + 12 + 24 + … tokens; an edit begins again.
    assert forwards([1, *PROGRAM, 2], reply) <= 6 + 3 * edits


@given(st.lists(st.integers(0, 3), min_size=1), st.lists(st.integers(0, 3)), st.integers(0, 9))
def test_guesses_are_pieces_of_what_is_there(prompt, reply, limit):
    guess = written(prompt, reply).guess(limit)
    there = prompt + reply
    assert len(guess) <= limit
    assert any(there[i : i + len(guess)] == guess for i in range(len(there) + 1))
