"""Holds prints of code against the reference prints: whose code is it, class by class and as a whole.

A fingerprint weighs the less the more families hold it (log N/n over log N): glue that every library model
has (rotary helpers, attention dispatch, generation mixins) weighs next to nothing. *Containment* is
the share of the query's weight that a family, or a class of it, holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from aibom.catalog import CodeFamily, CodePrints, Member
from aibom.model import CodePrint

SHARED = 0.75
"""Containment of the whole from which code is said to share a family's lineage (benchmarks/lineage.py)."""
SHARED_CLASS = 0.8
"""The same for one class."""
NULL = 0.09
"""99th percentile of the containment between families without common ancestors (docs/accuracy.md)."""
TIED = 0.05
"""Families whose containment is that close to the best one are one group."""
NEARLY = 0.9
"""A family from which the best one is made goes first where it holds that share of what the best holds."""
TIED_CLASS = 0.02
"""How close to the best class those are that hold a class equally well."""
MIN_WEIGHT = 15.0
"""Weight of a whole below which nothing is concluded: that of about 15 fingerprints of one family alone."""
MIN_CLASS_WEIGHT = 8.0
"""The same for one class."""
MAX_CARRIERS = 20
"""A class that more families hold is common property, and nobody's origin."""


class Verdict(StrEnum):
    """What was concluded of the code as a whole."""

    SHARES_LINEAGE = "shares-lineage"
    NO_MATCH = "no-match"
    INDETERMINATE = "indeterminate"
    """Too little code of its own weight to tell."""


@dataclass(frozen=True, slots=True)
class FamilyScore:
    """How much of the code a family's code holds."""

    family: CodeFamily
    containment: float


@dataclass(frozen=True, slots=True)
class ClassMatch:
    """One class of the query with the oldest reference class that holds it.

    `carriers` are all families that hold it as well as the best does, oldest first.
    """

    query: CodePrint
    reference: Member
    containment: float
    carriers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """The answer for one body of code.

    Attributes:
        verdict: for the code as a whole.
        ranked: every family that holds some of it, best first.
        classes: classes that a reference class holds, in the query's order.
        paths: the files that were held against the references.
        tokens: how many tokens the query has; `weight`: the weight of its fingerprints.
    """

    verdict: Verdict
    ranked: tuple[FamilyScore, ...] = ()
    classes: tuple[ClassMatch, ...] = ()
    paths: tuple[str, ...] = ()
    tokens: int = 0
    weight: float = 0.0
    null: float = NULL

    @property
    def containment(self) -> float:
        """That of the best family; 0 without one."""
        return self.ranked[0].containment if self.ranked else 0.0


Ancestors = Callable[[str], frozenset[str]]
"""The model types that a family's classes are made from, over any number of steps."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The family that code leads to, those that hold it as well, and the best one beside them."""

    reference: FamilyScore
    group: tuple[FamilyScore, ...]
    runner_up: FamilyScore | None

    @property
    def model_types(self) -> tuple[str, ...]:
        """The reference, then the group, oldest first."""
        names = (item.family.model_type for item in (self.reference, *self.group))
        return tuple(dict.fromkeys(names))


def lead(ranked: Sequence[FamilyScore], ancestors: Ancestors) -> Lead | None:
    """Where a ranking (best first) leads; None for an empty one."""
    if not ranked:
        return None
    tied = [item for item in ranked if item.containment >= ranked[0].containment - TIED]
    reference = by_lineage(ranked, ancestors, 1)[0]
    beside = (item for item in ranked[len(tied) :] if item is not reference)
    group = sorted(tied, key=lambda item: (item.family.released, item.family.model_type))
    return Lead(reference, tuple(group), next(beside, None))


def by_lineage(ranked: Sequence[FamilyScore], ancestors: Ancestors, count: int) -> tuple[FamilyScore, ...]:
    """The first of a ranking (best first), each family after those that it is made from.

    A descendant holds the code that it took over and more of what is usual later; an ancestor that
    holds nearly as much is the likelier source.
    """
    waiting = list(ranked)
    chosen: list[FamilyScore] = []
    while waiting and len(chosen) < count:
        best = waiting[0]
        seen = {best.family.model_type}
        while (older := _source(best, waiting, ancestors, seen)) is not None:
            best = older
            seen.add(best.family.model_type)
        chosen.append(best)
        waiting.remove(best)
    return tuple(chosen)


def _source(
    best: FamilyScore, others: Sequence[FamilyScore], ancestors: Ancestors, seen: Collection[str]
) -> FamilyScore | None:
    """The first of the families that one is made from, where it holds nearly as much and is not younger."""
    line = ancestors(best.family.model_type) - set(seen)
    return next(
        (
            item
            for item in others
            if item.family.model_type in line
            and item.containment >= best.containment * NEARLY
            and item.family.released <= best.family.released
        ),
        None,
    )


def match_code(
    prints: Sequence[CodePrint],
    references: CodePrints,
    *,
    without: Collection[str] = (),
) -> CodeMatch:
    """The families whose code holds the query's.

    Args:
        prints: those of modules (`line` None) and of their classes.
        references: the catalogue's.
        without: model types that are left out, as if the catalogue did not hold them.
    """
    scales = _Scales(references, frozenset(without))
    modules = [item for item in prints if item.line is None]
    whole = {value for item in modules for value in item.fingerprints}
    tokens = sum(item.tokens for item in modules)
    weight = scales.weight(whole)
    ranked = tuple(scales.families(whole, weight))
    classes = (scales.closest(item) for item in prints if item.line is not None)
    return CodeMatch(
        verdict=_verdict(weight, ranked[0].containment if ranked else 0.0),
        ranked=ranked,
        classes=tuple(item for item in classes if item is not None),
        paths=tuple(sorted({item.path for item in prints})),
        tokens=tokens,
        weight=weight,
    )


def _verdict(weight: float, best: float) -> Verdict:
    if weight < MIN_WEIGHT:
        return Verdict.INDETERMINATE
    return Verdict.SHARES_LINEAGE if best >= SHARED else Verdict.NO_MATCH


def rarity(carriers: int, families: int) -> float:
    """Weight of a fingerprint that so many of all families hold: 1 for one of at most one, 0 for all."""
    number = max(families, 2)
    return log(number / max(carriers, 1)) / log(number)


class _Scales:
    """Weights of fingerprints among the references that count; each fingerprint is looked up once."""

    def __init__(self, references: CodePrints, without: frozenset[str]) -> None:
        self._references = references
        self._families = {
            family.model_type: family for family in references.families if family.model_type not in without
        }
        self._known: dict[int, tuple[float, frozenset[str]]] = {}

    def weight(self, fingerprints: Iterable[int]) -> float:
        """The weight of a set of fingerprints."""
        return sum(self._look(value)[0] for value in fingerprints)

    def families(self, whole: Collection[int], weight: float) -> list[FamilyScore]:
        """Families by containment, best first, of equal ones the oldest."""
        held: dict[str, float] = defaultdict(float)
        for value in whole:
            own, carriers = self._look(value)
            for model_type in carriers:
                held[model_type] += own
        scores = (FamilyScore(self._families[key], _share(held[key], weight)) for key in held)
        return sorted(
            scores, key=lambda item: (-item.containment, item.family.released, item.family.model_type)
        )

    def closest(self, query: CodePrint) -> ClassMatch | None:
        """The oldest of the classes that hold a class best; None for too little, or too common, code."""
        weight = self.weight(query.fingerprints)
        held = self._units(query)
        best = max(held.values(), default=0.0)
        if weight < MIN_CLASS_WEIGHT or _share(best, weight) < SHARED_CLASS:
            return None
        holders = sorted(
            (member.family.released, member.family.model_type, member.module, member.line, unit, member)
            for unit, own in held.items()
            if _share(best - own, weight) <= TIED_CLASS
            for member in self._references.members(unit)
            if member.family.model_type in self._families
        )
        carriers = tuple(dict.fromkeys(model_type for _, model_type, *_ in holders))
        if len(carriers) > MAX_CARRIERS:
            return None
        *_, unit, reference = holders[0]
        return ClassMatch(query, reference, _share(held[unit], weight), carriers)

    def _units(self, query: CodePrint) -> dict[int, float]:
        """By unit of a family that counts: the weight that it holds of a class."""
        held: dict[int, float] = defaultdict(float)
        for value in query.fingerprints:
            own, carriers = self._look(value)
            for unit in self._references.units(value) if carriers else ():
                if not carriers.isdisjoint(self._references.carriers(unit)):
                    held[unit] += own
        return held

    def _look(self, value: int) -> tuple[float, frozenset[str]]:
        """A fingerprint's weight, and the families that count and hold it."""
        known = self._known.get(value)
        if known is None:
            carriers = frozenset[str]().union(
                *(self._references.carriers(unit) for unit in self._references.units(value))
            )
            carriers &= self._families.keys()
            known = self._known[value] = (rarity(len(carriers), len(self._families)), carriers)
        return known


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
