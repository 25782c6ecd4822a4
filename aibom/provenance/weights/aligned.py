"""The aligned test: copies whose hidden dimensions were permuted, flipped, rescaled or rotated.

Run only where other signals raise suspicion and the direct test is silent. Hidden dimensions of A and B are
aligned on the embedding rows of tokens that both know (by assignment with sign, else by Procrustes); then the
Gram matrices of whole projections over the aligned dimensions are held against each other by unbiased CKA,
beside the same under random alignments. Outputs may be in any order or basis: Gram matrices do not see them.
Source of the idea: AWM, ICLR 2026; CKA: Kornblith et al., arXiv:1905.00414; the unbiased estimate: Song et
al., JMLR 13 (2012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aibom.model import WeightKind, WeightSample
from aibom.provenance.weights.blocks import values_of
from aibom.provenance.weights.result import Agreement, AlignedTest

Array = NDArray[np.float64]

MIN_TOKENS = 64
"""Embedding rows that an alignment needs."""
MAX_ROTATED = 2048
"""Hidden size up to which rotations are searched: the singular values of a larger matrix take minutes."""
MAX_HELD = 1024
"""Dimensions of an assignment that Gram matrices are made over: more show no more."""
ASSIGNED = 0.5
"""Share of the dimensions that an assignment must place, each by both sides' best choice."""
EFFECT = 0.2
"""Smallest CKA of an agreement."""
SIGNIFICANT = 10.0
DRAWS = 12
"""Random alignments that the null is measured on."""
_READS = (WeightKind.QUERY, WeightKind.KEY, WeightKind.VALUE, WeightKind.GATE, WeightKind.UP)
"""Matrices whose inputs are the hidden dimensions."""
_SEED = 20260115


def compare_aligned(ours: Sequence[WeightSample], theirs: Sequence[WeightSample]) -> AlignedTest:
    """The aligned test over samples of embedding rows and whole projections.

    Tokens are taken for the same where their rows have the same number: the caller must know that the
    vocabularies agree under their ids.
    """
    tables = _embedding(ours), _embedding(theirs)
    if tables[0] is None or tables[1] is None:
        return AlignedTest(False, "no embedding rows of both models were read")
    one, other = _common(tables[0], tables[1])
    if len(one) < MIN_TOKENS:
        return AlignedTest(False, f"only {len(one)} tokens of both were read, {MIN_TOKENS} are needed")
    pairs = _pairs(ours, theirs, one.shape[1], other.shape[1])
    if not pairs:
        return AlignedTest(
            False, "no whole projection of the same layer and kind of both was read", tokens=len(one)
        )
    tried: list[AlignedTest] = []
    for how, maps in _alignments(one, other):
        agreements = tuple(_agreement(left, right, maps) for left, right in pairs)
        tried.append(_judged(how, len(one), agreements))
        if tried[-1].review:
            return tried[-1]
    if not tried:
        return AlignedTest(False, "the hidden dimensions could not be aligned", tokens=len(one))
    return max(tried, key=lambda item: item.median_cka or 0.0)


def _judged(how: str, tokens: int, agreements: tuple[Agreement, ...]) -> AlignedTest:
    agreeing = [item for item in agreements if item.agrees]
    kinds = {item.kind for item in agreeing}
    layers = {item.layer for item in agreeing}
    review = 2 * len(agreeing) >= len(agreements) and len(kinds) >= 2 and len(layers) >= 2
    told = f"{len(agreeing)} of {len(agreements)} projections agree after {how} on {tokens} tokens"
    return AlignedTest(review, told, how, tokens, agreements)


@dataclass(frozen=True, slots=True)
class _Maps:
    """Which dimensions of A and B are held against each other, and how B's are turned into A's."""

    left: NDArray[np.intp]
    right: NDArray[np.intp]
    rotation: Array | None = None


def _alignments(one: Array, other: Array) -> Sequence[tuple[str, _Maps]]:
    found = []
    assigned = _assignment(one, other)
    if assigned is not None:
        found.append(("assignment", assigned))
    if one.shape[1] == other.shape[1] <= MAX_ROTATED:
        found.append(("rotation", _procrustes(one, other)))
    return found


def _assignment(one: Array, other: Array) -> _Maps | None:
    """Dimensions that are each other's best choice by absolute correlation over the tokens."""
    agreement = np.abs(_unit_columns(one).T @ _unit_columns(other))
    right, left = agreement.argmax(axis=1), agreement.argmax(axis=0)
    chosen = np.flatnonzero(left[right] == np.arange(len(right)))
    sure = chosen[agreement[chosen, right[chosen]] * np.sqrt(len(one)) >= 6.0]
    if len(sure) < ASSIGNED * min(agreement.shape):
        return None
    return _Maps(sure[:MAX_HELD], right[sure[:MAX_HELD]])


def _procrustes(one: Array, other: Array) -> _Maps:
    """The rotation that turns B's embedding rows into A's as nearly as one can."""
    left, _, right = np.linalg.svd((other - other.mean(0)).T @ (one - one.mean(0)), full_matrices=False)
    every = np.arange(one.shape[1])
    return _Maps(every, every, left @ right)


def _agreement(left: _Whole, right: _Whole, maps: _Maps) -> Agreement:
    """Signs and scales of single dimensions do not count: columns have unit length, entries are squared."""
    if maps.rotation is None:
        one = np.square(_cosines(left.values[:, maps.left]))
        other = np.square(_cosines(right.values[:, maps.right]))
    else:
        one = left.folded.T @ left.folded
        turned = right.folded @ maps.rotation
        other = turned.T @ turned
    generator = np.random.Generator(np.random.PCG64(_SEED))
    one, other = _centred(one), _centred(other)
    drawn = [
        _cka(one, other[np.ix_(order, order)])
        for order in (generator.permutation(len(other)) for _ in range(DRAWS))
    ]
    cka, null, spread = _cka(one, other), float(np.mean(drawn)), max(float(np.std(drawn)), 1e-4)
    return Agreement(
        left.sample.name,
        right.sample.name,
        left.sample.kind,
        left.sample.layer,
        round(cka, 4),
        round(null, 4),
        round(spread, 4),
        agrees=cka >= EFFECT and cka - null >= SIGNIFICANT * spread,
    )


def _cosines(values: Array) -> Array:
    unit = values / np.maximum(np.linalg.norm(values, axis=0, keepdims=True), 1e-12)
    product: Array = unit.T @ unit
    return product


def _centred(gram: Array) -> Array:
    """U-centred: the diagonal and all row means taken out, so that unrelated matrices give 0 on average."""
    size = len(gram)
    work = gram.copy()
    np.fill_diagonal(work, 0.0)
    rows = work.sum(axis=1) / (size - 2)
    total = work.sum() / ((size - 1) * (size - 2))
    work -= rows[:, None]
    work -= rows[None, :]
    work += total
    np.fill_diagonal(work, 0.0)
    return work


def _cka(one: Array, other: Array) -> float:
    scale = float(np.sqrt(np.vdot(one, one) * np.vdot(other, other)))
    return float(np.vdot(one, other)) / scale if scale > 0 else 0.0


def _unit_columns(values: Array) -> Array:
    centred = values - values.mean(axis=0, keepdims=True)
    unit: Array = centred / np.maximum(np.linalg.norm(centred, axis=0, keepdims=True), 1e-12)
    return unit


@dataclass(frozen=True, slots=True)
class _Whole:
    """A projection with all its inputs; `folded` has the gains of the norm before it multiplied in."""

    sample: WeightSample
    values: Array
    folded: Array


def _embedding(samples: Sequence[WeightSample]) -> tuple[int, Array] | None:
    """(first token, rows) of the largest embedding."""
    tables: dict[str, list[WeightSample]] = defaultdict(list)
    for item in samples:
        if item.kind is WeightKind.EMBEDDING and item.columns == item.shape[1]:
            tables[item.name].append(item)
    if not tables:
        return None
    best = max(tables.values(), key=lambda items: sum(item.rows[1] for item in items))
    return min(item.rows[0] for item in best), _stacked(best)


def _stacked(samples: Sequence[WeightSample]) -> Array:
    """Blocks of one matrix, one under the other."""
    return np.concatenate([values_of(item) for item in sorted(samples, key=lambda item: item.rows)])


def _common(one: tuple[int, Array], other: tuple[int, Array]) -> tuple[Array, Array]:
    """The rows of tokens that both blocks hold."""
    start = max(one[0], other[0])
    stop = max(min(one[0] + len(one[1]), other[0] + len(other[1])), start)
    return one[1][start - one[0] : stop - one[0]], other[1][start - other[0] : stop - other[0]]


def _pairs(
    ours: Sequence[WeightSample], theirs: Sequence[WeightSample], width: int, other_width: int
) -> list[tuple[_Whole, _Whole]]:
    """Projections of one part, layer and kind, whole on both sides, that read the hidden dimensions."""
    left, right = _projections(ours, width), _projections(theirs, other_width)
    return [(left[key], right[key]) for key in sorted(left.keys() & right.keys())]


def _projections(samples: Sequence[WeightSample], width: int) -> Mapping[tuple[str, int, str], _Whole]:
    gains = _gains(samples, width)
    found: dict[tuple[str, int, str], list[WeightSample]] = defaultdict(list)
    for item in samples:
        if item.kind in _READS and item.layer is not None and item.shape[1] == width == item.columns:
            found[item.part, item.layer, item.kind.value].append(item)
    return {
        key: _whole(items, gains)
        for key, items in found.items()
        if len({item.name for item in items}) == 1
        and sum(item.rows[1] for item in items) == items[0].shape[0]
    }


def _whole(samples: Sequence[WeightSample], gains: Mapping[tuple[int, bool], Array]) -> _Whole:
    values, first = _stacked(samples), samples[0]
    attention = first.kind in (WeightKind.QUERY, WeightKind.KEY, WeightKind.VALUE)
    gain = gains.get((first.layer or 0, attention))
    return _Whole(first, values, values if gain is None else values * gain)


def _gains(samples: Sequence[WeightSample], width: int) -> Mapping[tuple[int, bool], Array]:
    """(layer, before attention) → gains; the norm before attention comes first by its usual names."""
    found: dict[tuple[int, bool], Array] = {}
    for item in sorted(samples, key=lambda item: item.name):
        if item.kind is WeightKind.NORM and item.layer is not None and item.columns == width:
            before = any(word in item.name for word in ("input", "attn_norm", "ln_1", "layer_norm1", "norm1"))
            found.setdefault((item.layer, before), values_of(item)[0])
    return found
