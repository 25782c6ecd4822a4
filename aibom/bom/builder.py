"""From an analysis to a CycloneDX document: the library's skeleton, our blocks over it, one order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aibom.bom.overlay import (
    citations,
    compositions,
    declarations,
    evidence,
    files,
    formulation,
    licences,
    modelcard,
    origins,
)
from aibom.bom.overlay.common import add_properties
from aibom.bom.properties import Property
from aibom.bom.refs import Refs
from aibom.bom.serialise import serial_number
from aibom.errors import UsageError
from aibom.model import Analysis

SPECS = ("1.7", "1.6")
"""Versions that are written."""


def build(
    analysis: Analysis, *, spec: str = "1.7", reproducible: bool = False, timestamp: datetime | None = None
) -> dict[str, Any]:
    """The AI-BOM of an analysis, as plain JSON.

    Args:
        analysis: the result of a scan.
        spec: version of CycloneDX, `1.7` or `1.6` (which has no citations).
        reproducible: leave the present time out, so that the same input gives the same bytes.
        timestamp: the document's time, with zone; else that of SOURCE_DATE_EPOCH, else now.

    Raises:
        UsageError: an unknown version, or SOURCE_DATE_EPOCH is no number of seconds.
    """
    if spec not in SPECS:
        raise UsageError(f"CycloneDX {spec} is not written; take {' or '.join(SPECS)}")
    from aibom.bom.skeleton import skeleton

    names = Refs.of(analysis)
    moment = (
        timestamp or stated_time() or (None if reproducible else datetime.now(UTC).replace(microsecond=0))
    )
    document = skeleton(analysis, names, spec=spec, timestamp=moment)
    components = {component["bom-ref"]: component for component in _components(document)}
    files.lay(components, analysis, names)
    licences.lay(components, analysis, names, mixed=spec == "1.7")
    modelcard.lay(components, analysis, names)
    origins.lay(components, analysis, names)
    evidence.lay(components, analysis, names)
    for nested in (components[names.root].get("components", []), document.get("components", [])):
        nested.sort(key=lambda component: str(component["bom-ref"]))
    _metadata(document, analysis, reproducible=reproducible)
    document["declarations"] = declarations.block(analysis, names)
    document["formulation"] = formulation.block(analysis)
    document["compositions"] = compositions.block(analysis, names)
    document["dependencies"] = compositions.dependencies(analysis, names)
    document = {key: value for key, value in document.items() if value not in ({}, [])}
    cited = citations.block(document, analysis, timestamp=moment) if spec == "1.7" else []
    if cited:
        document["citations"] = cited
    document["serialNumber"] = serial_number(document)
    return document


def _components(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    root = document["metadata"]["component"]
    yield root
    yield from root.get("components", [])
    yield from document.get("components", [])


def _metadata(document: dict[str, Any], analysis: Analysis, *, reproducible: bool) -> None:
    """How the document came to be, what the scan could not see, and what it cost.

    The cost depends on caches and retries, not on the input alone: a reproducible document omits it.
    """
    entries = [
        Property.DEPTH.entry(analysis.depth),
        *(
            Property.UNKNOWN.entry(f"{unknown.stage}: {unknown.path}: {unknown.reason}")
            for unknown in analysis.unknowns
        ),
    ]
    if reproducible:
        entries.append(Property.REPRODUCIBLE.entry(True))
    else:
        entries.append(Property.READ_BYTES.entry(analysis.read.bytes))
        entries.append(Property.READ_REQUESTS.entry(analysis.read.requests))
        entries.append(Property.READ_FILES.entry(analysis.read.files))
    add_properties(document["metadata"], entries)


def stated_time() -> datetime | None:
    """The time that SOURCE_DATE_EPOCH asks for (reproducible-builds.org)."""
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError("SOURCE_DATE_EPOCH is no number of seconds") from None
