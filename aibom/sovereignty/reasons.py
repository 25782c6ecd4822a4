"""Sentences that say what holds the level where it is, the weakest part first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aibom.model import Layer, OrganisationRef, Origin, Relation
from aibom.sovereignty.judgement import HOME_GRADE, Judgement, Standing
from aibom.sovereignty.levels import ALL_HOME, BESIDE_WEIGHTS, floor, in_question
from aibom.sovereignty.profile import Profile

_DONE = {
    Relation.ORIGINAL: "the own work of",
    Relation.INSPIRED: "inspired by published work of",
    Relation.ADAPTED: "adapted from",
    Relation.DERIVED: "derived from",
    Relation.VERBATIM: "taken unchanged from",
    Relation.UNKNOWN: "of unknown relation to",
}

NO_HOME = "The profile has no home set: origins are reported and no grade is given."


def reasons(judged: Mapping[Layer, Sequence[Judgement]], profile: Profile) -> tuple[str, ...]:
    """One sentence per part whose weights hold the level, then per layer that does."""
    if not profile.home:
        return (NO_HOME,)
    held = [item for item in judged[Layer.WEIGHTS] if floor(item, profile) < ALL_HOME]
    held.sort(key=lambda item: (floor(item, profile), not item.core, item.subject))
    sentences = [_weights(item, profile) for item in held]
    sentences += [sentence for layer in BESIDE_WEIGHTS for sentence in _beside(layer, judged[layer])]
    unknown = [layer.value for layer in Layer if layer is not Layer.WEIGHTS and _unknown(judged[layer])]
    if unknown:
        sentences.append(f"Nothing is known of the origin of: {', '.join(unknown)}.")
    return tuple(sentences)


def _weights(item: Judgement, profile: Profile) -> str:
    origin = item.origin
    if item.grade is not None and origin is not None:
        said = (
            f"{item.subject}: weights {_DONE[origin.relation]} {_who(origin)}, evidence {item.evidence.name}"
        )
        if item.standing is Standing.HOME:
            return f"{said}; to count as home-made they need {profile.home_evidence.name}."
        return said + (", which the profile denies." if item.standing is Standing.DENIED else ".")
    if in_question(item) and origin is not None:
        return (
            f"{item.subject}: declares an outside family or model, {_who(origin)}; "
            "its weights were not tested (E0)."
        )
    if origin is not None and origin.relation is not Relation.UNKNOWN:
        return (
            f"{item.subject}: weights {_DONE[origin.relation]} {_who(origin)}, "
            f"whose jurisdiction is not known, evidence {item.evidence.name}."
        )
    if origin is not None and (origin.organisations or origin.upstream):
        return f"{item.subject}: names {_who(origin)}; how the weights relate to it was not tested (E0)."
    return f"{item.subject}: nothing is known of where the weights come from (E0)."


def _beside(layer: Layer, judged: Sequence[Judgement]) -> Iterator[str]:
    """One sentence per distinct origin of a layer that is known and not at home."""
    told: set[str] = set()
    for item in judged:
        if item.origin is None or item.grade is None or item.grade == HOME_GRADE:
            continue
        said = (
            f"{layer.value} {_DONE[item.origin.relation]} {_who(item.origin)}, evidence {item.evidence.name}."
        )
        if said not in told:
            told.add(said)
            yield f"{item.subject}: {said}"


def _unknown(judged: Sequence[Judgement]) -> bool:
    return all(item.grade is None for item in judged)


def _who(origin: Origin) -> str:
    names = ", ".join(_name(organisation) for organisation in origin.organisations)
    if origin.upstream:
        return f"{origin.upstream} of {names}" if names else f"{origin.upstream} (developer not known)"
    return names or "an unnamed origin"


def _name(organisation: OrganisationRef) -> str:
    """With both jurisdictions where they differ: they are shown, never merged."""
    seat = organisation.jurisdiction or "country not known"
    above = organisation.ultimate_jurisdiction
    return f"{organisation.name} ({seat}{f', ultimately {above}' if above not in (None, seat) else ''})"
