"""Parts of the BOM held against the parts of the model."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.origins import by_place, of_another, words
from aibom.model import Evidence, Origin, Outcome, Part, Result, Role
from aibom.provenance.subjects import LANGUAGE, core
from aibom.verification.case import Case
from aibom.verification.rules import RULES

_ROUND = 3
_ROUNDED_FROM = 10**6
"""A count from here on of so few digits is a rounded one (`7.6B`), and is compared rounded."""


def check(case: Case) -> Iterator[Result]:
    """Nothing on parts where the BOM lists none, but that; else every part of both sides."""
    if not case.claimed.parts:
        if case.found.parts:
            names = ", ".join(sorted(part.id for part in case.found.parts))
            said = "the BOM lists no part of the model"
            yield RULES["parts.none-listed"].gives(Outcome.UNDETERMINED, said, sides=("none", names))
        return
    yield from _undeclared(case)
    yield from _missing(case)
    yield from _parameters(case)


def _undeclared(case: Case) -> Iterator[Result]:
    rule = RULES["parts.undeclared"]
    outside = _outside(case)
    for part in case.parts.right:
        origins = outside.get(part.id, [])
        whose = f"; outside origin: {'; '.join(map(words, origins))}" if origins else ""
        unsure = _unsure(part, case, outside=bool(origins))
        yield rule.gives(
            Outcome.UNDETERMINED if unsure else Outcome.FAIL,
            f"the model has {_label(part)}, which the BOM does not list{unsure}{whose}",
            about=(part.id,),
            part=part.id,
            sides=("not listed", _label(part)),
            findings=case.evidence(ident for origin in origins for ident in origin.findings),
            unknowns=case.left_out,
            locators=part.locators,
        )
    if not case.parts.right:
        yield rule.gives(Outcome.PASS, "the BOM lists every part that was found")


def _outside(case: Case) -> dict[str, list[Origin]]:
    """Origins of another than the publisher on evidence of E2 or better, by part of the model."""
    found: dict[str, list[Origin]] = {}
    for (part, _), origin in sorted(by_place(case.found.origins).items()):
        if origin.evidence >= Evidence.E2 and of_another(origin, case.found.publisher):
            found.setdefault(part, []).append(origin)
    return found


def _unsure(part: Part, case: Case, *, outside: bool) -> str:
    """Why the BOM may well mean the part without naming it; empty where it does not."""
    if not part.present:
        return ", and whose bytes are not there"
    if case.left_out:
        return ", unless it stands among what could not be read"
    if part.alternative:
        return ", and which repeats another part in a second serialisation"
    if outside:
        return ""
    if case.admits:
        return ", and which its maker, by its own word, may not have seen"
    if not part.role.trained and part.files and case.listed.issuperset(part.files):
        return ", unless it means it by the files that it lists"
    of_core = part.role in LANGUAGE or part in core(case.found.parts)
    if not of_core or _divides(case):
        return ""
    return ", unless it means it as a piece of the model or of a larger part"


def _divides(case: Case) -> bool:
    """Whether the BOM divides the model's core as the scan does: all its parts are known, by the same ids."""
    alike = all(one.id == two.id for one, two in case.parts.both) and not case.parts.left
    inside = core(case.found.parts)
    return alike and any(two in inside for _, two in case.parts.both)


def _missing(case: Case) -> Iterator[Result]:
    rule = RULES["parts.missing"]
    for part in case.parts.left:
        hidden = case.hidden_parts
        unsure = case.shallow or hidden or part.role is Role.OTHER or not part.present or not case.found.parts
        yield rule.gives(
            Outcome.UNDETERMINED if unsure else Outcome.FAIL,
            f"the BOM lists {_label(part)}, which the scan did not find",
            about=(part.id,),
            part=part.id,
            sides=(_label(part), "not found"),
            unknowns=hidden,
            locators=part.locators,
        )
    if case.parts.both and not case.parts.left:
        yield rule.gives(Outcome.PASS, "the model has every part of the BOM")


def _parameters(case: Case) -> Iterator[Result]:
    rule, agreed = RULES["parts.parameters"], 0
    for claimed, found in case.parts.both:
        one, two = claimed.parameters, found.parameters
        if one is None or two is None:
            continue
        if _rounds_to(two, one):
            agreed += 1
            continue
        yield rule.gives(
            Outcome.UNDETERMINED if case.hidden_parts else Outcome.FAIL,
            f"{found.name} has another number of parameters than the BOM says",
            about=(found.id,),
            part=found.id,
            sides=(f"{one:,}", f"{two:,}"),
            unknowns=case.hidden_parts,
            locators=(*claimed.locators, *found.locators),
        )
    if agreed:
        yield rule.gives(Outcome.PASS, f"parts with as many parameters as the BOM says: {agreed:,}")


def _rounds_to(exact: int, stated: int) -> bool:
    """Whether a count is the stated one, which may have been rounded to a few digits."""
    digits = len(str(stated).rstrip("0"))
    unit = 10 ** (len(str(stated)) - digits) if stated >= _ROUNDED_FROM and digits <= _ROUND else 0
    return abs(exact - stated) * 2 <= unit


def _label(part: Part) -> str:
    count = "" if part.parameters is None else f", {part.parameters:,} parameters"
    return f"{part.name or part.id} ({part.role}{count})"
