"""The score that the BOM states held against the one that its own origins give."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.scores import TOLERANCE, profile_of, recomputed, score_words
from aibom.model import Outcome, Result, Score
from aibom.verification.case import Case
from aibom.verification.rules import RULES


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
    return levels and all(abs(one - other) <= TOLERANCE for one, other in bounds)


def _flatters(stated: Score, own: Score) -> bool:
    """Whether it states more than the origins give: a level, a ceiling, a bound, or what is known."""
    levels = ((stated.level, own.level), (stated.ceiling, own.ceiling))
    bounds = ((stated.lower, own.lower), (stated.upper, own.upper), (stated.coverage, own.coverage))
    return any((one or 0) > (other or 0) for one, other in levels) or any(
        one > other + TOLERANCE for one, other in bounds
    )


def _words(score: Score) -> str:
    return f"{score.profile}: {score_words(score)}"
