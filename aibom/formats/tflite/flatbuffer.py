"""FlatBuffers over range reads: tables, vectors and strings by offset.

Layout: https://flatbuffers.dev/internals. Offsets are unsigned and lead forward, but for that of a table to
its own list of fields; every one of them is held against the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aibom.errors import LimitError
from aibom.formats.pages import Pages

MAX_VECTOR: Final = 200_000
MAX_STRING: Final = 512


def root(pages: Pages) -> Table:
    """The table that a file holds."""
    return Table(pages, pages.number(0, 4))


class Table:
    """One table: fields by their number in the schema."""

    __slots__ = ("_at", "_buffer", "_fields", "_length")

    def __init__(self, buffer: Pages, at: int) -> None:
        self._buffer = buffer
        self._at = at
        self._fields = at - buffer.number(at, 4, signed=True)
        self._length = buffer.number(self._fields, 2)

    def has(self, field: int) -> bool:
        """Whether a field is written."""
        return self._place(field) is not None

    def number(self, field: int, width: int, default: int = 0, *, signed: bool = False) -> int:
        """A scalar field."""
        place = self._place(field)
        return default if place is None else self._buffer.number(place, width, signed=signed)

    def text(self, field: int) -> str:
        """A string field; what is over 512 bytes is cut."""
        place = self._target(field)
        if place is None:
            return ""
        length = min(self._buffer.number(place, 4), MAX_STRING)
        return self._buffer.take(place + 4, length).decode("utf-8", "replace")

    def numbers(self, field: int) -> list[int]:
        """A vector of signed 32-bit integers."""
        return [self._buffer.number(at, 4, signed=True) for at in self._members(field)]

    def tables(self, field: int) -> Iterator[Table]:
        """A vector of tables."""
        for at in self._members(field):
            yield Table(self._buffer, at + self._buffer.number(at, 4))

    def _members(self, field: int) -> Iterator[int]:
        place = self._target(field)
        if place is None:
            return
        count = self._buffer.number(place, 4)
        if count > MAX_VECTOR:
            raise LimitError(f"{self._buffer.name}: a list of {count:,}", limit="tflite list")
        yield from range(place + 4, place + 4 + 4 * count, 4)

    def _target(self, field: int) -> int | None:
        place = self._place(field)
        return None if place is None else place + self._buffer.number(place, 4)

    def _place(self, field: int) -> int | None:
        slot = 4 + 2 * field
        if slot + 2 > self._length:
            return None
        offset = self._buffer.number(self._fields + slot, 2)
        return self._at + offset if offset else None
