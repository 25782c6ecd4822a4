"""What a profile makes of one origin: where its organisations stand, its grade, what stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aibom.model import WHOLE_MODEL, Evidence, Layer, OrganisationRef, Origin, Part, Relation, Role
from aibom.provenance.subjects import core, subjects
from aibom.sovereignty.profile import Profile

HOME_GRADE = 4


class Standing(StrEnum):
    """Where the organisations of an origin stand under a profile."""

    HOME = "home"
    OUTSIDE = "outside"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One subject of one layer.

    Attributes:
        subject: a part's id, or `model`.
        core: whether the subject is the model's core, or the model as a whole.
        share: its share of the layer that can be divided, at most 1 over all subjects.
        origin: what provenance concluded, if anything.
        standing: of the origin's organisations.
        grade: 0–4; None where relation or jurisdiction is not known, or the profile has no home.
        evidence: of the relation; E0 where that is not known.
        unknown: the share of the subject that stays unknown.
    """

    subject: str
    core: bool
    share: float
    origin: Origin | None
    standing: Standing
    grade: int | None
    evidence: Evidence
    unknown: float


def judge(
    parts: Sequence[Part], origins: Sequence[Origin], layer: Layer, profile: Profile
) -> tuple[Judgement, ...]:
    """Every subject of a layer, by id. `origins` holds at most one per part and layer.

    An adapter alone has a base that is not in the target: the model is then a subject of its own, whether
    anything is known of it or not.
    """
    concluded = {origin.part: origin for origin in origins if origin.layer is layer}
    spoken_of = subjects(parts, layer)
    names = [part.id for part in spoken_of]
    if WHOLE_MODEL in concluded or all(part.role is Role.ADAPTER for part in spoken_of):
        names.append(WHOLE_MODEL)
    cores = {part.id for part in core(parts)} | {WHOLE_MODEL}
    shares = _shares(names, {part.id: part.parameters for part in spoken_of}, layer)
    return tuple(
        _judgement(name, name in cores, shares[name], concluded.get(name), profile) for name in sorted(names)
    )


def _judgement(
    subject: str, is_core: bool, share: float, origin: Origin | None, profile: Profile
) -> Judgement:
    where = standing(origin.organisations, profile) if origin else Standing.UNKNOWN
    if origin is None or origin.relation is Relation.UNKNOWN or origin.evidence is Evidence.E0:
        return Judgement(subject, is_core, share, origin, where, None, Evidence.E0, 1.0)
    known = profile.unknown_share[origin.evidence]
    if not profile.home:
        return Judgement(subject, is_core, share, origin, where, None, origin.evidence, known)
    if where is Standing.UNKNOWN:
        return Judgement(subject, is_core, share, origin, where, None, origin.evidence, 1.0)
    grade = _grade(where, origin.relation, profile)
    return Judgement(subject, is_core, share, origin, where, grade, origin.evidence, known)


def _grade(where: Standing, relation: Relation, profile: Profile) -> int:
    if where is Standing.HOME:
        return HOME_GRADE
    return 0 if where is Standing.DENIED else profile.grades[relation]


def standing(organisations: Sequence[OrganisationRef], profile: Profile) -> Standing:
    """Denied if any is, else outside if any is, else unknown if any is or none is named, else home."""
    found = {_standing_of_one(organisation, profile) for organisation in organisations}
    for verdict in (Standing.DENIED, Standing.OUTSIDE, Standing.UNKNOWN):
        if verdict in found:
            return verdict
    return Standing.HOME if found else Standing.UNKNOWN


def _standing_of_one(organisation: OrganisationRef, profile: Profile) -> Standing:
    seats = (organisation.jurisdiction, organisation.ultimate_jurisdiction)
    if any(seat in profile.deny for seat in seats):
        return Standing.DENIED
    counted = seats if profile.ultimate else seats[:1]
    if any(seat is not None and seat not in profile.home for seat in counted):
        return Standing.OUTSIDE
    return Standing.UNKNOWN if None in counted else Standing.HOME


def _shares(names: Sequence[str], parameters: dict[str, int | None], layer: Layer) -> dict[str, float]:
    """Each subject's share of a layer.

    Within weights and architecture half goes by parameters and half equally, for a pure parameter
    share would hide a frozen small encoder. Where some part's parameters are not known, the half by
    parameters cannot be divided and stays unknown.
    """
    equal = 1 / len(names)
    if layer not in (Layer.WEIGHTS, Layer.ARCHITECTURE) or len(names) == 1:
        return dict.fromkeys(names, equal)
    counts = [parameters.get(name) for name in names]
    if None in counts:
        return dict.fromkeys(names, equal / 2)
    total = sum(count or 0 for count in counts)
    if total == 0:
        return dict.fromkeys(names, equal)
    return {name: equal / 2 + (parameters[name] or 0) / total / 2 for name in names}
