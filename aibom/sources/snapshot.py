"""A recorded scan, replayed: the same target, the same bytes, and nothing that was not read then."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import msgspec

from aibom.errors import InputError, LimitError, ReadError
from aibom.model import Depth, FileEntry, ReadStats, Reference, Target, Unknown
from aibom.sources.base import BaseSource
from aibom.sources.names import refusal
from aibom.sources.options import MIB, SourceOptions

MANIFEST = "aibom-snapshot.json"
BLOBS = "blobs"
SCHEMA = "urn:aibom:schema:snapshot:1"
_MAX_MANIFEST = 256 * MIB

_Count = Annotated[int, msgspec.Meta(ge=0)]
_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Read:
    """One answered read: what was asked (`length` None: to the end), and what came."""

    path: str
    offset: _Count
    length: _Count | None
    size: _Count
    sha256: _Sha256

    def covers(self, offset: int, length: int | None) -> bool:
        """Whether every byte of that range lies in this one."""
        to_the_end = self.length is None or self.size < self.length
        end = self.offset + self.size
        return self.offset <= offset and (to_the_end or (length is not None and offset + length <= end))


@dataclass(frozen=True, slots=True)
class Failure:
    """One read that failed, with the limit it hit if it was one."""

    path: str
    offset: int
    length: int | None
    message: str
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a source was asked and answered; published as `snapshot.schema.json`."""

    target: Target
    depth: Depth
    files: tuple[FileEntry, ...]
    reads: tuple[Read, ...] = ()
    failures: tuple[Failure, ...] = ()
    digests: dict[str, _Sha256] = field(default_factory=dict)
    references: dict[str, Reference | None] = field(default_factory=dict)
    unknowns: tuple[Unknown, ...] = ()
    stats: ReadStats = field(default_factory=ReadStats)
    schema: str = SCHEMA


class SnapshotSource(BaseSource):
    """Answers from a manifest and its blobs; each blob is held against its SHA-256 when used."""

    def __init__(self, folder: Path, manifest: Manifest, options: SourceOptions) -> None:
        files = {entry.path: entry for entry in manifest.files}
        super().__init__(manifest.target, files, options, manifest.unknowns)
        self._folder = folder
        self._manifest = manifest
        self._reads: dict[str, list[Read]] = {}
        for read in manifest.reads:
            self._reads.setdefault(read.path, []).append(read)
        self._failures = {(item.path, item.offset, item.length): item for item in manifest.failures}

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What the recorded source could not see."""
        return self._manifest.unknowns

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """The recorded answer to this read; a ReadError where none was recorded."""
        failure = self._failures.get((path, offset, length))
        if failure is not None and failure.limit is not None:
            raise LimitError(failure.message, limit=failure.limit)
        if failure is not None:
            raise ReadError(failure.message)
        return super().read(path, offset, length)

    def digests(self, paths: Sequence[str]) -> Mapping[str, str | ReadError]:
        """The recorded digests."""
        known = self._manifest.digests
        return {path: known[path] for path in paths if path in known}

    def lookup(self, repo_id: str) -> Reference | None:
        """The recorded answer."""
        return self._manifest.references.get(repo_id)

    def stats(self) -> ReadStats:
        """What the recorded scan cost, so that a replay reports the same."""
        return self._manifest.stats

    def _bytes(self, entry: FileEntry, offset: int, wanted: int | None) -> bytes:
        for read in self._reads.get(entry.path, ()):
            if read.covers(offset, wanted):
                data = self._blob(read)[offset - read.offset :]
                return data if wanted is None else data[:wanted]
        raise ReadError(f"{entry.path}: this range was not recorded")

    def _blob(self, read: Read) -> bytes:
        try:
            data = (self._folder / BLOBS / read.sha256).read_bytes()
        except OSError as error:
            raise ReadError(f"{read.path}: the snapshot lacks the recorded bytes") from error
        if hashlib.sha256(data).hexdigest() != read.sha256:
            raise ReadError(f"{read.path}: the recorded bytes were changed after recording")
        return data


def is_snapshot(folder: Path) -> bool:
    """Whether a folder is a recorded snapshot: its manifest and blobs, and nothing beside them.

    A manifest among other files is a file like any other: a model must not speak for itself by it.
    """
    return (folder / MANIFEST).is_file() and {entry.name for entry in folder.iterdir()} <= {MANIFEST, BLOBS}


def open_snapshot(folder: Path, options: SourceOptions) -> SnapshotSource:
    """Open a recorded snapshot, at the depth it was recorded at.

    Raises:
        InputError: the manifest is not one of this version, or was damaged.
    """
    path = folder / MANIFEST
    if path.stat().st_size > _MAX_MANIFEST:
        raise InputError(f"{path}: larger than {_MAX_MANIFEST} bytes")
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise InputError(f"{path}: not a snapshot's manifest: {error}", advice="Record it again.") from error
    bad = [entry.path for entry in manifest.files if refusal(entry.path)]
    if manifest.schema != SCHEMA or bad:
        raise InputError(f"{path}: not a snapshot of this version", advice="Record it again.")
    return SnapshotSource(folder, manifest, replace(options, depth=manifest.depth))
