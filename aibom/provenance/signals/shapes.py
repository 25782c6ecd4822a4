"""Shape prints of the trained parts, held against the signatures of known families."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.catalog import Family
from aibom.model import OrganisationRef, Part, Role, ShapePrint, Statistic, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.published_lineage import descents
from aibom.provenance.shape_match import ShapeMatch, Verdict, match_shapes
from aibom.provenance.signals.families import declared_types
from aibom.provenance.subjects import trained

MATCHES = 0.9
"""Similarity from which an encoder that declares nothing is said to match."""
STANDS_OUT = 0.1
"""Margin over every group outside the shortlist that such a match needs."""

_ROLES = frozenset(
    {Role.DECODER_CORE, Role.EXPERTS, Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER}
)
"""Parts with enough tensors of their own, and enough known families, for a print to tell."""
_TOLD = 4
_FEW = 3
"""Organisations that a shortlist names; with more it names nobody."""


def shapes(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each part that resembles known families."""
    declared: dict[str, list[Family]] = {}
    for family, parts in declared_types(context):
        for ident in parts:
            declared.setdefault(ident, []).append(family)
    counted = {part.id: part for part in trained(context.inspected.parts) if part.role in _ROLES}
    for item in context.inspected.prints_of(ShapePrint):
        part = counted.get(item.part)
        if part is None:
            continue
        found = match_shapes(item, part.role, context.catalog.signatures)
        if found.verdict is Verdict.RESEMBLES:
            yield _claim(context, part, item, found, declared.get(part.id, []))


def _claim(
    context: Context, part: Part, item: ShapePrint, found: ShapeMatch, declared: list[Family]
) -> Claim:
    organisations = _organisations(context, found)
    outside = _declared_outside(context, found, declared)
    sole = None if declared else _sole_origin(context, part, found)
    if outside:
        rule, named = "architecture.corroborates-declared", outside
        said = f"has the tensors of the declared family, as has every part of {_group(found)}"
    elif sole:
        rule, named = "architecture.matches-encoder", (sole,)
        said = f"declares no family and matches {_group(found)}, first published by {label(sole)}"
    else:
        rule, named = "architecture.resembles", organisations if len(organisations) <= _FEW else ()
        said = f"resembles {_group(found)}: a shortlist, no origin"
    return claim(
        rule,
        f"{part.id} {said}. Its weights were not tested.",
        inputs=(part.id, *found.model_types),
        part=part.id,
        parts=(part.id,),
        organisations=named,
        locators=(item.locator,) if item.locator else (),
        statistic=_statistic(found),
    )


def _declared_outside(
    context: Context, found: ShapeMatch, declared: list[Family]
) -> tuple[OrganisationRef, ...]:
    """The developers, outside the publisher's group, of declared families that are in the shortlist."""
    members = {
        known.model_type for name in found.model_types if (known := context.catalog.lineage.family(name))
    }
    named = {
        family.organisation
        for family in declared
        if family.organisation and family.model_type in members.union(found.model_types)
    }
    refs = (context.organisation(ident) for ident in sorted(named))
    return tuple(ref for ref in refs if not context.own(ref))


def _sole_origin(context: Context, part: Part, found: ShapeMatch) -> OrganisationRef | None:
    """The one outside organisation that an encoder beside the core matches, or None.

    All members are its own or the publisher's, or have that part made from one of its families.
    """
    if part.id not in context.separable_parts() or not _stands_out(found):
        return None
    first, *others = found.model_types
    source = _developer(context, first)
    if source is None or context.own(source) or not _is_older(context, found):
        return None
    for name in others:
        developer = _developer(context, name)
        ours = developer is not None and (context.own(developer) or context.related(developer, source))
        if not ours and not _descends(context, name, part.role, source):
            return None
    return source


def _is_older(context: Context, found: ShapeMatch) -> bool:
    """Whether the shortlist was public before the target, where it is known when that was published."""
    days = [member.released for group in found.groups for member in group.members if member.released]
    return context.released is None or (bool(days) and min(days) < context.released.isoformat())


def _descends(context: Context, model_type: str, role: Role, source: OrganisationRef) -> bool:
    """Whether a family's part of that role is made from one of that organisation."""
    family = context.catalog.lineage.family(model_type)
    found = descents(context.catalog.inheritance, family.model_type if family else model_type)
    developers = (_developer(context, item.parent) for item in found if item.role is role)
    return any(item is not None and context.related(item, source) for item in developers)


def _stands_out(found: ShapeMatch) -> bool:
    return found.similarity >= MATCHES and found.margin >= STANDS_OUT


def _organisations(context: Context, found: ShapeMatch) -> tuple[OrganisationRef, ...]:
    known = (_developer(context, name) for name in found.model_types)
    by_id = {item.id: item for item in known if item is not None}
    return tuple(by_id[ident] for ident in sorted(by_id))


def _developer(context: Context, model_type: str) -> OrganisationRef | None:
    family = context.catalog.lineage.family(model_type)
    return context.organisation(family.organisation) if family and family.organisation else None


def _group(found: ShapeMatch) -> str:
    names = found.model_types
    more = f", and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"a group of families ({', '.join(names[:_TOLD])}{more})"


def _statistic(found: ShapeMatch) -> Statistic:
    second = found.runner_up_group
    detail = f"runner-up {second.model_types[0]}; " if second else ""
    detail += "the null is what 19 of 20 families outside the group stay under"
    return Statistic("similarity of names and shapes", found.similarity, found.null, found.runner_up, detail)
