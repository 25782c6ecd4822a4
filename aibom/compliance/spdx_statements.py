"""What an SPDX document says of the packages: licences, ancestors, and as annotations what has no field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from aibom.bom.refs import purl
from aibom.compliance.spdx_graph import Graph
from aibom.formats.licences import spdx
from aibom.formats.text import clean
from aibom.formats.wording import is_licence_placeholder, value
from aibom.model import (
    WHOLE_MODEL,
    Analysis,
    DeclarationKind,
    Evidence,
    Finding,
    Layer,
    Licence,
    Origin,
    Relation,
    Score,
)

NO_LICENCE: Final = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"
_REFERENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
_DECLARED = {DeclarationKind.BASE_MODEL, DeclarationKind.ADAPTER_BASE}
_DESCENDED = {Relation.ADAPTED, Relation.DERIVED, Relation.VERBATIM}


def add_licences(graph: Graph, analysis: Analysis, model: str, parts: dict[str, str]) -> None:
    """Declared licences, and as concluded those whose text lies in the target.

    Words that are no expression are NoAssertion, and stand beside it.
    """
    groups: dict[tuple[str, bool], list[Licence]] = {(model, False): [], (model, True): []}
    for licence in analysis.inspected.licences:
        owner = parts.get(licence.part or "", model)
        groups.setdefault((owner, licence.carried), []).append(licence)
    for (owner, carried), licences in groups.items():
        expressions = {item.expression for item in licences if item.expression and _is_valid(item.expression)}
        words = sorted(
            {
                clean(item.name)
                for item in licences
                if item.expression not in expressions and not is_licence_placeholder(clean(item.name))
            }
        )
        ends = [_expression(graph, expression) for expression in sorted(expressions)]
        graph.relate(
            owner,
            "hasConcludedLicense" if carried else "hasDeclaredLicense",
            ends if ends and not words else [*ends, NO_LICENCE],
            comment=f"In its own words: {'; '.join(words)}" if words else "",
        )


def _expression(graph: Graph, expression: str) -> str:
    """An expression, and for each licence outside SPDX' list the element that it must name.

    That element's text is mandatory. It is not at hand, and no other licence's text stands in for it.
    """
    references = {
        name: graph.add(
            "simplelicensing_SimpleLicensingText",
            f"licence-text/{name}",
            name=name,
            simplelicensing_licenseText="The text of this licence is not in this document.",
        )
        for name in _REFERENCE.findall(expression)
    }
    return graph.add(
        "simplelicensing_LicenseExpression",
        f"licence/{expression}",
        simplelicensing_licenseExpression=expression,
        simplelicensing_customIdToUri=references,
    )


def add_ancestors(graph: Graph, analysis: Analysis, model: str, parts: dict[str, str]) -> None:
    """Models that this one descends from: as the repository declares, or as its weights show.

    A name that merely stands in a configuration, and an origin that is not known, assert no descent.
    """
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in analysis.inspected.declarations:
        name = value(item.value, 200)
        if item.kind in _DECLARED and name:
            relation = f" as {clean(item.relation, 60)}" if item.relation else ""
            reasons[parts.get(item.part or "", model), name].append(
                f"Declared{relation} in {clean(item.locator.path, 200)} (E1)."
            )
    for origin in analysis.provenance.origins:
        name = value(origin.upstream, 200)
        if name and origin.layer is Layer.WEIGHTS and origin.relation in _DESCENDED:
            findings = f": findings {', '.join(map(clean, origin.findings))}" if origin.findings else ""
            reasons[parts.get(origin.part, model), name].append(
                f"Weights {origin.relation} ({origin.evidence.name}){findings}."
            )
    for (owner, name), why in sorted(reasons.items()):
        ancestor = graph.add(
            "ai_AIPackage",
            f"ancestor/{name}",
            name=name,
            software_primaryPurpose="model",
            software_packageUrl=purl(name) if name.count("/") == 1 else None,
        )
        graph.relate(owner, "descendantOf", [ancestor], comment=" ".join(dict.fromkeys(why)))


def add_annotations(graph: Graph, analysis: Analysis, model: str, parts: dict[str, str]) -> None:
    """Origins by layer, findings and the score, which SPDX has no field for."""
    for origin in analysis.provenance.origins:
        owner = parts.get(origin.part, model)
        _annotate(graph, owner, f"origin/{origin.part}/{origin.layer}", _origin(origin))
    for finding in analysis.provenance.findings:
        _annotate(
            graph, parts.get(finding.part or "", model), f"finding/{finding.id}", " ".join(_finding(finding))
        )
    _annotate(graph, model, "score", _score(analysis.score))


def _annotate(graph: Graph, subject: str, ident: str, statement: str) -> None:
    graph.add(
        "Annotation",
        f"annotation/{ident}",
        annotationType="other",
        subject=subject,
        statement=statement,
        contentType="text/plain",
    )


def _origin(origin: Origin) -> str:
    whose = ", ".join(clean(item.name, 200) for item in origin.organisations)
    words = [
        f"Origin of the {origin.layer} layer"
        + (" of the whole model" if origin.part == WHOLE_MODEL else "")
        + f": {origin.relation}, evidence {Evidence(origin.evidence).name}",
        f"organisations: {whose}" if whose else "",
        f"upstream: {clean(origin.upstream, 200)}" if origin.upstream else "",
        "in question: an outside family is declared and the weights are untested"
        if origin.in_question
        else "",
    ]
    return "; ".join(word for word in words if word) + "."


def _finding(finding: Finding) -> Iterator[str]:
    yield f"Finding {clean(finding.id)} ({clean(finding.rule)}, {finding.confidence}):"
    yield clean(finding.statement, 2000) + "."
    if finding.alternative:
        yield f"Or else: {clean(finding.alternative, 1000)}"


def _score(score: Score) -> str:
    head = f"Sovereignty under profile {clean(score.profile)} of {clean(score.profile_date)}"
    known = f"{score.coverage:.2f} of 100 points known"
    if score.level is None:
        return f"{head}: no level; {known}."
    interval = f"{score.lower:.2f} to {score.upper:.2f} of 100 points"
    return f"{head}: level {score.level}, evidence {score.evidence.name}, {interval}; {known}."


def _is_valid(expression: str) -> bool:
    """Whether every name in it is of SPDX' list, or a `LicenseRef-`."""
    return "AdditionRef-" not in expression and spdx(expression) is not None
