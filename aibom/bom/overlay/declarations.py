"""Claims with evidence and counter-evidence, and the score as an attestation against the profile."""

from __future__ import annotations

from collections.abc import Iterable

from aibom.bom import refs
from aibom.bom.overlay.common import Json, place, present
from aibom.bom.refs import Refs
from aibom.formats.urls import is_url
from aibom.formats.values import clean
from aibom.model import (
    DESCENT,
    Analysis,
    Confidence,
    Declaration,
    Finding,
    LayerScore,
    Locator,
    Score,
    Statistic,
)

_BESIDE = ("hub", "questionnaire", "document")
"""What precedes the path of something that is no file of the target."""


def block(analysis: Analysis, names: Refs) -> Json:
    """The `declarations` block; empty where nothing was claimed and nothing is graded."""
    findings = {finding.id: finding for finding in analysis.provenance.findings}
    targets = {part.id: names.part(part) for part in analysis.inspected.parts}
    claims: list[Json] = []
    evidence: list[Json] = []
    for _, finding in sorted(findings.items()):
        pieces = _evidence(finding, names)
        evidence += pieces
        target = targets.get(finding.part or "", names.root)
        against = (
            _counter(finding.locators, findings.values(), finding.id) if _is_contradicted(finding) else []
        )
        claims.append(_claim(finding, target, pieces) | present(counterEvidence=against))
    for number, declaration in enumerate(_declared(analysis), 1):
        ident = f"declared-{number}"
        piece = _piece(refs.evidence(ident, 1), declaration.locator, names)
        evidence.append(piece)
        claims.append(
            present(
                bom_ref=refs.claim(ident),
                target=targets.get(declaration.part or "", names.root),
                predicate=_predicate(declaration),
                reasoning="Declared by the repository about itself.",
                evidence=[piece["bom-ref"]],
                counterEvidence=_counter((declaration.locator,), findings.values()),
            )
        )
    return present(
        claims=claims, evidence=evidence, attestations=_attestations(analysis.score, claims, findings)
    )


def _declared(analysis: Analysis) -> list[Declaration]:
    """Statements of descent, the vendor's own claims."""
    return [d for d in analysis.inspected.declarations if d.kind in DESCENT and clean(d.value)]


def _predicate(declaration: Declaration) -> str:
    relation = f" ({clean(declaration.relation)})" if declaration.relation else ""
    return f"The repository names {clean(declaration.value)} as {declaration.kind}{relation}."


def _is_contradicted(finding: Finding) -> bool:
    """Whether it speaks of a layer and another finding contradicts it; what says both speaks of none."""
    return finding.confidence is Confidence.CONTRADICTED and finding.layer is not None


def _counter(places: Iterable[Locator], findings: Iterable[Finding], itself: str = "") -> list[str]:
    """Evidence of the findings that contradict what stands at one of these places."""
    here = {(at.path, at.line, at.key) for at in places}
    return [
        refs.evidence(finding.id, number)
        for finding in sorted(findings, key=lambda finding: finding.id)
        if finding.confidence is Confidence.CONTRADICTED
        and finding.id != itself
        and any((at.path, at.line, at.key) in here for at in finding.locators)
        for number in range(1, _pieces(finding) + 1)
    ]


def _claim(finding: Finding, target: str, pieces: list[Json]) -> Json:
    layer = f", {finding.layer} layer" if finding.layer else ""
    graded = f"{finding.confidence}, severity {finding.severity}"
    reasoning = [f"Rule {clean(finding.rule)}, {finding.signal} signal{layer}: {graded}."]
    if finding.organisations:
        named = ", ".join(refs.organisation_id(each.id) for each in finding.organisations)
        reasoning.append(f"Organisations: {named}.")
    if finding.alternative:
        reasoning.append(f"Innocent explanation: {clean(finding.alternative).rstrip('.')}.")
    if finding.contest:
        reasoning.append(f"How to contest: {clean(finding.contest).rstrip('.')}.")
    return present(
        bom_ref=refs.claim(finding.id),
        target=target,
        predicate=clean(finding.statement, 2000),
        reasoning=" ".join(reasoning),
        evidence=[piece["bom-ref"] for piece in pieces],
    )


def _pieces(finding: Finding) -> int:
    return len(finding.locators) + (finding.statistic is not None)


def _evidence(finding: Finding, names: Refs) -> list[Json]:
    pieces = [
        _piece(refs.evidence(finding.id, number), locator, names)
        for number, locator in enumerate(finding.locators, 1)
    ]
    if finding.statistic:
        pieces.append(_measured(refs.evidence(finding.id, len(pieces) + 1), finding.statistic))
    return pieces


def _piece(ref: str, locator: Locator, names: Refs) -> Json:
    contents = present(url=_url(locator, names), attachment=_attachment(locator.quote))
    data = [present(name=clean(locator.path, 1000), contents=contents)]
    return present(bom_ref=ref, description=place(locator), data=data)


def _url(locator: Locator, names: Refs) -> str | None:
    """The page of a file of the target; `hub:`, `questionnaire:` and `document:` mark what is none."""
    if is_url(locator.path):
        return locator.path
    if locator.path.partition(":")[0] in _BESIDE:
        return None
    url = names.url("blob", names.target.revision or "", locator.path) if names.target.revision else None
    return f"{url}#L{locator.line}" if url and locator.line is not None else url


def _attachment(quote: str | None) -> Json:
    text = clean(quote or "", 400)
    return {"contentType": "text/plain", "content": text} if text else {}


def _measured(ref: str, statistic: Statistic) -> Json:
    words = [f"{clean(statistic.name)} = {statistic.value:.6g}"]
    if statistic.null is not None:
        words.append(f"null {statistic.null:.6g}")
    if statistic.runner_up is not None:
        words.append(f"runner-up {statistic.runner_up:.6g}")
    if statistic.detail:
        words.append(clean(statistic.detail))
    return {"bom-ref": ref, "description": "; ".join(words)}


def _attestations(score: Score, claims: list[Json], findings: dict[str, Finding]) -> list[Json]:
    """The lower bound is what is shown to conform; coverage is how much of it is known."""
    if score.level is None:
        return []
    layers: dict[str, list[str]] = {}
    for ident, finding in sorted(findings.items()):
        layers.setdefault(finding.layer or "", []).append(refs.claim(ident))
    reasons = " ".join(clean(reason) for reason in score.reasons)
    bounds = f"Level {score.level}; between {score.lower:.2f} and {score.upper:.2f} of 100."
    known = f"{score.coverage:.2f} of 100 points are known"
    overall = {
        "requirement": refs.requirement(score.profile, "overall"),
        "claims": [claim["bom-ref"] for claim in claims],
        "conformance": {
            "score": _share(score.lower / 100),
            "rationale": f"{bounds} {reasons}".strip(),
        },
        "confidence": {
            "score": _share(score.coverage / 100),
            "rationale": f"{known}; the weakest weights evidence is E{score.evidence.value}.",
        },
    }
    rows = [_row(score.profile, layer, layers.get(layer.layer, [])) for layer in score.layers]
    return [{"summary": f"Sovereignty under profile {clean(score.profile)}", "map": [overall, *rows]}]


def _row(profile: str, layer: LayerScore, claims: list[str]) -> Json:
    return present(
        requirement=refs.requirement(profile, layer.layer),
        claims=claims,
        conformance={
            "score": _share(layer.lower),
            "rationale": f"Between {layer.lower:.3f} and {layer.upper:.3f} of 1.",
        },
        confidence={"score": _share(layer.coverage)},
    )


def _share(number: float) -> float:
    """A share of 1 in four decimals; rounding of the sums may leave it a hair outside."""
    return round(min(max(number, 0.0), 1.0), 4)
