"""The outputs that README.md shows: what the program prints for the examples, between markers."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from functools import cache
from pathlib import Path

from rich.console import Console, RenderableType

import aibom
from aibom.api import Report
from aibom.model import Dossier
from aibom.render import comparison, row, tree

ROOT = Path(__file__).parent.parent
WIDTH = 100
_BLOCK = r"(<!-- {name}:begin -->\n)(.*?)(<!-- {name}:end -->\n)"


def readme() -> str:
    """README.md with its outputs made anew."""
    reports = example_reports()
    blocks = {
        "tree": _printed(tree(reports["solar-open"].analysis)),
        "comparison": _printed(
            comparison(row(Dossier.of(report.analysis), report.score) for report in reports.values())
        ),
    }
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, shown in blocks.items():
        fenced = f"```text\n{shown}\n```\n"
        pattern = re.compile(_BLOCK.format(name=name), re.DOTALL)
        text = pattern.sub(lambda found, fenced=fenced: found[1] + fenced + found[3], text)
    return text


@cache
def example_reports() -> dict[str, Report]:
    """A scan of each example, by name."""
    sys.path.insert(0, str(ROOT / "examples"))
    from build import build
    from repositories import EXAMPLES

    with tempfile.TemporaryDirectory() as folder:
        written = build(Path(folder))
        return {
            example.name: aibom.generate(
                str(written[example.name]),
                alias=example.repository,
                organisations=ROOT / "examples" / "organisations.json",
                offline=True,
            )
            for example in EXAMPLES
        }


def _printed(shown: RenderableType) -> str:
    """As a terminal without colour would show it."""
    console = Console(file=io.StringIO(), width=WIDTH, force_terminal=False, color_system=None)
    console.print(shown)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in lines).strip("\n")
