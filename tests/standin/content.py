"""Contents of the stand-in's files: bytes at hand, or files far larger than memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol


class Blob(Protocol):
    """A file's content, served by range."""

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...

    @property
    def git_oid(self) -> str: ...

    @property
    def lfs(self) -> bool: ...

    def piece(self, start: int, stop: int) -> bytes: ...


@dataclass(frozen=True)
class Data:
    """Content that lies in memory."""

    data: bytes
    lfs: bool = False

    @property
    def size(self) -> int:
        return len(self.data)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def git_oid(self) -> str:
        return hashlib.sha1(b"blob %d\0" % len(self.data) + self.data).hexdigest()

    def piece(self, start: int, stop: int) -> bytes:
        return self.data[start:stop]


@dataclass(frozen=True)
class Sparse:
    """`head`, then zeros up to `size`. Its digest is made up: nobody hashes 100 GB in a test."""

    head: bytes
    size: int
    lfs: bool = True

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.head + b"%d" % self.size).hexdigest()

    @property
    def git_oid(self) -> str:
        return self.sha256[:40]

    def piece(self, start: int, stop: int) -> bytes:
        known = self.head[start:stop]
        return known + bytes(min(stop, self.size) - start - len(known))
