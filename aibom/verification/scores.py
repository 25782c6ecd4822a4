"""The score that the BOM states held against the one that its own origins give."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.scores import profile_of, recomputed
from aibom.model import Outcome, Result, Score
from aibom.verification.case import Case
from aibom.verification.rules import RULES

_TOLERANCE = 0.01
"""Points of 100: BOMs write two decimals."""


def check(case: Case) -> Iterator[Result]:
    """Arithmetic alone: whether the origins are right is another matter."""
    stated = case.claimed.score
    if stated is None:
        return
    profile = profile_of(stated)
    if profile is None:
        said = (
            f"the profile {stated.profile!r} of that digest is not known, so its score was not computed anew"
        )
        rule = RULES["score.not-comparable"]
        yield rule.gives(Outcome.UNDETERMINED, said, sides=(_words(stated), "not computed"))
        return
    own = recomputed(case.claimed, profile)
    sides = (_words(stated), _words(own))
    rule = RULES["score.contradicted"]
    if _equal(stated, own):
        yield rule.gives(
            Outcome.PASS, "the stated score is the one that the BOM's own origins give", sides=sides
        )
        return
    outcome = Outcome.FAIL if _flatters(stated, own) else Outcome.UNDETERMINED
    yield rule.gives(outcome, "the stated score is not the one that the BOM's own origins give", sides=sides)


def _equal(stated: Score, own: Score) -> bool:
    bounds = ((stated.lower, own.lower), (stated.upper, own.upper), (stated.coverage, own.coverage))
    levels = (stated.level, stated.ceiling) == (own.level, own.ceiling)
    return levels and all(abs(one - other) <= _TOLERANCE for one, other in bounds)


def _flatters(stated: Score, own: Score) -> bool:
    """Whether it states more than the origins give: a level, a ceiling, a bound, or what is known."""
    levels = ((stated.level, own.level), (stated.ceiling, own.ceiling))
    bounds = ((stated.lower, own.lower), (stated.upper, own.upper), (stated.coverage, own.coverage))
    return any((one or 0) > (other or 0) for one, other in levels) or any(
        one > other + _TOLERANCE for one, other in bounds
    )


def _words(score: Score) -> str:
    level = "no level" if score.level is None else f"level {score.level} of at most {score.ceiling}"
    bounds = f"{score.lower:.2f} to {score.upper:.2f} of 100"
    return f"{score.profile}: {level}, {bounds}, {score.coverage:.2f} known"
