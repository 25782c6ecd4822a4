"""Holds the shape print of a part against the signatures of known families: a shortlist, never an origin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aibom.catalog import SignatureGroup, Signatures
from aibom.catalog.signatures import MIN_PATTERNS
from aibom.formats.shapeprint import similarity
from aibom.model import Role, ShapePrint

RESEMBLES = 0.7
"""Similarity from which a part resembles a group (docs/architecture-signal.md has the rates)."""
TIED = 0.05
"""Groups this close to the best belong to the shortlist: options of one design lie as far apart."""
NULL = 0.95
"""The null is this quantile of the similarities to the groups outside the shortlist."""


class Verdict(StrEnum):
    """What a comparison says."""

    RESEMBLES = "resembles"
    DIFFERENT = "different"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class ShapeMatch:
    """The shortlist: similarity from 0 to 1, the best of all others, and what others give by chance.

    `groups` are the best and those tied with it; for a verdict other than `resembles` they are empty.
    """

    verdict: Verdict
    similarity: float = 0.0
    null: float = 0.0
    runner_up: float = 0.0
    groups: tuple[SignatureGroup, ...] = ()
    runner_up_group: SignatureGroup | None = None

    @property
    def margin(self) -> float:
        """How far the shortlist stands out from the rest."""
        return self.similarity - self.runner_up

    @property
    def model_types(self) -> tuple[str, ...]:
        """All members of the shortlist, the earliest first, the undated last."""
        members = {member for group in self.groups for member in group.members}
        return tuple(
            item.model_type for item in sorted(members, key=lambda m: (m.released or "9", m.model_type))
        )


def match_shapes(item: ShapePrint, role: Role, signatures: Signatures) -> ShapeMatch:
    """The groups of parts of that role that a print resembles; indeterminate for one of few tensors."""
    known = signatures.of(role)
    if len(item.entries) < MIN_PATTERNS or not known:
        return ShapeMatch(Verdict.INDETERMINATE)
    weights = signatures.weights(role)
    ranked = sorted(
        ((similarity(item.entries, group.entries, weights), group) for group in known),
        key=lambda pair: (-pair[0], pair[1].model_types),
    )
    best = ranked[0][0]
    near = [pair for pair in ranked if pair[0] >= best - TIED]
    rest = ranked[len(near) :]
    null = sorted(value for value, _ in rest)[int(len(rest) * NULL)] if rest else 0.0
    runner_up, second = rest[0] if rest else (0.0, None)
    if best < RESEMBLES:
        return ShapeMatch(Verdict.DIFFERENT, best, null, runner_up)
    return ShapeMatch(Verdict.RESEMBLES, best, null, runner_up, tuple(group for _, group in near), second)
