"""Samples as standardised vectors: what of two blocks is common, and centred correlation of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aibom.model import WeightSample

Floats = NDArray[np.float32]
FLAT = 0.95
"""Correlation of neighbouring inputs from which a block is a smooth table (sinusoids), not weights (R2)."""


@dataclass(frozen=True, slots=True)
class Block:
    """One sample with its codes as numbers, (outputs, inputs), each row in units of its own scale."""

    sample: WeightSample
    values: NDArray[np.int8]

    @property
    def columns(self) -> int:
        """Inputs of the block."""
        return int(self.values.shape[1])


@dataclass(frozen=True, slots=True)
class Bucket:
    """Blocks of one width that begin at the same output, cut to one size: they can be correlated.

    `ours` and `theirs` index into the lists that were given; `elements` is what a correlation rests on.
    """

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    width: int
    rows: int
    columns: int

    @property
    def elements(self) -> int:
        """Independent elements of a block after both means were taken off."""
        return max(self.rows - 1, 1) * (self.columns - 1)


def codes_of(sample: WeightSample) -> NDArray[np.int8]:
    """The codes of a sample, (outputs, inputs)."""
    return np.frombuffer(sample.codes, np.int8).reshape(sample.rows[1], sample.columns)


def values_of(sample: WeightSample) -> NDArray[np.float64]:
    """The values that a sample stands for, (outputs, inputs)."""
    scales = np.frombuffer(sample.scales, "<f4").astype(np.float64)
    values: NDArray[np.float64] = codes_of(sample) * scales[:, None]
    return values


def blocks_of(samples: Iterable[WeightSample]) -> tuple[Block, ...]:
    """Informative samples as blocks; gains, routers, positions and smooth tables are left out (R2)."""
    found = []
    for item in samples:
        values = codes_of(item)
        if item.kind.informative and not _is_smooth(values):
            found.append(Block(item, values))
    return tuple(found)


def _is_smooth(values: NDArray[np.int8]) -> bool:
    """Whether neighbours along the inputs, or along the outputs, are nearly equal throughout."""
    numbers = values.astype(np.float32)
    numbers -= numbers.mean()
    total = float(np.square(numbers).sum())
    if total == 0:
        return True
    along = float((numbers[:, 1:] * numbers[:, :-1]).sum()) / total
    across = float((numbers[1:] * numbers[:-1]).sum()) / total if len(numbers) > 1 else 0.0
    return bool(max(along, across) >= FLAT * (1 - 1 / min(numbers.shape)))


def buckets(ours: Sequence[Block], theirs: Sequence[Block]) -> Iterator[Bucket]:
    """All pairs of blocks that can be compared, in groups of one size.

    Only the width must agree: a fused, cut or extended matrix has other outputs, and the same first ones.
    """
    left, right = _grouped(ours), _grouped(theirs)
    for key in sorted(left.keys() & right.keys()):
        for (rows, columns), mine in sorted(left[key].items()):
            for (other_rows, other_columns), others in sorted(right[key].items()):
                yield Bucket(
                    tuple(mine),
                    tuple(others),
                    key[0],
                    min(rows, other_rows),
                    min(columns, other_columns),
                )


def _grouped(blocks: Sequence[Block]) -> dict[tuple[int, int], dict[tuple[int, int], list[int]]]:
    """(width, first output) → (rows, columns) → places in the list."""
    groups: dict[tuple[int, int], dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, item in enumerate(blocks):
        sample = item.sample
        groups[sample.shape[1], sample.rows[0]][sample.rows[1], sample.columns].append(number)
    return groups


def standardised(blocks: Sequence[Block], members: Sequence[int], rows: int, columns: int) -> Floats:
    """One vector a member, of unit length: rows in equal weight, means of rows and of inputs taken off.

    Uncentred similarity is high for any two blocks with a common mean (R1). The result has the shape
    (members, rows, columns).
    """
    values = np.stack([blocks[number].values[:rows, :columns] for number in members]).astype(np.float32)
    values -= values.mean(axis=2, keepdims=True)
    values /= np.maximum(np.linalg.norm(values, axis=2, keepdims=True), 1e-12)
    if rows > 1:
        values -= values.mean(axis=1, keepdims=True)
    lengths = np.sqrt(np.square(values).sum(axis=(1, 2), keepdims=True))
    values /= np.maximum(lengths, 1e-12)
    return values


def correlations(one: Floats, other: Floats) -> NDArray[np.float64]:
    """All pairs: centred correlation of each vector of `one` with each of `other`."""
    product: NDArray[np.float64] = (one.reshape(len(one), -1) @ other.reshape(len(other), -1).T).astype(
        np.float64
    )
    return product
