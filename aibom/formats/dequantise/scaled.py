"""Values times a scale that blocks of them share: FP8, integers of 8 bits, MXFP4, MXFP8, NVFP4.

Sources: DeepSeek-V3 `inference/kernel.py` (`weight_scale_inv` of 128x128 blocks, which multiplies despite
its name), `transformers/integrations/finegrained_fp8.py`, compressed-tensors' `float-quantized`,
`int-quantized` and `nvfp4-pack-quantized`, gpt-oss (`transformers/integrations/mxfp4.py`), NVIDIA modelopt
`torch/quantization/qtensor/{mxfp4,nvfp4}_tensor.py`, OCP Microscaling Formats 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.layout import Extent, Layout, Stored, bounded, require, scales_of


class GlobalScale(StrEnum):
    """What the one scale over all blocks does."""

    ABSENT = "absent"
    MULTIPLIES = "multiplies"
    DIVIDES = "divides"


@dataclass(frozen=True, slots=True)
class Scaled(Layout):
    """weight · scale, a scale for each block; parts `weight`, `scale` and perhaps `global_scale`.

    Attributes:
        dtype: of the stored weight.
        block: rows and columns that share a scale; blocks at the end may be cut short.
        scale: type of the scales. Powers of two stored as bytes are F8_E8M0.
        stack: matrices that stand one over the other (experts), each with blocks of its own.
        factor: a constant that belongs to the format.
        global_scale: a further F32 scale over the whole, and what it does.
    """

    dtype: str
    block: tuple[int, int]
    scale: str = "F32"
    stack: int = 1
    factor: float = 1.0
    global_scale: GlobalScale = GlobalScale.ABSENT

    def check(self) -> None:
        """A block and a stack that fit the matrix."""
        require(min(self.block) >= 1, "a block without elements")
        bounded(*self.block)
        require(self.stack >= 1 and self.rows % self.stack == 0, "a stack that does not divide the rows")

    @property
    def grid(self) -> tuple[int, int]:
        """Rows of scales of one matrix of the stack, and scales of one row."""
        return -(-(self.rows // self.stack) // self.block[0]), -(-self.columns // self.block[1])

    @property
    def parts(self) -> dict[str, Stored]:
        """The weight, a scale for each block, the global scale if any."""
        high, wide = self.grid
        found = {
            "weight": Stored(self.dtype, (self.rows, self.columns)),
            "scale": scales_of(self.scale, (self.stack * high, wide)),
        }
        if self.global_scale is not GlobalScale.ABSENT:
            found["global_scale"] = Stored("F32", ())
        return found

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Rows of the weight, the rows of scales over them, the global scale."""
        parts = self.parts
        over = self._scale_row(np.array([first, stop - 1]))
        found = {
            "weight": parts["weight"].rows(first, stop),
            "scale": parts["scale"].rows(int(over[0]), int(over[1]) + 1),
        }
        if "global_scale" in parts:
            found["global_scale"] = parts["global_scale"].whole()
        return found

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Each value times its block's scale."""
        parts = self.parts
        values = parts["weight"].floats(data["weight"], first * self.columns)
        values = values[: (stop - first) * self.columns].reshape(stop - first, self.columns)
        scales = parts["scale"].floats(data["scale"]).reshape(-1, self.grid[1]) * np.float32(self.factor)
        if "global_scale" in parts:
            over_all = parts["global_scale"].floats(data["global_scale"])
            divides = self.global_scale is GlobalScale.DIVIDES
            scales = scales / over_all if divides else scales * over_all
        over = self._scale_row(np.arange(first, stop))
        wide: Floats = np.repeat(scales, self.block[1], axis=1) if self.grid[1] > 1 else scales
        return values * wide[over - over[0], : self.columns]

    def _scale_row(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        high = self.rows // self.stack
        return rows // high * self.grid[0] + rows % high // self.block[0]


def per_tensor(shape: tuple[int, int], dtype: str, scale: str = "F32") -> Scaled:
    """One scale for the matrix."""
    return Scaled(shape, dtype, shape, scale)


def per_channel(shape: tuple[int, int], dtype: str, scale: str = "F32") -> Scaled:
    """One scale for each row."""
    return Scaled(shape, dtype, (1, shape[1]), scale)


def mxfp4(shape: tuple[int, int]) -> Scaled:
    """e2m1 in pairs, the first in the low half; an e8m0 scale for 32 values of a row.

    gpt-oss names the parts `_blocks` and `_scales` and stacks experts: their shapes flatten to rows.
    """
    require(shape[1] % 32 == 0, "a row that is no multiple of 32 values")
    return Scaled(shape, "F4", (1, 32), "F8_E8M0")


def mxfp8(shape: tuple[int, int], dtype: str = "F8_E4M3") -> Scaled:
    """FP8 with an e8m0 scale for 32 values of a row."""
    require(shape[1] % 32 == 0, "a row that is no multiple of 32 values")
    return Scaled(shape, dtype, (1, 32), "F8_E8M0")


def nvfp4(shape: tuple[int, int], *, divides: bool = False) -> Scaled:
    """e2m1 in pairs, an e4m3 scale for 16 values of a row, and a global scale.

    modelopt's `weight_scale_2` multiplies; compressed-tensors' `weight_global_scale` divides.
    """
    require(shape[1] % 16 == 0, "a row that is no multiple of 16 values")
    kind = GlobalScale.DIVIDES if divides else GlobalScale.MULTIPLIES
    return Scaled(shape, "F4", (1, 16), "F8_E4M3", global_scale=kind)
