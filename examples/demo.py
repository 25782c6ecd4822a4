"""`make demo`: write the examples, generate a BOM and a report for each, and compare them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console

import aibom
from aibom.bom import serialise
from aibom.model import Dossier
from aibom.render import comparison, row, tree
from build import build
from repositories import EXAMPLES

HERE = Path(__file__).parent


def main() -> None:
    """Run the main job on every example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("demo"))
    output: Path = parser.parse_args().output
    console = Console(width=None if sys.stdout.isatty() else 110)
    repositories = build(output / "models")
    analyses = []
    for example in EXAMPLES:
        report = aibom.generate(
            str(repositories[example.name]),
            alias=example.repository,
            organisations=HERE / "organisations.json",
            offline=True,
        )
        bom = report.to_cyclonedx(reproducible=True)
        (output / f"{example.name}.cdx.json").write_bytes(serialise(bom))
        text = json.dumps(report.to_json(), indent=2, sort_keys=True, ensure_ascii=False)
        (output / f"{example.name}.report.json").write_text(text + "\n", encoding="utf-8")
        analyses.append(report.analysis)
    console.print(tree(analyses[0]))
    console.print(comparison(row(Dossier.of(each), each.score) for each in analyses))
    console.print(f"A CycloneDX AI-BOM and a JSON report of each model are in {output}/", markup=False)


if __name__ == "__main__":
    main()
