"""Renderings of an analysis: the JSON report, the tree for a terminal, the table of several models.

Pure: values in, text or renderables out. The two renderings for people use rich and load when first
asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aibom.render.compare import COMPARE_SCHEMA, compare_json
from aibom.render.report import REPORT_SCHEMA, report_json
from aibom.render.safe import escaped, json_bytes

if TYPE_CHECKING:
    from aibom.render.portfolio import comparison, row
    from aibom.render.scan import tree

__all__ = [
    "COMPARE_SCHEMA",
    "REPORT_SCHEMA",
    "compare_json",
    "comparison",
    "escaped",
    "json_bytes",
    "report_json",
    "row",
    "tree",
]


def __getattr__(name: str) -> Any:
    """Load rich only for those who want a rendering for people."""
    if name == "tree":
        from aibom.render.scan import tree

        return tree
    if name in ("comparison", "row"):
        from aibom.render import portfolio

        return getattr(portfolio, name)
    raise AttributeError(f"module 'aibom.render' has no attribute {name!r}")
