"""A model as plain values, for expressions. docs/policies.md lists the fields.

A field that is not known is absent, so that an expression which reads it is undetermined; `has(…)` asks
whether it is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aibom.model import (
    WHOLE_MODEL,
    Evidence,
    Layer,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Score,
)
from aibom.policy.case import Case
from aibom.sovereignty import Judgement, Standing

FIELDS: Mapping[str, tuple[str, ...]] = {
    "model": (
        "form", "subject", "revision", "depth", "task", "publisher", "parts", "origins", "files", "findings",
        "licences", "datasets", "ancestors", "unknowns", "score",
    ),
    "publisher, organisations": ("id", "name", "jurisdiction", "ultimate_jurisdiction"),
    "parts": (
        "id", "role", "name", "files", "parameters", "tensors", "declared", "present", "alternative",
        "trained", "origins",
    ),
    "origins": tuple(layer.value for layer in Layer),
    "an origin": ("relation", "evidence", "standing", "organisations", "upstream", "in_question", "findings"),
    "files": ("path", "size", "sha256", "kind"),
    "findings": (
        "id", "rule", "signal", "confidence", "severity", "statement", "part", "layer", "contest",
    ),
    "licences": ("name", "expression", "carried", "part"),
    "datasets": ("name", "ident", "purpose"),
    "ancestors": ("name", "part", "relation", "evidence"),
    "unknowns": ("path", "stage", "reason"),
    "score": ("profile", "level", "ceiling", "evidence", "lower", "upper", "coverage", "layers"),
    "score.layers": tuple(layer.value for layer in Layer),
    "a layer of the score": ("lower", "upper", "coverage"),
}  # fmt: skip
"""Every field, by what has it."""

KNOWN_FIELDS = frozenset(field for fields in FIELDS.values() for field in fields)

_Judged = Mapping[Layer, Mapping[str, Judgement]]
"""By layer and subject."""
_MAX_INT = 2**63 - 1
"""CEL's integers have 64 bits."""


def view(case: Case) -> dict[str, Any]:
    """The value of `model` in an expression."""
    dossier = case.dossier
    judged = {layer: {item.subject: item for item in reversed(case.judged[layer])} for layer in Layer}
    return _known(
        form=dossier.form,
        subject=dossier.subject,
        revision=dossier.revision,
        depth=dossier.depth.value if dossier.depth else None,
        task=dossier.task,
        publisher=_organisation(dossier.publisher) if dossier.publisher else None,
        parts=[_part(part, judged) for part in dossier.parts] or None,
        origins=_origins(WHOLE_MODEL, judged),
        files=[
            _known(path=each.path, size=each.size, sha256=each.sha256, kind=each.kind.value)
            for each in dossier.files
        ]
        or None,
        findings=_findings(case) if case.examined or dossier.findings else None,
        licences=[
            _known(name=each.name, expression=each.expression, carried=each.carried, part=each.part or "")
            for each in dossier.licences
        ]
        or None,
        datasets=[_known(name=each.name, ident=each.ident, purpose=each.purpose) for each in dossier.datasets]
        or None,
        ancestors=[
            _known(name=each.name, part=each.part or "", relation=each.relation, evidence=int(each.evidence))
            for each in dossier.ancestors
        ]
        or None,
        unknowns=[
            _known(path=each.path, stage=each.stage.value, reason=each.reason) for each in dossier.unknowns
        ],
        score=_score(case.score),
    )


def _known(**fields: Any) -> dict[str, Any]:
    """The fields that are known, with texts that UTF-8 can carry and whole numbers of 64 bits."""
    return {name: safe for name, value in fields.items() if (safe := _safe(value)) is not None}


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    if isinstance(value, int) and abs(value) > _MAX_INT:
        return None
    if isinstance(value, tuple):
        return [_safe(each) for each in value]
    return value


def _part(part: Part, judged: _Judged) -> dict[str, Any]:
    return _known(
        id=part.id,
        role=part.role.value,
        name=part.name,
        files=part.files,
        parameters=part.parameters,
        tensors=part.tensors,
        declared=part.declared,
        present=part.present,
        alternative=part.alternative,
        trained=part.role.trained,
        origins=_origins(part.id, judged),
    )


def _origins(subject: str, judged: _Judged) -> dict[str, Any]:
    return {layer.value: _origin(items.get(subject)) for layer, items in judged.items()}


def _origin(item: Judgement | None) -> dict[str, Any]:
    if item is None or item.origin is None:
        return {"evidence": 0, "in_question": False, "findings": []}
    origin: Origin = item.origin
    known = item.evidence is not Evidence.E0 and origin.relation is not Relation.UNKNOWN
    return _known(
        relation=origin.relation.value if known else None,
        evidence=int(item.evidence),
        standing=None if item.standing is Standing.UNKNOWN else item.standing.value,
        organisations=[_organisation(each) for each in origin.organisations] or None,
        upstream=origin.upstream,
        in_question=origin.in_question,
        findings=origin.findings,
    )


def _organisation(item: OrganisationRef) -> dict[str, Any]:
    return _known(
        id=item.id,
        name=item.name,
        jurisdiction=item.jurisdiction,
        ultimate_jurisdiction=item.ultimate_jurisdiction,
    )


def _findings(case: Case) -> list[dict[str, Any]]:
    return [
        _known(
            id=each.id,
            rule=each.rule,
            signal=each.signal.value,
            confidence=each.confidence.value,
            severity=each.severity.value,
            statement=each.statement,
            part=each.part or "",
            layer=each.layer.value if each.layer else "",
            contest=case.contests.get(each.id, ""),
        )
        for each in case.dossier.findings
    ]


def _score(score: Score) -> dict[str, Any]:
    layers: Iterable[tuple[str, dict[str, float]]] = (
        (each.layer.value, {"lower": each.lower, "upper": each.upper, "coverage": each.coverage})
        for each in score.layers
    )
    return _known(
        profile=score.profile,
        level=score.level,
        ceiling=score.ceiling,
        evidence=int(score.evidence),
        lower=score.lower,
        upper=score.upper,
        coverage=score.coverage,
        layers=dict(layers),
    )
