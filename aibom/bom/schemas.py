"""The CycloneDX schemas, as the CycloneDX library bundles them; found without importing it."""

from __future__ import annotations

import json
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
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
    package = cast(ModuleSpec, find_spec("cyclonedx"))  # a dependency; looking it up does not import it
    folder = Path((package.submodule_search_locations or [""])[0], "schema", "_res")
    return cast(dict[str, Any], json.loads((folder / name).read_text(encoding="utf-8")))


def bom_schema(spec: str) -> dict[str, Any]:
    """The strict schema of a BOM of that version."""
    return load(f"bom-{spec}.SNAPSHOT.schema.json")


@cache
def spdx_ids() -> frozenset[str]:
    """Every licence id that `license.id` may hold."""
    return frozenset(load(SUB_SCHEMAS[0])["enum"])
