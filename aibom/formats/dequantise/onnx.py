"""ONNX: DequantizeLinear, and MatMulNBits of com.microsoft.

Sources: https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html (up to opset 25), onnxruntime
`docs/ContribOperators.md` (`com.microsoft.MatMulNBits`). Data is taken as it lies in `raw_data` or in an
external file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aibom.formats.dequantise.elements import FLOATING, Floats, unpack
from aibom.formats.dequantise.layout import (
    Extent,
    Layout,
    Stored,
    bounded,
    group_index,
    groups_of,
    require,
    scales_of,
)

DTYPES: Final[Mapping[str, str]] = {
    "DOUBLE": "F64",
    "FLOAT": "F32",
    "FLOAT16": "F16",
    "BFLOAT16": "BF16",
    "FLOAT8E4M3FN": "F8_E4M3",
    "FLOAT8E4M3FNUZ": "F8_E4M3FNUZ",
    "FLOAT8E5M2": "F8_E5M2",
    "FLOAT8E5M2FNUZ": "F8_E5M2FNUZ",
    "FLOAT8E8M0": "F8_E8M0",
    "FLOAT4E2M1": "F4",
    **{f"{word}{bits}": f"{word[0]}{bits}" for word in ("INT", "UINT") for bits in (2, 4, 8, 16, 32, 64)},
}
"""ONNX' words for the element types that have numbers."""


@dataclass(frozen=True, slots=True)
class DequantizeLinear(Layout):
    """(x - zero point) · scale; parts `x`, `x_scale` and perhaps `x_zero_point`.

    `shape` is that of `x`, of any rank; a row is one index of the first dimension.

    Attributes:
        dtype: of `x` and of the zero points.
        axis: the dimension along which scales differ; None where there is one scale.
        block: elements along the axis that share a scale; 0 where each index has its own.
        zero_point: whether zero points are given; floats have none, whatever is given.
        scale: type of the scales.
    """

    dtype: str
    axis: int | None = None
    block: int = 0
    zero_point: bool = False
    scale: str = "F32"

    def check(self) -> None:
        """An axis that is there, and blocks along it."""
        rank = len(self.shape)
        require(self.axis is None or -rank <= self.axis < rank, "an axis that is not there")
        require(self.block >= 0 and (self.block == 0 or self.axis is not None), "blocks without an axis")
        bounded(self.block)

    @property
    def _grid(self) -> tuple[int, ...]:
        """Shape of the scales."""
        if self.axis is None:
            return ()
        axis = self.axis % len(self.shape)
        if not self.block:
            return (self.shape[axis],)
        return (*self.shape[:axis], -(-self.shape[axis] // self.block), *self.shape[axis + 1 :])

    @property
    def _centred(self) -> bool:
        return self.zero_point and self.dtype not in FLOATING

    @property
    def parts(self) -> dict[str, Stored]:
        """The tensor, its scales, and zero points of the scales' shape."""
        found = {"x": Stored(self.dtype, self.shape), "x_scale": Stored(self.scale, self._grid)}
        if self._centred:
            found["x_zero_point"] = Stored(self.dtype, self._grid)
        return found

    def _over(self, first: int, stop: int) -> tuple[int, int]:
        """The indices of the first dimension of the scales that the rows need."""
        if self.axis is None:
            return 0, 1
        on_rows = self.axis % len(self.shape) == 0
        if not self.block:
            return (first, stop) if on_rows else (0, self._grid[0])
        return (first // self.block, -(-stop // self.block)) if on_rows else (first, stop)

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Rows of the tensor, and what of scales and zero points lies over them."""
        low, high = self._over(first, stop)
        return {
            name: part.rows(first, stop) if name == "x" else part.rows(low, high)
            for name, part in self.parts.items()
        }

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """The operator's formula, in float32."""
        values = self.parts["x"].floats(data["x"], first * self.columns)
        values = values[: (stop - first) * self.columns].reshape(stop - first, *self.shape[1:])
        if self._centred:
            values = values - self._spread("x_zero_point", data, first, stop)
        result: Floats = values * self._spread("x_scale", data, first, stop)
        return result.reshape(stop - first, self.columns)

    def _spread(self, name: str, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Scales or zero points, in a shape that broadcasts over the rows."""
        low, high = self._over(first, stop)
        grid = self._grid
        width = int(np.prod(grid[1:], dtype=np.int64))
        flat = self.parts[name].floats(data[name], low * width)[: (high - low) * width]
        if self.axis is None:
            return flat[:1]
        axis, rank = self.axis % len(self.shape), len(self.shape)
        if not self.block:
            return flat.reshape([-1 if number == axis else 1 for number in range(rank)])
        if axis == 0:
            rows = np.arange(first, stop) // self.block - low
            return flat.reshape(high - low, *grid[1:])[rows]
        columns = np.arange(self.shape[axis]) // self.block
        return np.take(flat.reshape(high - low, *grid[1:]), columns, axis=axis)


@dataclass(frozen=True, slots=True)
class MatMulNBits(Layout):
    """(code - zero point) · scale; parts `B`, `scales`, perhaps `zero_points` and `g_idx`.

    `shape` is (N, K): a row is an output feature.

    Attributes:
        bits: 2, 4 or 8.
        block: values along K that share scale and zero point.
        zero_points: type of the zero points: U8 where they are packed like the codes, that of the scales
            where they are not, None where there are none and the middle of the range serves.
        indexed: whether `g_idx` gives each input feature's block.
        scale: type of the scales.
    """

    bits: int
    block: int
    zero_points: str | None = None
    indexed: bool = False
    scale: str = "F32"

    def check(self) -> None:
        """Widths and blocks that the operator has."""
        require(len(self.shape) == 2, "MatMulNBits packs matrices")
        require(self.bits in (2, 4, 8), f"MatMulNBits of {self.bits} bits")
        require(
            self.block >= 16 and self.block & (self.block - 1) == 0, "a block that is no power of two from 16"
        )

    @property
    def parts(self) -> dict[str, Stored]:
        """Blobs of codes, scales, and what else is stored."""
        blocks = groups_of(self.columns, self.block)
        found = {
            "B": Stored("U8", (self.rows, blocks, self.block * self.bits // 8)),
            "scales": scales_of(self.scale, (self.rows, blocks)),
        }
        if self.zero_points is not None:
            wide = -(-blocks * self.bits // 8) if self.zero_points == "U8" else blocks
            found["zero_points"] = scales_of(self.zero_points, (self.rows, wide))
        if self.indexed:
            found["g_idx"] = Stored("I32", (self.columns,))
        return found

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Rows of every part; all of `g_idx`."""
        return {
            name: part.whole() if name == "g_idx" else part.rows(first, stop)
            for name, part in self.parts.items()
        }

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Codes lie lowest bits first; a block's tail beyond K is padding."""
        count, blocks = stop - first, groups_of(self.columns, self.block)
        codes = unpack(np.frombuffer(data["B"], np.uint8).reshape(count, -1), self.bits)[:, : self.columns]
        scales = self.parts["scales"].floats(data["scales"]).reshape(count, blocks)
        zeros = self._zeros(data, count, blocks)
        groups = group_index(data.get("g_idx") if self.indexed else None, self.columns, self.block, blocks)
        result: Floats = (codes.astype(np.float32) - zeros[:, groups]) * scales[:, groups]
        return result

    def _zeros(self, data: Mapping[str, bytes], count: int, blocks: int) -> Floats:
        if self.zero_points is None:
            return np.full((count, blocks), 2 ** (self.bits - 1), np.float32)
        stored: NDArray[np.float32] = self.parts["zero_points"].floats(data["zero_points"]).reshape(count, -1)
        if self.zero_points != "U8":
            return stored
        return unpack(stored.astype(np.uint8), self.bits)[:, :blocks].astype(np.float32)
