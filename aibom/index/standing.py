"""How the records of an index stand to a model, by their sketches alone. Imports numpy.

Every sketched matrix of a record is correlated with every matrix of the model; the largest correlation of
each counts. What unrelated ones give is measured on copies of the model whose inputs are permuted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from aibom.index.sketch import ROWS, Floats, Sketch, by_width, decoded, length, vectors_of
from aibom.index.store import Store
from aibom.model import WeightSample

STRONG = 0.20
"""The correlation that a sketch must be able to show before it rules a record out: a strong match has it."""
BY_CHANCE = 0.01
"""Chance that any record of an index passes without a relation; it costs one full test."""
_COVERED = 0.5
"""Share of the matrices that a related record has in common with the model."""
_SURE = 0.99
_BATCH = 1 << 14
"""Matrices of sketches that are held at once: 32 MiB of numbers."""
_NULL_BATCH = 1 << 11
"""Sketched matrices that the null is measured on."""
_SEED = 20260115


class Standing(StrEnum):
    """What the sketches say of a record."""

    LIKELY = "likely"
    """More agreement than chance gives: to be tested."""
    OPEN = "open"
    """No agreement, from a sketch too small to show a strong match: to be tested."""
    UNLIKELY = "unlikely"
    """No agreement, where a strong match would have shown."""
    APART = "apart"
    """No matrix of a common width: cannot be compared."""


@dataclass(frozen=True, slots=True)
class Place:
    """One record: by how many deviations it passes the bound of the null, and the smallest correlation that
    would have passed. Without a usable sketch there is neither.
    """

    standing: Standing
    excess: float = 0.0
    detectable: float | None = None

    @property
    def order(self) -> tuple[int, float]:
        """Likely records first, then open ones, then the others; the larger excess first."""
        return list(Standing).index(self.standing), -self.excess


def standings(samples: Iterable[WeightSample], store: Store, records: int) -> dict[int, Place]:
    """The place of each record that has a width in common with the model, by number; the best of its parts.

    `records` is the number of records in the index: the more there are, the more must stand out.
    """
    found: dict[int, Place] = {}
    for (_, width), members in by_width(samples).items():
        query = _Query(vectors_of(members, width), width, records)
        for number, place in _measured(query, store.sketches(width)):
            known = found.get(number)
            if known is None or place.order < known.order:
                found[number] = place
    return found


def _measured(query: _Query, sketches: Iterable[tuple[int, Sketch | None]]) -> Iterator[tuple[int, Place]]:
    """Sketches in batches; damaged and empty ones are open."""
    batch: list[tuple[int, Sketch]] = []
    size = 0
    for number, sketch in sketches:
        if sketch is None or not sketch.codes or not len(query.vectors):
            yield number, Place(Standing.OPEN)
            continue
        batch.append((number, sketch))
        size += len(sketch.codes) // query.length
        if size >= _BATCH:
            yield from query.places(batch)
            batch, size = [], 0
    if batch:
        yield from query.places(batch)


class _Query:
    """The matrices of one part and width."""

    def __init__(self, vectors: Floats, width: int, records: int) -> None:
        self.vectors = vectors
        self.length = ROWS * length(width)
        self._width = width
        self._records = max(records, 1)
        self._null: _Null | None = None

    def places(self, batch: Sequence[tuple[int, Sketch]]) -> Iterator[tuple[int, Place]]:
        """The place of each sketch; the null is measured on the first batch."""
        kept = np.array([len(sketch.codes) // self.length for _, sketch in batch])
        stored = decoded([sketch.codes for _, sketch in batch], self._width)
        if self._null is None:
            self._null = self._measure(stored[:_NULL_BATCH])
        best = (stored @ self.vectors.T).max(axis=1)
        starts = np.concatenate(([0], np.cumsum(kept)[:-1]))
        means = np.add.reduceat(best, starts) / kept
        largest = np.maximum.reduceat(best, starts)
        for (number, sketch), count, mean, top in zip(batch, kept, means, largest, strict=True):
            yield number, self._null.place(sketch, int(count), float(mean), float(top))

    def _measure(self, stored: Floats) -> _Null:
        generator = np.random.Generator(np.random.PCG64(_SEED))
        half = self.length // ROWS
        order = generator.permutation(half)
        columns = np.concatenate([order + row * half for row in range(ROWS)])
        drawn = stored @ self.vectors[:, columns].T
        best = drawn.max(axis=1)
        return _Null(
            len(self.vectors),
            self._records,
            float(best.mean()),
            max(float(best.std()), 1e-4),
            max(float(np.sqrt(np.mean(np.square(drawn)))), 1e-4),
        )


@dataclass(frozen=True, slots=True)
class _Null:
    """What unrelated matrices give: mean and deviation of the largest correlation, deviation of any one."""

    matrices: int
    records: int
    mean: float
    deviation: float
    single: float

    def place(self, sketch: Sketch, kept: int, mean: float, largest: float) -> Place:
        """By the mean over all matrices, which shows what many have in common, or by the largest of all."""
        z_mean = (mean - self.mean) * math.sqrt(kept) / self.deviation
        z_largest = largest / self.single
        normal = NormalDist()
        chance = BY_CHANCE / self.records / 2
        needs_mean = -normal.inv_cdf(chance)
        needs_largest = -normal.inv_cdf(chance / (kept * self.matrices))
        excess = max(z_mean - needs_mean, z_largest - needs_largest)
        detectable = self._detectable(sketch, kept, needs_mean, needs_largest)
        if excess >= 0:
            standing = Standing.LIKELY
        else:
            standing = Standing.UNLIKELY if detectable <= STRONG else Standing.OPEN
        return Place(standing, round(excess, 2), round(detectable, 3))

    def _detectable(self, sketch: Sketch, kept: int, needs_mean: float, needs_largest: float) -> float:
        """The correlation that shows in 99 of 100 cases if half of what can have a counterpart has one.

        A model of few matrices can agree with no more than its share of a larger one.
        """
        sure = NormalDist().inv_cdf(_SURE)
        share = _COVERED * min(1.0, self.matrices / sketch.matrices)
        by_mean = self.mean + (needs_mean + sure) * self.deviation / math.sqrt(kept) / share
        by_largest = (needs_largest + sure) * self.single if share * kept >= 1 else math.inf
        return min(by_mean, by_largest, 1.0)
