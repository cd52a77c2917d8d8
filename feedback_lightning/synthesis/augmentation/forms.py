"""Other ways to write the same: loops, conditions, answers, lists.

Each function finds every place where it applies and yields the edits that rewrite it there. What looks equivalent need
not be in every program, so rewritten programs are run before they are used.
"""

import ast
from collections.abc import Iterator

from feedback_lightning.synthesis.parsed_program import INDENT, Edit, ParsedProgram

Rewriting = Iterator[tuple[Edit, ...]]
MIRRORED = {ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<=", ast.Eq: "==", ast.NotEq: "!="}
NEGATED = {
    ast.Lt: ">=", ast.Gt: "<=", ast.LtE: ">", ast.GtE: "<", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip


def elements_to_positions(program: ParsedProgram) -> Rewriting:
    """`for x in s:` with x becomes `for i in range(len(s)):` with s[i]."""
    for loop in program.nodes(ast.For):
        if not isinstance(loop.target, ast.Name) or not isinstance(loop.iter, ast.Name):
            continue
        uses = [n for n in program.nodes(ast.Name, loop) if n.id == loop.target.id]
        counter = next((name for name in ("i", "j", "n", "index", "pos") if name not in program.defined()), None)
        if counter and all(isinstance(n.ctx, ast.Load) or n is loop.target for n in uses):
            edits = [program.replace(n, f"{loop.iter.id}[{counter}]") for n in uses if n is not loop.target]
            header = program.replace(loop.target, counter), program.replace(loop.iter, f"range(len({loop.iter.id}))")
            yield (*header, *edits)


def positions_to_elements(program: ParsedProgram) -> Rewriting:
    """`for i in range(len(s)):` with s[i] only becomes `for x in s:` with x."""
    for loop in program.nodes(ast.For):
        sequence = _length_of_range(program, loop.iter)
        if sequence is None or not isinstance(loop.target, ast.Name):
            continue
        uses = [n for n in program.nodes(ast.Name, loop) if n.id == loop.target.id and n is not loop.target]
        items = [program.parents[n] for n in uses]
        element = next((name for name in ("x", "item", "elem", "value") if name not in program.defined()), None)
        if element and all(
            isinstance(s, ast.Subscript) and isinstance(s.ctx, ast.Load) and program.text(s) == f"{sequence}[{n.id}]"
            for s, n in zip(items, uses, strict=True)
        ):
            header = program.replace(loop.target, element), program.replace(loop.iter, sequence)
            yield (*header, *(program.replace(item, element) for item in items))


def for_to_while(program: ParsedProgram) -> Rewriting:
    """`for i in range(a, b):` becomes a `while` that counts."""
    for loop in program.nodes(ast.For):
        lines = program.lines(loop)
        call = loop.iter
        if not isinstance(call, ast.Call) or program.text(call.func) != "range" or not 1 <= len(call.args) <= 2:
            continue
        if lines is None or loop.orelse or program.lines(loop.body[0]) is None or not isinstance(loop.target, ast.Name):
            continue
        if any(isinstance(n, ast.Continue | ast.Yield) for n in ast.walk(loop)):
            continue
        counter, indent = loop.target.id, program.indent(loop)
        start = program.text(call.args[0]) if len(call.args) == 2 else "0"
        header = program.span(loop).start, program.span(call).end
        step = program.insert_after(loop.body[-1], f"{counter} += 1", program.indent(loop.body[0]))
        if step:
            text = f"{counter} = {start}\n{indent}while {counter} < {program.text(call.args[-1])}"
            yield Edit(*header, text), step


def while_to_for(program: ParsedProgram) -> Rewriting:
    """A `while` that counts from a start to a fixed end becomes `for i in range(a, b):`."""
    for loop in program.nodes(ast.While):
        test, last = loop.test, loop.body[-1]
        block = program.block(loop)
        before = block[block.index(loop) - 1] if block.index(loop) else None
        if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Lt) and isinstance(test.left, ast.Name)):
            continue
        counter = test.left.id
        stored = [n for n in program.nodes(ast.Name, loop) if n.id == counter and isinstance(n.ctx, ast.Store)]
        if not isinstance(before, ast.Assign) or program.text(before.targets[0]) != counter or len(stored) != 1:
            continue
        steps = (f"{counter} += 1", f"{counter} = {counter} + 1", f"{counter}+=1", f"{counter}={counter}+1")
        if program.text(last) not in steps or len(test.ops) > 1 or _used_after(program, loop, counter):
            continue
        if any(isinstance(n, ast.Continue) for n in ast.walk(loop)) or len(loop.body) == 1 or loop.orelse:
            continue
        start, end = program.text(before.value), program.text(test.comparators[0])
        bounds = end if start == "0" else f"{start}, {end}"
        header = Edit(program.span(loop).start, program.span(test).end, f"for {counter} in range({bounds})")
        removed = program.remove(before), program.remove(last)
        if removed[0] and removed[1]:
            yield removed[0], header, removed[1]


def _used_after(program: ParsedProgram, loop: ast.While, name: str) -> bool:
    end = program.span(loop).end
    return any(node.id == name and program.span(node).start >= end for node in program.nodes(ast.Name))


def _length_of_range(program: ParsedProgram, node: ast.expr) -> str | None:
    """s in range(len(s))."""
    if isinstance(node, ast.Call) and program.text(node.func) == "range" and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.Call) and program.text(inner.func) == "len" and isinstance(inner.args[0], ast.Name):
            return inner.args[0].id
    return None


def mirrored_comparison(program: ParsedProgram) -> Rewriting:
    """`a < b` becomes `b > a`."""
    for node in program.nodes(ast.Compare):
        if len(node.ops) == 1 and (sign := MIRRORED.get(type(node.ops[0]))):
            left, right = program.operand(node.left), program.operand(node.comparators[0])
            yield (program.replace(node, f"{right} {sign} {left}"),)


def spelt_out_negation(program: ParsedProgram) -> Rewriting:
    """`a != b` becomes `not a == b` and `a not in s` becomes `not a in s`, and back."""
    for node in program.nodes((ast.Compare, ast.UnaryOp)):
        inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else node
        if not isinstance(inner, ast.Compare) or len(inner.ops) != 1:
            continue
        negated = _with_operator(program, inner, NEGATED[type(inner.ops[0])])
        if inner is not node:
            yield (program.replace(node, negated),)
        elif isinstance(inner.ops[0], ast.NotEq | ast.NotIn) and isinstance(program.parents[node], ast.If | ast.While):
            yield (program.replace(node, f"not {negated}"),)


def _with_operator(program: ParsedProgram, node: ast.Compare, sign: str) -> str:
    return f"{program.operand(node.left)} {sign} {program.operand(node.comparators[0])}"


def exchanged_branches(program: ParsedProgram) -> Rewriting:
    """`if c: A else: B` becomes `if not c: B else: A`."""
    for node in program.nodes(ast.If):
        if not node.orelse or program.source.startswith("elif", program.span(node).start):
            continue
        first, second = _block_text(program, node.body), _block_text(program, node.orelse)
        if first is None or second is None or program.source.startswith("elif", program.span(node.orelse[0]).start):
            continue
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            negated = _with_operator(program, test, NEGATED[type(test.ops[0])])
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            negated = program.text(test.operand)
        elif isinstance(test, ast.Name | ast.Call):
            negated = f"not {program.text(test)}"
        else:
            continue
        yield program.replace(test, negated), Edit(*first[:2], second[2]), Edit(*second[:2], first[2])


def _block_text(program: ParsedProgram, block: list[ast.stmt]) -> tuple[int, int, str] | None:
    """Where the lines of a block are, and their text."""
    first, last = program.lines(block[0]), program.lines(block[-1])
    if first is None or last is None or not program.source[: last.end].endswith("\n"):
        return None
    return first.start, last.end, program.source[first.start : last.end]


def answer_as_branches(program: ParsedProgram) -> Rewriting:
    """`return a == b` becomes `if a == b: return True`, with `return False` in an `else` or below."""
    for node in program.nodes(ast.Return):
        if isinstance(node.value, ast.Compare) and program.lines(node):
            indent, test = program.indent(node), program.text(node.value)
            head = f"if {test}:\n{indent}{INDENT}return True\n{indent}"
            yield (program.replace(node, f"{head}else:\n{indent}{INDENT}return False"),)
            yield (program.replace(node, f"{head}return False"),)


def answer_as_value(program: ParsedProgram) -> Rewriting:
    """`if a == b: return True else: return False` becomes `return a == b`."""
    for node in program.nodes(ast.If):
        following = program.following(node)
        other = node.orelse[0] if len(node.orelse) == 1 else following
        if len(node.body) != 1 or other is None or not isinstance(node.test, ast.Compare):
            continue
        if program.text(node.body[0]) == "return True" and program.text(other) == "return False":
            edit = program.replace(node, f"return {program.text(node.test)}")
            removed = program.remove(other) if other is following else None
            yield (edit, removed) if removed else (edit,)


def else_after_return(program: ParsedProgram) -> Rewriting:
    """A statement after `if c: return x` goes into an `else`, and back."""
    for node in program.nodes(ast.If):
        following = program.following(node)
        if not isinstance(node.body[-1], ast.Return) or program.lines(node) is None:
            continue
        if not node.orelse and isinstance(following, ast.Return) and not isinstance(program.parents[node], ast.If):
            inner = program.shifted(following, program.deeper(node.body))
            lines = program.lines(following)
            if inner and lines:
                yield (Edit(lines.start, lines.end, f"{program.indent(node)}else:\n{inner}"),)
        elif node.orelse and following is None and not isinstance(node.orelse[0], ast.If):
            moved = [program.shifted(statement, program.indent(node)) for statement in node.orelse]
            block, start = _block_text(program, node.orelse), program.lines(node.body[-1])
            if block and start and None not in moved:
                yield (Edit(start.end, block[1], "".join(text for text in moved if text)),)


def explicit_continue(program: ParsedProgram) -> Rewriting:
    """An `if` at the end of a loop gets `else: continue`."""
    for loop in program.nodes((ast.For, ast.While)):
        last = loop.body[-1]
        if isinstance(last, ast.If) and not last.orelse and program.lines(last):
            inner = program.deeper(last.body)
            edit = program.insert_after(last, f"else:\n{inner}continue", program.indent(last))
            if edit:
                yield (edit,)


def compared_with_true(program: ParsedProgram) -> Rewriting:
    """`if f(x):` becomes `if f(x) == True:`, and back."""
    for branch in program.nodes((ast.If, ast.While)):
        test = branch.test
        if isinstance(test, ast.Call):
            yield (program.replace(test, f"{program.text(test)} == True"),)
        elif isinstance(test, ast.Compare) and program.text(test.comparators[-1]) == "True" and len(test.ops) == 1:
            yield (program.replace(test, program.text(test.left)),)


def emptiness(program: ParsedProgram) -> Rewriting:
    """`if not s:` becomes `if len(s) == 0:`, and back."""
    for branch in program.nodes((ast.If, ast.While)):
        test = branch.test
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and isinstance(test.operand, ast.Name):
            yield (program.replace(test, f"len({test.operand.id}) == 0"),)
        elif isinstance(test, ast.Name):
            yield (program.replace(test, f"len({test.id}) > 0"),)
        elif isinstance(test, ast.Compare) and isinstance(test.left, ast.Call) and isinstance(test.ops[0], ast.Eq):
            if program.text(test.left.func) != "len" or program.text(test.comparators[0]) != "0":
                continue
            if test.left.args:
                yield (program.replace(test, f"not {program.text(test.left.args[0])}"),)


def way_of_adding(program: ParsedProgram) -> Rewriting:
    """`new.append(x)` becomes `new += [x]` or `new = new + [x]`, and back."""
    for statement in program.nodes(ast.Expr):
        call = statement.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
            name, value = program.text(call.func.value), program.text(call.args[0]) if call.args else ""
            if isinstance(call.func.value, ast.Name) and value:
                yield (program.replace(statement, f"{name} += [{value}]"),)
                yield (program.replace(statement, f"{name} = {name} + [{value}]"),)
    for node in program.nodes(ast.AugAssign):
        if isinstance(node.op, ast.Add) and isinstance(node.value, ast.List) and len(node.value.elts) == 1:
            yield (program.replace(node, f"{program.text(node.target)}.append({program.text(node.value.elts[0])})"),)


def way_of_counting(program: ParsedProgram) -> Rewriting:
    """`n += 1` becomes `n = n + 1`, and back."""
    for node in program.nodes((ast.AugAssign, ast.Assign)):
        if isinstance(node, ast.AugAssign):
            name, value = program.text(node.target), program.text(node.value)
            operator = program.operator(node.target, node.value).removesuffix("=")
            yield (program.replace(node, f"{name} = {name} {operator} {value}"),)
        elif isinstance(node.value, ast.BinOp) and program.text(node.value.left) == program.text(node.targets[0]):
            operator = program.operator(node.value.left, node.value.right)
            name, value = program.text(node.targets[0]), program.text(node.value.right)
            if operator in "+-":
                yield (program.replace(node, f"{name} {operator}= {value}"),)
