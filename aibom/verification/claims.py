"""Claims and countries of the BOM: whether each rests on something that a reader can look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aibom.matching.names import key
from aibom.model import Dossier, Finding, OrganisationRef, Outcome, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES


def check(case: Case) -> Iterator[Result]:
    """A claim or country that the scan repeats is supported by the scan itself."""
    yield from _claims(case)
    yield from _countries(case)


def _claims(case: Case) -> Iterator[Result]:
    rule = RULES["claims.unsupported"]
    repeated = {finding.id for finding in case.found.findings}
    bare = [each for each in case.claimed.findings if not _rests(each) and each.id not in repeated]
    for finding in bare:
        yield rule.gives(
            Outcome.UNDETERMINED,
            f"the BOM claims without evidence: {finding.statement}",
            about=(finding.id,),
            part=finding.part,
            layer=finding.layer,
            sides=(finding.statement, "no evidence named, and not found by the scan"),
        )
    if case.claimed.findings and not bare:
        yield rule.gives(Outcome.PASS, "every claim of the BOM names evidence or was found again")


def _rests(finding: Finding) -> bool:
    return bool(finding.locators) or finding.statistic is not None


def _countries(case: Case) -> Iterator[Result]:
    registry = _organisations(case.found)
    agreed = 0
    for name, organisation in sorted(_organisations(case.claimed).items()):
        countries = _seats(organisation)
        if not countries:
            continue
        known = registry.get(name)
        if known is not None and _seats(known) and _clash(organisation, known):
            yield _country("countries.disagree", organisation, countries, f"{_seats(known)}: {known.source}")
        elif not organisation.source and (known is None or not _seats(known)):
            yield _country("countries.without-source", organisation, countries, "not known")
        else:
            agreed += 1
    if agreed:
        said = f"countries with a source, or as the scan gives them: {agreed:,}"
        yield RULES["countries.without-source"].gives(Outcome.PASS, said)


def _country(rule: str, organisation: OrganisationRef, claimed: str, found: str) -> Result:
    source = f": {organisation.source}" if organisation.source else ", no source"
    return RULES[rule].gives(
        Outcome.UNDETERMINED,
        f"the BOM gives {organisation.name} the country {claimed}{source}; the scan: {found}",
        about=(organisation.name,),
        sides=(claimed + source, found),
    )


def _organisations(dossier: Dossier) -> dict[str, OrganisationRef]:
    """Every organisation with a country by its name, the best documented mention of each."""
    named = (
        *([dossier.publisher] if dossier.publisher else []),
        *(each for origin in dossier.origins for each in origin.organisations),
        *(each for finding in dossier.findings for each in finding.organisations),
    )
    return {key(each.name): each for each in sorted(_with_country(named), key=_rank) if key(each.name)}


def _with_country(named: Iterable[OrganisationRef]) -> Iterator[OrganisationRef]:
    return (each for each in named if _seats(each))


def _rank(organisation: OrganisationRef) -> tuple[bool, str]:
    return bool(organisation.source), repr(organisation)


def _seats(organisation: OrganisationRef) -> str:
    """`KR`, or `SG, ultimate parent CN`."""
    registered, ultimate = organisation.jurisdiction, organisation.ultimate_jurisdiction
    if ultimate and ultimate != registered:
        return f"{registered or 'not known'}, ultimate parent {ultimate}"
    return registered or ""


def _clash(one: OrganisationRef, other: OrganisationRef) -> bool:
    """Whether two countries of the same kind differ; what one side leaves out clashes with nothing."""
    pairs = (
        (one.jurisdiction, other.jurisdiction),
        (one.ultimate_jurisdiction, other.ultimate_jurisdiction),
    )
    return any(a and b and a.casefold() != b.casefold() for a, b in pairs)
