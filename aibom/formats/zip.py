"""ZIP archives over range reads: the central directory, and single members within bounds.

Only what weight formats use is read: stored and deflated members, ZIP64, no encryption.
Source of the laws: PKWARE APPNOTE 6.3.10.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from aibom.errors import FormatError, LimitError, ReadError
from aibom.formats.cursor import UNKNOWN_SIZE, Cursor, file_size
from aibom.formats.paths import is_safe
from aibom.spi import Range, View

MAX_ENTRIES: Final = 100_000
"""Members of one archive; a checkpoint has one for each tensor."""
MAX_DIRECTORY: Final = 16 * 1024 * 1024
TAIL: Final = 22 + 0xFFFF
"""Bytes within which the end record must begin: itself and the longest comment."""
BOMB_RATIO: Final = 100
BOMB_BYTES: Final = 1 << 30
"""An archive that promises more than this, and 100 times its own size, is told to be one of those that
exhaust memory; packed weights shrink to half at best."""

STORED: Final = 0
DEFLATED: Final = 8
_END: Final = b"PK\5\6"
_WIDE: Final = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: `packed` bytes at the header at `offset`, `size` bytes once inflated."""

    name: str
    method: int
    flags: int
    packed: int
    size: int
    offset: int


@dataclass(frozen=True)
class Archive:
    """The members of one archive, in the order of its directory."""

    path: str
    view: View
    entries: tuple[Entry, ...]
    length: int
    """Size of the archive itself."""

    @cached_property
    def names(self) -> dict[str, Entry]:
        """Name to member; of a repeated name the last counts, as in every common reader."""
        return {entry.name: entry for entry in self.entries}

    @cached_property
    def escaping(self) -> tuple[str, ...]:
        """Names that lead out of the folder that the archive is unpacked in."""
        return tuple(entry.name for entry in self.entries if not is_safe(entry.name.rstrip("/") or "/"))

    @cached_property
    def bomb(self) -> str | None:
        """Why unpacking it would exhaust a machine, or None."""
        total = sum(entry.size for entry in self.entries)
        if total > BOMB_BYTES and total > BOMB_RATIO * self.length:
            return f"{self.length:,} bytes that unpack to {total:,}"
        filled = [entry for entry in self.entries if entry.packed]
        if len({entry.offset for entry in filled}) < len(filled):
            return "several members that lie in the same bytes"
        return None

    def open(self, entry: Entry, *, limit: int, head: int | None = None) -> Cursor:
        """A cursor over a member; one that is stored is read by range, a deflated one whole.

        Of a deflated member, `head` bytes are inflated where they are enough.

        Raises:
            FormatError: the member is broken, encrypted or packed in another way.
            LimitError: it is longer than `limit`.
        """
        name = f"{self.path}:{entry.name}"
        if entry.flags & 1 or entry.method not in (STORED, DEFLATED):
            raise FormatError(f"{name}: encrypted, or packed by a method that is not read")
        start = self._data(entry)
        if entry.method == STORED:
            return Cursor(
                lambda at, length: self.view.read(self.path, start + at, length), entry.packed, name
            )
        if head is not None and head < entry.size:
            # Deflate adds at most 5 bytes to each block, so that as many packed bytes give the head.
            packed = self.view.read(self.path, start, min(entry.packed, head + head // 8 + 64))
            return Cursor.of_bytes(_inflated(packed, head, name, whole=False), name)
        if entry.size > limit or entry.packed > limit:
            raise LimitError(f"{name}: over {limit:,} bytes", limit="member size")
        return Cursor.of_bytes(_inflated(self.view.read(self.path, start, entry.packed), limit, name), name)

    def read(self, entry: Entry, *, limit: int) -> bytes:
        """All bytes of a member; errors as `open`."""
        if entry.size > limit:
            raise LimitError(f"{self.path}:{entry.name}: over {limit:,} bytes", limit="member size")
        cursor = self.open(entry, limit=limit)
        return cursor.take(cursor.size)

    def starts(self, entries: Sequence[Entry]) -> dict[str, int | ReadError]:
        """Where the data of each member begin, by name; all of their own headers in one batch of reads."""
        heads = self.view.read_many([self._head(entry) for entry in entries])
        return {entry.name: self._start(entry, head) for entry, head in zip(entries, heads, strict=True)}

    def _start(self, entry: Entry, head: bytes | ReadError) -> int | ReadError:
        if isinstance(head, ReadError):
            return head
        try:
            return self._behind(entry, head)
        except FormatError as error:
            return error

    def _data(self, entry: Entry) -> int:
        """Where a member's data begin."""
        place = self._head(entry)
        return self._behind(entry, self.view.read(place.path, place.offset, place.length))

    def _head(self, entry: Entry) -> Range:
        """Where a member's own header lies, or what of that is inside the file."""
        offset = min(entry.offset, self.length)
        return Range(self.path, offset, min(30, self.length - offset))

    def _behind(self, entry: Entry, head: bytes) -> int:
        """The byte behind a member's own header, whose length the directory does not tell."""
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise FormatError(f"{self.path}:{entry.name}: no member lies where the directory says")
        name, extra = struct.unpack_from("<HH", head, 26)
        start = entry.offset + 30 + int(name) + int(extra)
        if start + entry.packed > self.length:
            raise FormatError(f"{self.path}:{entry.name}: truncated")
        return start


def read_archive(view: View, path: str) -> Archive:
    """The directory of one archive: its tail, and what of the directory the tail does not hold.

    Raises:
        FormatError: no archive, or truncated.
        LimitError: more members than a model has.
        ReadError: the file cannot be read, or its size is not known.
    """
    size = file_size(view, path)
    if size == UNKNOWN_SIZE:
        raise FormatError(f"{path}: its size is not known, and an archive is read from its end")
    base = max(size - TAIL, 0)
    tail = view.read(path, base, size - base)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise FormatError(f"{path}: no archive: its end record is missing")
    count, length, offset = struct.unpack_from("<HII", tail, at + 10)
    end = base + at
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\6\7":
        count, length, offset, end = _wide_end(view, path, tail, at)
    if count > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise LimitError(f"{path}: over {MAX_ENTRIES:,} members", limit="archive members")
    # Bytes before the archive (a self-extracting stub) shift every offset by the same amount.
    shift = end - length - offset
    if length > end or shift < 0:
        raise FormatError(f"{path}: the directory lies outside the file")
    begin = end - length
    held = tail[begin - base : end - base] if begin >= base else view.read(path, begin, length)
    return Archive(path, view, tuple(_entries(held, count, shift, path)), size)


def _wide_end(view: View, path: str, tail: bytes, at: int) -> tuple[int, int, int, int]:
    """Count, length, offset and end of the directory by the ZIP64 records, which lie behind it.

    PyTorch writes them into every archive.
    """
    where = struct.unpack_from("<Q", tail, at - 12)[0]
    record = view.read(path, where, 56) if where + 56 <= file_size(view, path) else b""
    if len(record) < 56 or record[:4] != b"PK\6\6":
        raise FormatError(f"{path}: the ZIP64 end record is missing")
    count, length, offset = struct.unpack_from("<QQQ", record, 32)
    return int(count), int(length), int(offset), int(where)


def _entries(directory: bytes, count: int, shift: int, path: str) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\1\2" or len(directory) < at + 46:
            raise FormatError(f"{path}: the directory is truncated")
        flags, method = struct.unpack_from("<HH", directory, at + 8)
        packed, size, named, extra, comment = struct.unpack_from("<IIHHH", directory, at + 20)
        offset = struct.unpack_from("<I", directory, at + 42)[0]
        name = directory[at + 46 : at + 46 + named]
        more = directory[at + 46 + named : at + 46 + named + extra]
        if _WIDE in (packed, size, offset):
            size, packed, offset = _wide_fields(more, size, packed, offset)
        at += 46 + named + extra + comment
        text = name.decode("utf-8" if flags & 0x800 else "cp437", errors="replace")
        yield Entry(text, method, flags, packed, size, offset + shift)


def _wide_fields(extra: bytes, *fields: int) -> tuple[int, ...]:
    """Size, packed size and offset, of which those that are full stand in the ZIP64 extra field."""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag == 1:
            wide = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack(f"<{len(wide) // 8}Q", wide[: len(wide) // 8 * 8]))
            return tuple(next(values, field) if field == _WIDE else field for field in fields)
        at += 4 + length
    return fields


def _inflated(data: bytes, limit: int, name: str, *, whole: bool = True) -> bytes:
    """At most `limit` bytes; where the `whole` is wanted, more of them are an error."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = unpacker.decompress(data, limit + 1)
    except zlib.error:
        raise FormatError(f"{name}: broken deflate stream") from None
    if not whole:
        return found[:limit]
    if len(found) > limit:
        raise LimitError(f"{name}: over {limit:,} bytes", limit="member size")
    if not unpacker.eof:
        raise FormatError(f"{name}: truncated deflate stream")
    return found
