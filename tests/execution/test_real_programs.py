"""The real dataset, whose verdicts are known."""

from pathlib import Path

from feedback_lightning.data.readers import read_evaluation, read_problems, read_training
from feedback_lightning.execution import Limits, Outcome, Submission, run_programs

LIMITS = Limits(test_seconds=0.5)  # programs that end need milliseconds


def run(root: Path, programs: list[tuple[str, str]]) -> list[Outcome]:
    """Outcomes of (problem, code)."""
    problems = read_problems(root)
    return run_programs([Submission(code, problems[problem].tests) for problem, code in programs], LIMITS)


def test_evaluation_programs(real_data: Path) -> None:
    programs = read_evaluation(real_data, read_problems(real_data))
    assert len(programs) == 25
    buggy = run(real_data, [(program.problem, program.code) for program in programs])
    assert sum(outcome.passed for outcome in buggy) == 0
    fixed = run(real_data, [(program.problem, program.fixed) for program in programs])
    failing = [(program.name, outcome) for program, outcome in zip(programs, fixed, strict=True) if not outcome.passed]
    assert [name for name, _ in failing] == ["1_sequential-search/prog_5"]
    assert failing[0][1].tests_passed == len(failing[0][1].tests) - 1


def test_training_repairs_pass(real_data: Path) -> None:
    programs = read_training(real_data, read_problems(real_data))
    outcomes = run(real_data, [(program.problem, program.fixed) for program in programs])
    assert len(outcomes) == 957
    assert all(outcome.passed for outcome in outcomes)


def test_some_training_programs_called_buggy_pass(real_data: Path) -> None:
    programs = [program for program in read_training(real_data, read_problems(real_data)) if program.problem == "4"]
    outcomes = run(real_data, [(program.problem, program.code) for program in programs])
    assert sum(outcome.passed for outcome in outcomes) == 28
