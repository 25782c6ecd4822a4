"""The JSON schema of SPDX 3.0.1, as lib4sbom carries it; the package is data here and is never imported."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs


@cache
def validator() -> Any:
    package = find_spec("lib4sbom")
    assert package and package.submodule_search_locations, "lib4sbom is not installed; see the Makefile"
    file = Path(package.submodule_search_locations[0], "schemas", "spdx", "3.0-schema.json")
    return jsonschema_rs.Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))
