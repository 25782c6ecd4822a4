"""The sovereignty score: a level and an interval under a dated profile, never one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

from aibom.model import Layer, LayerScore, Origin, Part, Score
from aibom.sovereignty.judgement import HOME_GRADE, Judgement, Standing, judge
from aibom.sovereignty.levels import ceiling, level, weakest
from aibom.sovereignty.profile import Profile, load_profile, profile_document, profile_of, shipped
from aibom.sovereignty.reasons import reasons, who

__all__ = [
    "Judgement",
    "Profile",
    "Standing",
    "assess",
    "judge",
    "load_profile",
    "profile_document",
    "profile_of",
    "shipped",
    "who",
]

_DIGITS = 6
"""Decimals of shares; points of 100 keep two fewer."""


def assess(parts: Sequence[Part], origins: Sequence[Origin], profile: Profile) -> Score:
    """The score of a model under a profile.

    `origins` holds at most one origin per part and layer, as provenance concludes them. Order of
    parts and origins does not matter.
    """
    judged = {layer: judge(parts, origins, layer, profile) for layer in Layer}
    layers = tuple(_layer(layer, judged[layer], profile) for layer in Layer)
    graded = bool(profile.home)
    return Score(
        profile=profile.id,
        profile_digest=profile.digest,
        profile_date=profile.date,
        level=level(judged, profile) if graded else None,
        ceiling=ceiling(judged) if graded else None,
        evidence=weakest(judged[Layer.WEIGHTS]),
        lower=_points({item.layer: item.lower for item in layers}, profile),
        upper=_points({item.layer: item.upper for item in layers}, profile),
        coverage=_points({item.layer: item.coverage for item in layers}, profile),
        layers=layers,
        reasons=reasons(judged, profile),
        home=profile.home,
    )


def _layer(layer: Layer, judged: Sequence[Judgement], profile: Profile) -> LayerScore:
    """lower = Σ share·(1−u)·grade/4, upper = lower + Σ share·u, with what no share covers unknown too.

    Without a home set nothing is graded: [0, 1], and coverage tells how much is known.
    """
    coverage = min(1.0, fsum(item.share * (1 - item.unknown) for item in judged))
    lower = fsum(item.share * (1 - item.unknown) * (item.grade or 0) / HOME_GRADE for item in judged)
    upper = lower + 1 - coverage if profile.home else 1.0
    return LayerScore(
        layer=layer,
        weight=profile.weights[layer],
        lower=round(min(lower, 1.0), _DIGITS),
        upper=round(min(upper, 1.0), _DIGITS),
        coverage=round(coverage, _DIGITS),
    )


def _points(values: Mapping[Layer, float], profile: Profile) -> float:
    """Σ weight·value over the layers, in points of 100."""
    return round(fsum(profile.weights[layer] * value for layer, value in values.items()), _DIGITS - 2)
