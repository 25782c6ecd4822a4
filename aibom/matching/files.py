"""Which file of one dossier is which of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from aibom.matching.names import last
from aibom.model import FileEntry


@dataclass(frozen=True, slots=True)
class FilePairs:
    """Files laid side by side, by path."""

    both: tuple[tuple[FileEntry, FileEntry], ...]
    left: tuple[FileEntry, ...]
    right: tuple[FileEntry, ...]


def pair_files(left: Iterable[FileEntry], right: Iterable[FileEntry]) -> FilePairs:
    """Pair by path; then a left file without folder by its name alone (BOMs of some tools leave folders out).

    The name has to be the only one among those that are left, and digests may not speak against it.
    """
    one, two = _by_path(left), _by_path(right)
    both = [(one[path], two[path]) for path in one if path in two]
    lone = [file for path, file in one.items() if path not in two]
    other = [file for path, file in two.items() if path not in one]
    bare, full = _unique(lone), _unique(other)
    names = {name for name in bare.keys() & full.keys() if _may_be(bare[name], full[name])}
    both += [(bare[name], full[name]) for name in sorted(names)]
    return FilePairs(
        tuple(sorted(both, key=lambda each: each[1].path)),
        tuple(file for file in lone if last(file.path) not in names),
        tuple(file for file in other if last(file.path) not in names),
    )


def _by_path(files: Iterable[FileEntry]) -> dict[str, FileEntry]:
    ordered = sorted(files, key=lambda file: (file.path, repr(file)))
    return {file.path.removeprefix("./").lstrip("/"): file for file in ordered}


def _unique(files: list[FileEntry]) -> dict[str, FileEntry]:
    counts = Counter(last(file.path) for file in files)
    return {last(file.path): file for file in files if counts[last(file.path)] == 1}


def _may_be(bare: FileEntry, full: FileEntry) -> bool:
    digests = {file.sha256.lower() for file in (bare, full) if file.sha256}
    return "/" not in bare.path and len(digests) < 2
