"""What the model reads, what it learns to write, and how its replies are read.

The task comes last in the prompt, so that all prompts of one problem begin with the same words and the repair and
hint prompts of one program differ only in their last line.
"""

import re
from typing import NamedTuple

from feedback_lightning.data.schema import BuggyProgram, Problem

Messages = list[dict[str, str]]  # [{"role": …, "content": …}], as chat templates take them


class Example(NamedTuple):
    """What is learned from a program.

    Args:
        prompt: what the model reads.
        reply: what it learns to write.
        copy: the reply that would change nothing, where the task is to change something.
    """

    prompt: Messages
    reply: str
    copy: str | None = None


# As in Markdown: (indentation, backticks, what is said of the language, lines) of a block, which may be left open.
FENCED = re.compile(r"^( {0,3})(`{3,})([^`\n]*)$(.*?)(?:^ {0,3}\2`*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
PYTHON = ("", "py", "python", "python3")

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
    """The reply to a repair prompt; the program must have a repair.

    >>> repair_completion(BuggyProgram("1", "p", "retrun 1", "return 1"))
    '[FIXED]\\nreturn 1\\n[/FIXED]'
    """
    assert program.fixed is not None
    return repair_reply(program.fixed)


def repair_reply(code: str) -> str:
    """The reply that gives this program as the repair."""
    return f"[FIXED]\n{plain_layout(code)}\n[/FIXED]"


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


def read_repair(reply: str) -> str | None:
    r"""The repaired program in a reply, or None.

    It stands between [FIXED] and [/FIXED]; if the end tag is missing, it goes on to the end of the reply. If there are
    several such pairs, as in a reply that thinks first, the last complete one counts. Tags that begin or end a line
    are meant; those amid a line are taken for quotations unless there are no others, and those in quotation marks, as
    in the program's strings, always. Code fences are stripped, with what is said around them.

    >>> read_repair("I write it between [FIXED] and [/FIXED].\n[FIXED]\n```python\nreturn 1\n```\n[/FIXED]")
    'return 1'
    >>> read_repair("[FIXED]\nif x:\n    return 1\n")
    'if x:\n    return 1'
    >>> read_repair("Here you are:\n```python\nreturn 1\n```\nNow it returns.")
    'return 1'
    >>> read_repair("return 1") is None
    True
    """
    if untagged(reply):
        return _only_fenced(reply) or None
    return _unfenced(_trimmed(_between_tags("FIXED", reply))) or None


def untagged(reply: str) -> bool:
    """Whether a reply to a repair prompt has neither [FIXED] nor [/FIXED], but for quotations of them."""
    text = _plain_line_ends(reply)
    return all(len(_split_at_tags(tag, text)) == 1 for tag in ("[FIXED]", "[/FIXED]"))


def read_hint(reply: str) -> str | None:
    """The hint between [HINT] and [/HINT], found as read_repair finds a program, or None.

    A fence around the whole hint is stripped; those within it belong to it.

    >>> read_hint("[HINT]Look at the range again.[/HINT]")
    'Look at the range again.'
    >>> read_hint("Look at the range again.") is None
    True
    """
    hint = _between_tags("HINT", reply).strip()
    fenced = re.fullmatch(r"```(?:\w*\n)?((?:(?!```).)*)```", hint, re.DOTALL)
    return (fenced[1].strip() if fenced else hint) or None


def _between_tags(tag: str, reply: str) -> str:
    """What read_repair says of tags; empty if there is nothing."""
    after_starts = _split_at_tags(f"[{tag}]", _plain_line_ends(reply))[1:]
    blocks = [_split_at_tags(f"[/{tag}]", text) for text in after_starts]
    filled = [block for block in blocks if block[0].strip()]
    complete = [block for block in filled if len(block) > 1]
    return (complete or filled or [[""]])[-1][0]


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split_at_tags(tag: str, text: str) -> list[str]:
    r"""Split at the tags that begin or end a line; at all that are not in quotation marks if none does.

    >>> _split_at_tags("[/FIXED]", "print('[/FIXED]')\n[/FIXED]")
    ["print('[/FIXED]')\n", '']
    >>> _split_at_tags("[/FIXED]", "return 1 [/FIXED] That is all.")
    ['return 1 ', ' That is all.']
    """
    tag = re.escape(tag)
    parts = re.split(rf"^[ \t]*{tag}|{tag}[ \t]*$", text, flags=re.MULTILINE)
    return parts if len(parts) > 1 else re.split(rf"(?<!['\"]){tag}(?!['\"])", text)


def _only_fenced(reply: str) -> str:
    r"""The program in the only fenced block of a reply; empty if there is none or more, or it is no program.

    The indentation of the fence is taken off all lines alike, as far as they have it.

    >>> _only_fenced("1. It returns:\n   ```py\n   if x:\n     return 1\n   ```")
    'if x:\n  return 1'
    """
    blocks = FENCED.findall(_plain_line_ends(reply))
    if len(blocks) != 1:
        return ""
    indentation, _, language, block = blocks[0]
    if language.strip().lower() not in PYTHON:
        return ""
    lines = block.split("\n")
    depth = min([len(line) - len(line.lstrip(" ")) for line in lines if line.strip()] + [len(indentation)])
    return _trimmed("\n".join(line[depth:] for line in lines))


def _unfenced(text: str) -> str:
    r"""The program in the first fence; the text itself if there is none.

    >>> _unfenced("Here it is:\n```python\nreturn 1\n```\nNow it returns.")
    'return 1'
    """
    # a fence may name a language: alone on its line, or Python before a program on the same line
    fences = list(re.finditer(r"^```(?:[\w+-]+(?=[ \t]*$)|(?:python3?|py)\b)?", text, re.IGNORECASE | re.MULTILINE))
    if not fences:
        return text
    first, *others = fences
    if others:
        return _trimmed(text[first.end() : others[0].start()])
    if first.group() == "```" and first.start() > 0:
        return text[: first.start()].rstrip()  # it closes a fence that was opened before the tag
    return _trimmed(text[first.end() :].removesuffix("```"))


def _trimmed(text: str) -> str:
    r"""What follows a tag or fence, without blank lines around; only lines of their own keep their indentation.

    >>> _trimmed(" \n\n    return 1 \n"), _trimmed(" return 1")
    ('    return 1', 'return 1')
    """
    return re.sub(r"\A[ \t]*(?:[ \t]*\n)*", "", text).rstrip()
