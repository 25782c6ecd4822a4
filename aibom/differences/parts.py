"""Parts that came, went or changed."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.depth import unread
from aibom.matching.origins import by_place, words
from aibom.model import Origin, Outcome, Part, Result


def check(change: Change) -> Iterator[Result]:
    """Each part once where it came or went, and once where it changed."""
    origins: dict[str, list[Origin]] = {}
    for (ident, _), origin in sorted(by_place(change.new.origins).items()):
        origins.setdefault(ident, []).append(origin)
    for part in change.parts.right:
        yield _added(change, part, origins.get(part.id, []))
    for part in change.parts.left:
        yield _removed(change, part)
    for old, new in change.parts.both:
        yield from _changed(change, old, new)


def _added(change: Change, part: Part, origins: list[Origin]) -> Result:
    outcomes = {origin: change.outside(origin) for origin in origins}
    outside = [origin for origin, outcome in outcomes.items() if outcome is not Outcome.PASS]
    if outside:
        rule = RULES["parts.added-outside"]
        outcome = Outcome.FAIL if Outcome.FAIL in outcomes.values() else Outcome.UNDETERMINED
        said = f"{_label(part)} is new, of outside origin: {'; '.join(map(words, outside))}"
    elif part.present and not part.declared:
        rule, outcome = RULES["parts.undeclared"], change.seen_more
        said = f"{_label(part)} is new, and nothing in the model's files declares it"
    else:
        rule, outcome, said = RULES["parts.added"], Outcome.PASS, f"{_label(part)} is new"
    return rule.gives(
        outcome,
        said,
        about=(part.id,),
        part=part.id,
        sides=("not there", _label(part)),
        findings=change.evidence(*outside),
        locators=part.locators,
    )


def _removed(change: Change, part: Part) -> Result:
    hidden = unread(change.new)
    unsure = change.seen_less is Outcome.UNDETERMINED or hidden
    return RULES["parts.removed"].gives(
        Outcome.UNDETERMINED if unsure else Outcome.PASS,
        f"{_label(part)} is no longer there",
        about=(part.id,),
        part=part.id,
        sides=(_label(part), "not there"),
        unknowns=hidden,
        locators=part.locators,
    )


def _changed(change: Change, old: Part, new: Part) -> Iterator[Result]:
    places = (*old.locators, *new.locators)
    if old.declared and new.present and not new.declared:
        yield RULES["parts.undeclared"].gives(
            change.seen_less,
            f"nothing in the model's files declares {_label(new)} any longer",
            about=(new.id,),
            part=new.id,
            sides=("declared", "not declared"),
            locators=places,
        )
    if _told(old) != _told(new):
        yield RULES["parts.changed"].gives(
            Outcome.PASS,
            f"{new.name or new.id} changed",
            about=(new.id,),
            part=new.id,
            sides=("; ".join(_told(old)), "; ".join(_told(new))),
            locators=places,
        )


def _told(part: Part) -> tuple[str, ...]:
    """Role, presence, parameters and element types, as words."""
    count = "parameters not counted" if part.parameters is None else f"{part.parameters:,} parameters"
    types = ", ".join(f"{kind} {amount:,}" for kind, amount in part.dtypes)
    here = "present" if part.present else "not present"
    return part.role, here, count, types or "element types not known"


def _label(part: Part) -> str:
    return f"{part.name or part.id} ({part.role})"
