"""Files as a source lists them."""

from __future__ import annotations

from dataclasses import dataclass

from aibom.model.enums import FileClass


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the target.

    Attributes:
        path: relative, `/`-separated, without `..`.
        size: bytes, or None where the source does not tell (a mirror that drops sizes).
        sha256: lower-case hex of the file's own bytes; never a git object id. None if not known.
        kind: what the file is for, by its name.
        lfs_pointer: the bytes at hand are a Git-LFS pointer; `sha256` and `size` are then those
            that the pointer promises, and the content is not here.
        git_blob: git's id of the content, where the Hub gives it for a file outside LFS. Two files of
            one id are equal; it is compared, and never written as a digest of the file.
    """

    path: str
    size: int | None = None
    sha256: str | None = None
    kind: FileClass = FileClass.OTHER
    lfs_pointer: bool = False
    git_blob: str | None = None


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a reader finds what a claim rests on.

    `line` counts from 1; `offset` and `length` are bytes; `key` is a dotted path in a structured
    file (`vision_config.model_type`); `quote` is the text itself, at most 400 characters.
    """

    path: str
    line: int | None = None
    offset: int | None = None
    length: int | None = None
    key: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class ReadStats:
    """What a scan cost: bytes received, requests sent, distinct files opened."""

    bytes: int = 0
    requests: int = 0
    files: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """Another repository's files and digests, for equal-digest checks, and the licence that it declares."""

    repository: str
    revision: str
    created: str | None = None
    files: tuple[FileEntry, ...] = ()
    licence: str | None = None
