"""aibom: the bill of materials of an AI model, with the origin of every part.

>>> import aibom
>>> report = aibom.generate("org/name")  # doctest: +SKIP
>>> report.score.level, report.score.lower, report.score.upper  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aibom.api import Report, compare, generate, lint, record
    from aibom.indexing import index_add, index_search

__all__ = ["Report", "compare", "generate", "index_add", "index_search", "lint", "record"]


def __getattr__(name: str) -> Any:
    """Load the library when it is first used, so that `aibom --help` stays fast."""
    if name in ("index_add", "index_search"):
        from aibom import indexing

        return getattr(indexing, name)
    if name in __all__:
        from aibom import api

        return getattr(api, name)
    raise AttributeError(f"module 'aibom' has no attribute {name!r}")
