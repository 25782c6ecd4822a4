"""The CycloneDX schemas, as the CycloneDX library bundles them; found without importing it."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, cast

BASE = "http://cyclonedx.org/schema/"
"""The namespace in which the schemas refer to each other."""
SUB_SCHEMAS = (
    "spdx.SNAPSHOT.schema.json",
    "cryptography-defs.SNAPSHOT.schema.json",
    "jsf-0.82.SNAPSHOT.schema.json",
)
SPECS = ("1.4", "1.5", "1.6", "1.7")
"""Versions whose one schema is the strict one."""


def load(name: str) -> dict[str, Any]:
    """One bundled schema by file name."""
    path = Path(str(distribution("cyclonedx-python-lib").locate_file("cyclonedx"))) / "schema" / "_res" / name
    return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))


def bom_schema(spec: str) -> dict[str, Any]:
    """The strict schema of a BOM of that version."""
    return load(f"bom-{spec}.SNAPSHOT.schema.json")


@cache
def spdx_ids() -> frozenset[str]:
    """Every licence id that `license.id` may hold."""
    return frozenset(load(SUB_SCHEMAS[0])["enum"])
