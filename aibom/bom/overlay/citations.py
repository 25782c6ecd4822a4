"""Who said which field (CycloneDX 1.7). Pointers are made from the finished document, so they resolve."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aibom.bom import refs
from aibom.bom.overlay.common import Json, present
from aibom.bom.problem import pointer_to
from aibom.model import Analysis

_COMPONENT = ("metadata", "component")
_CARD = (*_COMPONENT, "modelCard")
_SAID = (
    (*_COMPONENT, "description"),
    (*_COMPONENT, "tags"),
    (*_CARD, "modelParameters", "task"),
    (*_CARD, "modelParameters", "datasets"),
    (*_CARD, "quantitativeAnalysis"),
    (*_CARD, "considerations"),
)
"""Fields that repeat the publisher's own words."""
_CONCLUDED = (
    (*_COMPONENT, "components"),
    (*_COMPONENT, "evidence"),
    (*_COMPONENT, "pedigree"),
    ("declarations",),
    ("compositions",),
    ("dependencies",),
)
"""Fields that the tool found by reading the model."""


def block(document: Json, analysis: Analysis, *, timestamp: datetime | None) -> list[Json]:
    """The citations of a document that is otherwise finished.

    A citation needs the time of the statement. Without a time for the document itself, the
    publisher's words carry that of the repository's last change, and the tool's have none to carry.
    """
    hub = analysis.target.hub
    now = timestamp.isoformat() if timestamp else None
    said_at = _moment(hub.modified if hub else None) or now
    manufacturer = document["metadata"]["component"].get("manufacturer", {})
    aibom = next(
        (refs.tool(tool.name, tool.version) for tool in analysis.tools if tool.name == "aibom"), None
    )
    licences = _licences(document, "declared")
    found = (
        _citation(
            "Stated by the publisher in model card, configuration or repository metadata.",
            (*_pointers(document, _SAID), *licences),
            manufacturer.get("bom-ref"),
            said_at,
        ),
        _citation(
            "Found by reading the model's files.",
            (*_pointers(document, _CONCLUDED), *_licences(document, "concluded")),
            aibom,
            now,
        ),
        _citation(
            "Resolved in the organisation registry; the property aibom:manufacturer:source says how.",
            _pointers(document, [(*_COMPONENT, "manufacturer")]),
            aibom,
            now,
        ),
    )
    return [citation for citation in found if citation]


def _citation(note: str, pointers: Iterable[str], by: str | None, at: str | None) -> Json:
    listed = sorted(pointers)
    if not (listed and by and at):
        return {}
    return present(pointers=listed, attributedTo=by, timestamp=at, note=note)


def _pointers(document: Json, paths: Iterable[tuple[str, ...]]) -> list[str]:
    return [pointer_to(path) for path in paths if _holds(document, path)]


def _holds(document: Any, path: tuple[str, ...]) -> bool:
    for key in path:
        if not isinstance(document, dict) or key not in document:
            return False
        document = document[key]
    return True


def _licences(document: Json, how: str) -> list[str]:
    choices = document["metadata"]["component"].get("licenses", [])
    return [
        pointer_to((*_COMPONENT, "licenses", index))
        for index, choice in enumerate(choices)
        if choice.get("license", choice).get("acknowledgement") == how
    ]


def _moment(text: str | None) -> str | None:
    """A time stamp with zone as RFC 3339 has it, or None."""
    try:
        parsed = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return parsed.isoformat() if parsed.tzinfo else None
