"""Names that a target may carry, and how a refused one is shown."""

from __future__ import annotations

import unicodedata

from aibom.formats.paths import is_safe

MAX_PATH = 1024
"""Characters of a relative path; the Hub's own paths stay far below."""

# Control, format (bidirectional marks, joiners), surrogate (bytes that are no UTF-8), line separators.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def refusal(path: str) -> str | None:
    """Why a listed path is not taken up, or None where it is fine."""
    if len(path) > MAX_PATH:
        return f"the path is longer than {MAX_PATH} characters"
    if any(unicodedata.category(letter) in _REFUSED for letter in path):
        return "the name holds control, direction or undecodable characters"
    if not is_safe(path):
        return "the name does not stay inside the target"
    return None


def escaped(path: str) -> str:
    """The path with every refused character as an escape, cut to what a report can show."""
    shown = (
        letter.encode("unicode_escape", "surrogatepass").decode("ascii")
        if unicodedata.category(letter) in _REFUSED
        else letter
        for letter in path[:MAX_PATH]
    )
    return "".join(shown)
