"""Whether the two are of one model, and can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.names import same
from aibom.model import Outcome, Result
from aibom.sovereignty.judgement import Standing

_PUBLISHER = {
    Standing.OUTSIDE: Outcome.FAIL,
    Standing.DENIED: Outcome.FAIL,
    Standing.UNKNOWN: Outcome.UNDETERMINED,
}


def check(change: Change) -> Iterator[Result]:
    """Depth and profile first: they say how far the rest can be compared."""
    old, new = change.old, change.new
    if old.depth and new.depth and old.depth is not new.depth:
        said = f"the old one read {old.depth}, the new one {new.depth}; their scores were not compared"
        yield RULES["comparison.depth"].gives(Outcome.UNDETERMINED, said, sides=(old.depth, new.depth))
    if old.score and new.score and old.score.profile_digest != new.score.profile_digest:
        sides = (_profile(old.score.profile, old.score.profile_digest), "")
        sides = (sides[0], _profile(new.score.profile, new.score.profile_digest))
        said = "the scores were made under different profiles, and were not compared"
        yield RULES["comparison.profile"].gives(Outcome.UNDETERMINED, said, sides=sides)
    if old.subject != new.subject:
        said = f"the old one is of {old.subject}, the new one of {new.subject}"
        yield RULES["identity.subject"].gives(Outcome.PASS, said, sides=(old.subject, new.subject))
    if old.revision != new.revision:
        sides = (old.revision or "not stated", new.revision or "not stated")
        said = f"the revision was {sides[0]}, and is {sides[1]}"
        yield RULES["identity.revision"].gives(Outcome.PASS, said, sides=sides)
    yield from _publisher(change)


def _profile(name: str, digest: str) -> str:
    return f"{name}, SHA-256 {digest}"


def _publisher(change: Change) -> Iterator[Result]:
    old, new = change.old.publisher, change.new.publisher
    if new is None or (old is not None and same(old, new)):
        return
    before = old.name if old else "not stated"
    said = f"the publisher was {before}, and is {new.name}"
    outcome = _PUBLISHER.get(change.where(new), Outcome.PASS)
    yield RULES["identity.publisher"].gives(outcome, said, sides=(before, new.name))
