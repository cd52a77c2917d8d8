"""A shrunk repair passes, changes no more than before, and needs each of the changes that it still makes."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_lightning.metrics.tokens import edit_distance
from feedback_lightning.synthesis.shrinking import hunks, pieces, shrink

BUGGY = """def search(x, seq):
    position = 0
    for e in seq:
        if x < e:
            return position
        position += 1
    return 0"""
REPAIR = """def search(x, seq):
    # count what is smaller
    position = 0
    for e in seq:
        if x <= e:
            return position
        position = position + 1
    return position"""
TESTS = (((0, [1, 2]), 0), ((2, [1, 2]), 1), ((3, [1, 2]), 2), ((3, []), 0))


def run(programs: Sequence[tuple[str, str]], description: str) -> list[bool]:
    """This test's own programs, which are harmless; one that fails to run does not pass."""
    return [passes(code) for _, code in programs]


def passes(code: str) -> bool:
    names: dict = {}
    try:
        exec(code, names)
        return all(names["search"](*given) == expected for given, expected in TESTS)
    except Exception:
        return False


def test_only_the_changes_that_count_are_left() -> None:
    (repair,) = shrink([("1", BUGGY, REPAIR)], run)
    assert repair == BUGGY.replace("x < e", "x <= e").replace("return 0", "return position")
    assert edit_distance(BUGGY, repair) == 2 < edit_distance(BUGGY, REPAIR)


def test_a_repair_that_needs_all_its_changes_stays() -> None:
    needed = BUGGY.replace("x < e", "x <= e").replace("return 0", "return position")
    assert shrink([("1", BUGGY, needed), ("1", BUGGY, REPAIR)], run)[0] == needed


def test_a_round_with_success_is_followed_by_another() -> None:
    """`b` can go only once `a` has gone, and `a` is tried after it, being smaller."""
    allowed = {"A1\nBB", "a\nBB", "a\nbbbbbbbb"}

    def run(programs: Sequence[tuple[str, str]], description: str) -> list[bool]:
        return [code in allowed for _, code in programs]

    assert shrink([("1", "a\nbbbbbbbb", "A1\nBB")], run) == ["a\nbbbbbbbb"]


text = st.text(alphabet="ab(:=+'#1 \n", max_size=40)


@given(text, text)
def test_hunks_hold_both_programs(buggy: str, repair: str) -> None:
    found = hunks(buggy, repair)
    assert "".join(hunk.old for hunk in found) == buggy
    assert "".join(hunk.new for hunk in found) == repair
    assert all((one.old == one.new) != (other.old == other.new) for one, other in pairwise(found))


@given(st.text(max_size=40))
def test_pieces_are_the_whole_program(code: str) -> None:
    assert "".join(pieces(code)) == code


@settings(deadline=None)
@given(text, text, st.sets(st.integers(0, 20), max_size=6))
def test_no_single_hunk_can_be_taken_back(buggy: str, repair: str, needed: set[int]) -> None:
    """Whatever is needed: here, hunks by their number, but for those that are not there."""
    found = hunks(buggy, repair)
    different = [i for i, hunk in enumerate(found) if hunk.old != hunk.new]
    chosen = {different[i] for i in needed if i < len(different)}

    def text_with(kept: set[int]) -> str:
        return "".join(hunk.new if i in kept else hunk.old for i, hunk in enumerate(found))

    def run(programs: Sequence[tuple[str, str]], description: str) -> list[bool]:
        subsets = {text_with(chosen | extra) for extra in all_subsets(set(different) - chosen)}
        return [code in subsets for _, code in programs]

    if len(different) <= 8:
        assert shrink([("1", buggy, repair)], run) == [text_with(chosen)]


def all_subsets(numbers: set[int]) -> list[set[int]]:
    found: list[set[int]] = [set()]
    for number in numbers:
        found += [subset | {number} for subset in found]
    return found
