"""AWQ, layout `gemm`: codes of 4 bits in 32-bit words along the output features, in an order of their own.

Source: AutoAWQ `awq/utils/packing_utils.py` (`AWQ_REVERSE_ORDER`, `dequantize_gemm`). A row of the matrix
is a column of what is stored. The layouts `gemv` and `gemv_fast` differ and are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from aibom.formats.dequantise.elements import Bytes, Floats
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

ORDER: Final = (0, 4, 1, 5, 2, 6, 3, 7)
"""Which code of a word belongs to each of its eight output features."""


@dataclass(frozen=True, slots=True)
class Awq(Layout):
    """(code - zero) · scale; parts `qweight`, `qzeros`, `scales`.

    `shape` is (output features, input features); `group` is how many input features share scale and
    zero point, `scale` the type of the scales.
    """

    group: int
    scale: str = "F16"

    def check(self) -> None:
        """Whole words along the output."""
        require(len(self.shape) == 2, "AWQ packs matrices")
        require(self.rows % 8 == 0, "a matrix that does not fill its 32-bit words")
        require(groups_of(self.columns, self.group) >= 1, "no groups")

    @property
    def parts(self) -> dict[str, Stored]:
        """Words of codes and of zero points, both along the output, and scales."""
        groups = groups_of(self.columns, self.group)
        return {
            "qweight": Stored("I32", (self.columns, self.rows // 8)),
            "qzeros": Stored("I32", (groups, self.rows // 8)),
            "scales": scales_of(self.scale, (groups, self.rows)),
        }

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Columns of the three matrices."""
        parts, words = self.parts, (first // 8, -(-stop // 8))
        return {
            "qweight": parts["qweight"].columns(*words),
            "qzeros": parts["qzeros"].columns(*words),
            "scales": parts["scales"].columns(first, stop),
        }

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Codes less zero points, times scales."""
        scales = matrix(self.parts["scales"], data["scales"], stop - first).astype(np.float32)
        groups = group_index(None, self.columns, self.group, len(scales))
        zeros = self._codes("qzeros", data, first, stop).astype(np.float32)
        codes = self._codes("qweight", data, first, stop).astype(np.float32)
        return np.ascontiguousarray(((codes - zeros[groups]) * scales[groups]).T)

    def _codes(self, part: str, data: Mapping[str, bytes], first: int, stop: int) -> Bytes:
        """Shape (rows of the part, stop - first)."""
        words = matrix(self.parts[part], data[part], -(-stop // 8) - first // 8)
        codes = unpack_words(words, 4).reshape(len(words), -1, 8)[:, :, list(ORDER)]
        return codes.reshape(len(words), -1)[:, first % 8 : first % 8 + stop - first]
