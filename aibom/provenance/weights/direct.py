"""The direct test: every matrix of one part against every matrix of another model, by values alone.

Names do not count: all pairs of blocks of equal width are correlated, and the map from layer to layer is
read off the best ones (R8).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from aibom.model import WeightSample
from aibom.provenance.weights.blocks import Block, blocks_of, buckets, correlations, standardised
from aibom.provenance.weights.null import bound, spreads
from aibom.provenance.weights.result import Match, Null

WEAK = 0.05
"""Smallest correlation of a match, whatever its z (R4)."""
MARGIN = 1.25
"""How far a match must pass the largest correlation that permuted copies gave."""


def best_matches(
    ours: Sequence[Block], theirs: Sequence[Block], known: Sequence[Null] = ()
) -> tuple[dict[int, Match], tuple[Null, ...], int]:
    """For each block of A that has a counterpart of equal width: its best match in B.

    Also the nulls that were measured, and how many pairs were compared. Kinds and widths whose null is
    `known` from another test of the same part are not measured again.
    """
    before = {(item.kind, item.width): item for item in known}
    found: dict[int, tuple[float, float, int, int, float]] = {}
    nulls: list[Null] = []
    comparisons = 0
    for bucket in buckets(ours, theirs):
        one = standardised(ours, bucket.ours, bucket.rows, bucket.columns)
        other = standardised(theirs, bucket.theirs, bucket.rows, bucket.columns)
        kinds = {ours[number].sample.kind for number in bucket.ours}
        measured = [before[kind, bucket.width] for kind in kinds if (kind, bucket.width) in before]
        if len(measured) < len(kinds):
            measured = list(spreads(ours, bucket, one, other))
            nulls += measured
        null = {item.kind: item for item in measured}
        comparisons += len(bucket.ours) * len(bucket.theirs)
        values = correlations(one, other)
        for place, number in enumerate(bucket.ours):
            best = int(np.argmax(values[place]))
            kind = ours[number].sample.kind
            r = float(values[place, best])
            z = r * math.sqrt(bucket.elements) / null[kind].deviation
            if number not in found or z > found[number][1]:
                found[number] = (r, z, bucket.theirs[best], bucket.elements, null[kind].largest)
    least = bound(comparisons)
    matches = {
        number: _match(ours[number].sample, theirs[other].sample, r, z, elements, (least, chance))
        for number, (r, z, other, elements, chance) in sorted(found.items())
    }
    return matches, _largest(nulls), comparisons


def _match(
    one: WeightSample,
    other: WeightSample,
    r: float,
    z: float,
    elements: int,
    bounds: tuple[float, float],
) -> Match:
    """`bounds` are the z that a match needs, and the largest correlation of the null, which it must pass.

    The second matters where matrices are of low rank: a few unrelated ones then agree far more than the
    null's spread says.
    """
    least, null = bounds
    same_block = (one.rows, one.columns) == (other.rows, other.columns)
    equal = same_block and one.digest == other.digest
    return Match(one, other, r, z, elements, equal, matched=z >= least and r >= max(WEAK, MARGIN * null))


def _largest(nulls: Sequence[Null]) -> tuple[Null, ...]:
    """One null for each kind and width, the widest."""
    kept: dict[tuple[str, int], Null] = {}
    for item in nulls:
        key = (item.kind.value, item.width)
        if key not in kept or item.spread > kept[key].spread:
            kept[key] = item
    return tuple(kept[key] for key in sorted(kept))


def largest_agreement(
    ours: Sequence[Block], theirs: Sequence[Block], known: Sequence[Null]
) -> tuple[float, float, int]:
    """(largest r, its z, matrices that match) of two models; (0, 0, 0) where nothing can be compared."""
    matches, _, _ = best_matches(ours, theirs, known)
    if not matches:
        return 0.0, 0.0, 0
    best = max(matches.values(), key=lambda match: match.z)
    return best.r, best.z, sum(match.matched for match in matches.values())


def by_part(samples: Sequence[WeightSample]) -> Mapping[str, tuple[Block, ...]]:
    """The informative blocks of each part, by part id."""
    parts: dict[str, list[WeightSample]] = {}
    for item in sorted(samples, key=lambda item: (item.part, item.name, item.expert or 0)):
        parts.setdefault(item.part, []).append(item)
    return {part: blocks_of(items) for part, items in sorted(parts.items())}
