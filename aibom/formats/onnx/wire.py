"""The protobuf wire format as a stream over a View: what is passed over is never read.

Source of the laws: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.spi import View

VARINT: Final = 0
FIXED64: Final = 1
DELIMITED: Final = 2
FIXED32: Final = 5

CHUNK = 256 * 1024
"""Bytes of a read while the file is walked in sequence; smaller reads double the round trips."""
AFTER_JUMP = 4 * 1024
"""Bytes of the first read after a jump: the next tensor's name and shape, not its data."""
MAX_READS = 20_000
"""Reads of one file. Each jump over a tensor costs one; real graphs have under 5,000 large tensors."""
UNKNOWN_END = 1 << 62
"""Where a file ends whose size the source does not tell."""


class Cursor:
    """A position in one file, with a buffer that is filled on demand.

    Attributes:
        position: offset of the next byte.
        end: size of the file; `UNKNOWN_END` until a short read tells it.
    """

    __slots__ = ("_base", "_buffer", "_path", "_reads", "_view", "_window", "end", "position")

    def __init__(self, view: View, path: str) -> None:
        entry = view.files.get(path)
        size = entry.size if entry is not None else None
        self._view = view
        self._path = path
        self._buffer = b""
        self._base = 0
        self._window = CHUNK
        self._reads = 0
        self.position = 0
        self.end = UNKNOWN_END if size is None else size

    def more(self) -> bool:
        """Whether the file goes on.

        Raises:
            FormatError: it ends before the position, so a field claimed more than is there.
        """
        if self.end == UNKNOWN_END:
            self._fill(1)
        return self.position < self.end

    def varint(self) -> int:
        """An unsigned integer of at most 64 bits."""
        at = self.position - self._base
        if at + 10 > len(self._buffer):
            self._fill(10)
            at = self.position - self._base
        piece = self._buffer[at : at + 10]
        if piece and piece[0] < 0x80:
            self.position += 1
            return piece[0]
        value = shift = 0
        for byte in piece:
            at += 1
            if byte < 0x80:
                self.position = self._base + at
                return (value | byte << shift) & 0xFFFF_FFFF_FFFF_FFFF
            value |= (byte & 0x7F) << shift
            shift += 7
        raise self.error("truncated, or an integer of more than ten bytes")

    def short_fields(self, keys: frozenset[int], end: int) -> tuple[bytes, int]:
        """The fields from the position on whose keys are all among `keys`, as they stand, and their number.

        The run ends before a field of another key, one longer than 127 bytes, one that passes `end`, or one
        that does not lie in the buffer. Most of a graph is in such runs, which need no taking apart.
        """
        buffer, start = self._buffer, self.position - self._base
        last = min(len(buffer), end - self._base)
        at, count = start, 0
        while at + 1 < last and buffer[at] in keys and buffer[at + 1] < 0x80:
            stop = at + 2 + buffer[at + 1]
            if stop > last:
                break
            at, count = stop, count + 1
        self.position = self._base + at
        return buffer[start:at], count

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        if not self._fill(length):
            raise self.error("truncated")
        at = self.position - self._base
        self.position += length
        return self._buffer[at : at + length]

    def skip(self, length: int) -> None:
        """Pass over `length` bytes, without reading those that are not in the buffer."""
        if self.position + length > self.end:
            raise self.error("truncated")
        self.position += length

    def error(self, what: str) -> FormatError:
        """A FormatError that tells where the walk stands."""
        return FormatError(f"{self._path}: not a valid ONNX file at byte {self.position:,}: {what}")

    def _fill(self, need: int) -> bool:
        """Hold `need` bytes from the position on; whether the file has them."""
        at = self.position - self._base
        if at + need <= len(self._buffer):
            return True
        held = self._buffer[at:]
        start = self.position + len(held)
        jump = at - len(self._buffer)
        self._window = AFTER_JUMP if jump > CHUNK else CHUNK if jump > 0 else min(self._window * 4, CHUNK)
        wanted = min(max(need - len(held), self._window), self.end - start)
        if wanted > 0:
            self._buffer = held + self._read(start, wanted)
            self._base = self.position
        return self.position - self._base + need <= len(self._buffer)

    def _read(self, start: int, wanted: int) -> bytes:
        self._reads += 1
        if self._reads > MAX_READS:
            raise LimitError(f"{self._path}: more than {MAX_READS:,} reads", limit="onnx reads")
        data = self._view.read(self._path, start, wanted)
        if not data and start and not self._view.read(self._path, start - 1, 1):
            raise self.error("truncated")
        if len(data) < wanted:
            self.end = start + len(data)
        return data
