"""Origins that changed, for each part and layer that both have."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.origins import Place, by_place, known, words
from aibom.model import WHOLE_MODEL, Origin, Outcome, Result


def check(change: Change) -> Iterator[Result]:
    """Those of parts that came or went are told with the part."""
    left_of = {WHOLE_MODEL: WHOLE_MODEL, **{new.id: old.id for old, new in change.parts.both}}
    right_of = {left: right for right, left in left_of.items()}
    before = {
        (right_of[part], layer): origin
        for (part, layer), origin in by_place(change.old.origins).items()
        if part in right_of
    }
    after = {place: each for place, each in by_place(change.new.origins).items() if place[0] in left_of}
    for place in sorted(before.keys() | after.keys()):
        yield from _held(change, place, before.get(place), after.get(place))


def _held(change: Change, place: Place, old: Origin | None, new: Origin | None) -> Iterator[Result]:
    if old is not None and new is not None and words(old) == words(new):
        return
    rule, outcome = _judged(change, old, new)
    part, layer = place
    yield RULES[rule].gives(
        outcome,
        f"the {layer} of {part} was {words(old)}, and is {words(new)}",
        about=place,
        part=part,
        layer=layer,
        sides=(words(old), words(new)),
        findings=change.evidence(*([new] if new else [])),
        locators=change.places.get(part, ()),
    )


def _judged(change: Change, old: Origin | None, new: Origin | None) -> tuple[str, Outcome]:
    """The first that holds: a new outside organisation, lost knowledge, a worse grade, less evidence."""
    if new is not None and (outcome := _newcomer(change, old, new)) is not Outcome.PASS:
        return "origins.outside", outcome
    if old is None or not known(old):
        return "origins.changed", Outcome.PASS
    if new is None or not known(new):
        return "origins.evidence-lost", change.seen_less
    before, after = change.grade(old), change.grade(new)
    if before is not None and after is not None and after < before:
        return "origins.worse", change.seen_more
    if new.evidence < old.evidence:
        return "origins.evidence-lost", change.seen_less
    return "origins.changed", Outcome.PASS


def _newcomer(change: Change, old: Origin | None, new: Origin) -> Outcome:
    """Whether it names an outside organisation that no known origin named before."""
    if old is None or not known(old):
        return change.outside(new)
    return change.outside(new, old.organisations) if new.organisations else Outcome.PASS
