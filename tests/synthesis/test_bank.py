"""The problem bank: many problems, several programs of different structure for each, all of them correct."""

import ast
import re

import pytest
from conftest import REPOSITORY

from feedback_lightning.data.bank import read_bank
from feedback_lightning.data.readers import read_correct_programs, read_evaluation, read_problems
from feedback_lightning.execution import Submission, run_programs
from feedback_lightning.synthesis.normal_form import normal_form


@pytest.fixture(scope="module")
def bank():
    return read_bank(REPOSITORY / "data" / "bank")


def functions_of(code: str) -> set[str]:
    """The functions of a program, each in its normal form."""
    return {normal_form(ast.unparse(node)) for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}


def by_problem(bank):
    """(problem, its programs) for each problem."""
    return [(p, [program.code for program in bank.programs if program.problem == p.id]) for p in bank.problems.values()]


def test_there_are_enough_problems_tests_and_programs(bank):
    assert len(bank.problems) >= 60
    assert len({problem.title for problem in bank.problems.values()}) == len(bank.problems)
    for problem, solutions in by_problem(bank):
        assert len(problem.tests) >= 8, problem.name
        assert len({test.input for test in problem.tests}) == len(problem.tests), problem.name
        assert len(solutions) >= 4, problem.name


def test_the_programs_of_a_problem_differ_in_more_than_names_and_layout(bank):
    for problem, solutions in by_problem(bank):
        assert len({normal_form(solution) for solution in solutions}) == len(solutions), problem.name


def test_the_bank_has_no_function_of_the_programs_to_fine_tune_on_or_evaluate(bank):
    """Else a model trained on triples of the bank would have learnt what it is measured by."""
    data = REPOSITORY / "data"
    problems = read_problems(data)
    programs = [program.code for program in read_correct_programs(data, problems)]
    programs += [program.fixed for program in read_evaluation(data, problems)]
    functions = set().union(*map(functions_of, programs))
    for program in bank.programs:
        assert not functions & functions_of(program.code), (program.name, program.code)


def test_the_bank_has_none_of_the_problems_to_fine_tune_on_or_evaluate(bank):
    data = REPOSITORY / "data"
    problems = read_problems(data)
    asked, in_bank = called(problems), called(bank.problems)
    assert {"search", "unique_day", "remove_extras", "sort_age", "top_k"} <= asked
    assert not asked & in_bank
    assert not {p.description for p in bank.problems.values()} & {p.description for p in problems.values()}


def called(problems):
    """The functions that the tests of some problems call."""
    calls = (re.findall(r"(\w+)\(", test.input) for problem in problems.values() for test in problem.tests)
    return {name for names in calls for name in names}


def test_every_program_passes_every_test(bank):
    outcomes = run_programs(
        [Submission(program.code, bank.problems[program.problem].tests) for program in bank.programs]
    )
    assert [program.name for program, out in zip(bank.programs, outcomes, strict=True) if not out.passed] == []
