"""The sovereignty score: a level (gate) and an interval (ranking aid), never one number."""

from __future__ import annotations

from dataclasses import dataclass

from aibom.model.enums import Evidence, Layer


@dataclass(frozen=True, slots=True)
class LayerScore:
    """One layer. `lower` and `upper` are shares of 1; `weight` is the profile's, in points of 100."""

    layer: Layer
    weight: float
    lower: float
    upper: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Score:
    """The result under one profile.

    Attributes:
        profile: id of the profile; `profile_digest` its SHA-256; `profile_date` its date.
        level: 0–4, the minimum over trained parts; None where the profile has no home.
        ceiling: the highest level that the evidence at hand leaves open; None likewise.
        evidence: the weakest weights evidence over trained parts (printed `3/E2`).
        lower, upper: bounds in points of 100.
        coverage: points of 100 that are known.
        reasons: one sentence per thing that holds the level where it is, the weakest part first.
    """

    profile: str
    profile_digest: str
    profile_date: str
    level: int | None
    ceiling: int | None
    evidence: Evidence
    lower: float
    upper: float
    coverage: float
    layers: tuple[LayerScore, ...] = ()
    reasons: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
