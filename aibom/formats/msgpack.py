"""Flax checkpoints: MessagePack maps whose leaves are arrays, walked without their data.

Source: `flax/serialization.py` (extension type 1 is an array: shape, type name, bytes; arrays over 1 GiB
are cut into chunks) and https://github.com/msgpack/msgpack/blob/master/spec.md.
"""

from __future__ import annotations

import struct
from typing import Final

from aibom.errors import LimitError
from aibom.formats.cursor import Cursor
from aibom.formats.pytorch.rebuild import torch_dtype
from aibom.formats.tables import Row, checked_shape
from aibom.spi import View

MAX_VALUES: Final = 100_000
"""Keys and values of one file; a checkpoint has a few for each tensor."""
MAX_DEPTH: Final = 64
MAX_KEY: Final = 1_000
_ARRAY: Final = 1
_CHUNKED: Final = "__msgpack_chunked_array__"

_LENGTHS: Final = {
    **{0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4},
    **{0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4},
}
"""First byte to the width of the length that follows it."""
_FIXED: Final = {
    **{0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8},
    **{0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8},
}
"""First byte to the bytes of the value that follows it."""
_INTEGERS: Final = {0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q"}


def read_msgpack(view: View, path: str) -> tuple[Row, ...]:
    """Every array of one file, named by the keys that lead to it, sorted.

    Raises:
        FormatError: no map of MessagePack, or truncated.
        LimitError: more values, or deeper maps, than a checkpoint has.
        ReadError: the file cannot be read.
    """
    walk = _Walk(Cursor.of_file(view, path))
    walk.root()
    return tuple(sorted(walk.rows, key=lambda row: row.name))


class _Walk:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._values = 0
        self.rows: list[Row] = []

    def root(self) -> None:
        if self._cursor.byte() not in {*range(0x80, 0x90), 0xDE, 0xDF}:
            raise self._cursor.error("no map of MessagePack")
        self._cursor.seek(0)
        self.value("", 0)

    def value(self, name: str, depth: int) -> None:
        self._values += 1
        if self._values > MAX_VALUES or depth > MAX_DEPTH:
            raise LimitError(f"{self._cursor.name}: over {MAX_VALUES:,} values", limit="msgpack values")
        mark = self._cursor.byte()
        if 0x80 <= mark <= 0x8F or mark in (0xDE, 0xDF):
            self._map(name, self._length(mark, mark & 0x0F), depth)
        elif 0x90 <= mark <= 0x9F or mark in (0xDC, 0xDD):
            for at in range(self._length(mark, mark & 0x0F)):
                self.value(_joined(name, str(at)), depth + 1)
        elif 0xC7 <= mark <= 0xC9 or 0xD4 <= mark <= 0xD8:
            self._extension(name, self._length(mark, 1 << max(mark - 0xD4, 0)))
        else:
            self._scalar(mark)

    def _map(self, name: str, count: int, depth: int) -> None:
        first, shape = len(self.rows), None
        chunked = False
        for _ in range(count):
            key = self._text()
            chunked = chunked or key == _CHUNKED
            if chunked and key == "shape":
                shape = self._sizes()
            else:
                self.value(_joined(name, key), depth + 1)
        if shape is not None and len(self.rows) > first:
            self.rows[first:] = [Row(name, self.rows[first].dtype, shape)]

    def _sizes(self) -> tuple[int, ...]:
        """The shape of an array in chunks: a map of positions to sizes, in order."""
        mark = self._cursor.byte()
        if not 0x80 <= mark <= 0x8F:
            raise self._cursor.error("no shape of an array in chunks")
        sizes = []
        for _ in range(mark & 0x0F):
            self._text()
            sizes.append(self._integer())
        return checked_shape(sizes, self._cursor.name)

    def _extension(self, name: str, length: int) -> None:
        kind = self._cursor.byte()
        end = self._cursor.position + length
        if end > self._cursor.size:
            raise self._cursor.error("truncated")
        if kind == _ARRAY:
            mark = self._cursor.byte()
            if mark != 0x93:
                raise self._cursor.error("no array of Flax")
            count = self._cursor.byte()
            if not 0x90 <= count <= 0x9F and count != 0xDC:
                raise self._cursor.error("no shape of an array")
            sizes = [self._integer() for _ in range(self._length(count, count & 0x0F))]
            dtype = torch_dtype(self._text())
            self.rows.append(Row(name, dtype, checked_shape(sizes, self._cursor.name)))
        self._cursor.seek(end)

    def _integer(self) -> int:
        mark = self._cursor.byte()
        if mark < 0x80:
            return mark
        if mark not in _INTEGERS:
            raise self._cursor.error("no size of an array")
        return int(struct.unpack(_INTEGERS[mark], self._cursor.take(_FIXED[mark]))[0])

    def _text(self) -> str:
        mark = self._cursor.byte()
        if not 0xA0 <= mark <= 0xBF and mark not in (0xC4, 0xD9, 0xDA):
            raise self._cursor.error("a key that is no text")
        length = self._length(mark, mark & 0x1F)
        if length > MAX_KEY:
            raise LimitError(f"{self._cursor.name}: a key of {length:,} bytes", limit="msgpack key")
        return self._cursor.take(length).decode("utf-8", "replace")

    def _length(self, mark: int, short: int) -> int:
        width = _LENGTHS.get(mark)
        return short if width is None else int.from_bytes(self._cursor.take(width), "big")

    def _scalar(self, mark: int) -> None:
        if mark in _FIXED:
            self._cursor.skip(_FIXED[mark])
        elif mark in _LENGTHS or 0xA0 <= mark <= 0xBF:
            self._cursor.skip(self._length(mark, mark & 0x1F))
        elif mark == 0xC1:
            raise self._cursor.error("a byte that MessagePack does not use")


def _joined(name: str, key: str) -> str:
    return (f"{name}.{key}" if name else key)[:MAX_KEY]
