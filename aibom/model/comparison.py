"""Two targets held against each other: one answer per signal, never blended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aibom.model.analysis import Target
from aibom.model.files import Locator, ReadStats
from aibom.model.inspected import Unknown
from aibom.model.provenance import Statistic


@dataclass(frozen=True, slots=True)
class WeightsControl:
    """The same test against something unrelated: largest correlation, its z, and how many matrices match."""

    label: str
    largest_r: float
    largest_z: float
    matched: int


@dataclass(frozen=True, slots=True)
class WeightsDetail:
    """What the weights of two parts gave, beside what unrelated ones give.

    Attributes:
        median_r: centred correlation, over all sampled matrices of A; untested ones count as 0.
        z: the median z of the tested matrices; `bound` what a match needs.
        coverage: share of the sampled matrices that match; of `sampled`, `tested` had equal width.
        layer_map: (layer of A, layer of B); `monotone` is the share of steps that do not go back.
        smallest_detectable: the correlation that would have been seen.
        controls: unrelated models, or permuted copies, and the part against its own other layers.
        aligned: median CKA after hidden dimensions were aligned, where that was tried; `review` whether
            it asks for a person's look.
    """

    median_r: float
    z: float
    bound: float
    coverage: float
    sampled: int
    tested: int
    layer_map: tuple[tuple[int, int], ...]
    monotone: float
    smallest_detectable: float | None
    controls: tuple[WeightsControl, ...]
    aligned: float | None = None
    review: bool = False


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """One part, class or file of A beside one of B; a part is None where the whole target is meant.

    `alternative` is the innocent explanation of what was seen.
    """

    verdict: StrEnum
    statement: str
    part_a: str | None = None
    part_b: str | None = None
    statistic: Statistic | None = None
    locators_a: tuple[Locator, ...] = ()
    locators_b: tuple[Locator, ...] = ()
    alternative: str = ""
    weights: WeightsDetail | None = None


@dataclass(frozen=True, slots=True)
class ComparedSignal:
    """What one signal says of two targets: its verdict, why, and what it cannot show at all."""

    verdict: StrEnum
    reason: str
    cannot_show: str
    pairs: tuple[ComparedPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answers of all signals, and what could not be seen of either target."""

    a: Target
    b: Target
    declared: ComparedSignal
    code: ComparedSignal
    tokenizer: ComparedSignal
    architecture: ComparedSignal
    weights: ComparedSignal
    unknowns_a: tuple[Unknown, ...] = ()
    unknowns_b: tuple[Unknown, ...] = ()
    read_a: ReadStats = field(default_factory=ReadStats)
    read_b: ReadStats = field(default_factory=ReadStats)
