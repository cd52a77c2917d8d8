"""What `synthesize` writes and prints: the dataset, where each triple comes from, and a summary."""

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from feedback_lightning.data.readers import TRAINING_FILE
from feedback_lightning.data.schema import Problem
from feedback_lightning.errors import DataError
from feedback_lightning.synthesis.candidates import parsed
from feedback_lightning.synthesis.originals import Original
from feedback_lightning.synthesis.triples import Tally, Triple
from feedback_lightning.writing import write_json, write_text

PROVENANCE = "provenance.jsonl"
SUMMARY = "synthesis.json"


def summarise(
    problems: Mapping[str, Problem],
    pools: Mapping[str, tuple[Sequence[Original], Sequence[Original]]],
    rejected: Counter[tuple[str, str]],
    tally: Tally,
    triples: Sequence[Triple],
) -> dict[str, Any]:
    """For each problem the programs used, what became of the mutants tried; and how often each slip was made."""
    by_problem = {
        problem: {
            "originals": len(pools[problem][0]),
            "originals_rejected": {reason: n for (p, reason), n in rejected.items() if p == problem},
            "rewritten": len(pools[problem][1]),
            "mutants": dict(sorted(tally.of(problem).items())),
        }
        for problem in problems
    }
    slips = Counter(mutation.mutator for triple in triples for mutation in triple.candidate.mutations)
    sizes = Counter(len(triple.candidate.mutations) for triple in triples)
    return {
        "problems": by_problem,
        "slips": dict(slips.most_common()),
        "slips_per_program": {str(size): n for size, n in sorted(sizes.items())},
    }


def write(
    folder: Path, problems: Mapping[str, Problem], triples: Sequence[Triple], seed: int, summary: dict[str, Any]
) -> None:
    """Write the dataset, each file under a temporary name first, in the place of one that is there."""
    write_problems(folder, problems)
    training: dict[str, list[dict[str, str]]] = {}
    provenance = []
    for triple in triples:
        entries = training.setdefault(triple.candidate.original.problem, [])
        provenance.append(json.dumps(provenance_of(triple, len(entries), seed), ensure_ascii=False))
        entries.append(
            {"buggy_code": triple.candidate.buggy, "repaired_code": triple.candidate.original.code, "hint": triple.hint}
        )
    write_text(folder / PROVENANCE, "\n".join(provenance) + "\n")
    write_json(folder / TRAINING_FILE, training)
    write_json(folder / SUMMARY, summary)


def write_problems(folder: Path, problems: Mapping[str, Problem]) -> None:
    """Write problems/, and remove those of an earlier output."""
    names = {problem.name for problem in problems.values()}
    for problem in problems.values():
        fields = dataclasses.asdict(problem)
        del fields["name"]
        write_json(folder / "problems" / f"{problem.name}.json", fields)
    for path in (folder / "problems").glob("*.json"):
        if path.stem not in names:
            path.unlink()


def refuse_foreign(folder: Path) -> None:
    """Do not write over data that these commands have not made."""
    if (folder / TRAINING_FILE).exists() and not (folder / PROVENANCE).exists():
        raise DataError(
            folder / TRAINING_FILE, "is there already and neither from synthesize nor from pair; give another folder"
        )


def provenance_of(triple: Triple, entry: int, seed: int) -> dict[str, Any]:
    """Where a triple comes from, so that it can be made again and traced back."""
    original, program = triple.candidate.original, parsed(triple.candidate.original.code)
    slips = [
        {
            "mutator": mutation.mutator,
            "everywhere": mutation.everywhere,
            "line": program.line_of(mutation.at),
            "edits": [
                {"start": e.start, "end": e.end, "correct": program.source[e.start : e.end], "wrong": e.replacement}
                for e in mutation.edits
            ],
            "explanation": text,
        }
        for mutation, text in zip(triple.candidate.mutations, triple.explanations, strict=True)
    ]
    return {
        "problem": original.problem,
        "entry": entry,
        "original": original.name,
        "augmentations": list(original.augmentations),
        "slips": slips,
        "failed_test": triple.failed_test,
        "seed": seed,
    }


def show(summary: dict[str, Any], folder: Path, wanted: int, seconds: float) -> None:
    """Print what was tried for each problem and why it was rejected."""
    console = Console()
    entries: dict[str, dict[str, Any]] = summary["problems"]
    made = sum(entry["mutants"].get("kept", 0) for entry in entries.values())
    table = Table(title=f"{made:,} triples in {folder}, {made / seconds:.0f} per second")
    for heading in ("problem", "correct", "rewritten", "tried", "kept"):
        table.add_column(heading, justify="left" if heading == "problem" else "right")
    table.add_column("rejected, and why", overflow="fold")
    for key, entry in entries.items():
        mutants: dict[str, int] = entry["mutants"]
        given = entry["originals"] + sum(entry["originals_rejected"].values())
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in mutants.items() if reason != "kept")
        numbers = (f"{entry['rewritten']:,}", f"{sum(mutants.values()):,}", f"{mutants.get('kept', 0):,}")
        table.add_row(key, f"{entry['originals']:,} of {given:,}", *numbers, reasons)
    console.print(table)
    if made < wanted:
        console.print(f"{wanted - made:,} fewer than wanted: there are no more different mutants that fail a test.")
    console.print(f"Train on them:  python cli.py fit --data.root {folder}", highlight=False, soft_wrap=True)
