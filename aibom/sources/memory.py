"""A target that lies in memory: for tests, and for plug-in authors through `aibom.testing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aibom.errors import ReadError
from aibom.formats.paths import matching
from aibom.model import Depth, FileEntry
from aibom.spi import READ_AHEAD, Range


class MemoryView:
    """A View over a mapping of path to bytes that remembers every range that was read.

    `reads` lists (path, offset, length) in order, so that a test can assert what was touched.
    `read_ahead` may be set, to read as from a local file.
    """

    def __init__(self, contents: Mapping[str, bytes], *, depth: Depth = Depth.HEADERS) -> None:
        self._contents = dict(sorted(contents.items()))
        self._files = {path: FileEntry(path, len(data)) for path, data in self._contents.items()}
        self._depth = depth
        self.read_ahead = READ_AHEAD
        self.shared: dict[tuple[object, str], object] = {}
        self.reads: list[tuple[str, int, int]] = []

    @property
    def files(self) -> Mapping[str, FileEntry]:
        """Path to entry, sorted by path."""
        return self._files

    @property
    def depth(self) -> Depth:
        """The depth given."""
        return self._depth

    def mark(self, path: str, **changes: object) -> None:
        """Change a file's entry (`sha256=…`, `lfs_pointer=True`)."""
        self._files[path] = replace(self._files[path], **changes)  # type: ignore[arg-type]

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes of a file, recorded in `reads`."""
        entry = self._files.get(path)
        if entry is None:
            raise ReadError(f"{path}: not in this target")
        if entry.lfs_pointer:
            raise ReadError(f"{path}: a Git-LFS pointer stands where the content should be")
        data = self._contents[path]
        piece = data[offset:] if length is None else data[offset : offset + length]
        self.reads.append((path, offset, len(piece)))
        return piece

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """Each range in turn."""
        answers: list[bytes | ReadError] = []
        for item in ranges:
            try:
                answers.append(self.read(item.path, item.offset, item.length))
            except ReadError as error:
                answers.append(error)
        return answers

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """Paths that match a pattern."""
        return matching(self._files, patterns)
