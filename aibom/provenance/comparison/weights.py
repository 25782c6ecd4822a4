"""The weights of two targets, part by part; the aligned test where other signals ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from aibom.model import ComparedPair, ComparedSignal, Locator, Statistic, WeightSample, WeightsDetail
from aibom.provenance.context import Context
from aibom.provenance.weight_words import told
from aibom.provenance.weights import AlignedTest, PartTest, WeightsVerdict, compare_aligned, compare_parts
from aibom.provenance.weights.result import WITHIN

Deeper = Callable[[], tuple[Sequence[WeightSample], Sequence[WeightSample]]]
"""Reads embedding rows and whole projections of both targets."""

_CANNOT_SHOW = (
    "Which of the two was first, what either learnt from the other's answers (distillation), and matrices "
    "that were not sampled. Equal configurations, names and shapes say nothing of the values of weights."
)
_ALTERNATIVE = "Both may be made from a third model, or begin at one seed of the same code."
_SAYS = {
    WeightsVerdict.IDENTICAL: "every sampled block of a part is equal",
    WeightsVerdict.DERIVED: "a part is derived from the other's, or both from a third",
    WeightsVerdict.SHARED: "a part shares its initialisation with the other's, or one derives from the other",
    WeightsVerdict.INDEPENDENT: "no part that could be tested matches, and the test would have seen it",
}
_ORDER = tuple(WeightsVerdict)
_PLACES = 4


def compare_weights(a: Context, b: Context, *, suspicious: bool, deeper: Deeper | None) -> ComparedSignal:
    """The closest part decides; where none does and another signal is `suspicious`, the aligned test runs."""
    ours, theirs = a.inspected.prints_of(WeightSample), b.inspected.prints_of(WeightSample)
    missing = [name for name, samples in (("A", ours), ("B", theirs)) if not samples]
    if missing:
        reason = f"not tested at this depth: no weights of {' and '.join(missing)} were sampled"
        return ComparedSignal(WeightsVerdict.INDETERMINATE, reason, _CANNOT_SHOW)
    tests = compare_parts(ours, theirs)
    verdict = _verdict(tests)
    aligned = None
    silent = verdict in (WeightsVerdict.INDEPENDENT, WeightsVerdict.INDETERMINATE)
    if silent and suspicious and deeper is not None:
        aligned = compare_aligned(*deeper())
    if aligned is not None and aligned.review:
        reason = f"needs review: {aligned.reason}, though no coordinates match"
        return ComparedSignal(WeightsVerdict.INDETERMINATE, reason, _CANNOT_SHOW, _pairs(tests, aligned))
    reason = _SAYS.get(verdict) or "; ".join(sorted({test.reason for test in tests}))
    return ComparedSignal(verdict, reason, _CANNOT_SHOW, _pairs(tests, aligned))


def _verdict(tests: Sequence[PartTest]) -> WeightsVerdict:
    """The closest class of any part; independent only where some part is, and none matches anywhere."""
    found = min((_ORDER.index(test.verdict) for test in tests), default=len(_ORDER) - 1)
    verdict = _ORDER[found]
    if verdict is WeightsVerdict.INDEPENDENT and any(test.matched for test in tests):
        return WeightsVerdict.INDETERMINATE
    return verdict


def _pairs(tests: Sequence[PartTest], aligned: AlignedTest | None) -> tuple[ComparedPair, ...]:
    ranked = sorted(tests, key=lambda test: (_ORDER.index(test.verdict), -test.coverage, test.part_a))
    return tuple(_pair(test, aligned) for test in ranked)


def _pair(test: PartTest, aligned: AlignedTest | None) -> ComparedPair:
    matched = sorted((item for item in test.matches if item.matched), key=lambda item: -item.r)[:_PLACES]
    largest = max((item.largest for item in test.nulls), default=None)
    statistic = Statistic(
        "median centred correlation",
        test.median_r,
        None if largest is None else round(largest, 4),
        max((item.largest_r for item in test.controls if item.label != WITHIN), default=None),
        f"{test.matched} of {test.sampled} sampled matrices, z bound {test.bound:.1f}; runner-up: "
        "the largest control",
    )
    return ComparedPair(
        test.verdict,
        f"{told(test)}.",
        part_a=test.part_a,
        part_b=test.part_b,
        statistic=statistic if test.tested else None,
        locators_a=_places(item.ours for item in matched),
        locators_b=_places(item.theirs for item in matched),
        alternative=_ALTERNATIVE if test.verdict.related else "",
        weights=detail(test, aligned),
    )


def detail(test: PartTest, aligned: AlignedTest | None = None) -> WeightsDetail:
    """The numbers of a test, in the form that is shown."""
    cka = None if aligned is None else aligned.median_cka
    return WeightsDetail(
        median_r=test.median_r,
        z=round(median([item.z for item in test.matches]), 2) if test.matches else 0.0,
        bound=round(test.bound, 2),
        coverage=round(test.coverage, 4),
        sampled=test.sampled,
        tested=test.tested,
        layer_map=test.layer_map,
        monotone=test.monotone,
        smallest_detectable=test.smallest_detectable,
        controls=test.controls,
        aligned=None if cka is None else round(cka, 4),
        review=aligned is not None and aligned.review,
    )


def _places(samples: Iterable[WeightSample]) -> tuple[Locator, ...]:
    return tuple(item.locator for item in samples if item.locator is not None)
