"""What every overlay uses: values are absent rather than empty, properties are sorted and unique."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aibom.formats.values import clean
from aibom.model import Locator

Json = dict[str, Any]
Components = dict[str, Json]
"""The document's own components by bom-ref; the values are the document's, to be added to."""


def present(**members: Any) -> Json:
    """An object of the members that have a value; underscores in names become hyphens."""
    return {key.replace("_", "-"): value for key, value in members.items() if value not in (None, "", [], {})}


def add_properties(owner: Json, entries: Iterable[dict[str, str]]) -> None:
    """Add properties to a component, card or metadata; sorted by name and value, each once."""
    merged = {
        (each["name"], each["value"]) for each in (*owner.get("properties", ()), *entries) if each["value"]
    }
    if merged:
        owner["properties"] = [{"name": name, "value": value} for name, value in sorted(merged)]


def unique(entries: Iterable[Json]) -> list[Json]:
    """The entries in order, each once."""
    kept: list[Json] = []
    seen: set[str] = set()
    for each in entries:
        mark = repr(sorted(each.items()))
        if mark not in seen:
            seen.add(mark)
            kept.append(each)
    return kept


def occurrence(locator: Locator) -> Json:
    """A place in a file, as `evidence.occurrences` has it."""
    return present(
        location=clean(locator.path, 1000),
        line=locator.line,
        offset=locator.offset,
        symbol=clean(locator.key or "", 400),
        additionalContext=clean(locator.quote or "", 400),
    )


def place(locator: Locator) -> str:
    """A place in words: `config.json, vision_config.model_type, line 12`."""
    words = [clean(locator.path, 1000), clean(locator.key or "", 400)]
    if locator.line is not None:
        words.append(f"line {locator.line}")
    if locator.offset is not None:
        words.append(f"byte {locator.offset}")
    return ", ".join(word for word in words if word)
