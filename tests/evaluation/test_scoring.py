"""Repairs are run, measured and chosen; figures come with their intervals."""

import math

import pytest
from conftest import REAL_DATA

from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.data.schema import BuggyProgram, Problem
from feedback_lightning.data.schema import Test as ProblemTest
from feedback_lightning.evaluation.replies import ask, count_lines, count_replies, score_replies
from feedback_lightning.evaluation.results import ALL, figures_by_problem
from feedback_lightning.evaluation.scoring import score_repairs
from feedback_lightning.execution import Limits
from feedback_lightning.generation.pipelines import GenerationConfig
from feedback_lightning.generation.schema import Reply
from feedback_lightning.metrics import wilson_interval

TESTS = tuple(ProblemTest(f"double({x})", str(2 * x)) for x in (2, 0, -3))
PROBLEMS = {"1": Problem("1", "1_double", "Double", "Return twice x.", "", "def double(x):", TESTS)}
BUGGY = "def double(x):\n    return x * x\n"
GOOD = "def double(x):\n    return x + x\n"
FAR = "def double(x):\n    total = 0\n    total += x\n    total += x\n    return total\n"
PROGRAMS = [BuggyProgram("1", f"1_double/prog_{k}", BUGGY, GOOD) for k in (1, 2, 3, 4)]


def reply(program: str | None) -> Reply:
    text = "I cannot." if program is None else f"[FIXED]\n{program}\n[/FIXED]"
    return Reply(text, 10, 5, "stop")


def test_a_missing_repair_does_not_pass_and_has_no_distance():
    rows = score_repairs(PROBLEMS, PROGRAMS, [GOOD, BUGGY, None, FAR])
    assert [row.passed for row in rows] == [True, False, False, True]
    assert rows[1].outcome.tests_passed == 2
    assert [row.distance for row in rows] == [1, 0, None, rows[3].distance]
    assert rows[3].distance > 2
    assert rows[2].outcome is None
    whole = figures_by_problem(rows)[ALL]
    assert (whole["RPass"], whole["REdit"]) == (50.0, (1 + rows[3].distance) / 2)
    assert whole["RPass_interval"] == [100 * bound for bound in wilson_interval(2, 4)]
    assert whole["REdit_interval"][0] <= whole["REdit"] <= whole["REdit_interval"][1]


def test_redit_is_undefined_when_nothing_passes():
    rows = score_repairs(PROBLEMS, PROGRAMS[:2], [BUGGY, None])
    assert figures_by_problem(rows)[ALL] == {
        "programs": 2, "passed": 0, "RPass": 0.0, "RPass_interval": [0.0, 100 * wilson_interval(0, 2)[1]],
        "REdit": None, "REdit_interval": None,
    }  # fmt: skip


def test_of_several_replies_the_best_counts(tmp_path):
    replies = [
        [reply(BUGGY), reply(FAR), reply(GOOD)],  # all tests, smallest edit
        [reply(None), reply(BUGGY), reply(None)],  # one that fails a test is better than none
        [reply(None), reply(None), reply(None)],
        [reply("def double(x):\n    return 0\n"), reply(BUGGY), reply("while True: pass")],
    ]
    rows = score_replies(PROBLEMS, PROGRAMS, replies, Limits(test_seconds=1.0), tmp_path / "journal")
    assert [row.program for row in rows] == [program.name for program in PROGRAMS]
    assert [row.repair and row.repair.strip() for row in rows] == [GOOD.strip(), BUGGY.strip(), None, BUGGY.strip()]
    assert [row.passed for row in rows] == [True, False, False, False]


def test_replies_without_tags_and_cut_ones_are_counted():
    fenced = Reply(f"Here:\n```python\n{GOOD}```", 10, 5, "stop")
    twice = Reply(f"{fenced.text}\n{fenced.text}", 10, 5, "length")
    cut = Reply(f"[FIXED]\n{GOOD}", 10, 5, "length")
    counts = count_replies([fenced, twice, cut, reply(None), reply(GOOD), fenced])
    assert counts == {"count": 6, "untagged": 4, "fenced": 2, "cut": 2}
    assert count_lines(counts, "generation.max_new_tokens = 512") == [
        "No tags in 4 of 6 replies; in 2 of them a single fenced program counts as the repair.",
        "Cut at generation.max_new_tokens = 512: 2 of 6 replies.",
    ]


def test_a_count_of_zero_is_not_printed():
    assert count_lines(count_replies([reply(GOOD)]), "") == count_lines(count_replies([]), "") == []
    [line] = count_lines(count_replies([reply(None)]), "")
    assert line == "No tags in 1 of 1 replies; in none of them a single fenced program counts as the repair."


class Canned:
    """A generator that answers with the prompt's last line and counts what it is asked."""

    identity = "canned"

    def __init__(self) -> None:
        self.asked: list = []

    def replies(self, requests):
        self.asked += requests
        for index, request in reversed(list(enumerate(requests))):
            yield (
                index,
                Reply(f"{request.temperature} {request.seed} {request.messages[-1]['content'][-30:]}", 1, 1, "stop"),
            )


def test_replies_come_back_to_their_programs_and_are_asked_once(tmp_path):
    config, generator = GenerationConfig(pipeline="best-of-n"), Canned()
    args = (generator, config, "repair", PROBLEMS, PROGRAMS, tmp_path / "transcript.jsonl")
    replies = ask(*args)
    assert [len(each) for each in replies] == [3] * 4
    assert len({each.text for program in replies for each in program}) == 12, "each with its own seed"
    assert ask(*args) == replies
    assert len(generator.asked) == 12, "the second time they come from the transcript"


def test_hints_are_one_greedy_reply_each(tmp_path):
    config, generator = GenerationConfig(pipeline="best-of-n"), Canned()
    replies = ask(generator, config, "hints", PROBLEMS, PROGRAMS[:2], tmp_path / "transcript.jsonl")
    assert [len(each) for each in replies] == [1, 1]
    assert {request.temperature for request in generator.asked} == {0.0}
    assert "hint" in generator.asked[0].messages[-1]["content"]


@pytest.mark.usefixtures("real_data")
def test_the_real_evaluation_programs_score_as_published():
    problems = read_problems(REAL_DATA)
    programs = read_evaluation(REAL_DATA, problems)
    fixed = figures_by_problem(score_repairs(problems, programs, [program.fixed for program in programs]))[ALL]
    assert fixed["RPass"] == 96.0
    assert math.isclose(fixed["REdit"], 12.67, abs_tol=0.005)  # published with two decimals
    buggy = figures_by_problem(
        score_repairs(problems, programs, [program.code for program in programs], Limits(test_seconds=1.0))
    )[ALL]
    assert (buggy["RPass"], buggy["REdit"]) == (0.0, None)
