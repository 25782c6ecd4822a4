"""Words that stand where a value should: a document drops them, a linter tells of them."""

from __future__ import annotations

from aibom.formats.values import clean

_PLACEHOLDERS = frozenset(
    {
        "-", "?", "...", "…", "changeme", "example", "fixme", "insert here", "lorem ipsum",
        "more information needed", "n/a", "na", "needs more information", "nil", "no assertion",
        "no description", "no description available", "no description provided", "no license",
        "no licence", "noassertion", "none", "none provided", "not applicable", "not available",
        "not known", "not provided", "not specified", "null", "placeholder", "string", "tba", "tbd",
        "to be added", "to be announced", "to be determined", "to be done", "todo", "undefined",
        "unknown", "unknown license", "unknown licence", "unlicensed or unknown", "unspecified", "xxx",
    }
)  # fmt: skip
_LONGEST = 80
"""Characters; a longer text says something, whatever stands around it."""
_LICENCE_PLACEHOLDERS = frozenset({"other", "license", "licence", "see license", "see license file"})


def is_placeholder(text: str) -> bool:
    """Whether the text says that there is no value, or nothing at all."""
    return len(text) < _LONGEST and (_bare(text) in _PLACEHOLDERS or not text.strip())


def is_licence_placeholder(text: str) -> bool:
    """Whether the text names no licence (the Hub's `other` among others)."""
    return is_placeholder(text) or (len(text) < _LONGEST and _bare(text) in _LICENCE_PLACEHOLDERS)


def value(text: str | None, limit: int = 2000) -> str | None:
    """The text made safe for a document, or None where it says nothing."""
    cleaned = clean(text or "", limit)
    return None if is_placeholder(cleaned) else cleaned


def _bare(text: str) -> str:
    stripped = text.strip().strip("[](){}<>*_\"'`.:!").replace("-", " ").replace("_", " ")
    return " ".join((stripped.strip() or text.strip()).casefold().split())
