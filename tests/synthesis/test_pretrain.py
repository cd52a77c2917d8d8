"""The corpus is endless, seeded and well-formed; pretraining makes a model folder that loads, reproducibly."""

import ast
import itertools
import json
import random

import pytest
import torch
from conftest import REPOSITORY

from feedback_lightning.data.readers import read_evaluation, read_problems, read_training
from feedback_lightning.data.tokenization import load_tokenizer
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.synthesis.corpus import corpus, read_bank, relayout, rename, slip
from feedback_lightning.synthesis.pretrain import SPECIAL_TOKENS, pretrain


@pytest.fixture(scope="module")
def bank():
    return read_bank(REPOSITORY / "data" / "bank")


def drawn(bank, seed, count=200):
    return list(itertools.islice(corpus(bank, seed), count))


def test_the_corpus_is_seeded(bank):
    assert drawn(bank, 1) == drawn(bank, 1)
    assert drawn(bank, 1) != drawn(bank, 2)


def test_every_program_of_the_corpus_has_a_difference_and_a_hint(bank):
    for _, program in drawn(bank, 3, 1000):
        ast.parse(program.fixed)
        assert program.code != program.fixed
        assert program.hint
        assert "{" not in program.hint


def test_renaming_keeps_functions_and_behaviour(bank):
    rng = random.Random(5)
    for entry in bank:
        for solution in entry.solutions:
            results = []
            for code in (solution, relayout(rename(solution, rng), rng)):
                names: dict = {}
                exec(code, names)  # our own programs
                results.append([repr(eval(test.input, names)) for test in entry.problem.tests])
            assert results[0] == results[1], solution


def test_slips_change_one_place(bank):
    rng = random.Random(5)
    for solution in bank[0].solutions:
        code, hint = slip(solution, rng)
        before, after = solution.splitlines(), code.splitlines()
        assert abs(len(before) - len(after)) <= 1
        assert hint


def test_the_bank_has_none_of_the_problems_to_fine_tune_on(bank):
    problems = read_problems(REPOSITORY / "data")
    programs = read_training(REPOSITORY / "data", problems) + read_evaluation(REPOSITORY / "data", problems)
    functions = {name for p in programs for name in functions_of(p.fixed)}
    assert len(problems) == 5
    assert len(programs) >= 100
    assert {"search", "unique_day", "remove_extras", "sort_age", "top_k"} <= functions
    for entry in bank:
        for solution in entry.solutions:
            assert (
                not functions & functions_of(solution) & {"search", "unique_day", "remove_extras", "sort_age", "top_k"}
            )
        assert entry.problem.description not in {p.description for p in problems.values()}


def functions_of(code):
    return {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}


def test_pretraining_is_reproducible_and_loads(tmp_path, monkeypatch):
    bank_folder = str(REPOSITORY / "data" / "bank")
    for name in ("a", "b"):
        pretrain(str(tmp_path / name), bank_folder, steps=2, vocabulary=400, hidden=32, layers=1, tokens_per_step=64)
    curves = [json.loads((tmp_path / name / "pretraining.json").read_text()) for name in ("a", "b")]
    assert curves[0]["tokens"] == curves[1]["tokens"]
    states = [
        load_base_model(str(tmp_path / n), "float32", "none", torch.device("cpu")).state_dict() for n in ("a", "b")
    ]
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())
    tokenizer = load_tokenizer(str(tmp_path / "a"))
    assert [tokenizer.convert_tokens_to_ids(token) for token in SPECIAL_TOKENS] == list(range(7))
    assert not list(tmp_path.glob(".*"))
