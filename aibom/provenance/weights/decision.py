"""From matches to one of five classes, by effect, significance and coverage together (R4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

import numpy as np

from aibom.formats.sampling import block_of
from aibom.model import WeightKind, WeightSample
from aibom.provenance.weights.blocks import Block, values_of
from aibom.provenance.weights.controls import controls_of
from aibom.provenance.weights.direct import best_matches, by_part
from aibom.provenance.weights.layers import layer_map, monotone
from aibom.provenance.weights.null import SIGNIFICANT, bound
from aibom.provenance.weights.rectangular import row_matches
from aibom.provenance.weights.result import Match, PartTest, WeightsVerdict

STRONG = 0.20
COVERED = 0.5
"""Share of the sampled matrices that must match."""
KINDS = 2
LAYERS = 3
DERIVED = 0.995
"""Median correlation from which a common initialisation is no longer an explanation. Small models of one seed
that were trained on other data reach .98 (docs/accuracy.md); above that by a margin stands a copy, slightly
changed."""
POWER = STRONG
"""Smallest detectable correlation that a negative verdict may have (R11)."""
SPARSE = 0.25
"""Share of zeros from which the values that are left are compared alone: a pruned copy keeps them."""
FEW = 4
"""Matrices below which a part of few layers is not decided alone."""
_SURE = (WeightsVerdict.IDENTICAL, WeightsVerdict.DERIVED)
_NO_COUNTERPART = "no matrix of equal width to hold it against"


def compare_parts(
    ours: Sequence[WeightSample],
    theirs: Sequence[WeightSample],
    controls: Mapping[str, Sequence[WeightSample]] | None = None,
) -> tuple[PartTest, ...]:
    """See `aibom.provenance.weights.compare_parts`, which loads numpy only where it is called."""
    reference = tuple(block for blocks in by_part(theirs).values() for block in blocks)
    beside = {
        label: tuple(block for blocks in by_part(samples).values() for block in blocks)
        for label, samples in sorted((controls or {}).items())
    }
    tests = [_test_part(part, blocks, reference, beside) for part, blocks in by_part(ours).items()]
    return tuple(_accompanied(test, tests) for test in tests)


def _test_part(
    part: str,
    blocks: tuple[Block, ...],
    reference: tuple[Block, ...],
    controls: Mapping[str, tuple[Block, ...]],
) -> PartTest:
    if not blocks:
        return PartTest(part, None, WeightsVerdict.INDETERMINATE, "no informative matrix could be sampled")
    found, nulls, comparisons = best_matches(blocks, reference)
    if not found:
        return PartTest(part, None, WeightsVerdict.INDETERMINATE, _NO_COUNTERPART, sampled=len(blocks))
    least = bound(comparisons)
    unmatched = {number: match for number, match in found.items() if not match.matched}
    found |= row_matches(blocks, reference, unmatched, nulls, least)
    matches = tuple(found[number] for number in sorted(found))
    mapped = layer_map(matches)
    spread = {(item.kind, item.width): item.deviation for item in nulls}
    detectable = median(
        SIGNIFICANT * spread[item.ours.kind, item.ours.shape[1]] / item.elements**0.5 for item in matches
    )
    verdict, reason = _verdict(blocks, matches, detectable)
    return PartTest(
        part_a=part,
        part_b=_source(matches),
        verdict=verdict,
        reason=reason,
        matches=matches,
        sampled=len(blocks),
        tested=len(matches),
        comparisons=comparisons,
        median_r=round(_median_r(blocks, matches), 4),
        bound=least,
        layer_map=mapped,
        monotone=monotone(mapped),
        nulls=nulls,
        controls=controls_of([blocks[number] for number in sorted(found)], controls, nulls),
        smallest_detectable=round(detectable, 4),
    )


def _verdict(
    blocks: Sequence[Block], matches: Sequence[Match], detectable: float
) -> tuple[WeightsVerdict, str]:
    matched = [match for match in matches if match.matched]
    if len(matches) == len(blocks) and all(match.equal for match in matches):
        return WeightsVerdict.IDENTICAL, f"all {len(matches)} sampled blocks hold the same values"
    coverage = len(matched) / len(blocks)
    middle = _median_r(blocks, matches)
    told = f"{len(matched)} of {len(blocks)} sampled matrices match, median r {middle:.3f}"
    if coverage >= COVERED and middle >= 0.05 and _is_broad(matched):
        if _is_derived(matched, middle):
            return WeightsVerdict.DERIVED, f"{told}, closer than a common initialisation leaves"
        strength = "strong" if middle >= STRONG else "weak"
        return WeightsVerdict.SHARED, f"{told} ({strength}): a common start or a derivation"
    if matched:
        few = "" if _is_broad(matched) else f", in fewer than {KINDS} kinds or {LAYERS} layers"
        return WeightsVerdict.INDETERMINATE, f"{told}{few}: too little to decide"
    if len(matches) / len(blocks) < COVERED:
        return WeightsVerdict.INDETERMINATE, (
            f"only {len(matches)} of {len(blocks)} sampled matrices have a counterpart of equal width"
        )
    if detectable > POWER:
        return WeightsVerdict.INDETERMINATE, (
            f"the samples are too small to tell: the smallest detectable r is {detectable:.2f}"
        )
    if not _is_broad(matches):
        return WeightsVerdict.INDETERMINATE, (
            f"nothing matches, but fewer than {KINDS} kinds or {LAYERS} layers could be tested"
        )
    return WeightsVerdict.INDEPENDENT, (
        f"none of {len(matches)} sampled matrices matches; a correlation of {detectable:.3f} would have shown"
    )


def _median_r(blocks: Sequence[Block], matches: Sequence[Match]) -> float:
    """Over all sampled matrices, those without a counterpart as 0."""
    return float(median([match.r for match in matches] + [0.0] * (len(blocks) - len(matches))))


def _is_broad(matches: Sequence[Match]) -> bool:
    """At least two kinds and three layers; one kind of unknown names counts by shape (R3, R4)."""
    kinds = {_role(match.ours) for match in matches}
    return len(kinds) >= KINDS and len(_layers(matches)) >= LAYERS


def _layers(matches: Sequence[Match]) -> set[str]:
    """Layers by name, not by number: a U-Net counts those of its way down and of its way up anew."""
    return {block for match in matches if (block := block_of(match.ours.name)) is not None}


def _role(sample: WeightSample) -> str:
    if sample.kind is not WeightKind.OTHER:
        return sample.kind.value
    return "{}x{}".format(*sample.shape)


def _is_derived(matched: Sequence[Match], middle: float) -> bool:
    """Nearly equal; or what pruning left is."""
    if middle >= DERIVED:
        return True
    kept = [value for match in matched if (value := _kept_agreement(match)) is not None]
    return len(kept) >= COVERED * len(matched) and median(kept) >= DERIVED


def _kept_agreement(match: Match) -> float | None:
    """Correlation over the values that are not zero in the sparser block; None where neither is sparse."""
    one, other = (values_of(sample) for sample in (match.ours, match.theirs))
    rows, columns = min(len(one), len(other)), min(one.shape[1], other.shape[1])
    one, other = one[:rows, :columns], other[:rows, :columns]
    sparse = one if (one == 0).mean() >= (other == 0).mean() else other
    zeros = float((sparse == 0).mean())
    if zeros < SPARSE or zeros > 0.999:
        return None
    kept = sparse != 0
    left, right = one[kept], other[kept]
    if left.std() == 0 or right.std() == 0:
        return None
    return float(np.corrcoef(left, right)[0, 1])


def _source(matches: Sequence[Match]) -> str | None:
    """The part of B that most matched matrices lie in."""
    parts = Counter(match.theirs.part for match in matches if match.matched)
    return min(parts, key=lambda part: (-parts[part], part)) if parts else None


def _accompanied(test: PartTest, tests: Sequence[PartTest]) -> PartTest:
    """A part too small to be decided alone (an embedding, a projector) goes with the larger ones beside it.

    Equal rows of an embedding alone show little: models of one seed keep those of tokens that neither met.
    """
    if not _is_small(test) or test.tested < max(test.sampled, 1):
        return test
    beside = {other.part_a: other.verdict for other in tests if other.tested and not _is_small(other)}
    if test.matched == test.sampled and test.median_r >= STRONG:
        return _with_related(test, beside)
    free = bool(beside) and set(beside.values()) == {WeightsVerdict.INDEPENDENT}
    if free and not test.matched and (test.smallest_detectable or 1.0) <= POWER:
        reason = f"none of {test.sampled} sampled matrices matches, as none of {min(beside)} does"
        return replace(test, verdict=WeightsVerdict.INDEPENDENT, reason=reason)
    return test


def _is_small(test: PartTest) -> bool:
    return len(_layers(test.matches)) < LAYERS and test.sampled < FEW


def _with_related(test: PartTest, beside: Mapping[str, WeightsVerdict]) -> PartTest:
    """The class of a small part whose matrices all match, by what the large parts are."""
    sure = [part for part, verdict in beside.items() if verdict in _SURE]
    related = [part for part, verdict in beside.items() if verdict.related]
    alone = bool(beside) and set(beside.values()) == {WeightsVerdict.INDEPENDENT}
    if test.verdict is WeightsVerdict.IDENTICAL and (sure or alone):
        return test
    told = f"all {test.sampled} sampled matrices match (median r {test.median_r:.3f})"
    if sure and test.median_r >= DERIVED:
        return replace(test, verdict=WeightsVerdict.DERIVED, reason=f"{told}, as {min(sure)} does")
    if related:
        return replace(test, verdict=WeightsVerdict.SHARED, reason=f"{told}, as {min(related)} does")
    reason = f"{told}, too few to decide alone"
    return replace(test, verdict=WeightsVerdict.INDETERMINATE, reason=reason)
