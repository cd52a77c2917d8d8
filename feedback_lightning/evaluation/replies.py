"""Ask for replies to programs, and turn them into scored repairs."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.evaluation.scoring import ScoredRepair, score_repairs
from feedback_lightning.execution import Limits
from feedback_lightning.generation.pipelines import GenerationConfig, best_candidate, requests_for
from feedback_lightning.generation.schema import Generator, Reply
from feedback_lightning.generation.transcript import collect
from feedback_lightning.prompts import hint_prompt, read_repair, repair_prompt, repair_reply


def ask(
    generator: Generator,
    config: GenerationConfig,
    task: str,
    problems: Mapping[str, Problem],
    programs: Sequence[BuggyProgram],
    transcript: Path,
) -> list[list[Reply]]:
    """The replies to each program: as many as the pipeline wants for a repair, one greedy one for a hint."""
    if task == "hints":
        config = dataclasses.replace(config, pipeline="basic")
    prompt = hint_prompt if task == "hints" else repair_prompt
    wanted = [requests_for(config, prompt(problems[p.problem], p.code), p.name, repair_reply(p.code)) for p in programs]
    flat = [request for requests in wanted for request in requests]
    replies = iter(collect(generator, flat, transcript, f"asking for {task}"))
    return [[next(replies) for _ in requests] for requests in wanted]


def score_replies(
    problems: Mapping[str, Problem],
    programs: Sequence[BuggyProgram],
    replies: Sequence[Sequence[Reply]],
    limits: Limits,
    journal: Path,
) -> list[ScoredRepair]:
    """The best repair of each program's replies, run and scored."""
    candidates = [
        (program, read_repair(reply.text)) for program, r in zip(programs, replies, strict=True) for reply in r
    ]
    scored = iter(score_repairs(problems, [p for p, _ in candidates], [c for _, c in candidates], limits, journal))
    best = []
    for program_replies in replies:
        options = [next(scored) for _ in program_replies]
        passed = [option.outcome.tests_passed if option.outcome else -1 for option in options]
        best.append(options[best_candidate(passed, [option.distance for option in options])])
    return best
