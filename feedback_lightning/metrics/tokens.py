"""A program as a list of tokens, and the distance between two such lists.

Indentation and line ends count as tokens; comments, blank lines and the spacing within a line do not. Any text has
tokens: a program need not be Python to be measured.

Pygments decides what a token is. Since 2.19 it sets the space in `def f`, `class C` and `from m import` apart from
other spacing (Token.Text.Whitespace, not Token.Text); that space is a token here, as the published figures have it.
"""

import Levenshtein
from pygments.lexers import PythonLexer
from pygments.token import Comment, Text


def program_tokens(code: str) -> list[str]:
    r"""The tokens of a program, never none: an empty program is one empty token.

    >>> program_tokens("if x>10:   # a comment\n\n    y = 'a b'\n")
    ['if', 'x', '>', '10', ':', '\n', '    ', 'y', '=', "'", 'a b', "'"]
    >>> program_tokens("# nothing but a comment")
    ['']
    """
    tokens: list[str] = []
    at_line_start = True
    lines_with_text = [line for line in code.splitlines() if line.strip()]
    for kind, text in PythonLexer().get_tokens("\n".join(lines_with_text)):
        if text == "\n":
            at_line_start = True
            if tokens[-1:] != ["\n"]:  # lines with nothing but a comment leave no second line end
                tokens.append(text)
        elif kind not in Comment and (at_line_start or kind is not Text or not text.isspace()):
            at_line_start = False
            tokens.append(text)
    while tokens and tokens[-1].isspace():
        tokens.pop()
    return tokens or [""]


def edit_distance(buggy: str, repair: str) -> int:
    """Fewest tokens to insert, delete or replace to get from one program to the other (Levenshtein).

    >>> edit_distance("return x  # too small", "return x + 1")
    2
    """
    return Levenshtein.distance(program_tokens(buggy), program_tokens(repair))
