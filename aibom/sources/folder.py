"""Local files as a source: a folder, a snapshot in the Hub client's cache, or one model file."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aibom.errors import InputError, ReadError
from aibom.model import FileEntry, Target, TargetKind
from aibom.sources.base import BaseSource
from aibom.sources.cache import Cache
from aibom.sources.layout import CacheLayout, recognise, snapshot_of
from aibom.sources.options import MIB, SourceOptions
from aibom.sources.walk import Listing, walk

_CHUNK = 4 * MIB
_THREADS = 8
_BATCH = 16
"""Files that a thread takes at once: few, because one of them may be large."""
# Not every system knows each of these; a pipe that took a file's place must not hold the scan.
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
)
_SETTLED = 2_000_000_000
"""Nanoseconds after which a change of a file must show in its modification time."""


class LocalSource(BaseSource):
    """Files on this machine. `places` maps each path to the resolved file that holds its bytes."""

    def __init__(
        self, target: Target, listing: Listing, options: SourceOptions, layout: CacheLayout | None = None
    ) -> None:
        super().__init__(target, listing.files, options, listing.unknowns)
        self._places = listing.places
        self._layout = layout
        self._cache = Cache(options.cache_dir)

    def digests(self, paths: Sequence[str]) -> Mapping[str, str | ReadError]:
        """SHA-256 of each file, computed with threads or known from an unchanged file's last time."""
        batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
        with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
            answers = itertools.chain.from_iterable(pool.map(self._digest_all, batches))
            return dict(zip(paths, answers, strict=True))

    def _bytes(self, entry: FileEntry, offset: int, wanted: int | None) -> bytes:
        try:
            handle = _opened(self._places[entry.path])
            try:
                os.lseek(handle, offset, os.SEEK_SET)
                return _read(handle, self._options.max_read_bytes if wanted is None else wanted)
            finally:
                os.close(handle)
        except OSError as error:
            raise ReadError(f"{entry.path}: {error.strerror or error}") from error

    def _digest_all(self, paths: Sequence[str]) -> list[str | ReadError]:
        return [self._digest(path) for path in paths]

    def _digest(self, path: str) -> str | ReadError:
        try:
            digest = self._sha256(self._places[path])
        except OSError as error:
            return ReadError(f"{path}: {error.strerror or error}")
        promised = self._layout.promised(self._places[path]) if self._layout else None
        if promised and promised != digest:
            return ReadError(f"{path}: the cache promises SHA-256 {promised}, the bytes give {digest}")
        return digest

    def _sha256(self, place: Path) -> str:
        with os.fdopen(_opened(place), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            state = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
            key = ("sha256", str(place), *map(str, state))
            if (known := self._cache.get(*key)) is not None:
                return known.decode("ascii")
            digest = hashlib.sha256()
            buffer = memoryview(bytearray(min(_CHUNK, max(status.st_size, 1))))
            while size := file.readinto(buffer):
                digest.update(buffer[:size])
        if time.time_ns() - status.st_mtime_ns > _SETTLED:
            self._cache.put(digest.hexdigest().encode("ascii"), *key)
        return digest.hexdigest()


def open_folder(ref: str, folder: Path, options: SourceOptions) -> LocalSource:
    """Open a folder of files.

    Raises:
        InputError: the folder is empty, or cannot be listed.
    """
    root = folder.resolve()
    root = snapshot_of(root, options.revision) or root
    layout = recognise(root)
    listing = walk(root, limit=options.max_files, layout=layout)
    if not listing.files and not listing.unknowns:
        raise InputError(f"{ref}: the folder is empty", advice="Name a folder that holds a model's files.")
    repository = options.alias or (layout.repository if layout else None)
    target = Target(
        ref=ref,
        kind=TargetKind.FOLDER,
        name=(repository or root.name).rpartition("/")[2],
        repository=repository,
        revision=layout.revision if layout else None,
    )
    return LocalSource(target, listing, options, layout)


def _opened(place: Path) -> int:
    """The handle of a file, if it still is a regular file and no link took its place."""
    handle = os.open(place, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("no longer a regular file")
    return handle


def _read(handle: int, wanted: int) -> bytes:
    """So many bytes, fewer only at the end; a file object's buffer would take as long again."""
    data = os.read(handle, wanted)
    while len(data) < wanted and (more := os.read(handle, wanted - len(data))):
        data += more
    return data
