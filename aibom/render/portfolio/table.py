"""The rows of several models for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aibom.render.portfolio.rows import Row

if TYPE_CHECKING:
    from rich.table import Table

SHOWN_FINDINGS = 3


def comparison(rows: Iterable[Row]) -> Table:
    """One row a model: level/evidence and ceiling, interval and coverage, core, encoders, findings."""
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for heading in ("Model", "Level", "Score", "Core", "Encoders", "Notable findings"):
        table.add_column(heading, overflow="fold")
    for each in rows:
        table.add_row(*(Text(cell) for cell in _cells(each)))
    return table


def _cells(row: Row) -> Iterator[str]:
    yield row.model
    yield _level(row)
    interval = "not graded" if row.level is None else f"{row.lower:.0f} to {row.upper:.0f}"
    yield f"{interval}\n{row.coverage:.0f} known"
    yield row.core
    yield "\n".join(row.encoders) or "none"
    yield "\n".join(row.notable[:SHOWN_FINDINGS]) or "none"


def _level(row: Row) -> str:
    if row.level is None:
        return "none"
    level = f"{row.level}/{row.evidence.name}"
    return level if row.ceiling in (None, row.level) else f"{level}\nup to {row.ceiling}"
