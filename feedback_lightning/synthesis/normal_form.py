"""Are two programs the same but for names, layout, comments and docstrings?

The normal form numbers the names of each function, lambda and comprehension in the order in which they first occur and
writes the syntax tree down. Programs that Python cannot parse are compared word by word instead. What is not covered:
other ways to say the same, such as `x += 1` for `x = x + 1` or swapped operands, count as differences.
"""

import ast
import builtins
import keyword
import re

KEPT = set(dir(builtins)) | set(keyword.kwlist)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def normal_form(code: str) -> str:
    """A text that is equal for programs that differ only in names, layout, comments and docstrings.

    >>> normal_form("def f(x):\\n    return x+1  # more") == normal_form("def g(number):\\n  return (number + 1)")
    True
    >>> normal_form("def f(x, y):\\n    return x - y") == normal_form("def f(x, y):\\n    return y - x")
    False
    >>> normal_form("if a = 1:") == normal_form("if value=1 :")
    True
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return _words(code)
    return ast.dump(_Renamer(tree).visit(tree))


class _Renamer(ast.NodeTransformer):
    """Number the names of each scope; take docstrings out."""

    def __init__(self, tree: ast.Module) -> None:
        # One dictionary for each open scope, from its own names to their new ones (None: not met yet).
        self.scopes: list[dict[str, str | None]] = [dict.fromkeys(_stored(tree))]

    def _new_name(self, name: str) -> str:
        depth = next((d for d in reversed(range(len(self.scopes))) if name in self.scopes[d]), None)
        if depth is None:
            if name in KEPT:
                return name
            depth = 0  # neither assigned nor built in, such as a misspelt name
        names = self.scopes[depth]
        if names.get(name) is None:
            names[name] = f"name_{depth}_{sum(new is not None for new in names.values())}"
        return str(names[name])

    def _in_own_scope(self, node: Scope) -> ast.AST:
        self.scopes.append(dict.fromkeys(_stored(node)))
        self.generic_visit(node)
        self.scopes.pop()
        return node

    visit_Lambda = visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _in_own_scope

    def visit_FunctionDef(self, node: Function) -> ast.AST:
        node.name = self._new_name(node.name)
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self._in_own_scope(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Module(self, node: ast.Module) -> ast.AST:
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._new_name(node.arg)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._new_name(node.id)
        return node

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> ast.AST:
        node.names = [self._new_name(name) for name in node.names]
        return node

    visit_Nonlocal = visit_Global


def _stored(scope: ast.AST) -> list[str]:
    """The names that a scope itself binds, not those of the scopes inside it."""
    names: list[str] = []
    outer: set[str] = set()
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.arg):
            names.append(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outer.update(node.names)
        elif isinstance(node, Function):
            names.append(node.name)
        if not isinstance(node, Scope):
            todo.extend(ast.iter_child_nodes(node))
    return sorted({name for name in names if name not in outer})


def _words(code: str) -> str:
    """Names numbered in order; no comments, blank lines or spaces except indentation, which is counted in levels."""
    new: dict[str, str] = {}
    lines = []
    widths = [0]
    for line in code.expandtabs(4).splitlines():
        text = re.sub(r"#.*", "", line).strip()
        if not text:
            continue
        width = len(line) - len(line.lstrip())
        widths = [w for w in widths if w < width] + [width]
        words = re.findall(r"[^\W\d]\w*|[\d.]+|\S", text)
        words = [w if w in KEPT or not w.isidentifier() else new.setdefault(w, f"name_{len(new)}") for w in words]
        lines.append(f"{len(widths)} {' '.join(words)}")
    return "\n".join(lines)
