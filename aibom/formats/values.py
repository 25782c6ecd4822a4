"""Values of unknown shape, as JSON and YAML give them: converters that never raise, and safe text."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

_ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]?")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def as_str(value: JsonValue) -> str | None:
    """The string, or None for anything else."""
    return value if isinstance(value, str) else None


def as_int(value: JsonValue) -> int | None:
    """The whole number within 64 bits (`2.0` counts, `true` does not), or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value) if abs(value) < 2**63 else None


def as_float(value: JsonValue) -> float | None:
    """The finite number, or None; NaN and infinities can be carried by no JSON that we write."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int) and abs(value) >= 2**1023:
        return None
    return float(value) if math.isfinite(value) else None


def as_bool(value: JsonValue) -> bool | None:
    """The truth value, or None for anything else."""
    return value if isinstance(value, bool) else None


def as_list(value: JsonValue) -> list[JsonValue]:
    """The list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_dict(value: JsonValue) -> dict[str, JsonValue]:
    """The object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def strings(value: JsonValue) -> tuple[str, ...]:
    """A string as one, or the strings of a list; other members are left out."""
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in as_list(value) if isinstance(item, str))


def clean(text: str, limit: int = 400) -> str:
    """One line that is safe on a terminal and in a document: at most `limit` characters.

    Terminal escapes, control, bidirectional, zero-width and other invisible characters are dropped,
    white space is collapsed, and what is cut off is shown by an ellipsis.
    """
    if len(text) <= limit and text.isascii() and text.isprintable() and " " not in text:
        return text
    head = text[: limit * 16]
    if not (head.isprintable() and _INVISIBLE.isdisjoint(head)):
        head = "".join(_visible(char) for char in _ESCAPE.sub("", head))
    line = " ".join(head.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


def line_of(text: str, needle: str) -> int | None:
    """The line, counted from 1, on which `needle` first begins."""
    at = text.find(needle)
    return None if at < 0 else text.count("\n", 0, at) + 1
