"""The JSON report: everything an analysis holds, in the shape of `report.schema.json`."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from aibom.model import WHOLE_MODEL, Analysis, Evidence, FileEntry, Origin, Part, Score, Target

REPORT_SCHEMA = "urn:aibom:schema:report:1"
"""`$id` of the schema that `report_json` answers to."""


def report_json(analysis: Analysis) -> dict[str, Any]:
    """The report as plain values: every key always there, null or empty where nothing is known."""
    inspected, provenance = analysis.inspected, analysis.provenance
    return {
        "schema": REPORT_SCHEMA,
        "tool": {"name": analysis.tools[0].name, "version": analysis.tools[0].version},
        "tools": plain(analysis.tools),
        "target": _target(analysis.target),
        "depth": analysis.depth.value,
        "publisher": plain(provenance.publisher),
        "organisations": plain(provenance.organisations),
        "parts": [_part(part, provenance.origins) for part in inspected.parts],
        "model": {"origins": _origins(WHOLE_MODEL, provenance.origins)},
        "card": plain(inspected.card),
        "declarations": plain(inspected.declarations),
        "notices": plain(inspected.notices),
        "licences": plain(inspected.licences),
        "datasets": plain(inspected.datasets),
        "findings": plain(provenance.findings),
        "unknowns": plain(analysis.unknowns),
        "score": score_json(analysis.score),
        "files": [_file(entry) for entry in analysis.files],
        "read": plain(analysis.read),
    }


def plain(value: Any) -> Any:
    """Dataclasses to dicts, enums to their values, tuples to lists; field names are the report's keys."""
    if isinstance(value, Evidence):
        return value.name
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # YAML may write .inf and .nan, which JSON has no number for
    return value


def _target(target: Target) -> dict[str, Any]:
    shown: dict[str, Any] = plain(target)
    if target.hub is not None:
        shown["hub"]["base_models"] = [
            {"relation": relation, "id": ident} for relation, ident in target.hub.base_models
        ]
        shown["hub"]["security_issues"] = [
            {"path": path, "level": level} for path, level in target.hub.security_issues
        ]
    return shown


def _file(entry: FileEntry) -> dict[str, Any]:
    """Without git's id of the content, which a reader would take for a digest."""
    shown: dict[str, Any] = plain(entry)
    del shown["git_blob"]
    return shown


def _part(part: Part, origins: tuple[Origin, ...]) -> dict[str, Any]:
    return {
        **plain(part),
        "dtypes": [{"dtype": dtype, "elements": elements} for dtype, elements in part.dtypes],
        "origins": _origins(part.id, origins),
    }


def _origins(part: str, origins: tuple[Origin, ...]) -> dict[str, Any]:
    """Layer to origin, of one part; part and layer stand in the keys."""
    own = [plain(origin) for origin in origins if origin.part == part]
    for origin in own:
        del origin["part"]
    return {origin.pop("layer"): origin for origin in own}


def score_json(score: Score) -> dict[str, Any]:
    """A score as plain values, its layers by name."""
    layers = [plain(layer) for layer in score.layers]
    return {**plain(score), "layers": {layer.pop("layer"): layer for layer in layers}}
