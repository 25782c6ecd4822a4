"""Sketches: a few kilobytes of a record, enough to see a relation, and to say down to which strength.

Of each part and width at most `MATRICES` matrices are kept, of each the first `ROWS` rows and `COLUMNS`
inputs, every row with its mean taken off and of unit length. Imports numpy.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aibom.model import WeightSample

ROWS = 2
COLUMNS = 256
MATRICES = 16
"""Of one part and width: with 510 elements each, enough for r = .2 in half of them (docs/model-index.md)."""
_STEPS = 127 / 4
"""Codes in a deviation: values beyond four deviations are held there."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of the matrices of one part that have one width.

    `matrices` counts all informative ones of that width; `codes` are int8 of shape (kept matrices,
    `ROWS` × `length(width)`), none where the blocks are smaller than that.
    """

    part: str
    width: int
    matrices: int
    codes: bytes

    @property
    def checksum(self) -> int:
        """CRC-32 of the codes, against decay; what holds against tampering is `index verify`."""
        return zlib.crc32(self.codes)

    @property
    def is_sound(self) -> bool:
        """Whether the codes have a size that a sketch of that width can have."""
        kept, rest = divmod(len(self.codes), ROWS * length(self.width))
        return rest == 0 and kept <= min(MATRICES, self.matrices)


def length(width: int) -> int:
    """Inputs of a row that are kept."""
    return min(COLUMNS, width)


def by_width(samples: Iterable[WeightSample]) -> dict[tuple[str, int], list[WeightSample]]:
    """Informative samples by part and width, in the order of layers."""
    found: dict[tuple[str, int], list[WeightSample]] = defaultdict(list)
    for item in samples:
        if item.kind.informative:
            found[item.part, item.shape[1]].append(item)
    for members in found.values():
        members.sort(key=_depth)
    return dict(sorted(found.items()))


def _depth(item: WeightSample) -> tuple[int, str, str, int, tuple[int, int]]:
    layer = -1 if item.layer is None else item.layer
    return layer, item.kind.value, item.name, item.expert or 0, item.rows


def sketches_of(samples: Iterable[WeightSample]) -> tuple[Sketch, ...]:
    """One sketch for each part and width, by part and width."""
    found = []
    for (part, width), members in by_width(samples).items():
        vectors = vectors_of(members, width)
        kept = vectors[_spread(len(vectors))] * (_STEPS * length(width) ** 0.5 * ROWS**0.5)
        codes = np.rint(kept).clip(-127, 127).astype(np.int8)
        found.append(Sketch(part, width, len(members), codes.tobytes()))
    return tuple(found)


def _spread(count: int) -> NDArray[np.intp]:
    """At most `MATRICES` places, evenly from first to last."""
    if count <= MATRICES:
        return np.arange(count)
    return np.linspace(0, count - 1, MATRICES).round().astype(np.intp)


def vectors_of(members: Sequence[WeightSample], width: int) -> Floats:
    """One vector of unit length for each block that is large enough: shape (blocks, `ROWS` × length)."""
    columns = length(width)
    blocks = [
        np.frombuffer(item.codes, np.int8).reshape(item.rows[1], item.columns)[:ROWS, :columns]
        for item in members
        if item.rows[1] >= ROWS and item.columns >= columns
    ]
    if not blocks:
        return np.zeros((0, ROWS * columns), np.float32)
    values = np.stack(blocks).astype(np.float32)
    values -= values.mean(axis=2, keepdims=True)
    values /= np.maximum(np.linalg.norm(values, axis=2, keepdims=True), 1e-12) * ROWS**0.5
    return values.reshape(len(blocks), -1)


def decoded(codes: Sequence[bytes], width: int) -> Floats:
    """The vectors of many sketches of one width, one below the other; their length is 1 but for rounding."""
    columns = length(width)
    values = np.frombuffer(b"".join(codes), np.int8).reshape(-1, ROWS * columns).astype(np.float32)
    values /= _STEPS * columns**0.5 * ROWS**0.5
    return values
