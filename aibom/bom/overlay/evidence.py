"""How we know: where a part was seen, by what technique, whose copyright, and what it descends from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aibom.bom import facts, refs
from aibom.bom.overlay import origins
from aibom.bom.overlay.common import Components, Json, add_properties, occurrence, present, unique
from aibom.bom.refs import FILE_ROLES, Refs
from aibom.formats.values import clean
from aibom.formats.wording import value
from aibom.model import (
    WHOLE_MODEL,
    Analysis,
    Evidence,
    Finding,
    Layer,
    Notice,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Signal,
)

CONFIDENCE = {Evidence.E0: 0.0, Evidence.E1: 0.4, Evidence.E2: 0.7, Evidence.E3: 0.9, Evidence.E4: 0.98}
"""The share that an evidence level leaves known: 1 − u of the sovereignty score."""
TECHNIQUE = {
    Signal.DECLARED: "manifest-analysis",
    Signal.CODE: "source-code-analysis",
    Signal.TOKENIZER: "hash-comparison",
    Signal.ARCHITECTURE: "manifest-analysis",
    Signal.WEIGHTS: "binary-analysis",
    Signal.STRUCTURE: "binary-analysis",
    Signal.SECURITY: "other",
}
"""The technique of CycloneDX' fixed list that a signal uses."""
_HUB_ID = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)
"""A repository's id on the Hub; an upstream that is none has no package URL."""
PROVEN = (Relation.DERIVED, Relation.VERBATIM)
_SUBSTANCE = {Role.TOKENIZER: Layer.TOKENIZER, Role.CHAT_TEMPLATE: Layer.CODE, Role.REMOTE_CODE: Layer.CODE}


def lay(components: Components, analysis: Analysis, names: Refs) -> None:
    """Evidence of parts and datasets, copyright notices, and proven ancestors."""
    root = components[names.root]
    _notices(root, [notice for notice in analysis.inspected.notices if notice.part is None])
    for part in analysis.inspected.parts:
        component = components[names.part(part)]
        _seen(component, part)
        _notices(component, [notice for notice in analysis.inspected.notices if notice.part == part.id])
        _ancestors(component, analysis, part)
    _ancestors(root, analysis, None)
    for key, uses in facts.datasets(analysis).items():
        evidence = components[refs.dataset(key)].setdefault("evidence", {})
        evidence["occurrences"] = unique(occurrence(use.locator) for use in uses)


def proven(analysis: Analysis, part: Part | None) -> Iterator[Origin]:
    """Origins that assert derivation of the component's own substance, on evidence E3 or better.

    Evidence moves only its own layer: copied code makes an ancestor of the code, not of the weights.
    A model is never its own ancestor.
    """
    ident = part.id if part else WHOLE_MODEL
    layer = _SUBSTANCE.get(part.role, Layer.WEIGHTS) if part else Layer.WEIGHTS
    for origin in analysis.provenance.origins:
        known = origin.relation in PROVEN and origin.evidence >= Evidence.E3
        itself = origin.upstream in (analysis.target.repository, analysis.target.name)
        if known and value(origin.upstream) and not itself and (origin.part, origin.layer) == (ident, layer):
            yield origin


def _seen(component: Json, part: Part) -> None:
    """The part's places, and how sure its identity is: named by the vendor, or present as bytes."""
    methods: list[Json] = []
    if part.declared:
        methods.append({"technique": "manifest-analysis", "confidence": CONFIDENCE[Evidence.E1]})
    if part.present:
        technique = "source-code-analysis" if part.role in FILE_ROLES else "binary-analysis"
        methods.append({"technique": technique, "confidence": CONFIDENCE[Evidence.E3]})
    evidence = component.setdefault("evidence", {})
    if methods:
        evidence["identity"] = [
            {
                "field": "name",
                "concludedValue": component["name"],
                "confidence": max(method["confidence"] for method in methods),
                "methods": methods,
            }
        ]
    evidence.update(present(occurrences=unique(map(occurrence, part.locators))))
    if not evidence:
        del component["evidence"]


def _notices(component: Json, notices: list[Notice]) -> None:
    texts = [{"text": text} for notice in notices if (text := value(notice.text, 400))]
    if not texts:
        return
    evidence = component.setdefault("evidence", {})
    evidence["copyright"] = unique(texts)
    places = [occurrence(notice.locator) for notice in notices]
    evidence["occurrences"] = unique((*evidence.get("occurrences", ()), *places))


def _ancestors(component: Json, analysis: Analysis, part: Part | None) -> None:
    findings = {finding.id: finding for finding in analysis.provenance.findings}
    ancestors = [
        _ancestor(component, origin, [findings[i] for i in origin.findings if i in findings])
        for origin in proven(analysis, part)
    ]
    if part and component["name"] in {clean(str(origin.upstream)) for origin in proven(analysis, part)}:
        component["name"] = part.role  # a part may not pass under the name of what it descends from
    if ancestors:
        component["pedigree"] = {"ancestors": sorted(ancestors, key=lambda each: str(each["bom-ref"]))}


def _ancestor(component: Json, origin: Origin, findings: Iterable[Finding]) -> Json:
    upstream = str(origin.upstream)
    group, _, name = upstream.rpartition("/")
    organisation = next(iter(origin.organisations), None)
    places = [occurrence(locator) for finding in findings for locator in finding.locators]
    ancestor = present(
        type=component["type"],
        group=clean(group),
        name=clean(name),
        purl=_purl(upstream),
        manufacturer=_manufacturer(organisation),
        evidence=present(identity=[_identity(origin, findings)], occurrences=unique(places)),
    )
    ancestor["bom-ref"] = f"ancestor:{refs.quote(upstream)}:{component['bom-ref']}"
    if organisation:
        add_properties(ancestor, origins.manufacturer(organisation))
    return ancestor


def _identity(origin: Origin, findings: Iterable[Finding]) -> Json:
    confidence = CONFIDENCE[origin.evidence]
    methods = [
        {"technique": TECHNIQUE[f.signal], "confidence": confidence, "value": clean(f.statement)}
        for f in findings
    ]
    purl = _purl(str(origin.upstream))
    return present(
        field="purl" if purl else "name",
        confidence=confidence,
        concludedValue=purl or clean(str(origin.upstream)),
        methods=methods or [{"technique": "other", "confidence": confidence}],
    )


def _purl(upstream: str) -> str | None:
    return refs.purl(upstream) if _HUB_ID.fullmatch(upstream) else None


def _manufacturer(organisation: OrganisationRef | None) -> Json:
    name = value(organisation.name) if organisation else None
    if organisation is None or name is None:
        return {}
    return present(name=name, address=present(country=facts.country(organisation)))
