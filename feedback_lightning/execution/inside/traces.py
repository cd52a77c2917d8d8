"""Which programs cannot change anything in the interpreter that runs them, whatever they are given."""

from __future__ import annotations

import builtins
import opcode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

# Data types and builtins that act on nothing but their arguments and standard output.
DATA = (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice)
PURE = frozenset(
    "abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format "
    "frozenset hex int isinstance issubclass iter len list map max min next object oct ord pow print range repr "
    "reversed round set slice sorted str sum tuple type zip".split()
)
# Bytecode that imports, makes a class, sets an attribute, or reads one other than by a name of the code's.
OPCODES = frozenset(
    opcode.opmap.get(name)
    for name in ("IMPORT_NAME", "IMPORT_STAR", "LOAD_BUILD_CLASS", "STORE_ATTR", "DELETE_ATTR", "MATCH_CLASS")
)


def leaves_no_trace(code: CodeType) -> bool:
    """Whether running this code can change nothing but its own globals and standard output.

    >>> leaves_no_trace(compile("def f(x):\\n    return sorted(x)[0]\\nprint(f([2, 1]))", "", "exec"))
    True
    >>> leaves_no_trace(compile("def f(x):\\n    open(x)", "", "exec"))
    False
    >>> leaves_no_trace(compile("(i for i in [1]).gi_frame.f_builtins.clear()", "", "exec"))
    False
    """
    return (
        NAMES.isdisjoint(code.co_names)
        and all(name == "__name__" or not name.startswith("__") for name in code.co_names)
        and OPCODES.isdisjoint(code.co_code[::2])
        and all(leaves_no_trace(constant) for constant in code.co_consts if isinstance(constant, type(code)))
    )


def names_that_leave_traces() -> frozenset[str]:
    """Builtins that are not pure, and attributes of the interpreter's own types that are not methods of data types.

    Objects of other types are out of reach without importing a module.
    """
    types: set[type] = set()
    new: set[type] = {object}
    while new:
        types |= new
        new = set().union(*(type.__subclasses__(cls) for cls in new)) - types
    exceptions = {name for name in dir(builtins) if is_exception(getattr(builtins, name))}
    methods = {name for cls in DATA for name in dir(cls) if not name.startswith("_")}
    names = set(dir(builtins)).union(*(dir(cls) for cls in types if cls.__module__ == "builtins"))
    return frozenset(names - methods - exceptions - PURE - {"__name__"})


def is_exception(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


NAMES = names_that_leave_traces()
