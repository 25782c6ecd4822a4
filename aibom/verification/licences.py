"""Licences that the BOM states held against those that the repository declares or carries."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.licences import missing, terms
from aibom.model import Licence, Outcome, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES


def check(case: Case) -> Iterator[Result]:
    """By what the licences ask for, whatever way an expression is written."""
    claimed, found = terms(case.claimed.licences), terms(case.found.licences)
    dropped, extra = missing(found, claimed), missing(claimed, found)
    sides = (" AND ".join(sorted(claimed)), " AND ".join(sorted(found)))
    places = [each.locator for each in (*extra.values(), *dropped.values())]
    if dropped and len(extra) == len(claimed) > 0:
        said = f"the BOM states {sides[0]}, and the repository has {sides[1]}"
        rule, outcome = RULES["licences.contradicted"], _contradicted(found, extra)
        yield rule.gives(outcome, said, sides=sides, locators=places)
        return
    for term, licence in sorted(dropped.items()):
        said = f"the repository {_has(licence)} {term}, which the BOM does not state"
        yield RULES["licences.dropped"].gives(
            Outcome.FAIL, said, about=(term,), part=licence.part, locators=[licence.locator], sides=sides
        )
    for term, licence in sorted(extra.items()):
        said = f"the BOM states {term}, which the repository neither declares nor carries"
        yield RULES["licences.unsupported"].gives(
            Outcome.UNDETERMINED,
            said,
            about=(term,),
            part=licence.part,
            locators=[licence.locator],
            sides=sides,
        )
    if found and not dropped:
        said = f"the BOM states what the repository declares or carries: {sides[1]}"
        yield RULES["licences.dropped"].gives(Outcome.PASS, said, sides=sides)


def _contradicted(found: dict[str, Licence], claimed: dict[str, Licence]) -> Outcome:
    """A choice (`OR`) that holds a licence of the other side may be one of its branches."""
    names = {name for term in found for name in _names(term)}
    shared = any(name in names for term in claimed for name in _names(term))
    declared = any(not licence.carried for licence in found.values())
    return Outcome.UNDETERMINED if shared or not declared else Outcome.FAIL


def _names(term: str) -> list[str]:
    return [
        word.casefold() for word in term.replace("(", " ").replace(")", " ").split() if word not in _WORDS
    ]


def _has(licence: Licence) -> str:
    return "carries the text of" if licence.carried else "declares"


_WORDS = frozenset({"AND", "OR", "WITH"})
