"""Shares with Wilson intervals, and the sections of docs/accuracy.md that benchmarks write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
_Z = 1.959964
"""Of the normal distribution, for a two-sided 95 % interval."""


@dataclass(frozen=True)
class Row:
    """`hits` of `asked`."""

    what: str
    hits: int
    asked: int

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval at 95 %."""
        if not self.asked:
            return 0.0, 1.0
        share, square = self.hits / self.asked, _Z * _Z
        centre = share + square / (2 * self.asked)
        spread = _Z * sqrt(share * (1 - share) / self.asked + square / (4 * self.asked**2))
        scale = 1 + square / self.asked
        return max((centre - spread) / scale, 0.0), min((centre + spread) / scale, 1.0)


def table(rows: Iterable[Row]) -> str:
    """A Markdown table, a line for each share."""
    lines = ["| measured | hits | of | share | 95 % interval |", "|---|---|---|---|---|"]
    for row in rows:
        low, high = row.interval
        share = f"{row.hits / row.asked:.1%}" if row.asked else "–"
        bounds = f"{low:.1%} – {high:.1%}" if high > 0.001 else f"{low:.4%} – {high:.4%}"
        lines.append(f"| {row.what} | {row.hits} | {row.asked} | {share} | {bounds} |")
    return "\n".join(lines) + "\n"


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put a benchmark's text between its marks in the page, which must have them."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, mark, rest = page.read_text("utf-8").partition(begin)
    _, closing, after = rest.partition(end)
    if not mark or not closing:
        raise SystemExit(f"{page.name}: no marks for {name}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")
