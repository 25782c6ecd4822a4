"""A verification as a CycloneDX document: the BOM's claims with evidence and counter-evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from aibom.bom import SPECS, refs
from aibom.bom.overlay.common import Json, place, present
from aibom.bom.properties import Property
from aibom.bom.refs import FILE_ROLES, Refs
from aibom.bom.serialise import serial_number
from aibom.errors import UsageError
from aibom.formats.values import clean
from aibom.formats.wording import value
from aibom.model import (
    Dossier,
    Finding,
    Locator,
    Outcome,
    Part,
    Result,
    Role,
    Target,
    TargetKind,
    ToolPart,
    Verdict,
)
from aibom.provenance.context import is_hub_id
from aibom.verification.rules import RULES

_STANDARD = "aibom-verification"
_ASSESSOR = "assessor:aibom"
_WORDS = {
    Outcome.PASS: "the model bears it out",
    Outcome.FAIL: "the model contradicts it",
    Outcome.UNDETERMINED: "not determined",
    Outcome.WAIVED: "waived",
}


def attestation(
    verdict: Verdict,
    claimed: Dossier,
    found: Dossier,
    *,
    spec: str = "1.7",
    timestamp: datetime | None = None,
) -> dict[str, Any]:
    """The verdict of `verify(claimed, found)` as a CycloneDX document with `declarations`.

    Every result is a claim of the BOM: evidence is what bears it out, counter-evidence what the model says
    against it. Every rule is a requirement; its conformance is 1 or 0, and has no score where it is not
    determined. Without `timestamp` the same input gives the same bytes.

    Raises:
        UsageError: an unknown version of CycloneDX.
    """
    if spec not in SPECS:
        raise UsageError(f"CycloneDX {spec} is not written; take {' or '.join(SPECS)}")
    names = Refs(_target(found), {})
    parts = _parts(verdict, found)
    targets = {part.id: names.part(part) for part in parts}
    pieces = {result.id: tuple(_pieces(result, claimed)) for result in verdict.results}
    document = {
        "$schema": f"http://cyclonedx.org/schema/bom-{spec}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": spec,
        "version": 1,
        "metadata": _metadata(names, parts, claimed, found, timestamp),
        "compositions": [{"aggregate": "incomplete", "assemblies": [names.root]}],
        "dependencies": _dependencies(names.root, sorted(targets.values())),
        "definitions": {"standards": [_standard(verdict)]},
        "declarations": {
            "assessors": [{"bom-ref": _ASSESSOR, "thirdParty": True, "organization": {"name": "aibom"}}],
            "claims": [
                _claim(result, targets.get(result.part or "", names.root), pieces[result.id])
                for result in verdict.results
            ],
            "evidence": [piece for result in verdict.results for _, piece in pieces[result.id]],
            "attestations": [_attestation(verdict)],
        },
    }
    document["serialNumber"] = serial_number(document)
    return document


def _target(found: Dossier) -> Target:
    """What names are made of; `kind` is no part of them."""
    repository = found.subject if is_hub_id(found.subject) else None
    return Target(found.subject, TargetKind.FOLDER, found.subject, repository, found.revision)


def _parts(verdict: Verdict, found: Dossier) -> list[Part]:
    """The parts of the model that a result speaks of, each id once."""
    wanted = {result.part for result in verdict.results}
    return list({part.id: part for part in found.parts if part.id in wanted}.values())


def _metadata(
    names: Refs, parts: Sequence[Part], claimed: Dossier, found: Dossier, timestamp: datetime | None
) -> Json:
    group, _, name = found.subject.rpartition("/")
    component = present(
        type="machine-learning-model",
        bom_ref=names.root,
        group=clean(group),
        name=clean(name) or "model",
        version=value(found.revision, 100),
        purl=names.purl,
        components=[_component(names, part) for part in parts],
        externalReferences=_held(claimed),
    )
    return present(
        timestamp=timestamp.isoformat() if timestamp else None,
        component=component,
        tools={"components": [_tool(tool) for tool in sorted(set(found.tools), key=repr)]},
    )


def _component(names: Refs, part: Part) -> Json:
    kind = "file" if part.role in FILE_ROLES else "data" if part.role is Role.TOKENIZER else None
    return {
        "type": kind or "machine-learning-model",
        "bom-ref": names.part(part),
        "name": clean(part.name) or clean(part.role),
        "properties": [Property.PART_ID.entry(part.id), Property.PART_ROLE.entry(part.role)],
    }


def _held(claimed: Dossier) -> list[Json]:
    """The BOM that was held against the model, by its digest."""
    if not claimed.digest:
        return []
    return [
        {
            "type": "bom",
            "url": f"urn:sha256:{refs.quote(claimed.digest, safe='')}",
            "comment": clean(f"{claimed.form}, the BOM that was held against the model"),
        }
    ]


def _tool(tool: ToolPart) -> Json:
    return present(
        type="application",
        bom_ref=refs.tool(tool.name, tool.version),
        name=clean(tool.name) or "tool",
        version=clean(tool.version),
    )


def _dependencies(root: str, parts: list[str]) -> list[Json]:
    return [present(ref=root, dependsOn=parts), *({"ref": ref} for ref in parts)]


def _standard(verdict: Verdict) -> Json:
    """The rules that gave a result, as requirements."""
    used = dict.fromkeys(result.rule for result in verdict.results)
    return present(
        bom_ref=refs.standard(_STANDARD),
        name="aibom verification",
        version="1",
        description="What a BOM says of a model, held against the model itself, rule by rule.",
        requirements=[
            {
                "bom-ref": refs.requirement(_STANDARD, rule),
                "identifier": rule,
                "title": RULES[rule].compares,
                "text": f"Severity {RULES[rule].severity}.",
            }
            for rule in used
        ],
    )


def _claim(result: Result, target: str, pieces: Sequence[tuple[bool, Json]]) -> Json:
    said = clean(result.claimed, 1000) or clean(result.statement, 1000)
    reasoning = [f"Rule {result.rule}, severity {result.severity}: {_WORDS[result.outcome]}."]
    reasoning.append(f"{clean(result.statement, 2000)}.")
    if result.remedy:
        reasoning.append(f"What settles it: {clean(result.remedy)}")
    return present(
        bom_ref=refs.claim(result.id),
        target=target,
        predicate=f"{RULES[result.rule].compares}: {said}",
        reasoning=" ".join(reasoning),
        evidence=[piece["bom-ref"] for against, piece in pieces if not against],
        counterEvidence=[piece["bom-ref"] for against, piece in pieces if against],
    )


def _pieces(result: Result, claimed: Dossier) -> Iterator[tuple[bool, Json]]:
    """Evidence of a result, each with whether it speaks against the claim.

    Places in the BOM have a JSON pointer as their key, and bear the claim; what stands in the model speaks
    against it where the result is a contradiction.
    """
    against = result.outcome is Outcome.FAIL
    in_bom = [each for each in result.locators if (each.key or "").startswith("/")]
    in_model = [each for each in result.locators if each not in in_bom]
    number = 0
    if result.claimed or in_bom:
        number += 1
        words = f"The BOM ({claimed.form}) says: {result.claimed or 'as quoted'}"
        yield False, _piece(result, number, words, in_bom)
    if result.found or in_model:
        number += 1
        words = f"The scan found: {result.found or 'as quoted'}"
        yield against, _piece(result, number, words, in_model)
    for finding in result.findings:
        number += 1
        yield against, _piece(result, number, _finding(finding), finding.locators)


def _finding(finding: Finding) -> str:
    ending = f" Innocent explanation: {finding.alternative}" if finding.alternative else ""
    return f"{finding.statement} ({finding.rule}, {finding.confidence}).{ending}"


def _piece(result: Result, number: int, words: str, places: Sequence[Locator]) -> Json:
    return present(
        bom_ref=refs.evidence(result.id, number),
        description=clean(words, 2000),
        data=[_place(each) for each in places],
    )


def _place(locator: Locator) -> Json:
    quote = clean(locator.quote or "")
    contents = {"attachment": {"contentType": "text/plain", "content": quote}} if quote else {}
    return present(name=place(locator), contents=contents)


def _attestation(verdict: Verdict) -> Json:
    rows: dict[str, list[Result]] = {}
    for result in verdict.results:
        rows.setdefault(result.rule, []).append(result)
    return present(
        summary=clean(f"{verdict.title}: {verdict.outcome}. {verdict.notes}".strip(), 2000),
        assessor=_ASSESSOR,
        map=[_row(rule, results) for rule, results in rows.items()],
    )


def _row(rule: str, results: Sequence[Result]) -> Json:
    outcomes = {result.outcome for result in results}
    known = [result for result in results if result.outcome is not Outcome.UNDETERMINED]
    outcome = next((each for each in (Outcome.FAIL, Outcome.UNDETERMINED) if each in outcomes), Outcome.PASS)
    scores = {Outcome.FAIL: 0, Outcome.PASS: 1}
    return {
        "requirement": refs.requirement(_STANDARD, rule),
        "claims": [refs.claim(result.id) for result in results],
        "conformance": present(score=scores.get(outcome), rationale=_WORDS[outcome]),
        "confidence": {
            "score": round(len(known) / len(results), 4),
            "rationale": f"{len(known)} of {len(results)} determined",
        },
    }
