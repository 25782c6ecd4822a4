"""The protobuf wire format of an ONNX file as a stream over a View: what is passed over is never read.

Source of the laws: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import ClassVar, Final

from aibom.errors import LimitError
from aibom.formats.cursor import UNKNOWN_SIZE, Cursor

VARINT: Final = 0
FIXED64: Final = 1
DELIMITED: Final = 2
FIXED32: Final = 5

STOP: Final = 0
LENGTH: Final = 1
NUMBER: Final = 2
FIXED: Final = {FIXED64: 9, FIXED32: 5}
"""For `Wire.short_fields`; the bytes of a field of fixed width with its key."""

CHUNK = 256 * 1024
"""Bytes of a read while the file is walked in sequence; smaller reads double the round trips."""
AFTER_JUMP = 4 * 1024
"""Bytes of the first read after a jump: the next tensor's name and shape, not its data."""
MAX_READS = 20_000
"""Reads of one file. Each jump over a tensor costs one; real graphs have under 5,000 large tensors."""


class Wire(Cursor):
    """A position in one file, which is read in larger steps in sequence than after a jump."""

    kind: ClassVar = "ONNX"
    _reads = 0

    def more(self) -> bool:
        """Whether the file goes on.

        Raises:
            FormatError: it ends before the position, so a field claimed more than is there.
        """
        if self.size == UNKNOWN_SIZE and self.position - self._base >= len(self._buffer):
            self._hold(1)
        return self.position < self.size

    def peek(self) -> int:
        """The next byte if it is at hand, else 0."""
        at = self.position - self._base
        return self._buffer[at] if at < len(self._buffer) else 0

    def ahead(self) -> int:
        """The next byte; -1 where it is not in the buffer."""
        at = self.position - self._base
        return self._buffer[at] if 0 <= at < len(self._buffer) else -1

    def short_fields(self, kinds: bytes, end: int) -> tuple[bytes, int]:
        """The fields from the position on that are of these kinds, as they stand, and their number.

        `kinds` has a number for each byte that a field may begin with: `STOP`, `LENGTH`, `NUMBER`, or the
        bytes of a field of fixed width. The run ends before a field of kind `STOP`, one longer than 127
        bytes, one that passes `end`, or one that does not lie in the buffer. Most of a graph is in such
        runs, which need no taking apart.
        """
        buffer, start = self._buffer, self.position - self._base
        last = min(len(buffer), end - self._base)
        at, count = start, 0
        while at + 1 < last:
            kind, stop = kinds[buffer[at]], at + 2
            if kind == LENGTH and buffer[at + 1] < 0x80:
                stop += buffer[at + 1]
            elif kind == NUMBER:
                while buffer[stop - 1] >= 0x80 and stop < min(last, at + 11):
                    stop += 1
                if buffer[stop - 1] >= 0x80:
                    break
            elif kind > NUMBER:
                stop = at + kind
            else:
                break
            if stop > last:
                break
            at, count = stop, count + 1
        self.position = self._base + at
        return buffer[start:at], count

    def _ahead(self, start: int) -> int:
        jump = start - self._base - len(self._buffer)
        self._window = AFTER_JUMP if jump > CHUNK else CHUNK if jump > 0 else min(self._window * 4, CHUNK)
        return self._window

    def _read(self, start: int, wanted: int) -> bytes:
        self._reads += 1
        if self._reads > MAX_READS:
            raise LimitError(f"{self.name}: more than {MAX_READS:,} reads", limit="onnx reads")
        data = self.fetch(start, wanted)
        if not data and start and not self.fetch(start - 1, 1):
            raise self.error("truncated")
        return data
