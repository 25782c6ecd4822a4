"""What aibom's own properties say: origins, unknowns, depth and the score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote

from aibom.bom.claims import PREFIX
from aibom.bom.problem import pointer_to
from aibom.bom.properties import Property
from aibom.documents.cyclonedx.bom import Component, Object, entries
from aibom.documents.cyclonedx.organisations import Organisations
from aibom.documents.page import Page, member, stated, text
from aibom.formats.values import as_dict, as_float
from aibom.model import (
    Evidence,
    Layer,
    LayerScore,
    OrganisationRef,
    Origin,
    Relation,
    Score,
    Stage,
    Unknown,
)

_UNKNOWN = re.compile(r"([a-z]+): (.*?): (.*)", re.DOTALL)
_INTERVAL = re.compile(r"([0-9.]{1,20})\.\.([0-9.]{1,20}) of ([0-9.e+-]{1,20})")


def origins(
    owner: Component, part: str, organisations: Organisations, page: Page
) -> Iterator[Origin | Unknown]:
    """The origin of each layer that has one."""
    for layer in Layer:
        relation = owner.one(Property.ORIGIN_RELATION.of(layer))
        level = evidence(owner.one(Property.ORIGIN_EVIDENCE.of(layer)))
        if not relation:
            continue
        known = member(Relation, relation)
        if known is None or level is None:
            yield page.unknown(f"the origin of the {layer} layer cannot be read", owner.path)
            continue
        claims = owner.properties.get(Property.ORIGIN_FINDING.of(layer), ())
        yield Origin(
            part=part,
            layer=layer,
            relation=known,
            evidence=level,
            organisations=tuple(_named(owner, layer, organisations)),
            upstream=owner.one(Property.ORIGIN_UPSTREAM.of(layer)) or None,
            findings=tuple(sorted(unquote(each.removeprefix(PREFIX)) for each in claims)),
            in_question=owner.one(Property.ORIGIN_IN_QUESTION.of(layer)) == "true",
        )


def _named(owner: Component, layer: Layer, organisations: Organisations) -> Iterator[OrganisationRef]:
    """By id; a document that lists none has names alone, of which no country can be told."""
    idents = owner.properties.get(Property.ORIGIN_ORGANISATION_ID.of(layer), ())
    sources = owner.properties.get(Property.ORIGIN_SOURCE.of(layer), ())
    for ident in sorted(map(unquote, idents)):
        named = organisations.get(ident) or OrganisationRef(ident, ident)
        head = f"{named.name}: "
        source = next((each.removeprefix(head) for each in sources if each.startswith(head)), named.source)
        yield replace(named, source=source)
    if not idents:
        place = f"stated at {pointer_to((*owner.path, 'properties'))}"
        for name in sorted(owner.properties.get(Property.ORIGIN_ORGANISATION.of(layer), ())):
            yield stated(name, None, place)


def evidence(value: str) -> Evidence | None:
    """The level of `E3`, or None."""
    return Evidence.__members__.get(value)


def unknowns(values: Sequence[str]) -> Iterator[Unknown]:
    """`<stage>: <path>: <reason>`, as ours are written."""
    for value in values:
        match = _UNKNOWN.fullmatch(value)
        stage = member(Stage, match[1]) if match else None
        if match and stage:
            yield Unknown(match[2], stage, match[3])


def score(root: Object, subject: Component) -> Score | None:
    """The score as the document states it; None where it states none, or not in a form that can be read."""
    level = subject.one(Property.SCORE_LEVEL)
    weakest = evidence(subject.one(Property.SCORE_EVIDENCE))
    numbers = [_number(subject.one(name)) for name in (Property.SCORE_LOWER, Property.SCORE_UPPER)]
    coverage = _number(subject.one(Property.SCORE_COVERAGE))
    profile = subject.one(Property.SCORE_PROFILE)
    if not profile or weakest is None or coverage is None or (level and None in numbers):
        return None
    lower, upper = numbers
    return Score(
        profile=profile,
        profile_digest=subject.one(Property.SCORE_PROFILE_DIGEST),
        profile_date=subject.one(Property.SCORE_PROFILE_DATE),
        level=_level(level),
        ceiling=_level(subject.one(Property.SCORE_CEILING)),
        evidence=weakest,
        lower=lower or 0.0,
        upper=100.0 if upper is None else upper,
        coverage=coverage,
        layers=tuple(_layers(root, subject)),
        reasons=subject.properties.get(Property.SCORE_REASON, ()),
        home=subject.properties.get(Property.SCORE_HOME, ()),
    )


def _layers(root: Object, subject: Component) -> Iterator[LayerScore]:
    """Interval and weight by the properties, coverage by the attestation's confidence."""
    known = dict(_coverage(root))
    for layer in Layer:
        match = _INTERVAL.fullmatch(subject.one(Property.SCORE_LAYER.of(layer)))
        numbers = [_number(each) for each in match.groups()] if match else []
        if len(numbers) == 3 and None not in numbers:
            lower, upper, weight = (number or 0.0 for number in numbers)
            yield LayerScore(layer, weight, lower, upper, known.get(layer, 0.0))


def _coverage(root: Object) -> Iterator[tuple[str, float]]:
    for _, attestation in entries(as_dict(root.get("declarations")).get("attestations")):
        for _, row in entries(attestation.get("map")):
            share = as_float(as_dict(row.get("confidence")).get("score"))
            if share is not None:
                yield text(row.get("requirement")).rpartition(":")[2], share


def _level(value: str) -> int | None:
    return int(value) if value in ("0", "1", "2", "3", "4") else None


def _number(value: str) -> float | None:
    try:
        return as_float(float(value))
    except ValueError:
        return None
