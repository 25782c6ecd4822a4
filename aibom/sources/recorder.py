"""Recording a scan: a source that remembers what was read through it, and the snapshot of that."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from threading import Lock

import msgspec

from aibom.closing import Closing
from aibom.errors import InputError, LimitError, ReadError
from aibom.model import Depth, FileEntry, ReadStats, Reference, Target, Unknown
from aibom.sources.base import Source
from aibom.sources.snapshot import BLOBS, MANIFEST, Failure, Manifest, Read, is_snapshot
from aibom.spi import Range

_Key = tuple[str, int, int | None]


class Recorder(Closing):
    """A Source that passes everything through and remembers every answer (bytes on disk)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._folder = Path(tempfile.mkdtemp(prefix="aibom-record-"))
        self._forget = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._lock = Lock()
        self._reads: dict[_Key, Read] = {}
        self._failures: dict[_Key, Failure] = {}
        self._digests: dict[str, str] = {}
        self._references: dict[str, Reference | None] = {}

    @property
    def target(self) -> Target:
        """The source's target."""
        return self._source.target

    @property
    def files(self) -> Mapping[str, FileEntry]:
        """The source's files."""
        return self._source.files

    @property
    def depth(self) -> Depth:
        """The source's depth."""
        return self._source.depth

    @property
    def read_ahead(self) -> int:
        """The source's measure."""
        return self._source.read_ahead

    @property
    def shared(self) -> MutableMapping[tuple[object, str], object]:
        """The source's."""
        return self._source.shared

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """The source's unknowns."""
        return self._source.unknowns

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """Paths that match a pattern."""
        return self._source.glob(*patterns)

    def stats(self) -> ReadStats:
        """The source's cost."""
        return self._source.stats()

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """The source's bytes, remembered; so is a failure."""
        try:
            data = self._source.read(path, offset, length)
        except ReadError as error:
            self._keep_failure((path, offset, length), error)
            raise
        self._keep((path, offset, length), data)
        return data

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """The source's answers, remembered."""
        answers = self._source.read_many(ranges)
        for item, answer in zip(ranges, answers, strict=True):
            key = (item.path, item.offset, item.length)
            if isinstance(answer, ReadError):
                self._keep_failure(key, answer)
            else:
                self._keep(key, answer)
        return answers

    def digests(self, paths: Sequence[str]) -> Mapping[str, str | ReadError]:
        """The source's digests, remembered."""
        found = self._source.digests(paths)
        with self._lock:
            self._digests.update((path, value) for path, value in found.items() if isinstance(value, str))
        return found

    def lookup(self, repo_id: str) -> Reference | None:
        """The source's answer, remembered."""
        reference = self._source.lookup(repo_id)
        with self._lock:
            self._references[repo_id] = reference
        return reference

    def close(self) -> None:
        """Close the source and drop what was not stored."""
        self._source.close()
        self._forget()

    def store(self, directory: Path) -> None:
        """Store what was read so far as a snapshot that `open_source` replays.

        The folder appears whole or not at all; an earlier snapshot there is replaced.

        Raises:
            InputError: the folder holds something that is no snapshot, or cannot be written.
        """
        try:
            if directory.exists() and not is_snapshot(directory) and any(directory.iterdir()):
                raise InputError(
                    f"{directory}: not empty, and not a recorded snapshot",
                    advice="Name a new or empty folder.",
                )
            directory.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".aibom-") as draft:
                stage = Path(draft) / "new"
                shutil.copytree(self._folder, stage / BLOBS)
                (stage / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(self._manifest())))
                if directory.exists():
                    directory.rename(Path(draft) / "old")
                stage.rename(directory)
        except OSError as error:
            message = f"{directory}: {error.strerror or error}"
            raise InputError(message, advice="Name a folder that can be written.") from error

    def _manifest(self) -> Manifest:
        """What was asked and answered so far, in a stable order."""
        with self._lock:
            return Manifest(
                target=self.target,
                depth=self.depth,
                files=tuple(self.files.values()),
                reads=tuple(self._reads[key] for key in sorted(self._reads, key=_order)),
                failures=tuple(self._failures[key] for key in sorted(self._failures, key=_order)),
                digests=dict(sorted(self._digests.items())),
                references=dict(sorted(self._references.items())),
                unknowns=self.unknowns,
                stats=self.stats(),
            )

    def _keep(self, key: _Key, data: bytes) -> None:
        sha256 = hashlib.sha256(data).hexdigest()
        with self._lock:
            self._failures.pop(key, None)
            if key not in self._reads:
                (self._folder / sha256).write_bytes(data)
                self._reads[key] = Read(*key, size=len(data), sha256=sha256)

    def _keep_failure(self, key: _Key, error: ReadError) -> None:
        limit = error.limit if isinstance(error, LimitError) else None
        with self._lock:
            if key not in self._reads:
                self._failures[key] = Failure(*key, message=error.message, limit=limit)


def _order(key: _Key) -> tuple[str, int, int]:
    path, offset, length = key
    return path, offset, -1 if length is None else length
