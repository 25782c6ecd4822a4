"""Which matrices are sampled, and how much of each, so that a model costs about four megabytes.

Blocks begin at the first output and the first input (of vocabularies at a fixed token), so that two models
give comparable blocks whatever their depth, their vocabulary's length, or how projections are fused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from aibom.errors import AibomError
from aibom.formats.dequantise import Awq, Extent, Gptq, Layout, row_extents
from aibom.formats.sampling.names import folded_name
from aibom.formats.sampling.weight import EXPERTS, Refused, Weight
from aibom.model.weights import WeightKind

BUDGET = 9 << 19
"""Bytes of one model's samples: 4.5 MiB, so that headers and small files fit beside them into five."""
WIDEST = 1 << 20
"""Bytes that the fewest inputs of all outputs may take where a file stores a matrix by inputs."""
MAX_OUTPUTS = 4096
"""Outputs of a vocabulary's block where a file stores it by inputs."""
MAX_ELEMENTS = 9 << 18
"""Values of one model's samples: a record keeps a byte of each."""
MAX_RANGES = 4096
"""Separate reads of one model."""
MAX_SAMPLES = 384
"""Matrices of one model."""
RUN_BY_RUN = 1 << 18
"""Bytes between first and last run from which runs are read one by one."""
TOKEN = 1000
"""First token of a vocabulary's block: earlier ones are bytes, characters and markers."""
TOKENS = 16
"""Rows of a vocabulary's block at least: a model has one or two of them."""
WORD = 32
"""Inputs after which packed words begin anew, whatever their bits."""
SMALLEST = 16
"""Outputs and inputs that a matrix must have; smaller ones show nothing."""

FEWEST = 4
"""Inputs of a block at least, where a file stores a matrix by inputs."""

_ROWS = (64, 32, 16, 8, 4, 3, 2)
_TEMPLATES = (1000, 4, 3, 2)
"""Kinds of matrices in each layer; which ones are kept first is `_PREFERENCE`."""
_EXPERTS = (EXPERTS, 1)
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
    """Outputs `first` to `first + count` and the first `columns` inputs of a matrix.

    Attributes:
        layout: that of the weight, or of its first inputs alone where these lie together in the file.
        extents: the bytes of each stored tensor that it needs.
    """

    weight: Weight
    first: int
    count: int
    columns: int
    layout: Layout
    extents: Mapping[str, Extent]

    @property
    def stored(self) -> tuple[int, int]:
        """The rows of the layout that hold it."""
        return _stored(self.weight, self.first, self.count, self.columns)

    @property
    def nbytes(self) -> int:
        """Bytes that are read for it."""
        return sum(map(_nbytes, self.extents.values()))


def is_scattered(extent: Extent) -> bool:
    """Whether runs lie so far apart that each is read by itself."""
    return extent.count > 1 and extent.span > max(RUN_BY_RUN, 4 * extent.nbytes)


def plan(weights: Iterable[Weight]) -> tuple[tuple[Block, ...], tuple[Refused, ...]]:
    """The blocks to read, and the matrices of which even the least would be too much.

    As many rows, experts, kinds and layers as the budget allows, given up in this order: every layer is kept
    as long as possible, since a copy may leave layers out or repeat them. Vectors, small
    matrices, and kinds that show nothing (R2) are left out.
    """
    usable, refused = readable(filter(_is_usable, weights))
    usable.sort(key=lambda item: (item.part, item.name, item.expert or 0))
    chosen: tuple[Block, ...] = ()
    for stride, templates, experts in product(_STRIDES, _TEMPLATES, _EXPERTS):
        thinned = tuple(_thinned(usable, templates, stride, experts))
        if len(thinned) > MAX_SAMPLES:
            continue
        for rows in _ROWS:
            chosen = tuple(block(item, rows) for item in thinned)
            if _affordable(chosen):
                return chosen, refused
    chosen = chosen or tuple(block(item, _ROWS[-1]) for item in usable[:MAX_SAMPLES])
    return _cut(chosen), refused


def readable(weights: Iterable[Weight]) -> tuple[list[Weight], tuple[Refused, ...]]:
    """The matrices of which a block can be read, and those of which even the least would be too much."""
    fit: list[Weight] = []
    refused: list[Refused] = []
    for item in weights:
        reason = _unfit(item)
        if reason:
            refused.append(Refused(item.name, item.path, reason, item.part))
        else:
            fit.append(item)
    return fit, tuple(refused)


def _unfit(weight: Weight) -> str:
    """Why no block of a matrix can be read, or empty."""
    try:
        least = block(weight, _ROWS[-1])
    except AibomError as error:
        return error.message
    return f"its least block takes {least.nbytes:,} bytes" if least.nbytes > WIDEST else ""


def block(weight: Weight, rows: int) -> Block:
    """The block of a matrix with about as many values as `rows` of its outputs have.

    Where a file stores a matrix by inputs, it has the first inputs of all outputs, which lie together.

    Raises:
        FormatError, LimitError: as `row_extents`.
    """
    vocabulary = weight.kind in _VOCABULARIES
    first = first_output(weight)
    layout, columns = weight.layout, weight.inputs
    count = min(max(rows, TOKENS) if vocabulary else rows, weight.outputs - first)
    if weight.sideways or _packs_inputs(layout):
        columns = min(max(FEWEST, rows * weight.inputs // weight.outputs), weight.inputs)
        count = min(weight.outputs - first, MAX_OUTPUTS if first else weight.outputs)
    if not weight.sideways and _packs_inputs(layout):
        columns = min(-(-columns // WORD) * WORD, weight.inputs)
        layout = replace(layout, shape=(layout.rows, columns))
    stored = _stored(weight, first, count, columns)
    return Block(weight, first, count, columns, layout, row_extents(layout, *stored))


def first_output(weight: Weight) -> int:
    """Where blocks of a matrix begin: at its first output, or at a token of a large vocabulary."""
    return TOKEN if weight.kind in _VOCABULARIES and weight.outputs >= 2 * TOKEN else 0


def _stored(weight: Weight, first: int, count: int, columns: int) -> tuple[int, int]:
    if weight.sideways:
        return weight.first, weight.first + columns
    return weight.first + first, weight.first + first + count


def _packs_inputs(layout: Layout) -> bool:
    """Whether words of some inputs stand one over the other, so that the first of them are a matrix.

    Not where any group may hold any input.
    """
    return isinstance(layout, Awq) or (isinstance(layout, Gptq) and not layout.indexed)


_VOCABULARIES = (WeightKind.EMBEDDING, WeightKind.HEAD)


def _is_usable(weight: Weight) -> bool:
    large = min(weight.outputs, weight.inputs) >= SMALLEST
    return large and weight.kind.informative and (weight.expert or 0) < EXPERTS


def _thinned(weights: Sequence[Weight], templates: int, stride: int, experts: int) -> Iterator[Weight]:
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
        if (item.expert or 0) >= experts:
            continue
        if item.layer is None or (item.layer % stride == 0 and folded_name(item.name) in kept[item.part]):
            yield item


def _rank(kind: WeightKind) -> int:
    return _PREFERENCE.index(kind) if kind in _PREFERENCE else len(_PREFERENCE)


def _affordable(blocks: Sequence[Block]) -> bool:
    if sum(item.count * item.columns for item in blocks) > MAX_ELEMENTS:
        return False
    # Pieces of one tensor may need the same bytes.
    needed = {(item.weight.places[part], extent) for item in blocks for part, extent in item.extents.items()}
    nbytes, reads = sum(_nbytes(extent) for _, extent in needed), sum(_reads(extent) for _, extent in needed)
    return nbytes <= BUDGET and reads <= MAX_RANGES


def _nbytes(extent: Extent) -> int:
    return extent.nbytes if is_scattered(extent) else extent.span


def _reads(extent: Extent) -> int:
    return extent.count if is_scattered(extent) else 1


def _cut(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The first blocks of a plan that no thinning made affordable."""
    for count in range(len(blocks), 0, -1):
        if _affordable(blocks[:count]):
            return tuple(blocks[:count])
    return ()
