"""What the model reads and what it learns to write.

The task comes last in the prompt, so that all prompts of one problem begin with the same words and the repair and
hint prompts of one program differ only in their last line.
"""

from feedback_lightning.data.schema import BuggyProgram, Problem

Messages = list[dict[str, str]]  # [{"role": …, "content": …}], as chat templates take them

SYSTEM = "You help students of an introductory Python course."
REPAIR_TASK = "Repair the program with as few changes as possible. Write it between [FIXED] and [/FIXED]."
HINT_TASK = (
    "Write one short hint that helps the student find the bug and does not give the solution away."
    " Write it between [HINT] and [/HINT]."
)


def repair_prompt(problem: Problem, code: str) -> Messages:
    """Ask for the repaired program."""
    return _prompt(problem, code, REPAIR_TASK)


def hint_prompt(problem: Problem, code: str) -> Messages:
    """Ask for a hint."""
    return _prompt(problem, code, HINT_TASK)


def repair_completion(program: BuggyProgram) -> str:
    """The reply to a repair prompt.

    >>> repair_completion(BuggyProgram("1", "p", "retrun 1", "return 1"))
    '[FIXED]\\nreturn 1\\n[/FIXED]'
    """
    return f"[FIXED]\n{plain_layout(program.fixed)}\n[/FIXED]"


def hint_completion(program: BuggyProgram) -> str:
    """The reply to a hint prompt; the program must have a hint."""
    assert program.hint is not None
    return f"[HINT]{program.hint.strip()}[/HINT]"


def _prompt(problem: Problem, code: str, task: str) -> Messages:
    description = "\n".join(filter(None, (problem.description.strip(), problem.additional_description.strip())))
    content = (
        f"Problem: {problem.title.strip()}\n{description}\n\nProgram:\n```python\n{plain_layout(code)}\n```\n\n{task}"
    )
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": content}]


def plain_layout(code: str) -> str:
    """A program without blank lines around it and white space at line ends, as most replies write it."""
    return "\n".join(line.rstrip() for line in code.expandtabs(4).splitlines()).strip("\n")
