"""compressed-tensors, format `pack-quantized`: signed integers in 32-bit words along the input features.

Source: compressed-tensors `compressors/pack_quantized/{base,helpers}.py`. Widths that do not divide 32
were packed in two ways over its versions and are not read. Its formats `float-quantized`,
`int-quantized` and `nvfp4-pack-quantized` are in `scaled.py`.
"""

from __future__ import annotations

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
class PackQuantized(Layout):
    """(code - zero) · scale; parts `weight_packed`, `weight_scale`, and two that may be there.

    Attributes:
        bits: 2, 4 or 8.
        group: columns that share a scale; the number of columns where a row has one scale.
        asymmetric: whether zero points are stored, packed along the rows.
        indexed: whether `weight_g_idx` gives each column's group.
        scale: type of the scales.
    """

    bits: int
    group: int
    asymmetric: bool = False
    indexed: bool = False
    scale: str = "BF16"

    def check(self) -> None:
        """A width whose packing is certain."""
        require(len(self.shape) == 2, "pack-quantized holds matrices")
        require(self.bits in (2, 4, 8), f"pack-quantized of {self.bits} bits")
        require(groups_of(self.columns, self.group) >= 1, "no groups")

    @property
    def parts(self) -> dict[str, Stored]:
        """Packed weight and scales; zero points and groups where they are stored."""
        per_word, groups = 32 // self.bits, groups_of(self.columns, self.group)
        found = {
            "weight_packed": Stored("I32", (self.rows, -(-self.columns // per_word))),
            "weight_scale": scales_of(self.scale, (self.rows, groups)),
        }
        if self.asymmetric:
            found["weight_zero_point"] = Stored("I32", (-(-self.rows // per_word), groups))
        if self.indexed:
            found["weight_g_idx"] = Stored("I32", (self.columns,))
        return found

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Rows of every matrix; all of the groups."""
        parts, per_word = self.parts, 32 // self.bits
        found = {name: parts[name].rows(first, stop) for name in ("weight_packed", "weight_scale")}
        if self.asymmetric:
            found["weight_zero_point"] = parts["weight_zero_point"].rows(
                first // per_word, -(-stop // per_word)
            )
        if self.indexed:
            found["weight_g_idx"] = parts["weight_g_idx"].whole()
        return found

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Codes less zero points, times scales."""
        parts, count = self.parts, stop - first
        words = matrix(parts["weight_packed"], data["weight_packed"], parts["weight_packed"].shape[1])
        codes = unpack_words(words, self.bits)[:, : self.columns].astype(np.float32)
        scales = parts["weight_scale"].floats(data["weight_scale"]).reshape(count, -1)
        # Both codes and zero points carry the same offset, which the difference drops.
        zeros = np.full_like(scales, 2 ** (self.bits - 1))
        if self.asymmetric:
            packed = matrix(parts["weight_zero_point"], data["weight_zero_point"], scales.shape[1])
            skip = first % (32 // self.bits)
            zeros = unpack_words(packed.T, self.bits)[:, skip : skip + count].T.astype(np.float32)
        stored = data.get("weight_g_idx") if self.indexed else None
        groups = group_index(stored, self.columns, self.group, scales.shape[1])
        result: Floats = (codes - zeros[:, groups]) * scales[:, groups]
        return result
