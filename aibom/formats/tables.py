"""What every reader of a weights archive gives: rows of a tensor table, and problems with their kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError

MAX_DIMENSIONS: Final = 64
"""Dimensions of a tensor; PyTorch and NumPy allow no more."""
MAX_ELEMENTS: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One tensor of an archive.

    Attributes:
        name: as the archive gives it; pass it through `clean` before it is shown.
        dtype: in the words of safetensors where they have one (`F32`, `BF16`), else as written.
        shape: sizes, outermost first.
        storage: what identifies the bytes within the archive; tensors that share it are tied.
        strides: elements from one index of each dimension to the next; None where they are not told.
        stored: bytes of the storage; 0 where they are not told.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    storage: str = ""
    strides: tuple[int, ...] | None = None
    stored: int = 0

    @property
    def elements(self) -> int:
        """Number of elements; 1 for a scalar."""
        return math.prod(self.shape)


def is_contiguous(row: Row) -> bool:
    """Whether the elements of a tensor lie one behind the other, in the order of its indices."""
    if row.strides is None or len(row.strides) != len(row.shape):
        return False
    step = 1
    for size, stride in zip(reversed(row.shape), reversed(row.strides), strict=True):
        if size != 1 and stride != step:
            return False
        step *= size
    return True


def checked_shape(sizes: object, what: str) -> tuple[int, ...]:
    """A shape out of values of unknown kind.

    Raises:
        FormatError: no sequence of sizes, or more elements than 64 bits count.
    """
    if not isinstance(sizes, (tuple, list)) or len(sizes) > MAX_DIMENSIONS:
        raise FormatError(f"{what}: no shape")
    shape = tuple(size for size in sizes if type(size) is int and 0 <= size <= MAX_ELEMENTS)
    if len(shape) != len(sizes) or math.prod(shape) > MAX_ELEMENTS:
        raise FormatError(f"{what}: no shape that a tensor can have")
    return shape
