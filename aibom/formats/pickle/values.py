"""What stands on the stack of a pickle that is walked and not loaded: descriptions, never objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Global:
    """A name that the pickle imports: `module` and `name` as written."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes of a string that was passed over."""

    length: int


@dataclass(slots=True, eq=False)
class Node:
    """A list, dict, set, call or persistent reference; compared by identity, so that cycles do no harm.

    Attributes:
        kind: `list`, `dict`, `set`, `call` or `persistent`.
        function: what is called: a Global, or the Node of an object that was computed.
        arguments: of the call; the reference's own value for `persistent`.
        items: members of a list or set, and what is appended to an object.
        pairs: members of a dict, and what is set in an object.
        state: what BUILD gives an object.
    """

    kind: str
    function: Any = None
    arguments: Any = ()
    items: list[Any] | None = None
    pairs: list[tuple[Any, Any]] | None = None
    state: Any = None

    def calls(self, *names: str) -> bool:
        """Whether this is a call of one of the dotted names."""
        return self.kind == "call" and isinstance(self.function, Global) and str(self.function) in names
