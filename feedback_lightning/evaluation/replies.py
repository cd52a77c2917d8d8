"""Ask for replies to programs, turn them into scored repairs, and count those that are not as they were asked for."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.evaluation.scoring import ScoredRepair, score_repairs
from feedback_lightning.execution import Limits
from feedback_lightning.generation.pipelines import GenerationConfig, best_candidate, requests_for
from feedback_lightning.generation.schema import Generator, Reply
from feedback_lightning.generation.transcript import collect
from feedback_lightning.prompts import hint_prompt, read_repair, repair_prompt, repair_reply, untagged


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


def count_replies(replies: Iterable[Reply]) -> dict[str, int]:
    """Of replies to repair prompts: all; those without tags, and of these those with a repair; those that were cut."""
    given = list(replies)
    without = [reply.text for reply in given if untagged(reply.text)]
    return {
        "count": len(given),
        "untagged": len(without),
        "fenced": sum(read_repair(text) is not None for text in without),
        "cut": sum(reply.finish == "length" for reply in given),
    }


def count_lines(counts: Mapping[str, int], limit: str) -> list[str]:
    """What is printed of `count_replies`; nothing where nothing was amiss.

    Args:
        counts: the counts.
        limit: the setting at which replies are cut, with its value.
    """
    lines = []
    if counts["untagged"]:
        lines.append(
            f"No tags in {counts['untagged']} of {counts['count']} replies;"
            f" in {counts['fenced'] or 'none'} of them a single fenced program counts as the repair."
        )
    if counts["cut"]:
        lines.append(f"Cut at {limit}: {counts['cut']} of {counts['count']} replies.")
    return lines
