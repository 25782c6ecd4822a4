"""Level and bounds that fell, where both sides were measured alike."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.scores import TOLERANCE, profile_of, recomputed, score_words
from aibom.model import Dossier, Outcome, Result, Score


def check(change: Change) -> Iterator[Result]:
    """Computed anew from each side's origins where the profile is shipped, else as stated."""
    if change.old.score and not change.new.score:
        said = "the new one states no score"
        yield RULES["score.lost"].gives(
            Outcome.UNDETERMINED, said, sides=(score_words(change.old.score), "none")
        )
    if not (change.old.score and change.new.score) or not _alike(change):
        return
    old, new = _score(change.old, change.old.score), _score(change.new, change.new.score)
    sides = (score_words(old), score_words(new))
    fell = False
    if (new.level or 0) < (old.level or 0):
        fell = True
        said = f"the level fell from {old.level} to {new.level}: {' '.join(new.reasons)}"
        yield RULES["score.level"].gives(Outcome.FAIL, said, sides=sides)
    if new.lower < old.lower - TOLERANCE:
        fell = True
        said = f"the lower bound fell from {old.lower:.2f} to {new.lower:.2f}"
        yield RULES["score.lower"].gives(Outcome.FAIL, said, sides=sides)
    if not fell and sides[0] != sides[1]:
        yield RULES["score.changed"].gives(Outcome.PASS, f"it was {sides[0]}, and is {sides[1]}", sides=sides)


def _alike(change: Change) -> bool:
    old, new = change.old.score, change.new.score
    depths = {change.old.depth, change.new.depth} - {None}
    return (
        old is not None and new is not None and old.profile_digest == new.profile_digest and len(depths) < 2
    )


def _score(dossier: Dossier, stated: Score) -> Score:
    profile = profile_of(stated)
    return recomputed(dossier, profile) if profile else stated
