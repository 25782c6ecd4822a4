"""Two targets held against each other: one answer per signal, never blended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aibom.model.analysis import Target
from aibom.model.files import Locator, ReadStats
from aibom.model.inspected import Unknown
from aibom.model.provenance import Statistic


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
