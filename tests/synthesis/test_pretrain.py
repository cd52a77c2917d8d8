"""Triples are disguised alike on both sides; pretraining makes a model folder that loads, reproducibly, and resumes."""

import ast
import json
import random
import re

import pytest
import torch
from conftest import REPOSITORY

from feedback_lightning.data.bank import read_bank
from feedback_lightning.data.readers import read_evaluation, read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.data.tokenization import load_tokenizer
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.prompts import plain_layout, read_repair
from feedback_lightning.synthesis import pretrain as pretraining
from feedback_lightning.synthesis.disguise import disguised
from feedback_lightning.synthesis.normal_form import normal_form
from feedback_lightning.synthesis.pretrain import pretrain
from feedback_lightning.synthesis.pretraining_corpus import Corpus
from feedback_lightning.synthesis.tokenizer import SPECIAL_TOKENS

DATA = REPOSITORY / "data"
PROBLEMS = read_problems(DATA)
PROGRAMS = read_training(DATA, PROBLEMS)
BY_PROBLEM = {problem: [p for p in PROGRAMS if p.problem == problem] for problem in PROBLEMS}
SIZES = {"vocabulary": 400, "hidden": 192, "layers": 2, "dtype": "float32", "processes": 1}


def test_other_names_never_change_the_normal_form():
    rng = random.Random(5)
    changed = 0
    for program in PROGRAMS:
        other = disguised(program, rng)
        assert normal_form(other.fixed) == normal_form(program.fixed)
        changed += other.fixed != program.fixed
    assert changed > 0.8 * len(PROGRAMS)


def test_other_names_keep_functions_and_behaviour():
    rng = random.Random(5)
    bank = read_bank(REPOSITORY / "data" / "bank")
    for solution in bank.programs:
        other = disguised(BuggyProgram(solution.problem, "", solution.code, solution.code), rng)
        assert other.code == other.fixed
        results = []
        for code in (solution.code, other.code):
            names: dict = {}
            exec(code, names)  # our own programs
            results.append([repr(eval(test.input, names)) for test in bank.problems[solution.problem].tests])
        assert results[0] == results[1], other.code


def test_both_sides_and_the_hint_are_disguised_alike():
    fixed = "def total(values):\n    s = 0\n    for v in values:\n        s += v\n    return s\n"
    program = BuggyProgram("1", "p", fixed.replace("s += v", "s = v"), fixed, "What does `s = v` in line 4 keep?")
    for seed in range(50):
        other = disguised(program, random.Random(seed), strange=True)
        ast.parse(other.fixed)
        lines = list(zip(other.code.splitlines(), other.fixed.splitlines(), strict=True))
        assert [i for i, (wrong, right) in enumerate(lines) if wrong != right] == [3]
        assert f"`{lines[3][0].strip()}`" in other.hint
        assert "total" not in other.fixed


def test_a_misspelt_name_stays_close_to_the_right_one():
    fixed = "def f(number):\n    return number\n"
    program = BuggyProgram("1", "p", fixed.replace("return number", "return nubmer"), fixed, "Look.")
    for seed in range(20):
        other = disguised(program, random.Random(seed), strange=True)
        assert "nubmer" in other.code
        assert "number" in other.fixed


def test_a_step_depends_on_the_seed_and_its_number_only():
    corpus = Corpus(PROBLEMS, BY_PROBLEM, load_tokenizer(str(DATA / "tiny-phi3")), 4, disguise=1.0, seed=1)
    ids = [corpus.step(number).forwards[0].input_ids.tolist() for number in (1, 2, 1)]
    assert ids[0] == ids[2] != ids[1]
    assert corpus.step(1).computed < corpus.step(1).tokens, "the programs of a problem share its description"


def test_a_share_of_the_programs_is_disguised():
    tokenizer = load_tokenizer(str(DATA / "tiny-phi3"))
    known = {plain_layout(program.fixed) for program in PROGRAMS}
    for disguise in (0.0, 0.5, 1.0):
        corpus = Corpus(PROBLEMS, BY_PROBLEM, tokenizer, 2, disguise, seed=1)
        texts = [tokenizer.decode(e.input_ids[e.prompt_length :]) for n in range(1, 13) for e in corpus.examples(n)]
        repairs = [repair for text in texts if (repair := read_repair(text))]
        as_they_are = sum(repair in known for repair in repairs) / len(repairs)
        # Of 192; a disguise may happen to change nothing.
        assert abs(as_they_are - (1 - disguise)) < 0.15


def test_the_bank_has_none_of_the_problems_to_fine_tune_on():
    functions = {"search", "unique_day", "remove_extras", "sort_age", "top_k"}
    programs = PROGRAMS + read_evaluation(DATA, PROBLEMS)
    assert functions <= {name for p in programs for name in functions_of(p.fixed)}
    bank = read_bank(DATA / "bank")
    called = {call for p in bank.problems.values() for test in p.tests for call in re.findall(r"(\w+)\(", test.input)}
    assert not functions & called
    assert not {p.description for p in bank.problems.values()} & {p.description for p in PROBLEMS.values()}


def functions_of(code):
    return {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}


def test_pretraining_is_reproducible_and_loads(tmp_path):
    for name in ("a", "b"):
        pretrain(str(DATA), str(tmp_path / name), steps=2, **SIZES)
    curves = [json.loads((tmp_path / name / "pretraining.json").read_text())["curve"] for name in ("a", "b")]
    assert curves[0] == curves[1] != []
    assert weights(tmp_path / "a").keys() == weights(tmp_path / "b").keys()
    assert all(torch.equal(value, weights(tmp_path / "b")[name]) for name, value in weights(tmp_path / "a").items())
    tokenizer = load_tokenizer(str(tmp_path / "a"))
    assert [tokenizer.convert_tokens_to_ids(token) for token in SPECIAL_TOKENS] == list(range(7))
    card = (tmp_path / "a" / "README.md").read_text()
    assert "2 steps" in card
    curve_end = curves[0][-1]
    assert f"{curve_end[1]} in the end; {curve_end[2]} on 64 programs left out of training |" in card
    assert not list(tmp_path.glob(".*"))


def test_an_interrupted_pretraining_goes_on_to_the_same_weights(tmp_path, monkeypatch):
    monkeypatch.setattr(pretraining, "REPORT", 2)
    pretrain(str(DATA), str(tmp_path / "whole"), steps=4, **SIZES)
    step = pretraining.Corpus.step

    def interrupted(corpus, number, *process):
        if number == 4:
            raise KeyboardInterrupt
        return step(corpus, number, *process)

    monkeypatch.setattr(pretraining.Corpus, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pretrain(str(DATA), str(tmp_path / "cut"), steps=4, **SIZES)
    monkeypatch.setattr(pretraining.Corpus, "step", step)
    with pytest.raises(FeedbackError, match="other settings"):
        pretrain(str(DATA), str(tmp_path / "cut"), steps=4, seed=5, **SIZES)
    pretrain(str(DATA), str(tmp_path / "cut"), steps=4, **SIZES)
    assert all(
        torch.equal(value, weights(tmp_path / "cut")[name]) for name, value in weights(tmp_path / "whole").items()
    )


def test_a_model_is_trained_further_from_its_own_weights(tmp_path):
    base = str(DATA / "tiny-phi3")
    pretrain(str(DATA), str(tmp_path / "model"), base=base, steps=1, learning_rate=0.0, dtype="float32", processes=1)
    old, new = weights(base), weights(tmp_path / "model")
    assert old.keys() == new.keys()
    assert all(torch.equal(value, new[name]) for name, value in old.items())
    pretrain(str(DATA), str(tmp_path / "model"), base=base, steps=2, dtype="float32", processes=1)
    assert not torch.equal(old["lm_head.weight"], weights(tmp_path / "model")["lm_head.weight"])
    assert base in (tmp_path / "model" / "README.md").read_text()


def test_settings_that_make_no_sense_are_refused(tmp_path):
    """A model too small to copy, a step of no problem or of more than it has programs, a share that is none."""
    for setting, said in (
        ({"hidden": 64}, "multiple of 64"), ({"problems_per_step": 0}, "a step has 16"),
        ({"problems_per_step": 17}, "a step has 16"), ({"disguise": 30}, "a share in"),
        ({"cool_down": 0.0}, "a share in"),
    ):  # fmt: skip
        with pytest.raises(FeedbackError, match=said):
            pretrain(str(DATA), str(tmp_path / "model"), **(SIZES | setting))
    assert not list(tmp_path.iterdir())


def test_problems_left_out_of_training_are_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(pretraining, "HELD_OUT", 5)
    pretrain(str(DATA), str(tmp_path / "model"), steps=1, **SIZES)
    record = json.loads((tmp_path / "model" / "pretraining.json").read_text())
    assert (record["problems"], record["held_out"]) == (4, 1)
    assert record["curve"][-1][2] > 1
    assert f"; {record['curve'][-1][2]} on 1 problems left out" in (tmp_path / "model" / "README.md").read_text()


@pytest.mark.parametrize(("problems", "each", "left_out"), [(60, 3, 6), (24, 3, 7), (2, 600, 64), (3, 3, 0)])
def test_what_is_held_out_is_not_trained_on(problems, each, left_out):
    """Every 25th problem; of fewer problems a tenth of the programs, 64 at most, of no problem all."""
    programs = {str(i): [(i, k) for k in range(each)] for i in range(problems)}
    everything = {program for group in programs.values() for program in group}
    found = pretraining.hold_out(programs, seed=1)
    kept = [program for group in programs.values() for program in group]
    assert len(found) == len(set(found)) == left_out
    assert set(found) | set(kept) == everything
    assert len(kept) == len(everything) - left_out
    assert all(programs.values())
    assert len(programs) == (58 if problems == 60 else problems)


def weights(folder):
    return load_base_model(str(folder), "float32", "none", torch.device("cpu")).state_dict()
