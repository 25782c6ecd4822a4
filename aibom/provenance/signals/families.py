"""Declared architecture families, part by part: model types and class names held against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aibom.catalog import Family
from aibom.model import Declaration, DeclarationKind, Locator, OrganisationRef, Stage, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label

_RULES = {
    DeclarationKind.MODEL_TYPE: "declared.model-type",
    DeclarationKind.ARCHITECTURE: "declared.architecture-class",
}


@dataclass(frozen=True, slots=True)
class _Named:
    """One family as one kind of declaration on one part names it."""

    kind: DeclarationKind
    part: str | None
    family: Family
    organisation: OrganisationRef
    values: tuple[str, ...]
    locators: tuple[Locator, ...]


def families(context: Context) -> Iterator[Claim | Unknown]:
    """Claims on architecture; for encoders beside the core also that their weights are in question."""
    found = _named(context)
    spoken_for = {item.part for item in found if item.part is not None}
    for item in found:
        yield _architecture(context, item, spoken_for)
    yield from _encoders(context, found, spoken_for)
    yield from _unresolved(context)


def families_by_part(context: Context) -> dict[str, tuple[OrganisationRef, ...]]:
    """Who developed the families that a part declares, by part; parts that declare none are left out."""
    result: dict[str, tuple[OrganisationRef, ...]] = {}
    for item in _named(context):
        if item.part is not None:
            result[item.part] = (*result.get(item.part, ()), item.organisation)
    return result


def declared_types(context: Context) -> Iterator[tuple[Family, tuple[str, ...]]]:
    """The families that model types name, each with the parts that it speaks for."""
    found = [item for item in _named(context) if item.kind is DeclarationKind.MODEL_TYPE]
    spoken_for = {item.part for item in found if item.part is not None}
    for item in found:
        yield item.family, context.implemented_with(item.part, spoken_for)


def _named(context: Context) -> list[_Named]:
    """Declarations by kind, part and family, sorted; families of nobody are left out."""
    groups: dict[tuple[str, str, str], tuple[Family, list[Declaration]]] = {}
    for item in context.inspected.declarations:
        family = family_of(context, item)
        if family is not None and family.organisation:
            key = (item.kind.value, item.part or "", family.model_type)
            groups.setdefault(key, (family, []))[1].append(item)
    return [_group(context, *groups[key]) for key in sorted(groups)]


def _field(kind: DeclarationKind, value: str) -> str:
    """What is declared; classes begin with a capital letter, models of timm are written small."""
    if kind is DeclarationKind.MODEL_TYPE:
        return "model type"
    return "timm model" if value.islower() else "class"


def _group(context: Context, family: Family, items: list[Declaration]) -> _Named:
    return _Named(
        items[0].kind,
        items[0].part,
        family,
        context.organisation(family.organisation or ""),
        tuple(sorted({item.value for item in items})),
        tuple(item.locator for item in items),
    )


def family_of(context: Context, item: Declaration) -> Family | None:
    """The family that a model type, class or timm model stands for; None where the catalogue knows none."""
    if item.kind is DeclarationKind.MODEL_TYPE:
        return context.catalog.lineage.family(item.value)
    if item.kind is DeclarationKind.ARCHITECTURE:
        lineage = context.catalog.lineage
        return lineage.family_of_class(item.value) or lineage.family_of_network(item.value)
    return None


def _architecture(context: Context, item: _Named, spoken_for: set[str]) -> Claim:
    own = context.own(item.organisation)
    where = item.part or "The model"
    values = ", ".join(item.values)
    if own:
        said = f"a family of the publisher's own group, {label(item.organisation)}; a name shows no origin"
    else:
        said = (
            f"the architecture family {item.family.model_type}, first published by {label(item.organisation)}"
        )
    return claim(
        "declared.own-family" if own else _RULES[item.kind],
        f"{where} declares the {_field(item.kind, item.values[0])} {values}: {said}.",
        inputs=(item.kind, item.part, *item.values),
        part=item.part,
        parts=context.implemented_with(item.part, spoken_for),
        organisations=(item.organisation,),
        locators=item.locators,
    )


def _encoders(context: Context, found: list[_Named], spoken_for: set[str]) -> Iterator[Claim]:
    outside: dict[tuple[str, str], list[_Named]] = {}
    for item in found:
        if not context.own(item.organisation):
            for part in _encoders_of(context, item, spoken_for):
                outside.setdefault((part, item.family.model_type), []).append(item)
    for (part, model_type), items in sorted(outside.items()):
        organisation = items[0].organisation
        yield claim(
            "declared.encoder-family",
            f"{part} is declared as of the family {model_type} of {label(organisation)}; "
            "its weights were not tested, so whether they are that family's is not known.",
            inputs=(part, model_type),
            part=part,
            parts=(part,),
            organisations=(organisation,),
            locators=[locator for item in items for locator in item.locators],
        )


def _encoders_of(context: Context, item: _Named, spoken_for: set[str]) -> set[str]:
    """The encoders beside the core that a declaration speaks for.

    One on the whole model speaks for them only where the family is composed of several networks; a
    causal language model has no encoder.
    """
    composed = any(name.endswith("ForConditionalGeneration") for name in item.family.classes)
    if item.part is None and not composed:
        return set()
    return set(context.implemented_with(item.part, spoken_for)) & context.separable_parts()


def _unresolved(context: Context) -> Iterator[Unknown]:
    """One Unknown per part of which no declaration names a known family."""
    items = [item for item in context.inspected.declarations if item.kind in _RULES]
    known = {item.part for item in items if family_of(context, item) is not None}
    told: set[str | None] = set()
    for item in items:
        if item.part not in known and item.part not in told:
            told.add(item.part)
            reason = f"{_field(item.kind, item.value)} {item.value!r} is in no known architecture family"
            yield Unknown(item.locator.path, Stage.PROVENANCE, reason)
