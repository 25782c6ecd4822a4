"""docs/comparison.md: the table of our lint rules over BOMs in the shapes of other tools."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import aibom

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "comparison.md"
BOMS = ROOT / "tests" / "documents" / "boms"
SHAPES = {
    "owasp.cdx.json": "like OWASP AIBOM Generator",
    "aibomgen.cdx.json": "like AIBoMGen CLI",
    "syft.cdx.json": "like syft",
    "guide.cdx.json": "by hand, after a guide",
}
"""The files of ours that are in the shape of another tool's output, and whose."""

_TABLE = re.compile(r"(<!-- lint:begin -->\n\n).*?(\n<!-- lint:end -->)", re.DOTALL)


def comparison_page() -> str:
    """docs/comparison.md with its table made anew."""
    columns = {title: json.loads((BOMS / name).read_bytes()) for name, title in SHAPES.items()}
    columns["aibom"] = _ours()
    told = {
        title: Counter((problem.rule, problem.severity[0]) for problem in aibom.lint(document))
        for title, document in columns.items()
    }
    rules = sorted({key for counted in told.values() for key in counted})
    rows = [("rule", *columns), ("---",) * (len(columns) + 1)]
    for rule in rules:
        rows.append((f"`{rule[0]}` ({rule[1]})", *(str(told[title][rule] or "") for title in columns)))
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return _TABLE.sub(lambda found: found[1] + table + found[2], PAGE.read_text(encoding="utf-8"))


def _ours() -> dict[str, object]:
    from readme_output import example_reports

    return example_reports()["solar-open"].to_cyclonedx(reproducible=True)
