"""Prints of the shipped code, held against the modelling code of known families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.model import CodePrint, Locator, OrganisationRef, Statistic, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.code_match import (
    SHARED,
    TIED,
    ClassMatch,
    CodeMatch,
    FamilyScore,
    Lead,
    Verdict,
    lead,
    match_code,
)
from aibom.provenance.context import Context, label
from aibom.provenance.signals.attribution import attribution

_TOLD = 6
"""Classes that a statement tells; all of them are in the locators."""


def code_prints(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for the code as a whole where a family's code holds it, and for classes that others hold."""
    prints: dict[str, list[CodePrint]] = {}
    for item in context.inspected.prints_of(CodePrint):
        prints.setdefault(item.part, []).append(item)
    for part in sorted(prints):
        found = match_code(prints[part], context.catalog.code_prints)
        best = _lead(context, found)
        whole = [*_led(context, part, found, best)] if best else []
        yield from [*whole, *_classes(context, part, found, best)] or [_none(context, part, found)]


def _outside(context: Context, found: CodeMatch) -> list[FamilyScore]:
    """The ranking without the publisher's own families and those that became public after the target."""
    day = _day(context)
    return [
        item
        for item in found.ranked
        if not _is_own(context, item.family.model_type) and (day is None or item.family.released < day)
    ]


def _lead(context: Context, found: CodeMatch) -> Lead | None:
    """Where the code leads outside the publisher's group, if a family there holds enough of it."""
    outside = _outside(context, found)
    enough = found.verdict is Verdict.SHARES_LINEAGE and outside and outside[0].containment >= SHARED
    return lead(outside, context.catalog.inheritance.ancestors) if enough else None


def _led(context: Context, part: str, found: CodeMatch, best: Lead) -> Iterator[Claim]:
    """The claim on the code as a whole, and the attribution that its origin's licence asks."""
    whole = _whole(context, part, found, best)
    yield whole
    if whole.finding.rule == "code.print":
        yield from attribution(context, whole.finding, best.reference.family)


def _whole(context: Context, part: str, found: CodeMatch, best: Lead) -> Claim:
    held = [item for item in found.classes if not set(best.model_types).isdisjoint(item.carriers)]
    organisation = _developer(context, best.reference.family.model_type)
    own = _own_before(context, found, best)
    if own is not None:
        rule, said = "code.print-own", f"is held by the publisher's own family {own.family.model_type}"
        organisation = _developer(context, own.family.model_type)
    elif organisation is not None and _is_settled(context, found, best):
        rule, said = "code.print", f"shares code lineage with the family {best.model_types[0]}"
    else:
        rule, said = "code.print-related", f"is related to the code of {_several(best.model_types)}"
    return claim(
        rule,
        f"{_paths(found)} {said}{_by(organisation)}: {best.reference.containment:.0%} of it by weight"
        f"{_told(held)}.",
        inputs=(part, *best.model_types),
        part=part,
        parts=(part,) if organisation else (),
        organisations=(organisation,) if organisation else (),
        locators=_places(held) or [Locator(path) for path in found.paths],
        statistic=_statistic(found, best),
    )


def _own_before(context: Context, found: CodeMatch, best: Lead) -> FamilyScore | None:
    """A family of the publisher's own that holds the code no worse, and is not younger."""
    least, day = best.reference.containment, best.reference.family.released
    own = (item for item in found.ranked if _is_own(context, item.family.model_type))
    return next((item for item in own if item.containment >= least and item.family.released <= day), None)


def _is_settled(context: Context, found: CodeMatch, best: Lead) -> bool:
    """Whether the reference is older than the target, and no other family is as likely an origin.

    Others of the group must be made from the reference. A younger family of a third party that holds
    clearly more may stand for an older source that the catalogue dates too late.
    """
    oldest, *others = best.model_types
    known = all(oldest in context.catalog.inheritance.ancestors(other) for other in others)
    return known and _day(context) is not None and not _better_elsewhere(context, found, best)


def _better_elsewhere(context: Context, found: CodeMatch, best: Lead) -> bool:
    ours = _developer(context, best.reference.family.model_type)
    for item in found.ranked:
        if item.containment <= best.reference.containment + TIED:
            return False
        theirs = _developer(context, item.family.model_type)
        third = theirs is None or (ours is not None and not context.related(theirs, ours))
        if third and not _is_own(context, item.family.model_type) and item not in best.group:
            return True
    return False


def _day(context: Context) -> str | None:
    return context.released.isoformat() if context.released else None


def _classes(context: Context, part: str, found: CodeMatch, best: Lead | None) -> Iterator[Claim]:
    """Classes that the code as a whole does not account for, by the family that had them first."""
    spoken_for = frozenset(best.model_types if best else ())
    groups: dict[str, list[ClassMatch]] = {}
    for item in found.classes:
        if spoken_for.isdisjoint(item.carriers):
            groups.setdefault(item.reference.family.model_type, []).append(item)
    for model_type, items in sorted(groups.items()):
        organisation = _developer(context, model_type)
        own = _is_own(context, model_type)
        also = len({carrier for item in items for carrier in item.carriers}) - 1
        others = f" and of {also} other families" if also else ""
        whose = "the publisher's own family" if own else "the family"
        yield claim(
            "code.print-own" if own else "code.print-class",
            f"Classes of {_paths(found)} resemble those of {whose} {model_type}{_by(organisation)}{others}"
            f"{_told(items)}.",
            inputs=(part, model_type, *(item.query.name for item in items)),
            part=part,
            parts=(part,) if organisation else (),
            organisations=(organisation,) if organisation else (),
            locators=_places(items),
            statistic=Statistic("containment", min(item.containment for item in items), null=found.null),
        )


def _none(context: Context, part: str, found: CodeMatch) -> Claim:
    best = lead(_outside(context, found), context.catalog.inheritance.ancestors)
    if found.verdict is Verdict.INDETERMINATE:
        said = "holds too little modelling code of its own to be told from others"
    else:
        known = len(context.catalog.code_prints.families)
        said = f"matches no earlier code of another organisation, among that of {known} families"
    return claim(
        "code.print-none",
        f"{_paths(found)} {said}.",
        inputs=(part, found.verdict),
        part=part,
        statistic=_statistic(found, best) if best else None,
    )


def _statistic(found: CodeMatch, best: Lead) -> Statistic:
    runner_up = best.runner_up.containment if best.runner_up else None
    beside = f", runner-up {best.runner_up.family.model_type}" if best.runner_up else ""
    detail = f"group {', '.join(best.model_types)}{beside}; {found.tokens} tokens, weight {found.weight:.0f}"
    return Statistic("containment", best.reference.containment, found.null, runner_up, detail)


def _developer(context: Context, model_type: str) -> OrganisationRef | None:
    family = context.catalog.lineage.family(model_type)
    return context.organisation(family.organisation) if family and family.organisation else None


def _is_own(context: Context, model_type: str) -> bool:
    developer = _developer(context, model_type)
    return developer is not None and context.own(developer)


def _by(organisation: OrganisationRef | None) -> str:
    return f", first published by {label(organisation)}" if organisation else ""


def _several(model_types: Sequence[str]) -> str:
    if len(model_types) == 1:
        return f"the family {model_types[0]}"
    return f"{len(model_types)} families, the oldest of them {model_types[0]}"


def _paths(found: CodeMatch) -> str:
    return ", ".join(found.paths)


def _places(items: Sequence[ClassMatch]) -> list[Locator]:
    return [Locator(item.query.path, line=item.query.line) for item in items]


def _told(items: Sequence[ClassMatch]) -> str:
    """`; Router (x.py:12) as Glm4MoeTopkRouter of glm4_moe (1.00)`, for the first few."""
    told = [
        f"{item.query.name} ({item.query.path}:{item.query.line}) as {item.reference.name or 'functions'} "
        f"of {item.reference.family.model_type} ({item.containment:.2f})"
        for item in items[:_TOLD]
    ]
    more = [f"{len(items) - _TOLD} more"] if len(items) > _TOLD else []
    return "".join(f"; {text}" for text in (*told, *more))
