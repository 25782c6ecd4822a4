"""What a test of weights gives: typed, with everything a reader needs to doubt it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from aibom.model import WeightKind, WeightSample, WeightsControl

SMALLEST_SPREAD = 0.5
"""The smallest spread that was seen is .52."""
WITHIN = "within the part, other layers"
"""Label of the control that holds a part against its own other layers."""


class WeightsVerdict(StrEnum):
    """What the weights of two parts are to each other."""

    IDENTICAL = "identical"
    DERIVED = "derived"
    SHARED = "shared-initialisation-or-derivation"
    INDEPENDENT = "independent"
    INDETERMINATE = "indeterminate"

    @property
    def related(self) -> bool:
        """Whether the parts have something in common, be it only their start."""
        return self in (WeightsVerdict.IDENTICAL, WeightsVerdict.DERIVED, WeightsVerdict.SHARED)


@dataclass(frozen=True, slots=True)
class Match:
    """One matrix of A beside the one of B that it agrees with most.

    `r` is the centred correlation of the common block, `z` that in units of the null's spread, `equal`
    whether all sampled values are the same; `matched` whether z and r pass the bounds (R4).
    """

    ours: WeightSample
    theirs: WeightSample
    r: float
    z: float
    elements: int
    equal: bool
    matched: bool


@dataclass(frozen=True, slots=True)
class Null:
    """What unrelated matrices give, measured for one kind and width (R5).

    `spread` is in units of 1/√elements; `largest` is the largest correlation seen in it; `samples` how
    many correlations it was measured on.
    """

    kind: WeightKind
    width: int
    spread: float
    largest: float
    samples: int

    @property
    def deviation(self) -> float:
        """The spread that z is counted in: one that is below any seen is taken for chance of few samples."""
        return max(self.spread, SMALLEST_SPREAD)


@dataclass(frozen=True, slots=True)
class PartTest:
    """One part of A against all of B.

    Attributes:
        part_a: the part; `part_b` the part of B that holds most matches, or None.
        verdict, reason: by R4, R10.
        matches: for each tested matrix its best match, by name.
        sampled: informative matrices of the part; `tested` those with a counterpart of equal width.
        comparisons: pairs that were looked at; the bound on z is corrected for them (Bonferroni).
        median_r: of the best matches over all sampled matrices, untested ones as 0.
        layer_map: (layer of A, layer of B) by majority of matched matrices, by layer of A.
        monotone: share of successive entries of the map that do not go back; 1.0 for a plain copy.
        nulls: by kind and width; `controls` at least three, and the part against itself.
        smallest_detectable: R11, the median of 10·spread/√elements.
    """

    part_a: str
    part_b: str | None
    verdict: WeightsVerdict
    reason: str
    matches: tuple[Match, ...] = ()
    sampled: int = 0
    tested: int = 0
    comparisons: int = 0
    median_r: float = 0.0
    bound: float = 10.0
    layer_map: tuple[tuple[int, int], ...] = ()
    monotone: float = 1.0
    nulls: tuple[Null, ...] = ()
    controls: tuple[WeightsControl, ...] = ()
    smallest_detectable: float | None = None

    @property
    def matched(self) -> int:
        """Matrices that match."""
        return sum(match.matched for match in self.matches)

    @property
    def coverage(self) -> float:
        """Share of the sampled matrices that match."""
        return self.matched / self.sampled if self.sampled else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """One projection of A beside that of B: CKA under the alignment, the null's mean and spread,
    and whether effect and significance both pass."""

    name_a: str
    name_b: str
    kind: WeightKind
    layer: int | None
    cka: float
    null: float
    spread: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class AlignedTest:
    """What the aligned test says of two models: agreement asks for a person's review, and is no verdict.

    `how` is `assignment`, `rotation` or None where nothing could be aligned, for the `reason`.
    """

    review: bool
    reason: str
    how: str | None = None
    tokens: int = 0
    agreements: tuple[Agreement, ...] = ()

    @property
    def median_cka(self) -> float | None:
        """Of all projections that were compared."""
        return median(item.cka for item in self.agreements) if self.agreements else None
