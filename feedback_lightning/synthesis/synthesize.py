"""python cli.py synthesize: training triples (buggy program, repair, hint) from correct programs.

Every triple is proven: the original passes all tests of its problem; the mutant fails at least one, and so does the
original with each of the slips alone; the repair is the original. Runs are kept in journals in the output folder, so
the same command goes on where it was interrupted.

    <output>/problems/, training_raw.json    as readers.py has it
    <output>/provenance.jsonl                for each triple: original, rewriting, slips and places, first failed test
    <output>/synthesis.json                  settings, and for each problem what was tried and why it was rejected
"""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from feedback_lightning.data.layout import slug
from feedback_lightning.data.readers import TRAINING_FILE
from feedback_lightning.data.schema import Problem, Test
from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.execution import Limits, Submission, run_programs
from feedback_lightning.generation.endpoint import EndpointConfig, EndpointGenerator
from feedback_lightning.synthesis.distribution import Distribution
from feedback_lightning.synthesis.originals import Original, proven, read_originals, variants, without
from feedback_lightning.synthesis.output import PROVENANCE, show, summarise, write
from feedback_lightning.synthesis.triples import make_triples
from feedback_lightning.synthesis.written_hints import written_by

JOURNALS = "runs"
AS_COUNTED = Distribution()


def synthesize(
    programs: str,
    output: str,
    problems: str | None = None,
    count: int = 1000,
    distribution: Distribution = AS_COUNTED,
    augment: float = 0.5,
    seed: int = 3407,
    seconds: float = 1.0,
    workers: int | None = None,
    hints: EndpointConfig | None = None,
) -> None:
    """Make training data from correct programs.

    Args:
        programs: folder or .zip archive with correct programs; see the documentation for the layouts.
        output: folder to write, or one written by this command before, whose data is replaced.
        problems: dataset whose problems (texts and tests) to use instead of those of `programs`. Evaluation programs
            there, or in `programs`, and their fixes are kept out of the result.
        count: triples to make, shared out evenly among the problems unless `distribution.problems` says otherwise.
        distribution: which slips are made how often; the default follows real buggy programs.
        augment: share of the triples that start from a rewritten original, from 0 to 1.
        seed: the same seed gives the same triples.
        seconds: time for all tests of a program. Correct programs that take longer are left out.
        workers: programs run at a time; by default one for each processor.
        hints: an endpoint whose model writes the hints; by default they come from the mutators' phrasings.
    """
    if not 0 <= augment <= 1:
        raise FeedbackError(f"augment is a share from 0 to 1, not {augment}")
    if count < 1:
        raise FeedbackError(f"count must be at least 1, not {count}")
    generator = EndpointGenerator(hints) if hints else None
    folder = Path(output)
    _refuse_foreign(folder)
    began = time.perf_counter()
    found, given, held_out = read_originals(programs, problems)
    counts = distribution.problem_counts([*found], count)
    given, known = without(given, held_out)
    runner = _Runner(found, Limits(test_seconds=seconds, program_seconds=seconds), workers, folder / JOURNALS)
    folder.mkdir(parents=True, exist_ok=True)
    originals, rejected = proven(given, runner.passes)
    rejected += known
    if missing := [problem for problem in found if counts[problem] and problem not in {o.problem for o in originals}]:
        raise DataError(programs, f"no program passes the tests of problem {', '.join(missing)}")
    rewritten = variants(originals, round(count * augment), seed, runner.passes)
    rewritten, _ = without(rewritten, held_out)
    pools = {p: ([o for o in originals if o.problem == p], [o for o in rewritten if o.problem == p]) for p in found}
    triples, tally = make_triples(pools, counts, distribution, augment, seed, runner.first_failures, held_out)
    if generator:
        triples = written_by(generator, triples, found, folder / "hints.jsonl")
    settings = {"programs": programs, "problems": problems, "count": count, "augment": augment, "seed": seed,
                "seconds": seconds, "distribution": dataclasses.asdict(distribution),
                "hints": generator.identity if generator else "phrasings of the mutators"}  # fmt: skip
    summary = summarise(found, pools, rejected, tally, triples) | {"settings": settings}
    write(folder, found, triples, seed, summary)
    show(summary, folder, count, time.perf_counter() - began)


class _Runner:
    """Runs programs on the tests of their problems; each kind of work has a journal of its own in a folder."""

    def __init__(self, problems: dict[str, Problem], limits: Limits, workers: int | None, journals: Path) -> None:
        self.tests: dict[str, tuple[Test, ...]] = {problem.id: problem.tests for problem in problems.values()}
        self.limits, self.workers, self.journals = limits, workers, journals

    def passes(self, originals: Sequence[Original], description: str) -> list[bool]:
        return [failed is None for failed in self.first_failures([(o.problem, o.code) for o in originals], description)]

    def first_failures(self, programs: Sequence[tuple[str, str]], description: str) -> list[int | None]:
        """For each (problem, program) the number of the first test that it fails; None if it passes all."""
        submissions = [Submission(code, self.tests[problem], until_failure=True) for problem, code in programs]
        journal = self.journals / f"{slug(description)}.jsonl"
        outcomes = run_programs(submissions, self.limits, self.workers, journal, description=description)
        return [next((i for i, test in enumerate(o.tests) if not test.passed), None) for o in outcomes]


def _refuse_foreign(folder: Path) -> None:
    """Do not write over data that this command has not made."""
    if (folder / TRAINING_FILE).exists() and not (folder / PROVENANCE).exists():
        raise DataError(folder / TRAINING_FILE, "is there already and not from synthesize; give another output folder")
