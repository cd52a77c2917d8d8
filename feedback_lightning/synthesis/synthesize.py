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
from pathlib import Path

from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.generation.endpoint import EndpointConfig, EndpointGenerator
from feedback_lightning.synthesis.distribution import Distribution
from feedback_lightning.synthesis.originals import proven, read_originals, variants, without
from feedback_lightning.synthesis.output import refuse_foreign, show, summarise, write
from feedback_lightning.synthesis.runner import Runner
from feedback_lightning.synthesis.triples import make_triples
from feedback_lightning.synthesis.written_hints import written_by

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
    refuse_foreign(folder)
    began = time.perf_counter()
    found, given, held_out = read_originals(programs, problems)
    counts = distribution.problem_counts([*found], count)
    given, known = without(given, held_out)
    runner = Runner(found, seconds, workers, folder)
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
