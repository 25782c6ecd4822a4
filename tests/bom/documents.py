"""Helpers that read a BOM, for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

Json = dict[str, Any]


def walk(component: Json) -> Iterator[Json]:
    """A component and all that is nested in it."""
    yield component
    for child in component.get("components", ()):
        yield from walk(child)


def components(document: Json) -> dict[str, Json]:
    """Every component that the document is about, by bom-ref."""
    found = [*walk(document["metadata"]["component"])]
    for component in document.get("components", ()):
        found += walk(component)
    return {component["bom-ref"]: component for component in found}


def properties(owner: Json) -> dict[str, list[str]]:
    """Values by name."""
    found: dict[str, list[str]] = {}
    for entry in owner.get("properties", ()):
        found.setdefault(entry["name"], []).append(entry["value"])
    return found


def part(document: Json, ident: str) -> Json:
    """The component of one part."""
    return next(c for c in components(document).values() if ident in properties(c).get("aibom:part:id", ()))


def resolve(document: Any, pointer: str) -> Any:
    """The value at a JSON Pointer."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def library_accepts(document: Json) -> bool:
    """The verdict of the CycloneDX library's own strict validator."""
    return _library(document["specVersion"]).validate_str(json.dumps(document)) is None


@cache
def _library(spec: str) -> JsonStrictValidator:
    return JsonStrictValidator(SchemaVersion.from_version(spec))
