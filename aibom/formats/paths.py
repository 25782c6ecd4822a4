"""Paths inside a target: what is safe, and what matches a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def is_safe(path: str) -> bool:
    """Whether a listed path stays inside its target: relative, no `..`, no NUL, no backslash drive."""
    if not path or path.startswith("/") or "\0" in path or re.match(r"^[A-Za-z]:", path):
        return False
    return all(piece not in ("", ".", "..") for piece in path.replace("\\", "/").split("/"))


def matching(paths: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """Sorted paths that match any pattern: `*` and `?` stay within a segment, `**/` spans any number.

    Matching ignores case, as file names on the Hub do in practice (`LICENSE`, `License.md`).
    """
    compiled = [_compile(pattern) for pattern in patterns]
    return tuple(sorted(path for path in paths if any(rule.fullmatch(path) for rule in compiled)))


@lru_cache(maxsize=512)
def _compile(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    table = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(table.get(piece, re.escape(piece)) for piece in pieces), re.IGNORECASE | re.DOTALL
    )
