"""For authors of plug-ins: run an inspector on files that lie in memory."""

from __future__ import annotations

from aibom.model import Emission
from aibom.sources.memory import MemoryView
from aibom.spi import Inspector, View

__all__ = ["MemoryView", "inspect"]


def inspect(inspector: Inspector, view: View) -> list[Emission]:
    """All that `inspector` yields on `view`, as a list.

    >>> from aibom.testing import MemoryView, inspect
    >>> inspect(MyInspector(), MemoryView({"config.json": b"{}"}))  # doctest: +SKIP
    """
    return list(inspector.inspect(view))
