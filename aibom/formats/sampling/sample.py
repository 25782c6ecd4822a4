"""Reads the planned blocks and turns them into samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aibom.errors import AibomError, FormatError, ReadError
from aibom.formats.dequantise import Extent, decode_rows
from aibom.formats.sampling.deep import deep_plan
from aibom.formats.sampling.plan import Block, is_scattered, plan, readable
from aibom.formats.sampling.weight import Refused, Weight
from aibom.formats.text import clean
from aibom.model import Depth, Locator, Stage, Unknown, WeightSample
from aibom.spi import Range, View

BOUND = 4.0
"""Standard deviations of a row beyond which values are held, so that no outlier decides a correlation."""


def sample(view: View, weights: Iterable[Weight | Refused]) -> Iterator[WeightSample | Unknown]:
    """Samples of a model's matrices, in a stable order, and what could not be sampled.

    Matrices that were refused before, whose rows are constant, or no numbers, or would take too much, give
    an Unknown for each part and reason: nothing can be concluded from them.
    """
    given = list(weights)
    matrices = [item for item in given if isinstance(item, Weight)]
    blocks, unfit = _planned(matrices, view.depth)
    refused = [item for item in given if isinstance(item, Refused)] + list(unfit)
    needs = [list(_ranges(block)) for block in blocks]
    # Pieces of one tensor may need the same bytes.
    ranges = list(dict.fromkeys(item for need in needs for _, _, item in need))
    answers = dict(zip(ranges, view.read_many(ranges), strict=True))
    for block, need in zip(blocks, needs, strict=True):
        data = [answers[item] for _, _, item in need]
        weight = block.weight
        try:
            yield _sampled(block, need, data)
        except AibomError as error:
            reason = error.message.removeprefix(f"{weight.path}: ")
            refused.append(Refused(weight.name, weight.path, reason, weight.part))
    yield from _unknowns(refused)


def _planned(weights: Sequence[Weight], depth: Depth) -> tuple[tuple[Block, ...], tuple[Refused, ...]]:
    if depth is not Depth.MATRICES:
        return plan(weights)
    fit, unfit = readable(weights)
    return deep_plan(fit), unfit


def _unknowns(refused: Iterable[Refused]) -> Iterator[Unknown]:
    """One for each part and reason, at the first file."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for item in refused:
        found.setdefault((item.part, clean(item.reason, 160)), []).append((item.path, item.name))
    for (part, reason), places in sorted(found.items()):
        path, name = min(places)
        more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
        text = f"weights of {part} not sampled: {reason} ({clean(name, 120)}{more})"
        yield Unknown(path, Stage.INSPECTION, text)


_Need = tuple[str, Extent, Range]


def _ranges(block: Block) -> Iterator[_Need]:
    """The reads that a block needs; runs that lie far apart one by one."""
    for part, extent in block.extents.items():
        place = block.weight.places[part]
        if is_scattered(extent):
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
    values = decode_rows(block.layout, gathered, *block.stored)[:, weight.left : weight.right]
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
