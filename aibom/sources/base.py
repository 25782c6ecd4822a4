"""What every source is, and the bounds that all of them share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from threading import Lock
from types import TracebackType
from typing import Final, Protocol, Self, runtime_checkable

from aibom.closing import Closing
from aibom.errors import LimitError, ReadError
from aibom.formats.paths import matching
from aibom.model import Depth, FileEntry, ReadStats, Reference, Target, TargetKind, Unknown
from aibom.sources.options import SourceOptions
from aibom.spi import READ_AHEAD, Range, View

_LOCAL_READ_AHEAD: Final = 16 * 1024
"""Of a local file; from 64 KiB on a read takes several times as long, for memory is mapped anew."""


@runtime_checkable
class Digests(Protocol):
    """A view that can tell SHA-256 digests of its files."""

    def digests(self, paths: Sequence[str]) -> Mapping[str, str | ReadError]:
        """Lower-case hex per path; a path whose digest is not to be had cheaply is left out."""
        ...


class Source(View, Digests, Protocol):
    """An opened target: a View that knows what it looks at."""

    @property
    def target(self) -> Target:
        """What was opened."""
        ...

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What the source could not see, so far."""
        ...

    def stats(self) -> ReadStats:
        """What reading cost, so far."""
        ...

    def lookup(self, repo_id: str) -> Reference | None:
        """Another repository's files and digests; None where they cannot be had."""
        ...

    def close(self) -> None:
        """Give back connections and temporary files; reading afterwards is an error."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class BaseSource(Closing):
    """Bounds, look-up of entries and counting. A subclass gives `_bytes` and what else differs."""

    def __init__(
        self,
        target: Target,
        files: Mapping[str, FileEntry],
        options: SourceOptions,
        unknowns: Sequence[Unknown] = (),
    ) -> None:
        self._target = target
        self._files = dict(sorted(files.items()))
        self._options = options
        self._unknowns = list(unknowns)
        self.shared: dict[tuple[object, str], object] = {}
        self._lock = Lock()
        self._opened: set[str] = set()
        self._read_bytes = 0

    @property
    def target(self) -> Target:
        """What was opened."""
        return self._target

    @property
    def files(self) -> Mapping[str, FileEntry]:
        """Path to entry, sorted by path."""
        return self._files

    @property
    def depth(self) -> Depth:
        """How far this scan may read."""
        return self._options.depth

    @property
    def read_ahead(self) -> int:
        """See `View.read_ahead`. By the kind of target, so that a replay asks for what was recorded."""
        return READ_AHEAD if self._target.kind is TargetKind.HUB else _LOCAL_READ_AHEAD

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What the source could not see, so far."""
        return tuple(self._unknowns)

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """Paths that match a pattern, sorted."""
        return matching(self._files, patterns)

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes of one file, within the bounds of the options; see `View.read`."""
        entry = self._files.get(path)
        if entry is None:
            raise ReadError(f"{path}: not in this target")
        if entry.lfs_pointer:
            raise ReadError(f"{path}: a Git-LFS pointer stands where the content should be")
        if offset < 0 or (length is not None and length < 0):
            raise ReadError(f"{path}: a negative range was asked for")
        wanted = _wanted(entry.size, offset, length)
        limit = self._options.max_read_bytes
        if wanted is not None and wanted > limit:
            raise LimitError(f"{path}: {wanted} bytes in one read, over {limit}", limit="max_read_bytes")
        if wanted == 0:
            return b""
        data = self._bytes(entry, offset, wanted)
        with self._lock:
            self._opened.add(path)
            self._read_bytes += len(data)
        return data

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """Many ranges, answered in order."""
        return [self._answer(item) for item in ranges]

    def stats(self) -> ReadStats:
        """What reading cost, so far."""
        return ReadStats(bytes=self._read_bytes, requests=0, files=len(self._opened))

    def lookup(self, repo_id: str) -> Reference | None:
        """None: this source knows of no other repository."""
        return None

    def close(self) -> None:
        """Nothing to give back."""

    def _answer(self, item: Range) -> bytes | ReadError:
        try:
            return self.read(item.path, item.offset, item.length)
        except ReadError as error:
            return error

    @abstractmethod
    def _bytes(self, entry: FileEntry, offset: int, wanted: int | None) -> bytes:
        """At most `wanted` bytes from `offset`; None (size not known) reads to the end, bounded."""


def _wanted(size: int | None, offset: int, length: int | None) -> int | None:
    if size is None:
        return length
    rest = max(size - offset, 0)
    return rest if length is None else min(length, rest)
