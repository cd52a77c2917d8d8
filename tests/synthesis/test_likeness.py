"""Programs are compared whatever their variables are called, and get each other's names."""

from feedback_lightning.synthesis.likeness import fixed_names, nameless, nearest, renamed_like, words

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


def test_the_nearest_come_first_whatever_their_names() -> None:
    other = "def place(a, s):\n    return sum(e < a for e in s)\n"
    own = CORRECT.replace("x", "what").replace("seq", "where")
    corpus = [(code, nameless(words(code), FIXED)) for code in (other, CORRECT)]
    assert nearest(nameless(words(own), FIXED), corpus, 2) == [CORRECT, other]
    assert nearest(nameless(words(own), FIXED), corpus, 1) == [CORRECT]
