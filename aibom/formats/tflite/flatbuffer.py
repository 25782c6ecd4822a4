"""FlatBuffers over range reads: tables, vectors and strings by offset, read in pages.

Layout: https://flatbuffers.dev/internals. Offsets are unsigned and lead forward, but for that of a table to
its own list of fields; every one of them is held against the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.cursor import file_size
from aibom.spi import View

PAGE: Final = 32 * 1024
MAX_PAGES: Final = 1_024
"""Pages of one file, 32 MiB; the tables of a model of 5,000 tensors take under 1 MiB."""
MAX_VECTOR: Final = 200_000
MAX_STRING: Final = 512
MAX_STEPS: Final = 1_000_000
"""Values that are looked at, since many offsets may lead to one long list; a tensor takes about 20."""


class Buffer:
    """The bytes of one file, by pages that are kept."""

    def __init__(self, view: View, path: str) -> None:
        self._view = view
        self._pages: dict[int, bytes] = {}
        self._steps = 0
        self.path = path
        self.size = file_size(view, path)

    def number(self, at: int, width: int, *, signed: bool = False) -> int:
        """A little-endian integer."""
        return int.from_bytes(self.take(at, width), "little", signed=signed)

    def take(self, at: int, length: int) -> bytes:
        """`length` bytes at an offset, at most a page of them.

        Raises:
            FormatError: they lie outside of the file.
            LimitError: more pages than a model's tables take.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise LimitError(f"{self.path}: over {MAX_STEPS:,} values", limit="tflite values")
        if at < 0 or at + length > self.size:
            raise FormatError(f"{self.path}: an offset leads outside of the file, to byte {at:,}")
        page, inside = divmod(at, PAGE)
        data = self._page(page)[inside : inside + length]
        if len(data) < length:
            data += self._page(page + 1)[: length - len(data)]
        if len(data) < length:
            raise FormatError(f"{self.path}: truncated at byte {at:,}")
        return data

    def root(self) -> Table:
        """The table that the file holds."""
        return Table(self, self.number(0, 4))

    def _page(self, page: int) -> bytes:
        held = self._pages.get(page)
        if held is None:
            if len(self._pages) >= MAX_PAGES:
                raise LimitError(f"{self.path}: over {MAX_PAGES:,} pages of tables", limit="tflite pages")
            held = self._pages[page] = self._view.read(self.path, page * PAGE, PAGE)
        return held


class Table:
    """One table: fields by their number in the schema."""

    __slots__ = ("_at", "_buffer", "_fields", "_length")

    def __init__(self, buffer: Buffer, at: int) -> None:
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
            raise LimitError(f"{self._buffer.path}: a list of {count:,}", limit="tflite list")
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
