"""What validator and linter say of a document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a problem matters. An `error` makes the document unfit to hand on."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect. `pointer` is the JSON Pointer (RFC 6901) of the value; "" is the whole document."""

    rule: str
    severity: Level
    pointer: str
    message: str


def pointer_to(tokens: tuple[str | int, ...] | list[str | int]) -> str:
    """The JSON Pointer of a path of keys and indices.

    >>> pointer_to(("components", 0, "a/b"))
    '/components/0/a~1b'
    """
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
