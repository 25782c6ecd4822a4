"""Write the example repositories into a folder: `python examples/build.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from repositories import EXAMPLES


def build(folder: Path) -> dict[str, Path]:
    """Every example under `folder`, by name; the same bytes each time."""
    written = {}
    for example in EXAMPLES:
        written[example.name] = folder / example.name
        example.write(written[example.name])
    return written


if __name__ == "__main__":
    for path in build(Path(sys.argv[1])).values():
        print(path)
