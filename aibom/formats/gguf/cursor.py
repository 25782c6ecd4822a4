"""A position in a GGUF file, which is read on by what the header is expected to need."""

from __future__ import annotations

from struct import Struct
from typing import ClassVar, Final

from aibom.formats.cursor import WINDOW, Cursor

MAX_READ: Final = 8 * 1024 * 1024
"""Most bytes of one read: the vocabulary of a large model takes about this."""
_USUAL_STRING: Final = 15
"""Bytes of a token or merge with its length, before any was seen."""
_U32: Final = (Struct("<I"), Struct(">I"))
_U64: Final = (Struct("<Q"), Struct(">Q"))


class HeaderCursor(Cursor):
    """A position in one file. No read of a sound file reaches further past its header than `WINDOW`.

    Attributes:
        big_endian: byte order of the numbers.
    """

    kind: ClassVar = "GGUF"
    big_endian = False
    _expected = 0

    def u32(self) -> int:
        """An unsigned 32-bit number."""
        return self._number(_U32, 4)

    def u64(self) -> int:
        """An unsigned 64-bit number: every count, length and offset of the format."""
        return self._number(_U64, 8)

    def _number(self, forms: tuple[Struct, Struct], width: int) -> int:
        at = self.position - self._base
        if at < 0 or at + width > len(self._buffer):
            self._require(width)
            at = 0
        (value,) = forms[self.big_endian].unpack_from(self._buffer, at)
        self.position += width
        return int(value)

    def expect(self, length: int) -> None:
        """Tell how many bytes are likely to be wanted from here on, so that they come in one read."""
        self._expected = self.position + length

    def strings(self, count: int, *, keep: bool) -> list[bytes] | None:
        """So many strings, each a length and its bytes; None where they are not to be kept."""
        unpack = _U64[self.big_endian].unpack_from
        found: list[bytes] = []
        start, done = self.position, 0
        while done < count:
            mean = (self.position - start) / done if done else _USUAL_STRING
            self.expect(int(mean * (count - done)))
            if self.position + 8 > self._base + len(self._buffer):
                self._require(8)
            buffer, at = self._buffer, self.position - self._base
            last = len(buffer) - 8
            while at <= last and done < count:
                (length,) = unpack(buffer, at)
                stop = at + 8 + length
                if stop > len(buffer):
                    break
                if keep:
                    found.append(buffer[at + 8 : stop])
                at = stop
                done += 1
            moved = at - (self.position - self._base)
            self.position += moved
            if not moved:
                self._require(8 + int(unpack(buffer, at)[0]))
        return found if keep else None

    def _ahead(self, start: int) -> int:
        return max(min(self._expected - start, MAX_READ), WINDOW)
