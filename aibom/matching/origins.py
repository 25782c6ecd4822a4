"""Origins of two dossiers: which belong to one part and layer, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable

from aibom.matching.names import same
from aibom.model import WHOLE_MODEL, Layer, OrganisationRef, Origin, Relation

Place = tuple[str, Layer]


def by_place(origins: Iterable[Origin]) -> dict[Place, Origin]:
    """One origin for each part and layer: of several the best known, and of these the lowest grade."""
    found: dict[Place, Origin] = {}
    for origin in sorted(origins, key=_rank):
        found.setdefault((origin.part or WHOLE_MODEL, origin.layer), origin)
    return found


def _rank(origin: Origin) -> tuple[bool, int, int, str]:
    grade = origin.relation.grade
    return grade is None, -origin.evidence, grade or 0, repr(origin)


def known(origin: Origin | None) -> bool:
    """Whether a relation is stated."""
    return origin is not None and origin.relation is not Relation.UNKNOWN


def of_another(origin: Origin, house: OrganisationRef | None) -> bool:
    """Whether it says that the work of another than `house`, the publisher, went in.

    Original work is another's only where it names another; an origin without a name is nobody's own.
    """
    others = [each for each in origin.organisations if house is None or not same(each, house)]
    if origin.relation is Relation.ORIGINAL:
        return bool(others) and house is not None
    return known(origin) and (bool(others) or not origin.organisations)


def shared(one: Origin, other: Origin) -> bool:
    """Whether an organisation is named by both."""
    return any(same(a, b) for a in one.organisations for b in other.organisations)


def words(origin: Origin | None) -> str:
    """`adapted, zai-org/GLM-4.5, Zhipu AI (CN), E3`; countries only where their source is told."""
    if origin is None:
        return "not stated"
    names = [name_of(each) for each in origin.organisations]
    pieces = [origin.relation.value, origin.upstream or "", *names, origin.evidence.name]
    return ", ".join(piece for piece in pieces if piece)


def name_of(organisation: OrganisationRef) -> str:
    """`Zhipu AI (CN)`."""
    country = organisation.jurisdiction if organisation.source else None
    return f"{organisation.name} ({country})" if country else organisation.name
