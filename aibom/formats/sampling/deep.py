"""What the aligned test reads: embedding rows of many tokens, and whole projections of a few layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from aibom.formats.dequantise import row_extents
from aibom.formats.dequantise.layout import MAX_VALUES
from aibom.formats.sampling.plan import Block, first_output
from aibom.formats.sampling.weight import Weight
from aibom.model.weights import WeightKind

BUDGET = 64 << 20
"""Bytes of one model; a part whose projections do not fit is left out."""
TOKENS = 1024
"""Embedding rows, from the same token as samples."""
LAYERS = 4
"""Layers that projections are read of, spread over the depth."""
_READS = (WeightKind.KEY, WeightKind.VALUE, WeightKind.QUERY, WeightKind.UP, WeightKind.GATE)
"""Projections that read the hidden dimensions, the usually smaller ones first."""


def deep_plan(weights: Iterable[Weight]) -> tuple[Block, ...]:
    """Blocks of embeddings, gains and projections, as many kinds as the budget allows, by part and layer.

    Projections that a file stores by inputs are left out: their rows do not lie together.
    """
    parts: dict[str, list[Weight]] = defaultdict(list)
    for item in sorted(weights, key=lambda item: (item.part, item.name, item.expert or 0)):
        if not item.sideways and not item.expert:
            parts[item.part].append(item)
    tables = [block for items in parts.values() for block in _tables(items)]
    left = BUDGET - sum(block.nbytes for block in tables)
    width = max((block.columns for block in tables), default=0)
    chosen: list[Block] = []
    for items in parts.values():
        kept = _projections(items, width, left)
        left -= sum(block.nbytes for block in kept)
        chosen += kept
    return (*tables, *chosen)


def _tables(items: Sequence[Weight]) -> Iterator[Block]:
    for item in items:
        if item.kind is WeightKind.EMBEDDING:
            first = first_output(item)
            yield from _whole(item, first, min(TOKENS, item.outputs - first))


def _projections(items: Sequence[Weight], width: int, budget: int) -> list[Block]:
    """All kinds of the chosen layers that fit, whole kinds only, so that both models have the same."""
    layers = sorted({item.layer for item in items if item.layer is not None and item.inputs == width})
    chosen = (
        {layers[(2 * number + 1) * len(layers) // (2 * LAYERS)] for number in range(LAYERS)}
        if layers
        else set()
    )
    kept: list[Block] = []
    for kind in _READS:
        found = [
            item for item in items if item.kind is kind and item.layer in chosen and item.inputs == width
        ]
        blocks = [block for item in found for block in _whole(item, 0, item.outputs)]
        cost = sum(block.nbytes for block in blocks)
        if cost <= budget:
            kept += blocks
            budget -= cost
    gains = (item for item in items if item.kind is WeightKind.NORM and item.layer in chosen)
    return [*kept, *(block for item in gains for block in _whole(item, 0, item.outputs))]


def _whole(weight: Weight, first: int, count: int) -> Iterator[Block]:
    """Outputs of a matrix in blocks that can be decoded in one call."""
    height = max(1, MAX_VALUES // max(weight.layout.columns, 1))
    for start in range(first, first + count, height):
        rows = min(height, first + count - start)
        stored = weight.first + start, weight.first + start + rows
        yield Block(weight, start, rows, weight.inputs, weight.layout, row_extents(weight.layout, *stored))
