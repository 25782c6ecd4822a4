"""The null: what the same matrices give when nothing can agree, measured and never assumed (R5)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from aibom.model import WeightKind
from aibom.provenance.weights.blocks import Block, Bucket, Floats, correlations
from aibom.provenance.weights.result import Null

PERMUTATIONS = (2, 16)
"""Fewest and most copies with permuted inputs, and as many with permuted outputs."""
DRAWN = 1000
"""Correlations that the null of a bucket is measured on, where so many copies give them."""
FEWEST = 4
"""Outputs and matrices that permuting outputs needs: a true pair must stay an exception among all pairs."""
SIGNIFICANT = 10.0
"""Smallest z of a match (R4)."""
_SEED = 20260115
_ERROR = 1e-3
_ONE_DEVIATION = 0.6827
"""Share of a normal distribution within one deviation. A quantile, because a true pair keeps some agreement,
of the other sign, when outputs are permuted."""


def spreads(ours: Sequence[Block], bucket: Bucket, one: Floats, other: Floats) -> tuple[Null, ...]:
    """What unrelated matrices give, for each kind of A's.

    Measured on copies of B whose inputs, and whose outputs, are permuted alike in every matrix: they keep
    the values, and what all rows have in common. The larger of both counts.
    """
    columns = _permuted(one, other, axis=2)
    rows = _permuted(one, other, axis=1) if bucket.rows >= FEWEST and len(bucket.theirs) >= FEWEST else None
    scale = math.sqrt(bucket.elements)
    by_kind: dict[WeightKind, list[int]] = defaultdict(list)
    for place, number in enumerate(bucket.ours):
        by_kind[ours[number].sample.kind].append(place)
    nulls = []
    for kind in sorted(by_kind):
        drawn = np.abs(columns[:, by_kind[kind], :])
        spread = float(np.sqrt(np.mean(np.square(drawn)))) * scale
        size = drawn.size
        if rows is not None:
            moved = np.abs(rows[:, by_kind[kind], :])
            spread = max(spread, float(np.quantile(moved, _ONE_DEVIATION)) * scale)
            size += moved.size
        nulls.append(Null(kind, bucket.width, spread, float(drawn.max()), size))
    return tuple(nulls)


def _permuted(one: Floats, other: Floats, axis: int) -> NDArray[np.float64]:
    """Correlations with permuted copies, shape (permutations, ours, theirs)."""
    generator = np.random.Generator(np.random.PCG64(_SEED))
    length = other.shape[axis]
    fewest, most = PERMUTATIONS
    copies = min(max(DRAWN // (len(one) * len(other)), fewest), most)
    drawn = []
    for _ in range(copies):
        order = _derangement(generator, length)
        drawn.append(correlations(one, np.take(other, order, axis=axis)))
    return np.stack(drawn)


def _derangement(generator: np.random.Generator, length: int) -> NDArray[np.intp]:
    """A permutation that leaves (nearly) nothing in place: a shuffle of a cycle."""
    order = generator.permutation(length)
    result = np.empty(length, np.intp)
    result[order] = np.roll(order, 1)
    return result


def bound(comparisons: int) -> float:
    """The z that a match needs: 10 (R4), or what an error of .001 over all comparisons asks for if more."""
    corrected = -NormalDist().inv_cdf(_ERROR / max(comparisons, 1) / 2)
    return max(SIGNIFICANT, corrected)
