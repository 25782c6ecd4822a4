"""Contests in CycloneDX: each a claim of the vendor's, our finding its counter-evidence, and both scores."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from aibom.bom import refs
from aibom.bom.overlay.common import add_properties, present
from aibom.bom.properties import Property
from aibom.bom.validation import validate
from aibom.contests.applying import Contested
from aibom.contests.assessing import Standing
from aibom.contests.entries import ContestState
from aibom.errors import FormatError, UsageError
from aibom.formats.urls import is_url
from aibom.formats.values import as_dict, clean, strings
from aibom.model import Score

Json = dict[str, Any]
CLAIM = "contest:"
"""What precedes a contest's id in the bom-ref of its claim."""
_ANNOTATION = "annotation:C-"
_EVIDENCE = "evidence:C-"
_PREFIX = "aibom:contest:"
_SPECS = ("1.6", "1.7")


def lay(document: Json, contested: Contested) -> Json:
    """The document with the contests of its model: claims, annotations, and both scores as properties.

    Nothing that stands in it is taken away or changed but its version; contests of an earlier run are
    replaced by what the log says now. The BOM's own score stays what the scan found.

    Raises:
        FormatError: the document breaks the CycloneDX schema.
        UsageError: the document is of a version without declarations, is signed, or holds a contest that
            the log lacks.
    """
    _check(document, contested)
    laid = _without_contests(copy.deepcopy(document))
    declarations = laid.setdefault("declarations", {})
    claims = declarations.setdefault("claims", [])
    evidence = declarations.setdefault("evidence", [])
    annotations = laid.setdefault("annotations", [])
    known = {str(claim.get("bom-ref")): claim for claim in claims}
    root = as_dict(as_dict(laid.get("metadata")).get("component"))
    for standing in contested.standings:
        finding = known.get(refs.claim(standing.contest.finding))
        if finding is None:
            continue
        pieces = list(_exhibits(standing))
        counter = list(strings(finding.get("evidence")))
        if not counter:
            pieces.append(_statement(standing))
            counter = [pieces[-1]["bom-ref"]]
        evidence += pieces
        claims.append(_claim(standing, finding, counter))
        annotations.append(_annotation(standing))
        if standing.state is ContestState.ACCEPTED:
            own = [piece["bom-ref"] for piece in _exhibits(standing)]
            finding["counterEvidence"] = [*strings(finding.get("counterEvidence")), *own]
    add_properties(root, _properties(contested))
    version = laid.get("version")
    laid["version"] = version + 1 if isinstance(version, int) else 2
    return {key: value for key, value in laid.items() if value not in ({}, [])}


def _check(document: Json, contested: Contested) -> None:
    if document.get("specVersion") not in _SPECS:
        raise UsageError(
            f"CycloneDX {clean(str(document.get('specVersion')), 20)} has no claims, which contests are",
            advice="Give a document of version 1.6 or 1.7.",
        )
    problems = validate(document)
    if problems:
        first = problems[0]
        raise FormatError(
            f"the BOM is not valid at {first.pointer or '/'}: {first.message}",
            advice="`aibom lint` lists what is wrong with it.",
        )
    if "signature" in document:
        raise UsageError(
            "the BOM carries a signature, which any change would break",
            advice="Lay the contests over the unsigned BOM, and sign the result.",
        )
    known = {CLAIM + each.contest.id for each in contested.standings}
    for claim in document.get("declarations", {}).get("claims", ()):
        ref = str(claim.get("bom-ref"))
        if ref.startswith(CLAIM) and ref not in known:
            raise UsageError(
                f"the BOM holds {clean(ref.removeprefix(CLAIM), 40)}, which the log does not",
                advice="Give the log that it was made with, or the BOM before.",
            )


def _without_contests(document: Json) -> Json:
    """The document before any contest was laid over it."""
    declarations = document.get("declarations", {})
    for holder, key, prefix in (
        (declarations, "claims", CLAIM),
        (declarations, "evidence", _EVIDENCE),
        (document, "annotations", _ANNOTATION),
    ):
        if key in holder:
            holder[key] = [item for item in holder[key] if not str(item.get("bom-ref")).startswith(prefix)]
    for claim in declarations.get("claims", ()):
        counter = [ref for ref in claim.pop("counterEvidence", ()) if not ref.startswith(_EVIDENCE)]
        claim.update(present(counterEvidence=counter))
    component = document.get("metadata", {}).get("component", {})
    if "properties" in component:
        component["properties"] = [
            each for each in component["properties"] if not str(each.get("name")).startswith(_PREFIX)
        ]
    return document


def _claim(standing: Standing, finding: Json, counter: list[str]) -> Json:
    return present(
        bom_ref=CLAIM + standing.contest.id,
        target=finding.get("target"),
        predicate=clean(standing.contest.claim, 2000),
        reasoning=_told(standing),
        evidence=[piece["bom-ref"] for piece in _exhibits(standing)],
        counterEvidence=counter,
    )


def _told(standing: Standing) -> str:
    """Whose contest it is, what it asks for, and what became of it."""
    contest, last = standing.contest, standing.last
    asked = f"requests {contest.requested}" if contest.requested else "asks that it be withdrawn"
    said = f"Contest of {contest.finding} by {contest.filed_by}, filed on {contest.date}; {asked}."
    if standing.state is ContestState.OPEN:
        return clean(f"{said} Open.", 4000)
    level = f" on {last.evidence_level.name}" if last.evidence_level else ""
    by = f" by {last.superseded_by}" if last.superseded_by else ""
    state = f"{standing.state.value.capitalize()}{by}{level} by the assessor {last.assessor} on {last.date}"
    return clean(f"{said} {state}: {last.reason}", 4000)


def _exhibits(standing: Standing) -> Iterator[Json]:
    for number, each in enumerate(standing.contest.evidence, 1):
        url = each.place if is_url(each.place) else None
        contents = present(url=url, attachment=_attachment(f"sha256:{each.sha256}"))
        yield {
            "bom-ref": refs.evidence(standing.contest.id, number),
            "description": clean(each.place, 1000),
            "data": [{"name": clean(each.place, 1000), "contents": contents}],
        }


def _statement(standing: Standing) -> Json:
    """Our finding in words, where it shows no evidence of its own."""
    return {
        "bom-ref": f"evidence:{standing.contest.id}:finding",
        "description": clean(standing.contest.statement, 1000),
    }


def _attachment(content: str) -> Json:
    return {"contentType": "text/plain", "content": content}


def _annotation(standing: Standing) -> Json:
    """By whoever spoke last, on the day that they did."""
    last = standing.last
    return {
        "bom-ref": _ANNOTATION + standing.contest.id.removeprefix("C-"),
        "subjects": [refs.claim(standing.contest.finding), CLAIM + standing.contest.id],
        "annotator": {"organization": {"name": clean(last.assessor, 300)}},
        "timestamp": f"{last.date}T00:00:00Z",
        "text": _told(standing),
    }


def _properties(contested: Contested) -> Iterator[Json]:
    for standing in contested.standings:
        contest = standing.contest
        yield Property.CONTEST_STATE.entry(f"{contest.id} of {contest.finding}: {standing.state.value}")
    if contested.standings:
        yield Property.CONTEST_LOG.entry(contested.head)
        scores = (
            ("without", contested.unapplied),
            ("accepted", contested.score),
            ("granted", contested.granted),
        )
        for name, score in scores:
            yield {"name": Property.CONTEST_SCORE.of(name), "value": score_words(score)}


def score_words(score: Score) -> str:
    """A score in one line."""
    if score.level is None:
        return f"no grade under {score.profile}; {score.coverage:.2f} of 100 known"
    level = f"level {score.level}/{score.evidence.name}"
    if score.ceiling is not None and score.ceiling != score.level:
        level += f" (up to {score.ceiling})"
    bounds = f"{score.lower:.2f} to {score.upper:.2f} of 100"
    return f"{level}, {bounds}, {score.coverage:.2f} known, profile {score.profile}"
