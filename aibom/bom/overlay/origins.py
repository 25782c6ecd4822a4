"""Who is behind the model and its parts, as properties; and the score, for simple consumers."""

from __future__ import annotations

from aibom.bom import facts, refs
from aibom.bom.overlay.common import Components, add_properties
from aibom.bom.properties import STAGES, Property, entry
from aibom.bom.refs import Refs
from aibom.formats.values import clean
from aibom.model import (
    DESCENT,
    WHOLE_MODEL,
    Analysis,
    Confidence,
    OrganisationRef,
    Origin,
    Part,
    Provenance,
    Role,
    Score,
)

Entries = list[dict[str, str]]
_MARKS = {Role.TOKENIZER: Property.TOKENIZER, Role.CHAT_TEMPLATE: Property.CHAT_TEMPLATE}


def lay(components: Components, analysis: Analysis, names: Refs) -> None:
    """Properties of the model, its parts and its datasets."""
    root = components[names.root]
    add_properties(root, _model(analysis))
    add_properties(root, _organisations(analysis.provenance))
    add_properties(root, _score(analysis.score))
    withheld = {f.part for f in analysis.provenance.findings if f.confidence is Confidence.WITHHELD}
    if None in withheld:
        add_properties(root, [Property.DISCLOSURE.entry("withheld")])
    owners = {WHOLE_MODEL: root}
    for part in analysis.inspected.parts:
        owners[part.id] = components[names.part(part)]
        add_properties(owners[part.id], _part(part, withheld=part.id in withheld))
    for origin in analysis.provenance.origins:
        add_properties(owners.get(origin.part, root), _origin(origin))
    for key, uses in facts.datasets(analysis).items():
        purposes = (Property.DATASET_PURPOSE.entry(use.purpose) for use in uses)
        add_properties(components[refs.dataset(key)], purposes)


def manufacturer(organisation: OrganisationRef) -> Entries:
    """What `manufacturer` has no place for: the registry's id, the parent's country, the source."""
    entries = [Property.MANUFACTURER_ID.entry(organisation.id)]
    if source := facts.source(organisation):
        entries.append(Property.MANUFACTURER_SOURCE.entry(source))
        entries += _filled(Property.MANUFACTURER_COUNTRY, organisation.jurisdiction)
        entries += _filled(Property.MANUFACTURER_ULTIMATE, organisation.ultimate_jurisdiction)
    return entries


def _model(analysis: Analysis) -> Entries:
    entries: Entries = []
    if analysis.provenance.publisher:
        entries += manufacturer(analysis.provenance.publisher)
    count = facts.parameters(analysis)
    if count is not None:
        entries.append(Property.PARAMETERS.entry(count))
    entries += map(Property.MODALITY.entry, facts.modalities(analysis))
    for declaration in analysis.inspected.declarations:
        if declaration.kind in DESCENT and clean(declaration.value):
            entries.append(Property.DECLARED_ANCESTOR.entry(declaration.value))
            if declaration.relation:
                relation = f"{declaration.value} {declaration.relation}"
                entries.append(Property.DECLARED_RELATION.entry(relation))
    hub = analysis.target.hub
    if hub:
        entries += _filled(Property.HUB_CREATED, hub.created)
        entries += _filled(Property.HUB_MODIFIED, hub.modified)
        entries += _filled(Property.HUB_GATED, hub.gated)
        entries.append(Property.HUB_PRIVATE.entry(hub.private))
    return entries


def _organisations(provenance: Provenance) -> Entries:
    """The organisations once, so that an origin or a claim that names several keeps their countries apart."""
    entries: Entries = []
    groups = [provenance.organisations, *(item.organisations for item in provenance.origins)]
    groups += (item.organisations for item in provenance.findings)
    for organisation in {each.id: each for group in reversed(groups) for each in group}.values():
        ident = refs.organisation_id(organisation.id)
        entries.append(entry(Property.ORGANISATION_NAME.of(ident), organisation.name))
        if source := facts.source(organisation):
            ultimate = organisation.ultimate_jurisdiction or ""
            entries.append(entry(Property.ORGANISATION_SOURCE.of(ident), source))
            entries.append(entry(Property.ORGANISATION_COUNTRY.of(ident), organisation.jurisdiction or ""))
            entries.append(entry(Property.ORGANISATION_ULTIMATE.of(ident), ultimate))
    return entries


def _part(part: Part, *, withheld: bool) -> Entries:
    entries = [
        Property.PART_ID.entry(part.id),
        Property.PART_ROLE.entry(part.role),
        Property.PART_DECLARED.entry(part.declared),
        Property.PART_PRESENT.entry(part.present),
    ]
    if part.alternative:
        entries.append(Property.PART_ALTERNATIVE.entry(True))
    if part.role in _MARKS:
        entries.append(_MARKS[part.role].entry(True))
    if part.parameters is not None:
        entries.append(Property.PARAMETERS.entry(part.parameters))
    if part.tensors is not None:
        entries.append(Property.TENSORS.entry(part.tensors))
    entries += [Property.DTYPE.entry(f"{kind} {count}") for kind, count in part.dtypes]
    if withheld or facts.declared_only(part):
        entries.append(Property.DISCLOSURE.entry("withheld" if withheld else "unknown"))
    return entries


def _origin(origin: Origin) -> Entries:
    layer = origin.layer
    entries = [
        entry(Property.ORIGIN_RELATION.of(layer), origin.relation),
        entry(Property.ORIGIN_EVIDENCE.of(layer), f"E{origin.evidence.value}"),
    ]
    if layer in STAGES:
        entries.append(entry(Property.ORIGIN_STAGE.of(layer), STAGES[layer]))
    if origin.upstream:
        entries.append(entry(Property.ORIGIN_UPSTREAM.of(layer), origin.upstream))
    if origin.in_question:
        entries.append(entry(Property.ORIGIN_IN_QUESTION.of(layer), True))
    entries += [entry(Property.ORIGIN_FINDING.of(layer), refs.claim(ident)) for ident in origin.findings]
    for organisation in origin.organisations:
        name = organisation.name
        entries.append(entry(Property.ORIGIN_ORGANISATION.of(layer), name))
        ident = refs.organisation_id(organisation.id)
        entries.append(entry(Property.ORIGIN_ORGANISATION_ID.of(layer), ident))
        if source := facts.source(organisation):
            entries.append(entry(Property.ORIGIN_SOURCE.of(layer), f"{name}: {source}"))
            entries.append(entry(Property.ORIGIN_COUNTRY.of(layer), organisation.jurisdiction or ""))
            ultimate = organisation.ultimate_jurisdiction or ""
            entries.append(entry(Property.ORIGIN_ULTIMATE.of(layer), ultimate))
    return entries


def _score(score: Score) -> Entries:
    """Level and interval only under a profile with a home; without one there is nothing to grade."""
    entries = [
        Property.SCORE_PROFILE.entry(score.profile),
        Property.SCORE_PROFILE_DATE.entry(score.profile_date),
        Property.SCORE_PROFILE_DIGEST.entry(score.profile_digest),
        Property.SCORE_EVIDENCE.entry(f"E{score.evidence.value}"),
        Property.SCORE_COVERAGE.entry(points(score.coverage)),
        *map(Property.SCORE_HOME.entry, score.home),
        *(Property.SCORE_REASON.entry(reason) for reason in score.reasons),
    ]
    if score.level is None:
        return entries
    entries += [
        Property.SCORE_LEVEL.entry(score.level),
        Property.SCORE_LOWER.entry(points(score.lower)),
        Property.SCORE_UPPER.entry(points(score.upper)),
    ]
    entries += _filled(Property.SCORE_CEILING, None if score.ceiling is None else str(score.ceiling))
    for layer in score.layers:
        interval = f"{layer.lower:.3f}..{layer.upper:.3f} of {layer.weight:g}"
        entries.append(entry(Property.SCORE_LAYER.of(layer.layer), interval))
    return entries


def points(number: float) -> str:
    """Points of 100 with two decimals."""
    return f"{number:.2f}"


def _filled(name: Property, text: str | None) -> Entries:
    return [name.entry(text)] if text else []
