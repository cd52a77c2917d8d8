"""Prompts share what can be shared and do not give the answer away; replies are read as a person would read them."""

import ast
import textwrap

import pytest
from conftest import REPOSITORY
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.data.readers import read_problems, read_training
from feedback_lightning.data.schema import BuggyProgram
from feedback_lightning.prompts import (
    hint_completion,
    hint_prompt,
    plain_layout,
    read_hint,
    read_repair,
    repair_completion,
    repair_prompt,
    untagged,
)

PROGRAM = "def f(x):\n    if x:\n        return 1"


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
        code, fixed = plain_layout(program.code), plain_layout(program.fixed)
        assert code in prompt
        assert fixed not in prompt or fixed in code  # a line left over behind a correct program
        assert repair_completion(program) == f"[FIXED]\n{fixed}\n[/FIXED]"
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


REPAIRS = {
    "as trained": f"[FIXED]\n{PROGRAM}\n[/FIXED]",
    "on the lines of the tags": f"[FIXED]{PROGRAM}[/FIXED]",
    "with spaces beside the tags": f"  [FIXED] {PROGRAM} \n  [/FIXED]  ",
    "amid prose": f"Here you are:\n\n[FIXED]\n{PROGRAM}\n[/FIXED]\n\nNow it returns 1.",
    "after words on the line of the tag": f"Repaired: [FIXED]\n{PROGRAM}\n[/FIXED] I hope this helps.",
    "with an end tag amid a line": f"[FIXED]\n{PROGRAM} [/FIXED] I hope this helps.",
    "without end tag": f"[FIXED]\n{PROGRAM}\n",
    "with the start tag as end tag": f"[FIXED]\n{PROGRAM}\n[FIXED]",
    "CRLF": f"[FIXED]\n{PROGRAM}\n[/FIXED]\n".replace("\n", "\r\n"),
    "CR": f"[FIXED]\n{PROGRAM}\n[/FIXED]\n".replace("\n", "\r"),
    "blank lines": f"[FIXED]\n\n  \n{PROGRAM}\n\n\n[/FIXED]",
    "fenced": f"[FIXED]\n```python\n{PROGRAM}\n```\n[/FIXED]",
    "fenced without language": f"[FIXED]\n```\n{PROGRAM}\n```\n[/FIXED]",
    "fenced in capitals": f"[FIXED]\n```Python3 \n{PROGRAM}\n```\n[/FIXED]",
    "fenced in another language": f"[FIXED]\n```c++\n{PROGRAM}\n```\n[/FIXED]",
    "fenced, CRLF": f"[FIXED]\n```python\n{PROGRAM}\n```\n[/FIXED]".replace("\n", "\r\n"),
    "fences on the lines of the tags": f"[FIXED]```python\n{PROGRAM}\n```[/FIXED]",
    "fences on the lines of the program": f"[FIXED]\n```python {PROGRAM}```\n[/FIXED]",
    "fences on the lines of tags and program": f"[FIXED]```{PROGRAM}```[/FIXED]",
    "fence left open": f"[FIXED]\n```python\n{PROGRAM}\n[/FIXED]",
    "fence and no end tag": f"[FIXED]\n```python\n{PROGRAM}\n```\n\nNow it returns 1.",
    "fence left open and no end tag": f"[FIXED]\n```python\n{PROGRAM}\n",
    "prose around the fence": f"[FIXED]\nHere you are:\n```python\n{PROGRAM}\n```\nNow it returns 1.\n[/FIXED]",
    "tags in a fence": f"```python\n[FIXED]\n{PROGRAM}\n[/FIXED]\n```",
    "tags in a fence and no end tag": f"```python\n[FIXED]\n{PROGRAM}\n```\n\nNow it returns 1.",
    "tags quoted before": f"I write it between [FIXED] and [/FIXED].\n[FIXED]\n{PROGRAM}\n[/FIXED]",
    "tags quoted before, on one line": f"Between [FIXED] and [/FIXED] I write [FIXED]{PROGRAM}[/FIXED] as asked.",
    "tags quoted after": f"[FIXED]\n{PROGRAM}\n[/FIXED]\nIt stands between [FIXED] and [/FIXED].",
    "a first attempt": f"[FIXED]\nreturn 2\n[/FIXED]\nNo, that is wrong.\n[FIXED]\n{PROGRAM}\n[/FIXED]",
    "a first attempt left open": f"[FIXED]\nreturn 2\nNo, that is wrong.\n[FIXED]\n{PROGRAM}\n[/FIXED]",
    "a second attempt cut at the limit": f"[FIXED]\n{PROGRAM}\n[/FIXED]\nOr:\n[FIXED]\nretu",
    "an empty pair after": f"[FIXED]\n{PROGRAM}\n[/FIXED]\n[FIXED]\n\n[/FIXED]",
}  # fmt: skip


@pytest.mark.parametrize("reply", REPAIRS.values(), ids=REPAIRS)
def test_a_repair_is_found(reply):
    assert read_repair(reply) == PROGRAM


@pytest.mark.parametrize(
    "reply",
    [
        "",
        PROGRAM,
        f"{PROGRAM}\n[/FIXED]",
        f"[fixed]\n{PROGRAM}\n[/fixed]",
        f"[HINT]{PROGRAM}[/HINT]",
        "[FIXED][/FIXED]",
        "[FIXED]\n  \n[/FIXED]",
        "[FIXED]\n```python\n```\n[/FIXED]",
        "[FIXED]",
    ],
)
def test_what_has_no_start_tag_or_nothing_after_it_is_no_repair(reply):
    assert read_repair(reply) is None


FENCED = {
    "alone": f"```python\n{PROGRAM}\n```",
    "without language": f"```\n{PROGRAM}\n```",
    "py": f"```py\n{PROGRAM}\n```",
    "python3 in capitals": f"``` Python3 \n{PROGRAM}\n``` ",
    "amid prose": f"Here you are:\n\n```python\n{PROGRAM}\n```\n\nNow it returns 1.",
    "left open": f"Here you are:\n```python\n{PROGRAM}\n",
    "CRLF": f"```python\n{PROGRAM}\n```\n".replace("\n", "\r\n"),
    "blank lines": f"```python\n\n  \n{PROGRAM}\n\n```",
    "indented": "1. Here:\n\n" + textwrap.indent(f"```python\n{PROGRAM}\n```", "   "),
    "indented, but not the program": f"  ```python\n{PROGRAM}\n```",
    "more backticks": f"````python\n{PROGRAM}\n````",
    "closed by more backticks": f"```python\n{PROGRAM}\n`````",
    "inline code beside it": f"Use `return 1`, not ``return 2`` or ```return 3```:\n```python\n{PROGRAM}\n```",
    "inline code at the start of a line": f"```return``` is missing.\n```python\n{PROGRAM}\n```",
    "a deeper fence is none": f"    ```\n    f(1)\n    ```\nbecomes\n```python\n{PROGRAM}\n```",
    "tags in lower case": f"[fixed]\n```python\n{PROGRAM}\n```\n[/fixed]",
}


@pytest.mark.parametrize("reply", FENCED.values(), ids=FENCED)
def test_a_single_fenced_program_in_a_reply_without_tags_is_the_repair(reply):
    assert untagged(reply)
    assert read_repair(reply) == PROGRAM


NOT_FENCED = {
    "two": f"```python\n{PROGRAM}\n```\nOr:\n```python\nreturn 2\n```",
    "the second left open": f"```python\nreturn 2\n```\nBetter:\n```python\n{PROGRAM}\n",
    "two, of which one is of another language": f"```python\n{PROGRAM}\n```\nIt prints\n```text\n1\n```",
    "another language": "```java\nreturn 1;\n```",
    "words behind the language": "```python return 1\n```",
    "tildes": f"~~~python\n{PROGRAM}\n~~~",
    "four spaces before": f"    ```python\n{PROGRAM}\n    ```",
    "a tab before": f"\t```python\n{PROGRAM}\n\t```",
    "amid a line": f"Here: ```python\n{PROGRAM}",
    "two backticks": f"``\n{PROGRAM}\n``",
    "inline code": "Write `return 1`.",
    "inline code on a line": "```return 1```",
    "empty": "```python\n\n```",
    "empty, left open": "```python",
}


@pytest.mark.parametrize("reply", NOT_FENCED.values(), ids=NOT_FENCED)
def test_without_tags_and_a_single_fenced_program_there_is_no_repair(reply):
    assert untagged(reply)
    assert read_repair(reply) is None


def test_where_tags_are_fences_outside_of_them_do_not_count():
    fence = "```python\nreturn 2\n```"
    assert read_repair(f"{fence}\n[FIXED]\n{PROGRAM}\n[/FIXED]\n{fence}") == PROGRAM
    for reply in (f"{fence}\n[FIXED]\n[/FIXED]", f"{fence}\n[/FIXED]", f"{fence}\n[FIXED]"):
        assert not untagged(reply)
        assert read_repair(reply) is None


@pytest.mark.parametrize(
    "program",
    [
        "    return 1",  # wrong as it stands: not ours to put right
        "\tif x:\n\t\treturn 1",
        'print("[FIXED]")\nprint("[/FIXED]")',
        "x = '[FIXED] and [/FIXED]'",
        'def f():\n    """Use it.\n\n    ```\n    f()\n    ```\n    """',
        "s = '```'",
        "s = '\u2028 \x0c'  # \x85 end",
        "x = 1  # ```",
    ],
)
@pytest.mark.parametrize(
    "reply",
    [
        "[FIXED]\n%s\n[/FIXED]",
        "[FIXED]\n```python\n%s\n```\n[/FIXED]",
        "[FIXED]\n%s",
        "```python\n%s\n```",
        "```\n%s",
    ],
)
def test_the_program_itself_is_left_as_it_is(program, reply):
    assert read_repair(reply % program) == program


@given(st.text().map(lambda text: text.replace("\r", "\n").strip()).filter(lambda text: "```" not in text))
def test_any_program_is_read_back(program):
    assert read_repair(f"[FIXED]\n{program}\n[/FIXED]") == (program or None)
    assert read_repair(f"[FIXED]\n```python\n{program}\n```\n[/FIXED]") == (program or None)
    assert read_repair(f"[FIXED]\n{program}") == (program or None)
    assert read_repair(f"Here:\n```python\n{program}\n```\nNow it returns.") == (program or None)
    assert read_repair(f"```\n{program}") == (program or None)


@pytest.mark.parametrize(
    "reply",
    [
        "[HINT]Look at the range.[/HINT]",
        "[HINT]\nLook at the range.\n[/HINT]",
        "[HINT] Look at the range.",
        "Hint: [HINT]Look at the range.[/HINT] Good luck!",
        "I write it between [HINT] and [/HINT]. [HINT]Look at the range.[/HINT]",
        "[HINT]Print i.[/HINT]\r\n\r\n[HINT]Look at the range.[/HINT]\r\n",
        "[HINT]\n```\nLook at the range.\n```\n[/HINT]",
        "[HINT]```text\nLook at the range.\n```[/HINT]",
        "[FIXED]\nreturn 1\n[/FIXED]\n[HINT]Look at the range.[/HINT]",
    ],
)
def test_a_hint_is_found(reply):
    assert read_hint(reply) == "Look at the range."


@pytest.mark.parametrize("reply", ["", "Look at the range.", "[HINT] [/HINT]", "[HINT]", "[FIXED]\nreturn 1\n[/FIXED]"])
def test_what_has_no_start_tag_or_nothing_after_it_is_no_hint(reply):
    assert read_hint(reply) is None


def test_code_within_a_hint_belongs_to_it():
    hint = "What does\n```python\nrange(3)\n```\nend with?"
    assert read_hint(f"[HINT]{hint}[/HINT]") == hint


def test_what_a_model_learns_to_write_is_read_back(data):
    _, programs = data
    for program in programs:
        assert read_repair(repair_completion(program)) == plain_layout(program.fixed)
        assert read_hint(hint_completion(program)) == program.hint
        assert read_hint(repair_completion(program)) is read_repair(hint_completion(program)) is None


def test_real_completions_are_read_back(real_data):
    for program in read_training(real_data, read_problems(real_data)):
        assert read_repair(repair_completion(program)) == plain_layout(program.fixed), program.name
        assert read_hint(hint_completion(program)) == program.hint, program.name
