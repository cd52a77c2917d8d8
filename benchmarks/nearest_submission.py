"""What the nearest correct submissions score as repairs: what a model has to beat.

    python -m benchmarks.nearest_submission BUGGY CORRECT

For each evaluation program of the dataset BUGGY it takes the correct programs of the corpus CORRECT that are nearest
whatever their variables are called, gives them the names of the buggy one, runs them, and takes of those that pass the
one with the smallest edit, as best-of-n does. Programs equal to one that is held out for evaluation are left out, as in
`synthesize`. No program is printed.
"""

import argparse
import sys
from collections.abc import Sequence

from feedback_lightning.data.readers import read_evaluation
from feedback_lightning.errors import FeedbackError
from feedback_lightning.evaluation.results import figures_by_problem, print_figures
from feedback_lightning.evaluation.scoring import ScoredRepair, score_repairs
from feedback_lightning.synthesis.likeness import fixed_names, nearest
from feedback_lightning.synthesis.originals import read_originals, without

NEAREST = 6  # submissions run for each buggy program


def best(scored: Sequence[ScoredRepair]) -> ScoredRepair:
    """Of one program's repairs one that passes, if any, with the smallest edit."""
    return min(scored, key=lambda repair: (not repair.passed, repair.distance or 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("buggy", help="dataset with evaluation_data/")
    parser.add_argument("correct", help="corpus with correct programs for the same problems")
    options = parser.parse_args()
    problems, originals, held_out = read_originals(options.correct, options.buggy)
    originals, _ = without(originals, held_out)
    programs = read_evaluation(options.buggy, problems)
    repairs: list[list[str] | list[None]] = []
    for program in programs:
        submissions = [o.code.removeprefix(o.prelude) for o in originals if o.problem == program.problem]
        fixed = fixed_names(test.input for test in problems[program.problem].tests)
        repairs.append(nearest(program.code, submissions, fixed, NEAREST) or [None])
    tried = [(program, repair) for program, found in zip(programs, repairs, strict=True) for repair in found]
    scored = score_repairs(problems, [program for program, _ in tried], [repair for _, repair in tried])
    by_program = {program.name: [s for s in scored if s.program == program.name] for program in programs}
    print_figures("Nearest correct submissions as repairs", figures_by_problem([*map(best, by_program.values())]))


if __name__ == "__main__":
    try:
        main()
    except FeedbackError as error:
        sys.exit(f"error: {error}")
