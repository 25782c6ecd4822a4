"""From claims to findings and origins: one finding per id, one origin per part and layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aibom.model import Confidence, Finding, OrganisationRef, Origin, Relation
from aibom.provenance.claims import Claim


def findings(claims: Sequence[Claim]) -> tuple[Finding, ...]:
    """Findings by signal, rule and part; places of equal ones are joined, contradicted ones say so."""
    contradicted = frozenset(ident for claim in claims for ident in claim.contradicts)
    found: dict[str, Finding] = {}
    for claim in claims:
        finding = claim.finding
        known = found.get(finding.id)
        places = (*known.locators, *finding.locators) if known else finding.locators
        found[finding.id] = replace(finding, locators=tuple(dict.fromkeys(places)))
    marked = (
        replace(finding, confidence=Confidence.CONTRADICTED) if finding.id in contradicted else finding
        for finding in found.values()
    )
    return tuple(sorted(marked, key=lambda item: (item.signal, item.rule, item.part or "", item.id)))


def origins(claims: Iterable[Claim]) -> tuple[Origin, ...]:
    """One origin for each part and layer, by part and layer."""
    groups: dict[tuple[str, str], list[Origin]] = {}
    for claim in claims:
        for origin in claim.origins:
            groups.setdefault((origin.part, origin.layer.value), []).append(origin)
    return tuple(_one(groups[key]) for key in sorted(groups))


def _one(group: list[Origin]) -> Origin:
    """The strongest evidence for a known relation wins; of equal evidence the lower grade.

    Claims of another's work name all their organisations together; a claim of one's own stands for
    itself. `upstream` is named where there is one alone.
    """
    best = min(group, key=_rank)
    kept = [origin for origin in group if _agrees(origin, best)]
    upstreams = {origin.upstream for origin in kept if origin.upstream}
    return replace(
        best,
        organisations=_distinct(organisation for origin in kept for organisation in origin.organisations),
        upstream=next(iter(upstreams)) if len(upstreams) == 1 else None,
        findings=tuple(sorted({ident for origin in group for ident in origin.findings})),
        in_question=best.relation is Relation.UNKNOWN and any(origin.in_question for origin in group),
    )


def _rank(origin: Origin) -> tuple[bool, int, int, str, tuple[str, ...]]:
    grade = origin.relation.grade
    return grade is None, -origin.evidence, grade or 0, origin.upstream or "", origin.findings


def _agrees(origin: Origin, best: Origin) -> bool:
    """Whether two claims add up: both unknown, both one's own, or both another's work."""
    return _side(origin.relation) == _side(best.relation)


def _side(relation: Relation) -> str:
    return relation.value if relation in (Relation.UNKNOWN, Relation.ORIGINAL) else "of another"


def _distinct(organisations: Iterable[OrganisationRef]) -> tuple[OrganisationRef, ...]:
    by_id = {organisation.id: organisation for organisation in organisations}
    return tuple(by_id[ident] for ident in sorted(by_id))


def named(
    publisher: OrganisationRef | None, found: Iterable[Finding], concluded: Iterable[Origin]
) -> tuple[OrganisationRef, ...]:
    """Every organisation that is named anywhere, once, by id."""
    groups = [finding.organisations for finding in found] + [origin.organisations for origin in concluded]
    everywhere = [organisation for group in groups for organisation in group]
    return _distinct([*everywhere, *([publisher] if publisher else [])])
