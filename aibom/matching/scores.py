"""The score that a dossier's own origins give, under the profile that it names."""

from __future__ import annotations

from aibom.matching.origins import by_place
from aibom.model import Dossier, Score
from aibom.sovereignty import Profile, assess, load_profile, shipped

TOLERANCE = 0.01
"""Points of 100 within which two scores are equal: BOMs write two decimals."""


def score_words(score: Score) -> str:
    """Level, bounds and what is known, to be set beside another score."""
    level = "no level" if score.level is None else f"level {score.level} of at most {score.ceiling}"
    return f"{level}, {score.lower:.2f} to {score.upper:.2f} of 100, {score.coverage:.2f} known"


def profile_of(score: Score | None) -> Profile | None:
    """The profile that a score was made under, if that very one is shipped; a document opens no file."""
    if score is None:
        return None
    named = next((profile for profile in shipped() if profile.id == score.profile), None)
    if named is None or named.digest == score.profile_digest or len(score.home) != 1:
        return named if named and named.digest == score.profile_digest else None
    return _moved(named, score)


def _moved(named: Profile, score: Score) -> Profile | None:
    """The profile with the one country that the score names as its home."""
    from aibom.errors import AibomError

    try:
        profile = load_profile(named.id, score.home[0])
    except AibomError:
        return None
    return profile if profile.digest == score.profile_digest else None


def recomputed(dossier: Dossier, profile: Profile) -> Score:
    """What the origins of a dossier give under a profile."""
    return assess(dossier.parts, tuple(by_place(dossier.origins).values()), profile)
