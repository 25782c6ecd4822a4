"""Licences that were dropped, became more restricted, or changed otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aibom import catalog
from aibom.catalog import LicenceClass
from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.licences import missing, terms
from aibom.model import Outcome, Result

ORDER = (
    LicenceClass.PERMISSIVE,
    LicenceClass.WEAK_COPYLEFT,
    LicenceClass.STRONG_COPYLEFT,
    LicenceClass.FIELD_OF_USE,
    LicenceClass.COMMUNITY,
    LicenceClass.NO_DERIVATIVES,
    LicenceClass.NON_COMMERCIAL,
    LicenceClass.PROPRIETARY,
)
"""From the least restricted class to the most: by who may use a work, and for what."""


def check(change: Change) -> Iterator[Result]:
    """One result on all licences together: several hold at once."""
    old, new = terms(change.old.licences), terms(change.new.licences)
    gone, came = missing(old, new), missing(new, old)
    if not gone and not came:
        return
    sides = (" AND ".join(sorted(old)), " AND ".join(sorted(new)))
    rule, outcome, said = _judged(old, gone, came)
    places = [each.locator for each in (*gone.values(), *came.values())]
    yield RULES[rule].gives(outcome, said, sides=sides, locators=places)


def _judged(old: Iterable[str], gone: Iterable[str], came: Iterable[str]) -> tuple[str, Outcome, str]:
    lost, more = ", ".join(sorted(gone)), ", ".join(sorted(came))
    if not more:
        return "licences.dropped", Outcome.FAIL, f"{lost} is no longer stated"
    said = f"{lost} became {more}" if lost else f"{more} is stated besides"
    if not any(True for _ in old):
        return "licences.changed", Outcome.PASS, f"{more} is stated; nothing was before"
    before, after = _restriction(old), _restriction(came)
    if before is None or after is None:
        return "licences.restricted", Outcome.UNDETERMINED, f"{said}; the terms of one are not known"
    if after > before:
        return "licences.restricted", Outcome.FAIL, f"{said}: {ORDER[after]} instead of {ORDER[before]}"
    return "licences.changed", Outcome.PASS, said


def _restriction(names: Iterable[str]) -> int | None:
    """The place in the order of the most restricted; None where one is not in the catalogue, or a choice."""
    known = [catalog.load().licences.get(name) for name in sorted(names)]
    if None in known:
        return None
    return max((ORDER.index(item.kind) for found in known for item in found or ()), default=None)
