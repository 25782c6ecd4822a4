"""Reads the planned blocks and turns them into samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aibom.errors import AibomError, FormatError, ReadError
from aibom.formats.dequantise import Extent, decode_rows
from aibom.formats.sampling.grouping import Refused
from aibom.formats.sampling.plan import RUN_BY_RUN, Block, plan
from aibom.formats.sampling.weight import Weight
from aibom.formats.text import clean
from aibom.model import Locator, Stage, Unknown, WeightSample
from aibom.spi import Range, View

BOUND = 4.0
"""Standard deviations of a row beyond which values are held, so that no outlier decides a correlation."""


def sample(view: View, weights: Iterable[Weight]) -> Iterator[WeightSample | Unknown]:
    """Samples of a model's matrices, in a stable order, and what could not be sampled.

    Matrices whose rows are constant, or no numbers, give an Unknown: nothing can be concluded from them.
    """
    blocks = plan(weights)
    needs = [list(_ranges(block)) for block in blocks]
    answers = iter(view.read_many([item for need in needs for _, _, item in need]))
    for block, need in zip(blocks, needs, strict=True):
        data = [next(answers) for _ in need]
        try:
            yield _sampled(block, need, data)
        except AibomError as error:
            where = block.weight.places[next(iter(block.weight.layout.parts))].path
            name = clean(block.weight.name, 120)
            yield Unknown(where, Stage.INSPECTION, f"{name}: not sampled: {clean(error.message, 160)}")


def refusals(refused: Iterable[tuple[str, Refused]]) -> Iterator[Unknown]:
    """One Unknown for each part and reason, out of (Part.id, what of it cannot be read)."""
    found: dict[tuple[str, str], list[Refused]] = {}
    for part, item in refused:
        found.setdefault((part, clean(item.reason, 200)), []).append(item)
    for (part, reason), items in sorted(found.items()):
        first = min(items, key=lambda item: (item.path, item.name))
        more = f" and {len(items) - 1:,} more" if len(items) > 1 else ""
        text = f"weights of {part} not sampled: {reason} ({clean(first.name, 120)}{more})"
        yield Unknown(first.path, Stage.INSPECTION, text)


_Need = tuple[str, Extent, Range]


def _ranges(block: Block) -> Iterator[_Need]:
    """The reads that a block needs; runs that lie far apart one by one."""
    for part, extent in block.extents().items():
        place = block.weight.places[part]
        if extent.count > 1 and extent.span > RUN_BY_RUN:
            for offset, length in extent.runs():
                yield part, extent, Range(place.path, place.offset + offset, length)
        else:
            yield part, extent, Range(place.path, place.offset + extent.offset, extent.span)


def _sampled(block: Block, need: Sequence[_Need], data: Sequence[bytes | ReadError]) -> WeightSample:
    gathered: dict[str, bytes] = {}
    for (part, extent, where), answer in zip(need, data, strict=True):
        if isinstance(answer, ReadError):
            raise answer
        if len(answer) != where.length:
            raise FormatError("the file ends within the tensor")
        runs = answer if where.length != extent.span else extent.gather(answer)
        gathered[part] = gathered.get(part, b"") + runs
    weight = block.weight
    start, stop = block.stored()
    values = decode_rows(weight.layout, gathered, start, stop)
    values = values[:, weight.left : weight.right]
    if weight.sideways:
        values = values[:, block.first : block.first + block.count].T
    values = np.ascontiguousarray(values, np.float32)
    codes, scales = quantised(values)
    first = need[0][2]
    return WeightSample(
        part=weight.part,
        name=clean(weight.name, 200),
        kind=weight.kind,
        layer=weight.layer,
        expert=weight.expert,
        shape=(weight.outputs, weight.inputs),
        dtype=weight.dtype,
        rows=(block.first, block.count),
        columns=block.columns,
        codes=codes.tobytes(),
        scales=scales.astype("<f4").tobytes(),
        digest=hashlib.sha256(values.astype("<f4").tobytes()).hexdigest(),
        rms=float(f"{float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))):.6g}"),
        locator=Locator(first.path, offset=first.offset, length=first.length, key=clean(weight.name, 200)),
    )


def quantised(values: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 codes of each row, and the rows' scales; a code of 127 stands for four standard deviations.

    Raises:
        FormatError: values that are no numbers, or rows that are all constant.
    """
    if not np.isfinite(values).all():
        raise FormatError("values that are infinite or no numbers")
    centre = values.mean(axis=1, keepdims=True, dtype=np.float64)
    spread = values.std(axis=1, keepdims=True, dtype=np.float64)
    if not (spread > np.abs(centre) * 1e-6).any() or not spread.any():
        raise FormatError("constant values")
    bound = np.maximum(np.abs(centre) + BOUND * spread, np.finfo(np.float32).tiny)
    held = np.clip(values, centre - BOUND * spread, centre + BOUND * spread)
    scales = (bound / 127).astype(np.float32)
    return np.rint(held / scales).clip(-127, 127).astype(np.int8), scales[:, 0]
