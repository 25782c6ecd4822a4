"""A pickle's stack machine that describes what a load would do, and does nothing of it.

Nothing is imported, called or constructed: an import becomes a name, a call a note of what would be
called with what. Source of the opcodes' meaning: `pickletools` and `pickle.py` of CPython.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from aibom.errors import LimitError, ReadError
from aibom.formats.cursor import Cursor
from aibom.formats.pickle.opcodes import opcodes
from aibom.formats.pickle.values import Blob, Global, Node

MAX_IMPORTS: Final = 5_000
"""Different names that one pickle imports; checkpoints import under 30, whole models under 300."""
MAX_NODES: Final = 250_000
"""Lists, dicts and calls of one pickle; a tensor takes three."""
MAX_MEMO: Final = 400_000
"""Values that one pickle remembers; a tensor takes about eight."""
MAX_MARKS: Final = 10_000
"""Lists and tuples that are open inside each other."""
COMPUTED: Final = "(computed)"
"""The module or name of an import or call that is not written in the pickle but made up by it."""


@dataclass(frozen=True, slots=True)
class Pickle:
    """What one pickle says.

    Attributes:
        value: the described object, None where the walk ended before STOP.
        imports: names that a load imports, sorted, once each.
        called: those of them that a load calls.
        error: why the walk ended early, or None; what was found before it is given all the same,
            since a load runs what stands before the break.
    """

    value: Any
    imports: tuple[Global, ...]
    called: frozenset[Global]
    error: ReadError | None = None


def read_pickle(cursor: Cursor) -> Pickle:
    """Walk one pickle; the cursor then stands behind its STOP."""
    machine = _Machine(cursor)
    value, error = None, None
    try:
        for name, argument in opcodes(cursor):
            machine.step(name, argument)
        value = machine.stack[-1] if machine.stack else None
    except ReadError as found:
        error = found
    except (IndexError, KeyError):
        error = cursor.error("the stack or memo holds not what an opcode takes from it")
    return Pickle(value, tuple(sorted(machine.imports)), frozenset(machine.called), error)


class _Machine:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._marks: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        self._nodes = 0
        self.stack: list[Any] = []
        self.imports: set[Global] = set()
        self.called: set[Global] = set()

    def step(self, name: str, argument: Any) -> None:
        if name in _PUSHED:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        else:
            _EFFECTS[name](self, argument)

    def to_mark(self) -> list[Any]:
        """What was pushed since the last MARK."""
        found = self.stack
        self.stack = self._marks.pop()
        return found

    def mark(self, argument: Any) -> None:
        if len(self._marks) >= MAX_MARKS:
            raise self._over(MAX_MARKS, "open marks")
        self._marks.append(self.stack)
        self.stack = []

    def pop(self, argument: Any) -> None:
        if self.stack:
            self.stack.pop()
        else:
            self.to_mark()

    def import_name(self, module: Any, name: Any) -> Global:
        found = Global(*(item if isinstance(item, str) else COMPUTED for item in (module, name)))
        self.imports.add(found)
        if len(self.imports) > MAX_IMPORTS:
            raise self._over(MAX_IMPORTS, "imports")
        return found

    def node(self, kind: str, function: Any = None, arguments: Any = ()) -> Node:
        """A new node on the stack."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._over(MAX_NODES, "objects")
        self.stack.append(Node(kind, function, arguments))
        return cast(Node, self.stack[-1])

    def call(self, function: Any, arguments: Any) -> Node:
        target = function if isinstance(function, Global) else self.import_name(COMPUTED, COMPUTED)
        self.called.add(target)
        return self.node("call", function, arguments)

    def remember(self, index: int) -> None:
        self._memo[index] = self.stack[-1]
        if len(self._memo) > MAX_MEMO:
            raise self._over(MAX_MEMO, "remembered values")

    def _over(self, bound: int, what: str) -> LimitError:
        return LimitError(f"{self._cursor.name}: over {bound:,} {what} in one pickle", limit=f"pickle {what}")

    def push_global(self, argument: tuple[str, str]) -> None:
        self.stack.append(self.import_name(*argument))

    def stack_global(self, argument: Any) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self.stack.append(self.import_name(module, name))

    def extension(self, argument: int) -> None:
        """A code that a registry of the loading process turns into a name."""
        self.stack.append(self.import_name("copyreg", f"extension {argument}"))

    def inst(self, argument: tuple[str, str]) -> None:
        arguments = self.to_mark()
        self.call(self.import_name(*argument), tuple(arguments))

    def obj(self, argument: Any) -> None:
        function, *arguments = self.to_mark() or [None]
        self.call(function, tuple(arguments))

    def reduce(self, argument: Any) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        self.call(function, arguments)

    def newobj_ex(self, argument: Any) -> None:
        keywords, arguments, function = self.stack.pop(), self.stack.pop(), self.stack.pop()
        node = self.call(function, arguments)
        node.pairs = keywords.pairs if isinstance(keywords, Node) else None

    def build(self, argument: Any) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, Node):
            target.state = state

    def persistent(self, argument: Any) -> None:
        self.node("persistent", arguments=argument)

    def persistent_of_stack(self, argument: Any) -> None:
        self.persistent(self.stack.pop())

    def append(self, argument: Any) -> None:
        self._extend([self.stack.pop()])

    def appends(self, argument: Any) -> None:
        self._extend(self.to_mark())

    def _extend(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, Node):
            target.items = target.items or []
            target.items += items

    def set_item(self, argument: Any) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._set([key, value])

    def set_items(self, argument: Any) -> None:
        self._set(self.to_mark())

    def _set(self, flat: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, Node):
            target.pairs = target.pairs or []
            target.pairs += zip(flat[::2], flat[1::2], strict=False)

    def collect(self, kind: str) -> None:
        items = self.to_mark()
        self.node(kind)
        if kind == "dict":
            self._set(items)
        else:
            self._extend(items)

    def tuple_of(self, count: int) -> None:
        items = tuple(self.stack[-count:])
        if len(items) < count:
            raise IndexError(count)
        self.stack[-count:] = [items]

    def tuple_to_mark(self, argument: Any) -> None:
        items = tuple(self.to_mark())
        self.stack.append(items)

    def put(self, argument: Any) -> None:
        self.remember(int(argument))

    def memoize(self, argument: Any) -> None:
        self.remember(len(self._memo))

    def get(self, argument: Any) -> None:
        self.stack.append(self._memo[int(argument)])

    def duplicate(self, argument: Any) -> None:
        self.stack.append(self.stack[-1])

    def pop_mark(self, argument: Any) -> None:
        self.to_mark()

    def nothing(self, argument: Any) -> None:
        """PROTO, FRAME, STOP and READONLY_BUFFER leave the stack as it is."""


_CONSTANTS: Final[dict[str, Any]] = {
    **{"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": (), "NEXT_BUFFER": Blob(0)},
}
_PUSHED: Final = frozenset(
    known.name
    for known in pickletools.opcodes
    if known.arg is not None and not known.stack_before and len(known.stack_after) == 1
) - frozenset(["GET", "BINGET", "LONG_BINGET", "GLOBAL", "PERSID", "EXT1", "EXT2", "EXT4"])
"""Opcodes that push their own argument: numbers and strings."""
_EFFECTS: Final[dict[str, Callable[[_Machine, Any], object]]] = {
    "MARK": _Machine.mark,
    "POP": _Machine.pop,
    "POP_MARK": _Machine.pop_mark,
    "DUP": _Machine.duplicate,
    "GLOBAL": _Machine.push_global,
    "STACK_GLOBAL": _Machine.stack_global,
    "INST": _Machine.inst,
    "OBJ": _Machine.obj,
    "REDUCE": _Machine.reduce,
    "NEWOBJ": _Machine.reduce,
    "NEWOBJ_EX": _Machine.newobj_ex,
    "BUILD": _Machine.build,
    "PERSID": _Machine.persistent,
    "BINPERSID": _Machine.persistent_of_stack,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "ADDITEMS": _Machine.appends,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "EMPTY_LIST": lambda machine, _: machine.node("list"),
    "EMPTY_DICT": lambda machine, _: machine.node("dict"),
    "EMPTY_SET": lambda machine, _: machine.node("set"),
    "LIST": lambda machine, _: machine.collect("list"),
    "DICT": lambda machine, _: machine.collect("dict"),
    "FROZENSET": lambda machine, _: machine.collect("set"),
    "TUPLE": _Machine.tuple_to_mark,
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.put),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.get),
    "MEMOIZE": _Machine.memoize,
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _Machine.extension),
    **dict.fromkeys(("PROTO", "FRAME", "STOP", "READONLY_BUFFER"), _Machine.nothing),
}
