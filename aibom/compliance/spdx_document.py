"""SPDX 3.0.1 with the AI and dataset profiles, from an analysis, by the project's own bindings.

What is not known is left out, or stated as SPDX' NoAssertion where it has one. `docs/spdx.md` has the mapping
field by field, and what SPDX cannot carry.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from aibom.bom import serialise
from aibom.bom.builder import stated_time
from aibom.compliance.spdx_graph import Graph
from aibom.compliance.spdx_packages import (
    MANDATORY,
    add_datasets,
    add_files,
    add_frameworks,
    add_model,
    add_parts,
)
from aibom.compliance.spdx_statements import add_ancestors, add_annotations, add_licences
from aibom.formats.text import clean
from aibom.model import Analysis

NAMESPACE: Final = "urn:uuid:{}#"
_DRAFT = NAMESPACE.format(uuid.UUID(int=0))
_REFERENCES = frozenset(
    {
        "createdBy", "createdUsing", "element", "from", "originatedBy", "rootElement", "spdxId", "subject",
        "suppliedBy", "to",
    }
)  # fmt: skip
"""Members that hold IRIs of the document's own elements."""
_LICENCES = "simplelicensing_customIdToUri"
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where SPDX demands a time and the caller wants none; said to be none beside it."""
_SHOWN_UNKNOWNS = 200


def spdx(
    analysis: Analysis, *, timestamp: datetime | None = None, reproducible: bool = False
) -> dict[str, Any]:
    """The analysis as an SPDX 3.0.1 document in JSON-LD, as plain JSON.

    Args:
        analysis: the result of a scan.
        timestamp: the document's time, with zone; else that of SOURCE_DATE_EPOCH, else now.
        reproducible: leave the present time out, so that the same input gives the same bytes.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    moment = timestamp or stated_time() or (_NO_TIME if reproducible else datetime.now(UTC))
    document = _document(analysis, moment)
    digest = hashlib.sha256(serialise(document)).hexdigest()
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:aibom:spdx:{digest}")
    for element in document["@graph"]:
        _rename(element, NAMESPACE.format(name))
    return document


def _rename(element: dict[str, Any], namespace: str) -> None:
    """Move an element's IRI, and those that it names, from the draft's namespace to the document's own."""
    for key in _REFERENCES & element.keys():
        value = element[key]
        moved = [
            item.replace(_DRAFT, namespace, 1) for item in ([value] if isinstance(value, str) else value)
        ]
        element[key] = moved[0] if isinstance(value, str) else moved
    for entry in element.get(_LICENCES, ()):
        entry["value"] = entry["value"].replace(_DRAFT, namespace, 1)


def _document(analysis: Analysis, moment: datetime) -> dict[str, Any]:
    graph = Graph(_DRAFT, analysis.tools, moment, comment=_no_time(moment))
    model = add_model(graph, analysis)
    files = add_files(graph, analysis)
    parts = add_parts(graph, analysis, files)
    add_datasets(graph, analysis, model)
    add_frameworks(graph, analysis, model)
    add_licences(graph, analysis, model, parts)
    add_ancestors(graph, analysis, model, parts)
    add_annotations(graph, analysis, model, parts)
    own = sorted({*parts.values(), *files.values()} - _within(analysis, files, parts))
    graph.relate(model, "contains", own, completeness="incomplete" if analysis.unknowns else "noAssertion")
    elements = graph.idents()
    name = clean(analysis.target.repository or analysis.target.name) or "model"
    sbom = graph.add(
        "software_Sbom",
        "sbom",
        name=f"AI-BOM of {name}",
        software_sbomType=["analyzed"],
        rootElement=[model],
        element=elements,
        profileConformance=_profiles(graph),
    )
    graph.add(
        "SpdxDocument",
        "document",
        name=f"AI-BOM of {name}",
        comment=_comment(graph, analysis),
        rootElement=[sbom],
        element=[*elements, sbom],
        profileConformance=_profiles(graph),
    )
    return graph.document()


def _within(analysis: Analysis, files: dict[str, str], parts: dict[str, str]) -> set[str]:
    """Files that a part contains; the model contains them through it."""
    return {
        files[path]
        for part in analysis.inspected.parts
        for path in part.files
        if path in files and parts[part.id] != files[path]
    }


def _profiles(graph: Graph) -> list[str]:
    """The profiles whose demands are met: that for AI only where no package lacks what it makes mandatory."""
    met = ["core", "software", "simpleLicensing", "expandedLicensing"]
    return [*met, "ai"] if not graph.missing(MANDATORY) else met


def _comment(graph: Graph, analysis: Analysis) -> str:
    """What the document does not tell, so that silence is not taken for absence."""
    lines = []
    missing = graph.missing(MANDATORY)
    if missing:
        named = ", ".join(name.rpartition("_")[2] for name in missing)
        lines.append(f"Not known, and left out though the AI profile makes it mandatory: {named}.")
    lines.append(f"Files were read to depth {analysis.depth}.")
    for unknown in analysis.unknowns[:_SHOWN_UNKNOWNS]:
        lines.append(clean(f"Not seen ({unknown.stage}): {unknown.path}: {unknown.reason}", 600))
    left = len(analysis.unknowns) - _SHOWN_UNKNOWNS
    if left > 0:
        lines.append(f"And {left} more that were not seen.")
    return "\n".join(lines)


def _no_time(moment: datetime) -> str:
    if moment != _NO_TIME:
        return ""
    return "The time of creation is left out: the same input gives the same bytes."
