"""Prompts share what can be shared and do not give the answer away."""

import ast

import pytest
from conftest import REPOSITORY

from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.prompts import hint_completion, hint_prompt, repair_completion, repair_prompt


@pytest.fixture(scope="module")
def data():
    problems = read_problems(REPOSITORY / "data")
    return problems, read_training(REPOSITORY / "data", problems)


def test_repair_and_hint_prompts_differ_in_the_last_line_only(data):
    problems, programs = data
    for program in programs:
        repair, hint = (make(problems[program.problem], program.code) for make in (repair_prompt, hint_prompt))
        assert repair[0] == hint[0]
        assert repair[1]["content"].splitlines()[:-1] == hint[1]["content"].splitlines()[:-1]
        assert repair[1]["content"] != hint[1]["content"]


def test_prompts_of_a_problem_begin_alike_up_to_the_program(data):
    problems, programs = data
    for problem in problems.values():
        heads = {
            make(problem, p.code)[1]["content"].split("```python\n")[0]
            for make in (repair_prompt, hint_prompt)
            for p in programs
            if p.problem == problem.id
        }
        [head] = heads
        assert problem.description in head


def test_the_program_stands_in_the_prompt_and_its_repair_in_the_completion_only(data):
    problems, programs = data
    for program in programs:
        prompt = repair_prompt(problems[program.problem], program.code)[1]["content"]
        assert program.code.strip("\n") in prompt
        assert program.fixed.strip("\n") not in prompt
        assert repair_completion(program) == f"[FIXED]\n{program.fixed.strip(chr(10))}\n[/FIXED]"
        assert hint_completion(program) == f"[HINT]{program.hint}[/HINT]"


def test_layout_that_does_not_matter_is_made_equal():
    program = BuggyProgram("1", "p", "x", "\n\nif x:  \n\ty = 1\r\n\n")
    assert repair_completion(program) == "[FIXED]\nif x:\n    y = 1\n[/FIXED]"


def test_real_programs_mean_the_same_in_prompt_and_completion(real_data):
    """Layout is made equal without changing a program; repair and hint prompts differ in the last line only."""
    problems = read_problems(real_data)
    for program in read_training(real_data, problems):
        repair, hint = (make(problems[program.problem], program.code) for make in (repair_prompt, hint_prompt))
        assert repair[1]["content"].rpartition("\n")[0] == hint[1]["content"].rpartition("\n")[0]
        shown = repair[1]["content"].split("```python\n")[1].split("\n```")[0]
        assert ast.dump(ast.parse(shown)) == ast.dump(ast.parse(program.code)), program.name
        replied = repair_completion(program).removeprefix("[FIXED]\n").removesuffix("\n[/FIXED]")
        assert ast.dump(ast.parse(replied)) == ast.dump(ast.parse(program.fixed)), program.name
