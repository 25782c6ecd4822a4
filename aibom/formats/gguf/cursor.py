"""A position in a GGUF file, with a buffer that grows by what the header is expected to need."""

from __future__ import annotations

from struct import Struct
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.spi import View

STEP: Final = 64 * 1024
"""Least bytes of a further read; no read of a sound file reaches further past its header."""
MAX_READ: Final = 8 * 1024 * 1024
"""Most bytes of one read: the vocabulary of a large model takes about this."""
MAX_BYTES: Final = 128 * 1024 * 1024
"""Bytes that are read of one header; the largest real ones (a vocabulary of 260,000) take about 20 MiB."""
_USUAL_STRING: Final = 15
"""Bytes of a token or merge with its length, before any was seen."""
_UNKNOWN_END: Final = 1 << 62
_U32: Final = (Struct("<I"), Struct(">I"))
_U64: Final = (Struct("<Q"), Struct(">Q"))


class Cursor:
    """A position in one file, which begins with the bytes `first`.

    Attributes:
        position: offset of the next byte.
        end: size of the file; a number past all sizes until the source, or a short read, tells it.
        big_endian: byte order of the numbers.
    """

    __slots__ = ("_base", "_buffer", "_expected", "_path", "_spent", "_view", "big_endian", "end", "position")

    def __init__(self, view: View, path: str, first: bytes, wanted: int) -> None:
        entry = view.files.get(path)
        size = entry.size if entry is not None else None
        self._view = view
        self._path = path
        self._buffer = first
        self._base = 0
        self._spent = len(first)
        self._expected = 0
        self.position = 0
        self.end = (_UNKNOWN_END if size is None else size) if len(first) == wanted else len(first)
        self.big_endian = False

    def u32(self) -> int:
        """An unsigned 32-bit number."""
        self._hold(4)
        (value,) = _U32[self.big_endian].unpack_from(self._buffer, self.position - self._base)
        self.position += 4
        return int(value)

    def u64(self) -> int:
        """An unsigned 64-bit number: every count, length and offset of the format."""
        self._hold(8)
        (value,) = _U64[self.big_endian].unpack_from(self._buffer, self.position - self._base)
        self.position += 8
        return int(value)

    def expect(self, length: int) -> None:
        """Tell how many bytes are likely to be wanted from here on, so that they come in one read."""
        self._expected = self.position + length

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        self._hold(length)
        at = self.position - self._base
        self.position += length
        return self._buffer[at : at + length]

    def skip(self, length: int) -> None:
        """Pass over bytes, without reading those that are not in the buffer."""
        if length > self.end - self.position:
            raise self.error("it ends inside its header")
        self.position += length

    def strings(self, count: int, *, keep: bool) -> list[bytes] | None:
        """So many strings, each a length and its bytes; None where they are not to be kept."""
        unpack = _U64[self.big_endian].unpack_from
        found: list[bytes] = []
        start, done = self.position, 0
        while done < count:
            mean = (self.position - start) / done if done else _USUAL_STRING
            self.expect(int(mean * (count - done)))
            self._hold(8)
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
                self._hold(8 + int(unpack(buffer, at)[0]))
        return found if keep else None

    def error(self, what: str) -> FormatError:
        """A FormatError that tells where the walk stands."""
        return FormatError(f"{self._path}: not a valid GGUF file at byte {self.position:,}: {what}")

    def _hold(self, need: int) -> None:
        """Have `need` bytes from the position on in the buffer."""
        at = self.position - self._base
        if at + need <= len(self._buffer):
            return
        if need > self.end - self.position:
            raise self.error("it ends inside its header")
        held = self._buffer[at:] if at < len(self._buffer) else b""
        start = self.position + len(held)
        length = min(max(need - len(held), min(self._expected - start, MAX_READ), STEP), self.end - start)
        self._spent += length
        if self._spent > MAX_BYTES:
            raise LimitError(f"{self._path}: a header of more than {MAX_BYTES:,} bytes", limit="gguf header")
        data = self._view.read(self._path, start, length)
        self._buffer, self._base = held + data, self.position
        if len(data) < length:
            self.end = start + len(data)
            if need > self.end - self.position:
                raise self.error("it ends inside its header")
