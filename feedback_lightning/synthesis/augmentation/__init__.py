"""Augmentation: programs that do the same and look different.

Rewritten programs are candidates until they have been run: `augmented` does not promise that they still pass.
"""

import random
from collections.abc import Callable, Sequence

from feedback_lightning.synthesis.augmentation import appearance, forms
from feedback_lightning.synthesis.parsed_program import Edit, ParsedProgram, apply, parses

FORMS: tuple[Callable[[ParsedProgram], forms.Rewriting], ...] = (
    forms.elements_to_positions,
    forms.positions_to_elements,
    forms.for_to_while,
    forms.while_to_for,
    forms.mirrored_comparison,
    forms.spelt_out_negation,
    forms.exchanged_branches,
    forms.answer_as_branches,
    forms.answer_as_value,
    forms.else_after_return,
    forms.explicit_continue,
    forms.compared_with_true,
    forms.emptiness,
    forms.way_of_adding,
    forms.way_of_counting,
)
APPEARANCE: tuple[Callable[[ParsedProgram, random.Random], tuple[Edit, ...]], ...] = (
    appearance.renamed,
    appearance.respaced,
    appearance.blank_lines,
    appearance.remarks,
    appearance.leftover_pass,
    appearance.without_docstrings,
)
MOST_STEPS = 4


def augmented(source: str, others: Sequence[str], rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """A program rewritten in one to four steps, and the names of the steps; none if they undo each other.

    Args:
        source: a program that parses.
        others: programs for the same problem, from which a function may come.
        rng: chooses steps and places.
    """
    original, steps = source, list[str]()
    for _ in range(rng.randint(1, MOST_STEPS)):
        name, rewritten = _step(source, others, rng)
        if rewritten != source and parses(rewritten):
            source = rewritten
            steps.append(name)
    return source, tuple(steps) if source != original else ()


def _step(source: str, others: Sequence[str], rng: random.Random) -> tuple[str, str]:
    program = ParsedProgram(source)
    kind = rng.random()
    if kind < 0.45:
        places = [(form.__name__, edits) for form in FORMS for edits in form(program)]
        name, edits = rng.choice(places) if places else ("none", ())
    elif kind < 0.9 or not others:
        look = rng.choice(APPEARANCE)
        name, edits = look.__name__, look(program, rng)
    else:
        other = ParsedProgram(rng.choice(others))
        name, edits = "with_function_of", appearance.with_function_of(program, other, rng)
    return name, apply(source, edits)
