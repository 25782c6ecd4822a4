"""Git-LFS pointers: the small text that stands where large content should be."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_POINTER = 1024
"""Bytes; the LFS specification bounds a pointer file below this."""

_POINTER = re.compile(
    rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/v1\r?\n"
    rb"(?:[^\n]*\n)*?oid sha256:(?P<sha256>[0-9a-f]{64})\r?\n"
    rb"(?:[^\n]*\n)*?size (?P<size>[0-9]{1,19})\r?\n?"
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a pointer promises: the content's SHA-256 (lower-case hex) and its size in bytes."""

    sha256: str
    size: int


def parse_pointer(data: bytes) -> Pointer | None:
    """The pointer that `data` is, or None where it is something else.

    Grammar: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md (version first, then sorted keys).
    """
    if len(data) > MAX_POINTER:
        return None
    found = _POINTER.match(data)
    if found is None:
        return None
    return Pointer(found["sha256"].decode(), int(found["size"]))
