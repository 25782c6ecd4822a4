"""Where parts come from: organisations, findings, origins."""

from __future__ import annotations

from dataclasses import dataclass, field

from aibom.model.enums import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.model.files import Locator


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation as a finding names it.

    Attributes:
        id: registry id, or `hub:<namespace>` for a namespace that the registry does not know.
        name: for people.
        jurisdiction: ISO 3166-1 alpha-2 of the registered seat, `multi` for communities, or None.
        ultimate_jurisdiction: that of the ultimate parent; equal to `jurisdiction` without parent.
        source: how the name was resolved (`registry: namespace Qwen (unverified)`); a country
            never stands without it.
    """

    id: str
    name: str
    jurisdiction: str | None = None
    ultimate_jurisdiction: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Statistic:
    """What a finding measured, beside the null it was held against."""

    name: str
    value: float
    null: float | None = None
    runner_up: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim with its evidence, the innocent explanation, and a stable id.

    `id` is a hash of rule and inputs, so that it survives a re-run and can be contested. Wording:
    "matches", "names", "shares lineage with"; never "stolen", never "copied by".
    """

    id: str
    rule: str
    signal: Signal
    confidence: Confidence
    statement: str
    part: str | None = None
    layer: Layer | None = None
    severity: Severity = Severity.INFO
    alternative: str = ""
    contest: str = ""
    organisations: tuple[OrganisationRef, ...] = ()
    statistic: Statistic | None = None
    locators: tuple[Locator, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """What is concluded for one part and layer. `part` is a Part.id or `model` for the whole.

    `upstream` names the model (Hub id) where the origin is one; `findings` are the ids it rests on.
    `in_question` is True where the part declares an outside model family and its weights are
    untested: it moves no grade, and keeps the attainable level from being promised.
    """

    part: str
    layer: Layer
    relation: Relation
    evidence: Evidence
    organisations: tuple[OrganisationRef, ...] = ()
    upstream: str | None = None
    findings: tuple[str, ...] = ()
    in_question: bool = False


WHOLE_MODEL = "model"
"""The `Origin.part` of layers that no single part carries (data, licence, compute, governance)."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that provenance concluded."""

    publisher: OrganisationRef | None = None
    findings: tuple[Finding, ...] = ()
    origins: tuple[Origin, ...] = ()
    organisations: tuple[OrganisationRef, ...] = field(default=())
    """Every organisation that a finding or origin names, once, by id."""
