"""The level: a gate that the weakest trained part sets; and the highest that the evidence leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aibom.model import Evidence, Layer
from aibom.sovereignty.judgement import HOME_GRADE, Judgement, Standing
from aibom.sovereignty.profile import Profile

HOME_MADE = 3
"""Grades from here on count as home-made weights: nothing of another's weights is in them."""
ALL_HOME = 3
EVERYTHING_HOME = 4

BESIDE_WEIGHTS = (
    Layer.ARCHITECTURE,
    Layer.CODE,
    Layer.TOKENIZER,
    Layer.DATA,
    Layer.LICENCE,
    Layer.GOVERNANCE,
)
"""Layers that level 4 asks for beside the weights; `architecture` is the design."""


def level(judged: Mapping[Layer, Sequence[Judgement]], profile: Profile) -> int:
    """The highest level that is shown: what is not known counts against it."""
    weights = min(floor(item, profile) for item in judged[Layer.WEIGHTS])
    others = (item for layer in BESIDE_WEIGHTS for item in judged[layer])
    if weights == ALL_HOME and all(
        item.grade == HOME_GRADE and item.evidence >= profile.home_evidence for item in others
    ):
        return EVERYTHING_HOME
    return weights


def ceiling(judged: Mapping[Layer, Sequence[Judgement]]) -> int:
    """The highest level that is still open: what is not known counts in its favour."""
    weights = min(limit(item) for item in judged[Layer.WEIGHTS])
    others = (item for layer in BESIDE_WEIGHTS for item in judged[layer])
    if weights == ALL_HOME and all(item.grade in (None, HOME_GRADE) for item in others):
        return EVERYTHING_HOME
    return weights


def floor(item: Judgement, profile: Profile) -> int:
    """The level that one part's weights carry by what is shown.

    A claim in the vendor's favour needs the profile's `home_evidence`; one against it needs none
    beyond the declaration.
    """
    shown = item.grade is not None and (item.grade < HOME_MADE or item.evidence >= profile.home_evidence)
    if shown:
        return limit(item)
    return 0 if item.core else 2


def limit(item: Judgement) -> int:
    """The level that one part's weights still allow."""
    if item.grade is None:
        return 2 if in_question(item) and not item.core else ALL_HOME
    if item.grade >= HOME_MADE:
        return ALL_HOME
    if not item.core:
        return 2
    return 1 if item.grade > 0 else 0


def in_question(item: Judgement) -> bool:
    """Whether the part declares an outside family or model and its weights are untested."""
    return item.origin is not None and item.origin.in_question and item.standing is not Standing.HOME


def weakest(judged: Sequence[Judgement]) -> Evidence:
    """The weakest evidence over the judged parts."""
    return min((item.evidence for item in judged), default=Evidence.E0)
