"""Origins that the BOM claims held against those that the scan found, for each part and layer."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.names import same
from aibom.matching.origins import Place, by_place, known, of_another, shared, words
from aibom.model import WHOLE_MODEL, Evidence, Origin, Outcome, Relation, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES

_RESOLVED_NOT = ("stated:", "hub:")
"""How ids of organisations begin that the registry does not know: their names may be other words for one."""
_TESTED = Evidence.E2


def check(case: Case) -> Iterator[Result]:
    """Nothing on origins where the BOM states none, but that; else every part that both sides have."""
    claimed, found = by_place(case.claimed.origins), by_place(case.found.origins)
    if not claimed:
        yield from _none_stated(case, found)
        return
    matched: set[Place] = set()
    agreed = 0
    for (part, layer), origin in sorted(claimed.items()):
        right = case.right_of.get(part)
        if right is None:
            continue
        matched.add((right, layer))
        results = tuple(_held(case, part, origin, right, found.get((right, layer))))
        agreed += not results and known(origin)
        yield from results
    if agreed:
        said = f"origins found as the BOM claims: {agreed:,}"
        yield RULES["origins.contradicted"].gives(Outcome.PASS, said)
    yield from _unstated(case, {place: found[place] for place in found.keys() - matched})


def _none_stated(case: Case, found: dict[Place, Origin]) -> Iterator[Result]:
    stated = [
        f"{part}, {layer}: {words(each)}" for (part, layer), each in sorted(found.items()) if known(each)
    ]
    if stated:
        yield RULES["origins.none-stated"].gives(
            Outcome.UNDETERMINED,
            "the BOM states no origin of any part",
            sides=("none", "; ".join(stated)),
            findings=case.evidence(ident for each in found.values() for ident in each.findings),
        )


def _unstated(case: Case, found: dict[Place, Origin]) -> Iterator[Result]:
    """Origins at places where the BOM says nothing; those of parts that it does not list are told there."""
    listed = {WHOLE_MODEL, *(right.id for _, right in case.parts.both)}
    left_of = {right.id: left.id for left, right in case.parts.both}
    for (part, layer), origin in sorted(found.items()):
        if part in listed and origin.evidence >= _TESTED and of_another(origin, case.found.publisher):
            said = f"the {layer} of {part} is {words(origin)}, which the BOM does not state"
            yield _result(
                case, "origins.undeclared", Outcome.FAIL, said, left_of.get(part), None, part, origin
            )


def _held(case: Case, left: str, claimed: Origin, right: str, found: Origin | None) -> Iterator[Result]:
    """One place of both sides; nothing where they agree, or where the BOM claims nothing."""
    if not known(claimed):
        if found and found.evidence >= _TESTED and of_another(found, case.found.publisher):
            said = f"the BOM leaves the {found.layer} of {right} open, which is {words(found)}"
            yield _result(case, "origins.undeclared", Outcome.FAIL, said, left, claimed, right, found)
        return
    if found is None or not known(found):
        said = f"the BOM claims the {claimed.layer} of {right} as {words(claimed)}; the scan knows none"
        yield _result(case, "origins.unsupported", Outcome.UNDETERMINED, said, left, claimed, right, found)
        return
    yield from _both_known(case, left, claimed, right, found)


def _both_known(case: Case, left: str, claimed: Origin, right: str, found: Origin) -> Iterator[Result]:
    said = f"the {claimed.layer} of {right}: the BOM claims {words(claimed)}; found {words(found)}"
    if _contradicted(case, claimed, found):
        weak = found.evidence < _TESTED
        rule = "origins.disagree" if weak else "origins.contradicted"
        outcome = Outcome.UNDETERMINED if weak else Outcome.FAIL
        yield _result(case, rule, outcome, said, left, claimed, right, found)
    elif not _agree(claimed, found):
        yield _result(case, "origins.disagree", Outcome.UNDETERMINED, said, left, claimed, right, found)
    elif claimed.evidence > found.evidence:
        said = f"{said}: more evidence than the scan reaches"
        rule = "origins.evidence-overclaimed"
        yield _result(case, rule, Outcome.UNDETERMINED, said, left, claimed, right, found)


def _contradicted(case: Case, claimed: Origin, found: Origin) -> bool:
    """Whether the finding leaves the claim no room.

    It does where own work is claimed and another's is found; where both are of others, and of different
    ones that the registry knows; and where less of another's work is claimed than was found.
    """
    own = not of_another(claimed, case.claimed.publisher)
    if not of_another(found, case.found.publisher):
        return False
    if own:
        return not _one_house(claimed, found)
    if not shared(claimed, found):
        return _resolved(claimed) and _resolved(found)
    return _grade(claimed) > _grade(found)


def _one_house(claimed: Origin, found: Origin) -> bool:
    """Whether everything found is of those whom the claim names."""
    mine, theirs = claimed.organisations, found.organisations
    return bool(theirs) and all(any(same(each, own) for own in mine) for each in theirs)


def _resolved(origin: Origin) -> bool:
    return bool(origin.organisations) and not any(
        each.id.startswith(_RESOLVED_NOT) for each in origin.organisations
    )


def _grade(origin: Origin) -> int:
    return -1 if origin.relation.grade is None else origin.relation.grade


def _agree(claimed: Origin, found: Origin) -> bool:
    """Whether claim and finding say the same, or the claim says more against its own interest."""
    if claimed.relation is Relation.ORIGINAL and found.relation is Relation.ORIGINAL:
        return shared(claimed, found) or not (claimed.organisations and found.organisations)
    if _upstreams_differ(claimed, found):
        return False
    if not claimed.organisations and not found.organisations:
        return _grade(claimed) <= _grade(found)
    return shared(claimed, found) and (_grade(claimed) <= _grade(found))


def _upstreams_differ(claimed: Origin, found: Origin) -> bool:
    one, other = claimed.upstream, found.upstream
    return bool(one and other) and (one or "").casefold() != (other or "").casefold()


def _result(
    case: Case,
    rule: str,
    outcome: Outcome,
    statement: str,
    left: str | None,
    claimed: Origin | None,
    right: str,
    found: Origin | None,
) -> Result:
    origin = found or claimed
    layer = origin.layer if origin else None
    return RULES[rule].gives(
        outcome,
        statement,
        about=(right, layer),
        part=right,
        layer=layer,
        sides=(words(claimed), words(found)),
        findings=case.evidence(found.findings if found else ()),
        locators=case.places(left, right),
    )
