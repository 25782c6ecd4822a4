"""A position in a file, or in a piece of one, over bounded range reads: what is skipped is not read.

Formats whose files are read in steps of other lengths derive from it (`gguf/cursor.py`, `onnx/wire.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final, Self

from aibom.errors import FormatError, LimitError
from aibom.spi import View

WINDOW: Final = 64 * 1024
"""Bytes of a read; what follows the part that is wanted (tensor data) is read no further than this."""
MAX_BYTES: Final = 128 * 1024 * 1024
"""Bytes that one cursor fetches; tables of names and shapes of the largest models stay under 40 MiB."""
MAX_LINE: Final = 64 * 1024
UNKNOWN_SIZE: Final = 1 << 62
"""Where a file ends whose size the source does not tell."""

Fetch = Callable[[int, int], bytes]
"""(offset, length) to bytes, fewer only at the end."""


class Cursor:
    """Reads forward, in windows.

    Attributes:
        fetch: what it reads through.
        name: the file, for errors.
        kind: what it should be, for errors.
        position: offset of the next byte, from the start of the piece.
        size: bytes of the piece; `UNKNOWN_SIZE` until the source, or a short read, tells it.
    """

    __slots__ = ("_base", "_buffer", "_fetched", "_window", "fetch", "name", "position", "size")

    kind: ClassVar = ""

    def __init__(
        self, fetch: Fetch, size: int, name: str, *, window: int = WINDOW, head: bytes = b""
    ) -> None:
        self.fetch = fetch
        self._window = window
        self._buffer = head
        self._base = 0
        self._fetched = 0
        self.name = name
        self.position = 0
        self.size = size

    @classmethod
    def of_bytes(cls, data: bytes, name: str) -> Cursor:
        """Over bytes at hand."""
        return cls(lambda offset, length: data[offset : offset + length], len(data), name, window=len(data))

    @classmethod
    def of_file(
        cls, view: View, path: str, offset: int = 0, size: int | None = None, *, head: bytes = b""
    ) -> Self:
        """Over `size` bytes of a file from `offset` on, or up to its end; `head` are the first, if held."""
        if size is None:
            size = file_size(view, path) - offset
        return cls(lambda at, length: view.read(path, offset + at, length), size, path, head=head)

    @property
    def left(self) -> int:
        """Bytes up to the end."""
        return self.size - self.position

    def take(self, length: int) -> bytes:
        """The next `length` bytes.

        Raises:
            FormatError: the file ends before.
            LimitError: more bytes than a description has.
        """
        at = self.position - self._base
        if at < 0 or at + length > len(self._buffer):
            self._require(length)
            at = 0
        self.position += length
        return self._buffer[at : at + length]

    def byte(self) -> int:
        """The next byte."""
        at = self.position - self._base
        if not 0 <= at < len(self._buffer):
            self._require(1)
            at = 0
        self.position += 1
        return self._buffer[at]

    def unsigned(self, width: int) -> int:
        """A little-endian unsigned integer of `width` bytes."""
        return int.from_bytes(self.take(width), "little")

    def line(self) -> bytes:
        """The bytes up to the next line feed, without it."""
        pieces = bytearray()
        while True:
            at = self.position - self._base
            if not 0 <= at < len(self._buffer):
                self._require(1)
                at = 0
            end = self._buffer.find(b"\n", at)
            pieces += self._buffer[at : len(self._buffer) if end < 0 else end]
            self.position = self._base + (len(self._buffer) if end < 0 else end + 1)
            if len(pieces) > MAX_LINE:
                raise LimitError(f"{self.name}: a line of over {MAX_LINE:,} bytes", limit="line length")
            if end >= 0:
                return bytes(pieces)

    def varint(self) -> int:
        """An unsigned integer of at most 64 bits in the protobuf wire format."""
        at = self.position - self._base
        if at < 0 or at + 10 > len(self._buffer):
            self._hold(10)
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

    def skip(self, length: int) -> None:
        """Pass over `length` bytes, without reading those that are not in the buffer."""
        if length < 0 or length > self.left:
            raise self.error("truncated")
        self.position += length

    def seek(self, position: int) -> None:
        """Go on elsewhere."""
        if not 0 <= position <= self.size:
            raise self.error(f"points outside the file, to byte {position:,}")
        self.position = position

    def error(self, what: str) -> FormatError:
        """A FormatError that tells where the cursor stands."""
        kind = f"not a valid {self.kind} file " if self.kind else ""
        return FormatError(f"{self.name}: {kind}at byte {self.position:,}: {what}")

    def _require(self, need: int) -> None:
        """Hold `need` bytes from the position on, which is where the buffer then begins."""
        if need > self.left or not self._hold(need):
            raise self.error("truncated")

    def _hold(self, need: int) -> bool:
        """Hold `need` bytes from the position on, or all that there are; whether there are so many."""
        at = self.position - self._base
        held = self._buffer[at:] if 0 <= at < len(self._buffer) else b""
        start = self.position + len(held)
        wanted = min(max(need - len(held), self._ahead(start)), self.size - start)
        data = self._read(start, wanted) if wanted > 0 else b""
        self._buffer, self._base = held + data, self.position
        if len(data) < wanted:
            self.size = start + len(data)
        return len(self._buffer) >= need

    def _ahead(self, start: int) -> int:
        """Bytes that are worth reading from `start` on, whatever is needed now."""
        return self._window

    def _read(self, start: int, wanted: int) -> bytes:
        self._fetched += wanted
        if self._fetched > MAX_BYTES:
            raise LimitError(f"{self.name}: over {MAX_BYTES:,} bytes of description", limit="bytes read")
        return self.fetch(start, wanted)


def file_size(view: View, path: str) -> int:
    """Bytes of a file; `UNKNOWN_SIZE` where the source does not tell."""
    entry = view.files.get(path)
    return UNKNOWN_SIZE if entry is None or entry.size is None else entry.size
