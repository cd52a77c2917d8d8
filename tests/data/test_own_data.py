"""The five problems' data: correct programs of many structures, evaluation programs that nothing gives away."""

import json
from collections import Counter

from conftest import REPOSITORY

from feedback_lightning.data.bank import read_bank
from feedback_lightning.data.readers import read_correct_programs, read_evaluation, read_problems, read_training
from feedback_lightning.execution import Limits, Submission, run_programs
from feedback_lightning.metrics import edit_distance
from feedback_lightning.synthesis.normal_form import normal_form
from feedback_lightning.synthesis.parsed_program import Edit, apply

DATA = REPOSITORY / "data"
PROBLEMS = read_problems(DATA)
CORRECT = read_correct_programs(DATA, PROBLEMS)
EVALUATION = read_evaluation(DATA, PROBLEMS)
RAW = json.loads((DATA / "training_raw.json").read_text())


def failing(programs, problems=PROBLEMS, seconds=4.0) -> set[str]:
    """The names of those of the (problem id, name, code) whose code fails a test, or takes that many seconds for it."""
    submissions = [Submission(code, problems[problem].tests) for problem, _, code in programs]
    outcomes = run_programs(submissions, Limits(test_seconds=seconds))
    return {name for (_, name, _), outcome in zip(programs, outcomes, strict=True) if not outcome.passed}


def test_each_problem_has_many_correct_programs_of_different_structure():
    for problem in PROBLEMS:
        programs = [program.code for program in CORRECT if program.problem == problem]
        assert len({normal_form(code) for code in programs}) == len(programs) >= 20


def test_the_correct_programs_are_correct():
    assert failing([(p.problem, p.name, p.code) for p in CORRECT]) == set()


def test_the_correct_programs_pass_the_tests_of_the_real_problems_too(real_data):
    assert failing([(p.problem, p.name, p.code) for p in CORRECT], read_problems(real_data)) == set()


def test_evaluation_programs_fail_and_their_fixes_pass():
    assert Counter(p.problem for p in EVALUATION) == dict.fromkeys(PROBLEMS, 5)
    # One of them never ends, so do not wait for it long; the others fail at once.
    assert failing([(p.problem, p.name, p.code) for p in EVALUATION], seconds=0.5) == {p.name for p in EVALUATION}
    assert failing([(p.problem, p.name, p.fixed) for p in EVALUATION]) == set()


def test_fixes_of_evaluation_programs_are_small_edits():
    """At most 12.7 tokens on average, as the teachers' fixes of the real evaluation programs, and none above 30."""
    distances = [edit_distance(p.code, p.fixed) for p in EVALUATION]
    assert 0 < min(distances) <= max(distances) <= 30
    assert sum(distances) / len(distances) <= 12.7


def trained_on() -> set[str]:
    """Everything that anything shipped learned from, in normal form: without names and layout."""
    training = read_training(DATA, PROBLEMS)
    programs = [code for p in training for code in (p.code, p.fixed)]
    programs += [p.code for p in CORRECT] + [p.code for p in read_bank(DATA / "bank").programs]
    return {normal_form(code) for code in programs}


def test_no_evaluation_program_or_fix_is_in_anything_trained_on():
    evaluation = [normal_form(code) for p in EVALUATION for code in (p.code, p.fixed)]
    assert len(set(evaluation)) == 2 * len(EVALUATION)
    assert not trained_on().intersection(evaluation)


def test_no_real_evaluation_program_or_fix_is_in_anything_trained_on(real_data):
    real = read_evaluation(real_data, read_problems(real_data))
    assert not trained_on().intersection(normal_form(code) for p in real for code in (p.code, p.fixed))


def test_provenance_says_how_each_made_triple_came_about():
    """Its edits turn the repair into the buggy program, and nothing but what was written by hand has no line."""
    training = {(problem, i): entry for problem, entries in RAW.items() for i, entry in enumerate(entries)}
    lines = [json.loads(line) for line in (DATA / "provenance.jsonl").read_text().splitlines()]
    for line in lines:
        entry = training.pop((line["problem"], line["entry"]))
        edits = [Edit(e["start"], e["end"], e["wrong"]) for slip in line["slips"] for e in slip["edits"]]
        assert apply(entry["repaired_code"], edits) == entry["buggy_code"]
    assert Counter(problem for problem, _ in training) == dict.fromkeys(PROBLEMS, 24)
    assert len(lines) + len(training) == 1000
