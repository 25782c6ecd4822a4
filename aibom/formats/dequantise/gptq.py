"""GPTQ: codes of 2, 3, 4 or 8 bits in 32-bit words along the input features.

Source: AutoGPTQ `auto_gptq/nn_modules/qlinear/qlinear_cuda_old.py` (`pack`, `forward`); GPTQModel's
`gptq_v2`, which stores zero points as they are. A row of the matrix is a column of what is stored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.layout import (
    Extent,
    Layout,
    Stored,
    group_index,
    groups_of,
    matrix,
    require,
    scales_of,
    unpack_words,
)


@dataclass(frozen=True, slots=True)
class Gptq(Layout):
    """(code - zero) · scale; parts `qweight`, `qzeros`, `scales` and perhaps `g_idx`.

    `shape` is (output features, input features).

    Attributes:
        bits: of a code.
        group: input features that share scale and zero point; all of them where the file says -1.
        indexed: whether `g_idx` gives each input feature's group (always stored, and needed with
            `desc_act`).
        version: 1 stores zero points less one, 2 as they are.
        scale: type of the scales.
    """

    bits: int
    group: int
    indexed: bool = False
    version: int = 1
    scale: str = "F16"

    def check(self) -> None:
        """Whole words in both directions."""
        require(len(self.shape) == 2, "GPTQ packs matrices")
        require(self.bits in (2, 3, 4, 8), f"GPTQ of {self.bits} bits")
        require(self.version in (1, 2), f"GPTQ version {self.version}")
        require(groups_of(self.columns, self.group) >= 1, "no groups")
        fits = self.rows % self._chunk == 0 and self.columns % self._chunk == 0
        require(fits, "a matrix that does not fill its 32-bit words")

    @property
    def _chunk(self) -> int:
        """Codes after which a word begins anew."""
        return math.lcm(32, self.bits) // self.bits

    @property
    def parts(self) -> dict[str, Stored]:
        """Words along the input, words of zero points along the output, scales, perhaps the groups."""
        groups = groups_of(self.columns, self.group)
        found = {
            "qweight": Stored("I32", (self.columns * self.bits // 32, self.rows)),
            "qzeros": Stored("I32", (groups, self.rows * self.bits // 32)),
            "scales": scales_of(self.scale, (groups, self.rows)),
        }
        if self.indexed:
            found["g_idx"] = Stored("I32", (self.columns,))
        return found

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Columns of the three matrices; all of `g_idx`."""
        parts = self.parts
        found = {
            "qweight": parts["qweight"].columns(first, stop),
            "qzeros": parts["qzeros"].columns(*self._words(first, stop)),
            "scales": parts["scales"].columns(first, stop),
        }
        if self.indexed:
            found["g_idx"] = parts["g_idx"].whole()
        return found

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Codes less zero points, times scales."""
        parts, count = self.parts, stop - first
        codes = unpack_words(matrix(parts["qweight"], data["qweight"], count).T, self.bits)
        low, high = self._words(first, stop)
        zeros = unpack_words(matrix(parts["qzeros"], data["qzeros"], high - low), self.bits)
        skip = first % self._chunk
        zeros = zeros[:, skip : skip + count]
        if self.version == 1:
            zeros = (zeros + np.uint8(1)) & np.uint8(2**self.bits - 1)
        scales = matrix(parts["scales"], data["scales"], count).astype(np.float32)
        groups = group_index(
            data.get("g_idx") if self.indexed else None, self.columns, self.group, len(scales)
        )
        centred: Floats = codes.astype(np.float32) - zeros.astype(np.float32)[groups].T
        return np.ascontiguousarray(centred * scales[groups].T)

    def _words(self, first: int, stop: int) -> tuple[int, int]:
        """Columns of `qzeros` that hold the zero points of the rows."""
        chunk = self._chunk
        per_chunk = chunk * self.bits // 32
        return first // chunk * per_chunk, -(-stop // chunk) * per_chunk
