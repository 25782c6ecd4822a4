"""aibom: the bill of materials of an AI model, with the origin of every part.

>>> import aibom
>>> report = aibom.generate("org/name")  # doctest: +SKIP
>>> report.score.level, report.score.lower, report.score.upper  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aibom.api import Report, compare, generate, lint, record
    from aibom.gate import Verified, check, diff, verify
    from aibom.indexing import index_add, index_search
    from aibom.reporting import badge, card, report

_HOMES = {
    "aibom.api": ("Report", "compare", "generate", "lint", "record"),
    "aibom.gate": ("Verified", "check", "diff", "verify"),
    "aibom.indexing": ("index_add", "index_search"),
    "aibom.reporting": ("badge", "card", "report"),
}
__all__ = [
    "Report",
    "Verified",
    "badge",
    "card",
    "check",
    "compare",
    "diff",
    "generate",
    "index_add",
    "index_search",
    "lint",
    "record",
    "report",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load the library when it is first used, so that `aibom --help` stays fast."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'aibom' has no attribute {name!r}")
