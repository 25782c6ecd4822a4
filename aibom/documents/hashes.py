"""Digests as documents write them: only a SHA-256 of a file's own bytes is one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aibom.formats.paths import is_safe
from aibom.formats.values import JsonValue, as_str

_SHA_256 = re.compile(r"[0-9a-f]{64}")
_GIT_ID = re.compile(r"[0-9a-f]{40}")


def sha256(stated: Iterable[tuple[JsonValue, JsonValue]]) -> tuple[str | None, str]:
    """The SHA-256 among (algorithm, value) pairs, and what is wrong with it; "" where nothing is.

    A git id (40 hex digits) is the commit or blob that a generator took for the file's digest.
    """
    for algorithm, value in stated:
        if (as_str(algorithm) or "").upper().replace("-", "") != "SHA256":
            continue
        digest = (as_str(value) or "").strip().lower()
        if _SHA_256.fullmatch(digest):
            return digest, ""
        why = "40 hex digits, a git id, stand" if _GIT_ID.fullmatch(digest) else "something else stands"
        return None, f"{why} where its SHA-256 should; not read as a digest"
    return None, ""


def safe_path(path: str) -> str | None:
    """The path inside the model, or None for one that leads out of it."""
    relative = path.removeprefix("./").lstrip("/")
    return relative if is_safe(relative) else None
