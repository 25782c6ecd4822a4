"""Plain tables of texts that are not to be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from aibom.formats.text import clean


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose cells wrap and hold nothing that steers a terminal."""
    made = Table(box=SIMPLE, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*(Text(clean(cell, 1000)) for cell in row))
    return made
