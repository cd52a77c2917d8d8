"""The problem bank: many problems, several programs of different structure for each, all of them correct."""

import ast

import pytest
from conftest import REPOSITORY

from feedback_lightning.data.readers import read_correct_programs, read_evaluation, read_problems
from feedback_lightning.execution import Submission, run_programs
from feedback_lightning.synthesis.corpus import read_bank
from feedback_lightning.synthesis.normal_form import normal_form


@pytest.fixture(scope="module")
def bank():
    return read_bank(REPOSITORY / "data" / "bank")


def functions_of(code: str) -> set[str]:
    """The functions of a program, each in its normal form."""
    return {normal_form(ast.unparse(node)) for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}


def test_there_are_enough_problems_tests_and_programs(bank):
    assert len(bank) >= 60
    assert len({entry.problem.title for entry in bank}) == len(bank)
    for entry in bank:
        assert len(entry.problem.tests) >= 8, entry.problem.name
        assert len({test.input for test in entry.problem.tests}) == len(entry.problem.tests), entry.problem.name
        assert len(entry.solutions) >= 4, entry.problem.name


def test_the_programs_of_a_problem_differ_in_more_than_names_and_layout(bank):
    for entry in bank:
        assert len({normal_form(solution) for solution in entry.solutions}) == len(entry.solutions), entry.problem.name


def test_the_bank_has_no_function_of_the_programs_to_fine_tune_on_or_evaluate(bank):
    """Else the base model would have learnt in pretraining what its fine-tuning is measured by."""
    data = REPOSITORY / "data"
    problems = read_problems(data)
    programs = [program.code for program in read_correct_programs(data, problems)]
    programs += [program.fixed for program in read_evaluation(data, problems)]
    functions = set().union(*map(functions_of, programs))
    for entry in bank:
        for solution in entry.solutions:
            assert not functions & functions_of(solution), (entry.problem.name, solution)


def test_every_program_passes_every_test(bank):
    pairs = [(entry.problem, code) for entry in bank for code in entry.solutions]
    outcomes = run_programs([Submission(code, problem.tests) for problem, code in pairs])
    assert [(problem.name, code) for (problem, code), out in zip(pairs, outcomes, strict=True) if not out.passed] == []
