"""What all families share: how stored tensors are cut by rows, and the one entry to the decoders.

A `Layout` describes one quantised matrix: its shape, the tensors it is stored in (`parts`), the bytes of
each that a range of rows needs (`extents`), and how these become numbers (`decode`).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aibom.errors import FormatError, LimitError
from aibom.formats.dequantise.elements import DTYPES, PACKED, Bytes, Floats, bits_of, unpack

MAX_ELEMENTS: Final = 1 << 44
"""Elements of one tensor, 17.6 million million; more is a malformed shape."""
MAX_VALUES: Final = 1 << 22
"""Values decoded in one call, 16 MiB as float32: 16 rows of 262,144 columns."""


def require(holds: bool, message: str) -> None:
    """Raise FormatError with `message` unless the condition holds."""
    if not holds:
        raise FormatError(message)


@dataclass(frozen=True, slots=True)
class Extent:
    """Which bytes of a stored tensor are needed: `count` runs of `length`, `stride` apart, from `offset`.

    Offsets count from the first byte of the tensor. Where there are many runs, a reader may take
    all bytes from `offset` on (`span` of them) in one go and cut the runs out with `gather`.
    """

    offset: int
    length: int
    count: int = 1
    stride: int = 0

    @property
    def nbytes(self) -> int:
        """Bytes of all runs."""
        return self.length * self.count

    @property
    def span(self) -> int:
        """Bytes from the first of the first run to the last of the last."""
        return self.stride * (self.count - 1) + self.length

    def runs(self) -> Iterator[tuple[int, int]]:
        """Offset and length of each run, in order."""
        return ((self.offset + number * self.stride, self.length) for number in range(self.count))

    def gather(self, data: bytes) -> bytes:
        """The runs, one after the other, out of the `span` bytes from `offset`.

        Raises:
            FormatError: `data` is of another size.
        """
        require(len(data) == self.span, f"{len(data):,} bytes where {self.span:,} are needed")
        starts = range(0, self.stride * self.count, self.stride) if self.count > 1 else (0,)
        return b"".join(data[start : start + self.length] for start in starts)


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor as it lies in a file, row-major. Elements of less than a byte are packed without gaps.

    Raises:
        FormatError: a type or shape that no file has.
    """

    dtype: str
    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        require(bits_of(self.dtype) is not None, "a tensor of a type that has no numbers")
        require(min(self.shape, default=1) >= 1, "a tensor with an empty dimension")
        require(math.prod(self.shape) <= MAX_ELEMENTS, "a tensor with a malformed shape")

    @property
    def elements(self) -> int:
        """Number of elements; 1 for a scalar."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of the whole tensor."""
        return -(-self.elements * (bits_of(self.dtype) or 0) // 8)

    def run(self, start: int, stop: int) -> Extent:
        """The bytes that hold elements `start` to `stop` of the flattened tensor."""
        bits = bits_of(self.dtype) or 0
        offset = start * bits // 8
        return Extent(offset, -(-stop * bits // 8) - offset)

    def rows(self, start: int, stop: int) -> Extent:
        """The bytes that hold indices `start` to `stop` of the first dimension."""
        width = math.prod(self.shape[1:])
        return self.run(start * width, stop * width)

    def columns(self, start: int, stop: int) -> Extent:
        """The bytes that hold columns `start` to `stop` of every row of a matrix of whole bytes."""
        size = DTYPES[self.dtype].itemsize
        height, width = self.shape
        return Extent(start * size, (stop - start) * size, height, width * size)

    def whole(self) -> Extent:
        """All bytes."""
        return Extent(0, self.nbytes)

    def values(self, data: bytes, start: int = 0) -> NDArray[Any]:
        """The elements in `data`, flat and as stored; packed ones as float32.

        `start` is the element that a run of packed elements began with.
        """
        if self.dtype not in PACKED:
            return np.frombuffer(data, DTYPES[self.dtype])
        bits = bits_of(self.dtype) or 0
        codes = unpack(np.frombuffer(data, np.uint8), bits)
        values: Floats = PACKED[self.dtype][codes[start * bits % 8 // bits :]]
        return values

    def floats(self, data: bytes, start: int = 0) -> Floats:
        """The elements in `data` as float32, flat."""
        return self.values(data, start).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Layout(ABC):
    """One quantised matrix: `shape[0]` rows; further dimensions make its columns.

    Raises:
        FormatError: shape and settings contradict each other, on construction.
    """

    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        require(len(self.shape) >= 1, "a matrix without dimensions")
        Stored("U8", self.shape)
        self.check()
        # Naming the parts checks their types and shapes.
        require(len(self.parts) >= 1, "a matrix that is stored nowhere")

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.shape[0]

    @property
    def columns(self) -> int:
        """Values of one row."""
        return math.prod(self.shape[1:])

    @abstractmethod
    def check(self) -> None:
        """Raise FormatError where shape and settings contradict each other."""

    @property
    @abstractmethod
    def parts(self) -> dict[str, Stored]:
        """The tensors that hold the matrix, by role, to be held against a file's own table."""

    @abstractmethod
    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """The bytes of each part that rows `first` to `stop` need."""

    @abstractmethod
    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Rows `first` to `stop`, shape (stop - first, columns), from exactly the bytes of `extents`."""


def row_extents(layout: Layout, first: int, stop: int) -> dict[str, Extent]:
    """Which bytes of each stored tensor rows `first` to `stop` need.

    Raises:
        FormatError: the matrix has no such rows.
        LimitError: the rows hold more than `MAX_VALUES` values.
    """
    require(0 <= first < stop <= layout.rows, f"rows {first} to {stop} of a matrix of {layout.rows}")
    if (stop - first) * layout.columns > MAX_VALUES:
        raise LimitError(f"rows of more than {MAX_VALUES:,} values", limit="dequantised-values")
    return layout.extents(first, stop)


def decode_rows(layout: Layout, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
    """Rows `first` to `stop` as float32, shape (stop - first, columns).

    `data` holds, for each part, the runs of `row_extents` one after the other. Scales that are infinite
    or no numbers make values that are infinite or no numbers; they are not hidden.

    Raises:
        FormatError: no such rows, a missing part, bytes of another size, or an index out of its range.
        LimitError: the rows hold more than `MAX_VALUES` values.
    """
    for part, extent in row_extents(layout, first, stop).items():
        require(part in data, f"{part} is missing")
        size = len(data[part])
        require(size == extent.nbytes, f"{part} has {size:,} bytes where {extent.nbytes:,} are needed")
    with np.errstate(all="ignore"):
        return layout.decode(data, first, stop)


def matrix(stored: Stored, data: bytes, width: int) -> NDArray[Any]:
    """`data` as rows of `width` elements, as stored."""
    return stored.values(data).reshape(-1, width)


def unpack_words(words: NDArray[Any], bits: int) -> Bytes:
    """Codes of `bits` bits out of the 32-bit words of each row, lowest bits first."""
    return unpack(np.ascontiguousarray(words).view(np.uint8), bits)


def bounded(*sizes: int) -> None:
    """Raise FormatError where a size of blocks or groups is beyond any tensor (and any machine integer)."""
    require(max(sizes) <= MAX_ELEMENTS, "a block size beyond any tensor")


def scales_of(dtype: str, shape: tuple[int, ...]) -> Stored:
    """A tensor of scales: of whole bytes, since a row of packed ones need not begin at a byte.

    Raises:
        FormatError: another type, or a shape that no file has.
    """
    stored = Stored(dtype, shape)
    require(dtype not in PACKED, "scales packed below a byte")
    return stored


def groups_of(columns: int, size: int) -> int:
    """How many groups of `size` the columns fall into, the last perhaps shorter."""
    require(size >= 1, "a group size below one")
    bounded(size)
    return -(-columns // size)


def group_index(data: bytes | None, columns: int, size: int, groups: int) -> NDArray[np.int64]:
    """The group of each column: as stored (`g_idx`), else by position.

    Raises:
        FormatError: a stored index that names no group.
    """
    if data is None:
        return np.arange(columns, dtype=np.int64) // size
    index = np.frombuffer(data, DTYPES["I32"]).astype(np.int64)
    require(bool(((index >= 0) & (index < groups)).all()), "g_idx names a group that is not there")
    return index
