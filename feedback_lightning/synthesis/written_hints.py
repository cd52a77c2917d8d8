"""Hints written by a language model instead of the mutators' phrasings.

The model sees the student's program and, for itself, what is wrong. Its hint counts unless it is missing or shows the
correct code; then the mutator's phrasing stays.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from feedback_lightning.data.schema import Problem
from feedback_lightning.generation.schema import Generator, Request
from feedback_lightning.generation.transcript import collect
from feedback_lightning.prompts import hint_prompt, read_hint
from feedback_lightning.synthesis.hints import fixes, shows_fix
from feedback_lightning.synthesis.triples import Triple


def written_by(
    generator: Generator, triples: Sequence[Triple], problems: Mapping[str, Problem], transcript: Path | None = None
) -> list[Triple]:
    """The triples with the model's hints.

    Args:
        generator: who writes.
        triples: with the mutators' hints.
        problems: by id.
        transcript: keeps the replies, so that none is asked for twice.
    """
    requests = [request(triple, problems[triple.candidate.original.problem]) for triple in triples]
    replies = collect(generator, requests, transcript, "writing hints")
    return [_with(triple, read_hint(reply.text)) for triple, reply in zip(triples, replies, strict=True)]


def request(triple: Triple, problem: Problem) -> Request:
    """What the model is asked: a hint, given what is wrong."""
    *before, last = hint_prompt(problem, triple.candidate.buggy)
    known = "For you alone, not to be told to the student: " + " ".join(triple.explanations)
    return Request([*before, {**last, "content": f"{last['content']}\n\n{known}"}])


def _with(triple: Triple, hint: str | None) -> Triple:
    if hint is None or shows_fix(hint, fixes(triple.candidate.original.code, triple.candidate.edits)):
        return triple
    return dataclasses.replace(triple, hint=hint)
