"""Views for what a test cannot hold in memory or wants to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aibom.formats.paths import matching
from aibom.model import Depth, FileEntry
from aibom.spi import READ_AHEAD, Range, ReadError
from aibom.testing import MemoryView


class SparseView:
    """One file of which only some pieces are written; the rest reads as zeros. `reads` as MemoryView's."""

    depth = Depth.HEADERS
    read_ahead = READ_AHEAD

    def __init__(self, path: str, pieces: Mapping[int, bytes], size: int, *, tells_size: bool = True) -> None:
        self.files = {path: FileEntry(path, size if tells_size else None)}
        self.shared: dict[tuple[object, str], object] = {}
        self.reads: list[tuple[str, int, int]] = []
        self._pieces = pieces
        self._size = size

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Zeros, with the pieces laid over them."""
        end = self._size if length is None else min(self._size, offset + length)
        answer = bytearray(max(end - offset, 0))
        for start, piece in self._pieces.items():
            low, high = max(start, offset), min(start + len(piece), end)
            if low < high:
                answer[low - offset : high - offset] = piece[low - start : high - start]
        self.reads.append((path, offset, len(answer)))
        return bytes(answer)

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """Each range in turn."""
        return [self.read(item.path, item.offset, item.length) for item in ranges]

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """Paths that match a pattern."""
        return matching(self.files, patterns)


def without_size(path: str, data: bytes) -> MemoryView:
    """A view as behind a mirror that drops sizes."""
    view = MemoryView({path: data})
    view._files[path] = replace(view._files[path], size=None)
    return view
