"""Programs are compared whatever their variables are called, and get each other's names."""

from feedback_lightning.synthesis.likeness import fixed_names, nearest, renamed_like, words

CORRECT = """def place(x, seq):
    for i in range(len(seq)):
        if x <= seq[i]:
            return i
    return len(seq)
"""
FIXED = fixed_names(["place(1, [2])"])


def test_names_are_taken_from_the_places_that_correspond() -> None:
    other = "def place(y, i):\n    for x in range(len(i)):\n        if y < i[x]:\n            return x\n"
    expected = CORRECT.replace("x", "y").replace("seq", "SEQ").replace("[i]", "[x]").replace("for i", "for x")
    expected = expected.replace("return i", "return x").replace("SEQ", "i")
    assert renamed_like(CORRECT, words(other), FIXED) == expected


def test_names_that_would_clash_are_told_apart() -> None:
    """A variable that has no counterpart keeps its name, unless another one got it."""
    counting = "def place(a, s):\n    x = 0\n    for e in s:\n        x += e < a\n    return x\n"
    renamed = renamed_like(counting, words("def place(x, seq):\n    return 1\n"), FIXED)
    assert renamed.startswith("def place(x, seq):\n    x_ = 0\n")
    assert renamed.endswith("x_ += e < x\n    return x_\n")


def test_the_nearest_come_first_with_the_names_of_the_program() -> None:
    other = "def place(a, s):\n    return sum(e < a for e in s)\n"
    own = CORRECT.replace("x", "what").replace("seq", "where")
    both = nearest(own, [other, CORRECT], FIXED, 2)
    assert both[0] == own
    assert both[1].startswith("def place(what, where):\n    return sum(")
    assert nearest(own, [other, CORRECT], FIXED, 1) == [own]
