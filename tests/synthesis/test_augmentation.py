"""Rewritten programs do the same."""

import json
import random
import re

import pytest
from bank import results
from conftest import REPOSITORY

from feedback_lightning.synthesis.augmentation import APPEARANCE, FORMS, augmented
from feedback_lightning.synthesis.augmentation.appearance import with_function_of
from feedback_lightning.synthesis.parsed_program import ParsedProgram, apply, parses

BANK = [
    (code, [test["input"] for test in problem["tests"]][:6])
    for file in sorted((REPOSITORY / "data" / "bank").glob("*.json"))
    for problem in [json.loads(file.read_text(encoding="utf-8"))]
    for code in problem["solutions"][:2]
]
EXAMPLES = {
    "elements_to_positions": ("for x in s:\n    print(x)\n", "for i in range(len(s)):\n    print(s[i])\n"),
    "positions_to_elements": ("for i in range(len(s)):\n    print(s[i])\n", "for x in s:\n    print(x)\n"),
    "for_to_while": ("for i in range(n):\n    f(i)\n", "i = 0\nwhile i < n:\n    f(i)\n    i += 1\n"),
    "while_to_for": ("i = 0\nwhile i < n:\n    f(i)\n    i += 1\n", "for i in range(n):\n    f(i)\n"),
    "mirrored_comparison": ("a = b < c\n", "a = c > b\n"),
    "spelt_out_negation": ("if a not in b:\n    c\n", "if not a in b:\n    c\n"),
    "exchanged_branches": ("if a < b:\n    c\nelse:\n    d\n", "if a >= b:\n    d\nelse:\n    c\n"),
    "answer_as_branches": (
        "def f(a):\n    return a == 1\n",
        "def f(a):\n    if a == 1:\n        return True\n    else:\n        return False\n",
    ),
    "answer_as_value": (
        "def f(a):\n    if a == 1:\n        return True\n    return False\n",
        "def f(a):\n    return a == 1\n",
    ),
    "else_after_return": (
        "def f(a):\n    if a:\n        return 1\n    return 2\n",
        "def f(a):\n    if a:\n        return 1\n    else:\n        return 2\n",
    ),
    "explicit_continue": (
        "for x in s:\n    if x:\n        f(x)\n",
        "for x in s:\n    if x:\n        f(x)\n    else:\n        continue\n",
    ),
    "compared_with_true": ("if f(x):\n    y\n", "if f(x) == True:\n    y\n"),
    "emptiness": ("if not s:\n    y\n", "if len(s) == 0:\n    y\n"),
    "way_of_adding": ("new.append(x)\n", "new = new + [x]\n"),
    "way_of_counting": ("n += 1\n", "n = n + 1\n"),
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_each_form_is_written_the_other_way(form) -> None:
    before, after = EXAMPLES[form.__name__]
    assert after in [apply(before, edits) for edits in form(ParsedProgram(before))]


@pytest.mark.parametrize("rewrite", [*FORMS, *APPEARANCE], ids=lambda rewrite: rewrite.__name__)
def test_rewritten_programs_give_the_same_results(rewrite) -> None:
    rng = random.Random(4)
    for code, calls in BANK:
        program = ParsedProgram(code)
        all_edits = list(rewrite(program)) if rewrite in FORMS else [rewrite(program, rng)]
        expected = results(code, calls)
        different = 0
        for edits in all_edits:
            rewritten = apply(code, edits)
            assert parses(rewritten), rewritten
            different += results(rewritten, calls) != expected
        # what a list does, a dictionary or a flag need not, and += changes a list where + makes a new one: such
        # programs are sorted out by running them
        assert different == 0 or rewrite.__name__ in ("elements_to_positions", "emptiness", "way_of_counting")


def test_names_change_and_functions_keep_theirs() -> None:
    source = "def f(lst, k):\n    best = max(lst)\n    return [best for best in lst if best > k]\n"
    texts = {apply(source, APPEARANCE[0](ParsedProgram(source), random.Random(i))) for i in range(30)}
    assert len(texts) > 20
    for text in texts:
        assert re.fullmatch(
            r"def f\((\w+), (\w+)\):\n    (\w+) = max\(\1\)\n    return \[\3 for \3 in \1 if \3 > \2\]\n", text
        )


def test_a_function_comes_from_another_program() -> None:
    own = ParsedProgram("def f(x):\n    return x\n\ndef g(x):\n    return f(x)\n")
    other = ParsedProgram("def g(y):\n    return f(y) + 0\n\ndef h(y):\n    return 1\n")
    edits = with_function_of(own, other, random.Random(0))
    assert apply(own.source, edits) == "def f(x):\n    return x\n\ndef g(y):\n    return f(y) + 0\n"
    needy = ParsedProgram("def g(y):\n    return h(y)\n\ndef h(y):\n    return y\n")
    assert with_function_of(own, needy, random.Random(0)) == ()


def test_augmentation_is_seeded_and_names_its_steps() -> None:
    known = {rewrite.__name__ for rewrite in [*FORMS, *APPEARANCE]} | {"with_function_of"}
    changed = 0
    for i, (code, _) in enumerate(BANK):
        text, steps = augmented(code, [code], random.Random(i))
        assert (text, steps) == augmented(code, [code], random.Random(i))
        assert set(steps) <= known
        assert (text == code) == (not steps)
        changed += text != code
    assert changed > 0.7 * len(BANK)  # the others found no place for their steps


def test_a_program_without_functions_is_rewritten_too() -> None:
    code = "double = lambda n: 2 * n\n"
    for seed in range(60):
        text, _ = augmented(code, [code], random.Random(seed))
        assert parses(text)
