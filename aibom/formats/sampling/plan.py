"""Which matrices are sampled, and how much of each, so that a model costs about four megabytes.

Blocks begin at the first output and the first input (of vocabularies at a fixed token), so that two models
give comparable blocks whatever their depth, their vocabulary's length, or how projections are fused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from aibom.formats.dequantise import Extent, row_extents
from aibom.formats.sampling.names import folded_name
from aibom.formats.sampling.weight import EXPERTS, Weight
from aibom.model.weights import WeightKind

BUDGET = 4 << 20
"""Bytes of one model's samples."""
SIDEWAYS_SPAN = 1 << 20
"""Bytes of one matrix that a file stores as (inputs, outputs): its block needs whole stored rows."""
MAX_ELEMENTS = 2 << 20
"""Values of one model's samples: a record keeps a byte of each."""
MAX_RANGES = 4096
"""Separate reads of one model."""
MAX_SAMPLES = 384
"""Matrices of one model."""
RUN_BY_RUN = 1 << 18
"""Bytes between first and last run from which runs are read one by one."""
TOKEN = 1000
"""First token of a vocabulary's block: earlier ones are bytes, characters and markers."""
SMALLEST = 16
"""Outputs and inputs that a matrix must have; smaller ones show nothing."""

_ROWS = (64, 32, 16, 8, 4)
_TEMPLATES = (1000, 4, 3, 2)
"""Kinds of matrices in each layer; which ones are kept first is `_PREFERENCE`."""
_STRIDES = (1, 2, 4, 8)
_PREFERENCE = (
    WeightKind.OUTPUT,
    WeightKind.UP,
    WeightKind.VALUE,
    WeightKind.DOWN,
    WeightKind.LATENT,
    WeightKind.GATE,
    WeightKind.QUERY,
    WeightKind.KEY,
    WeightKind.CONVOLUTION,
    WeightKind.OTHER,
)


@dataclass(frozen=True, slots=True)
class Block:
    """Outputs `first` to `first + count` and the first `columns` inputs of a matrix."""

    weight: Weight
    first: int
    count: int
    columns: int

    def stored(self) -> tuple[int, int]:
        """The stored rows that hold it."""
        weight = self.weight
        if weight.sideways:
            return weight.first, weight.first + self.columns
        return weight.first + self.first, weight.first + self.first + self.count

    def extents(self) -> dict[str, Extent]:
        """The bytes of each stored tensor that it needs."""
        return row_extents(self.weight.layout, *self.stored())

    def cost(self) -> tuple[int, int]:
        """(bytes, separate reads)."""
        nbytes = reads = 0
        for extent in self.extents().values():
            apart = extent.count > 1 and extent.span > RUN_BY_RUN
            nbytes += extent.nbytes if apart else extent.span
            reads += extent.count if apart else 1
        return nbytes, reads


def plan(weights: Iterable[Weight]) -> tuple[Block, ...]:
    """The blocks to read: as many kinds, rows and layers as the budget allows, given up in that order.

    Every layer is kept as long as possible, since a copy may leave layers out or repeat them.
    """
    usable = sorted(filter(_is_usable, weights), key=lambda item: (item.part, item.name, item.expert or 0))
    chosen: tuple[Block, ...] = ()
    for stride, templates, rows in product(_STRIDES, _TEMPLATES, _ROWS):
        chosen = tuple(block(item, rows) for item in _thinned(usable, templates, stride))
        if _affordable(chosen):
            return chosen
    return _cut(chosen)


def block(weight: Weight, rows: int) -> Block:
    """The block of a matrix with at most so many outputs."""
    first = TOKEN if weight.kind in _VOCABULARIES and weight.outputs >= 2 * TOKEN else 0
    count = min(rows, weight.outputs - first)
    columns = weight.inputs
    if weight.sideways:
        row = sum(
            extent.nbytes for extent in row_extents(weight.layout, weight.first, weight.first + 1).values()
        )
        columns = max(1, min(columns, SIDEWAYS_SPAN // max(row, 1)))
    return Block(weight, first, count, columns)


_VOCABULARIES = (WeightKind.EMBEDDING, WeightKind.HEAD)


def _is_usable(weight: Weight) -> bool:
    large = min(weight.outputs, weight.inputs) >= SMALLEST
    return large and weight.kind.informative and (weight.expert or 0) < EXPERTS


def _thinned(weights: Sequence[Weight], templates: int, stride: int) -> Iterator[Weight]:
    """The preferred kinds of every part, on every `stride`-th layer; matrices outside layers always."""
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for item in weights:
        if item.layer is not None:
            names[item.part].setdefault(folded_name(item.name), _rank(item.kind))
    kept = {
        part: frozenset(sorted(found, key=lambda name: (found[name], name))[:templates])
        for part, found in names.items()
    }
    for item in weights:
        if item.layer is None or (item.layer % stride == 0 and folded_name(item.name) in kept[item.part]):
            yield item


def _rank(kind: WeightKind) -> int:
    return _PREFERENCE.index(kind) if kind in _PREFERENCE else len(_PREFERENCE)


def _affordable(blocks: Sequence[Block]) -> bool:
    if len(blocks) > MAX_SAMPLES:
        return False
    if sum(item.count * item.columns for item in blocks) > MAX_ELEMENTS:
        return False
    nbytes = reads = 0
    for item in blocks:
        size, count = item.cost()
        reads += count
        nbytes += 0 if item.weight.sideways else size
    return nbytes <= BUDGET and reads <= MAX_RANGES


def _cut(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The first blocks of a plan that no thinning made affordable."""
    kept: list[Block] = []
    for item in blocks:
        if not _affordable([*kept, item]):
            break
        kept.append(item)
    return tuple(kept)
