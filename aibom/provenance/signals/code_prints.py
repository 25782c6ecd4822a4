"""Prints of the shipped code, held against the modelling code of known families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.model import CodePrint, Locator, OrganisationRef, Statistic, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.code_match import (
    SHARED,
    ClassMatch,
    CodeMatch,
    FamilyScore,
    Lead,
    Verdict,
    lead,
    match_code,
)
from aibom.provenance.context import Context, label

_TOLD = 6
"""Classes that a statement tells; all of them are in the locators."""


def code_prints(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for the code as a whole where a family's code holds it, and for classes that others hold."""
    prints: dict[str, list[CodePrint]] = {}
    for item in context.inspected.prints:
        if isinstance(item, CodePrint):
            prints.setdefault(item.part, []).append(item)
    until = context.released.isoformat() if context.released else None
    for part in sorted(prints):
        found = match_code(prints[part], context.catalog.code_prints, until=until)
        claims = [*_whole(context, part, found), *_classes(context, part, found)]
        yield from claims or [_none(context, part, found)]


def _whole(context: Context, part: str, found: CodeMatch) -> Iterator[Claim]:
    best = _lead(context, found)
    if best is None:
        return
    held = [item for item in found.classes if not set(best.model_types).isdisjoint(item.carriers)]
    organisation = _developer(context, best.reference.family.model_type)
    own = _own_before(context, found, best)
    if own is not None:
        rule, said = "code.print-own", f"is held by the publisher's own family {own.family.model_type}"
        organisation = _developer(context, own.family.model_type)
    elif organisation is not None and context.released and _one_lineage(context, best):
        rule, said = "code.print", f"shares code lineage with the family {best.model_types[0]}"
    else:
        rule, said = "code.print-related", f"is related to the code of {_several(best.model_types)}"
    yield claim(
        rule,
        f"{_paths(found)} {said}{_by(organisation)}: {best.group[0].containment:.0%} of it by weight"
        f"{_told(held)}.",
        inputs=(part, *best.model_types),
        part=part,
        parts=(part,) if organisation else (),
        organisations=(organisation,) if organisation else (),
        locators=_places(held),
        statistic=_statistic(found, best),
    )


def _lead(context: Context, found: CodeMatch) -> Lead | None:
    """The leading group of families outside the publisher's group, where it holds enough of the code."""
    outside = [item for item in found.ranked if not _is_own(context, item.family.model_type)]
    best = lead(outside) if found.verdict is Verdict.SHARES_LINEAGE else None
    return best if best is not None and outside[0].containment >= SHARED else None


def _own_before(context: Context, found: CodeMatch, best: Lead) -> FamilyScore | None:
    """A family of the publisher's own that holds the code no worse, and is not younger."""
    least, day = best.reference.containment, best.reference.family.released
    own = (item for item in found.ranked if _is_own(context, item.family.model_type))
    return next((item for item in own if item.containment >= least and item.family.released <= day), None)


def _one_lineage(context: Context, best: Lead) -> bool:
    """Whether the others of the group are known to be made from its oldest."""
    oldest, *others = best.model_types
    return all(oldest in context.catalog.inheritance.ancestors(other) for other in others)


def _classes(context: Context, part: str, found: CodeMatch) -> Iterator[Claim]:
    """Classes that the code as a whole does not account for, by the family that had them first."""
    best = _lead(context, found)
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
    best = lead(found.ranked)
    if found.verdict is Verdict.INDETERMINATE:
        said = "holds too little modelling code of its own to be told from others"
    else:
        said = f"matches the code of none of {len(context.catalog.code_prints.families)} families"
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
    return Statistic("containment", best.group[0].containment, found.null, runner_up, detail)


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
