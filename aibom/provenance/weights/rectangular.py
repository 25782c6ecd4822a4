"""Matrices of one width whose outputs were cut: their rows are found again, in their old order.

A copy that lost outputs (a pruned feed-forward layer) has other rows at the same place, and the direct
test sees nothing. Each row alone is a vector of the whole width, so a few of them are enough.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from aibom.model import WeightKind
from aibom.provenance.weights.blocks import Block, Floats
from aibom.provenance.weights.result import Match, Null

ROWS = 16
"""Rows of a block that are searched for."""
ROW_Z = 7.0
"""Of a pair of rows, in units of the null's spread: one in 10^12 of unrelated pairs."""
FEWEST = 2
"""Rows that must be found, in one order."""


def row_matches(
    ours: Sequence[Block],
    theirs: Sequence[Block],
    open_: Mapping[int, Match],
    nulls: Sequence[Null],
    least: float,
) -> dict[int, Match]:
    """Matches of rows for the blocks in `open_`, which the direct test found nothing for.

    `least` is the z that a match needs. Only matrices with another number of outputs are searched.
    """
    spread = {(item.kind, item.width): max(item.spread, 1.0) for item in nulls}
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, item in enumerate(theirs):
        groups[item.sample.shape[1], item.columns].append(number)
    units: dict[int, Floats] = {}
    found: dict[int, Match] = {}
    for number in sorted(open_):
        block = ours[number]
        width = block.sample.shape[1]
        sigma = spread.get((block.sample.kind, width), 1.0)
        best = _best(block, theirs, groups.get((width, block.columns), ()), sigma, units)
        if best is not None and best[1] >= least:
            r, z, other, elements = best
            found[number] = Match(
                block.sample, theirs[other].sample, r, z, elements, equal=False, matched=True
            )
    return found


def _best(
    block: Block, theirs: Sequence[Block], candidates: Sequence[int], sigma: float, units: dict[int, Floats]
) -> tuple[float, float, int, int] | None:
    """(mean r of the rows found, its z, the block of B, elements) of the best candidate.

    `units` keeps the rows of B's blocks from one block of A to the next.
    """
    mine = _unit_rows(block)
    best: tuple[float, float, int, int] | None = None
    for number in candidates:
        other = theirs[number]
        if other.sample.shape[0] == block.sample.shape[0] or not _comparable(block, other):
            continue
        if number not in units:
            units[number] = _unit_rows(other)
        agreement = (mine @ units[number].T).astype(np.float64)
        least = ROW_Z * sigma / math.sqrt(block.columns)
        if np.count_nonzero(agreement >= least) < FEWEST:
            continue
        rows = _in_order(agreement, least)
        if len(rows) < FEWEST:
            continue
        r = float(np.mean(rows))
        elements = len(rows) * (block.columns - 1)
        z = r * math.sqrt(elements) / sigma
        if best is None or z > best[1]:
            best = (r, z, number, elements)
    return best


def _comparable(one: Block, other: Block) -> bool:
    """Of one kind, or of one whose names do not tell."""
    kinds = {one.sample.kind, other.sample.kind}
    return len(kinds) == 1 or WeightKind.OTHER in kinds


def _unit_rows(block: Block) -> Floats:
    values = block.values[:ROWS].astype(np.float32)
    values -= values.mean(axis=1, keepdims=True)
    unit: Floats = values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
    return unit


def _in_order(agreement: NDArray[np.float64], least: float) -> list[float]:
    """Correlations of the most rows that agree one to one without changing their order."""
    rows, columns = agreement.shape
    chains: list[list[list[float]]] = [[[] for _ in range(columns + 1)] for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            longest = max(chains[i - 1][j], chains[i][j - 1], key=len)
            value = float(agreement[i - 1, j - 1])
            if value >= least and len(chains[i - 1][j - 1]) + 1 > len(longest):
                longest = [*chains[i - 1][j - 1], value]
            chains[i][j] = longest
    return chains[rows][columns]
