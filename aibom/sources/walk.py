"""Listing of a local folder in which nothing is trusted: links, names, kinds of file, number."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aibom.formats.lfs import MAX_POINTER, Pointer, parse_pointer
from aibom.model import FileEntry, Stage, Unknown
from aibom.sources.layout import CacheLayout
from aibom.sources.names import escaped, refusal

IGNORED = frozenset({".git", ".cache", ".aibom-snapshot"})
"""Folders that belong to tools, not to the model."""
MAX_DEPTH = 32
_MIN_POINTER = 100


@dataclass(slots=True)
class Listing:
    """What a walk found. `places` gives the resolved file behind each path."""

    files: dict[str, FileEntry] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)
    unknowns: list[Unknown] = field(default_factory=list)

    def refuse(self, path: str, reason: str) -> None:
        """Report a path that is not taken up."""
        self.unknowns.append(Unknown(escaped(path), Stage.SOURCE, reason))

    def take(self, path: str, place: Path, size: int) -> None:
        """Take up a regular file."""
        self.files[path] = entry_of(path, place, size)
        self.places[path] = place


def walk(root: Path, *, limit: int, layout: CacheLayout | None = None) -> Listing:
    """Regular files below `root` (resolved), in sorted order; the rest as unknowns.

    At most `limit` entries are looked at. Links are followed only to files that lie below `root`,
    or, in a Hub cache, among its blobs.
    """
    listing = Listing()
    allowed = [root, layout.blobs.resolve()] if layout else [root]
    for count, (entry, path) in enumerate(_entries(root, listing)):
        if count == limit:
            listing.refuse("", f"more than {limit} entries; the rest was not listed (max_files)")
            break
        reason = refusal(path) or _consider(entry, path, allowed, listing)
        if reason:
            listing.refuse(path, reason)
    return listing


def entry_of(path: str, place: Path, size: int) -> FileEntry:
    """The entry of a file, with what a Git-LFS pointer in its place promises."""
    if _MIN_POINTER <= size <= MAX_POINTER and (pointer := _pointer(place)):
        return FileEntry(path, pointer.size, pointer.sha256, lfs_pointer=True)
    return FileEntry(path, size)


def _entries(root: Path, listing: Listing) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Every entry below `root` that is no folder, folders after the files beside them."""
    pending = [(root, "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            listing.refuse(prefix, f"the folder cannot be read: {error.strerror}")
            continue
        deeper = []
        for entry in entries:
            path = prefix + entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield entry, path
            elif entry.name not in IGNORED and _enter(path, listing):
                deeper.append((Path(entry.path), path + "/"))
        pending.extend(reversed(deeper))


def _enter(path: str, listing: Listing) -> bool:
    reason = refusal(path)
    if path.count("/") >= MAX_DEPTH:
        reason = f"folders are nested deeper than {MAX_DEPTH}"
    if reason:
        listing.refuse(path, reason)
    return reason is None


def _consider(entry: os.DirEntry[str], path: str, allowed: list[Path], listing: Listing) -> str | None:
    """Take up a file, or say why not."""
    place = Path(entry.path)
    try:
        if entry.is_symlink():
            place = place.resolve(strict=True)
            if not any(place.is_relative_to(folder) for folder in allowed):
                return "the link leaves the target"
        status = place.stat()
    except (OSError, RuntimeError):
        return "the link leads nowhere" if entry.is_symlink() else "the file cannot be read"
    if stat.S_ISDIR(status.st_mode):
        return "a link to a folder is not followed"
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file (pipe, socket or device)"
    listing.take(path, place, status.st_size)
    return None


def _pointer(place: Path) -> Pointer | None:
    try:
        return parse_pointer(place.read_bytes())
    except OSError:
        return None
