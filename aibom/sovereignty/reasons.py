"""Sentences that say what holds the level where it is, the weakest part first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aibom.model import Evidence, Layer, OrganisationRef, Origin, Relation
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
    """One sentence per state that holds the level, with the parts it holds for: weights, then layers."""
    if not profile.home:
        return (NO_HOME,)
    held = [item for item in judged[Layer.WEIGHTS] if floor(item, profile) < ALL_HOME]
    held.sort(key=lambda item: (floor(item, profile), not item.core, item.subject))
    sentences = _sentences((item.subject, _weights(item, profile)) for item in held)
    for layer in BESIDE_WEIGHTS:
        sentences += _sentences(_beside(layer, judged[layer]))
    unknown = [layer.value for layer in Layer if layer is not Layer.WEIGHTS and _unknown(judged[layer])]
    if unknown:
        sentences.append(f"Nothing is known of the origin of: {', '.join(unknown)}.")
    return tuple(sentences)


def _sentences(said: Iterable[tuple[str, str]]) -> list[str]:
    """Subjects of which the same is said are named together, where the first of them stands."""
    subjects: dict[str, list[str]] = {}
    for subject, predicate in said:
        subjects.setdefault(predicate, []).append(subject)
    return [f"{', '.join(names)}: {predicate}" for predicate, names in subjects.items()]


def _weights(item: Judgement, profile: Profile) -> str:
    origin = item.origin
    if origin is None or not (origin.organisations or origin.upstream):
        return "nothing is known of where the weights come from (E0)."
    if in_question(item):
        return f"declares an outside family or model, {who(origin)}; its weights were not tested (E0)."
    if item.evidence is Evidence.E0:
        return f"names {who(origin)}; how the weights relate to it was not tested (E0)."
    said = f"weights {_DONE[origin.relation]} {who(origin)}, evidence {item.evidence.name}"
    return said + _why(item, profile)


def _why(item: Judgement, profile: Profile) -> str:
    """What makes a known relation hold the level."""
    if item.grade is None:
        return "; the jurisdiction is not known."
    if item.standing is Standing.HOME:
        return f"; to count as home-made they need {profile.home_evidence.name}."
    return ", which the profile denies." if item.standing is Standing.DENIED else "."


def _beside(layer: Layer, judged: Sequence[Judgement]) -> Iterator[tuple[str, str]]:
    """What is known of a layer and not at home."""
    for item in judged:
        if item.origin is not None and item.grade is not None and item.grade != HOME_GRADE:
            done = f"{layer.value} {_DONE[item.origin.relation]} {who(item.origin)}"
            yield item.subject, f"{done}, evidence {item.evidence.name}."


def _unknown(judged: Sequence[Judgement]) -> bool:
    return all(item.grade is None for item in judged)


def who(origin: Origin) -> str:
    """Whom an origin names: the model, its organisations, and their jurisdictions."""
    names = ", ".join(_name(organisation) for organisation in origin.organisations)
    if origin.upstream:
        return f"{origin.upstream} of {names}" if names else f"{origin.upstream} (developer not known)"
    return names or "an unnamed origin"


def _name(organisation: OrganisationRef) -> str:
    """With both jurisdictions where they differ: they are shown, never merged."""
    seat = organisation.jurisdiction or "country not known"
    above = organisation.ultimate_jurisdiction
    return f"{organisation.name} ({seat}{f', ultimately {above}' if above not in (None, seat) else ''})"
