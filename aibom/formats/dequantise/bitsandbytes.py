"""bitsandbytes: LLM.int8() and the 4-bit types NF4 and FP4, with or without double quantisation.

Source: `bitsandbytes/functional.py` (`QuantState`, `get_4bit_type`, `dequantize_blockwise`,
`int8_vectorwise_dequant`); NF4 from the QLoRA paper, appendix E (arXiv:2305.14314).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.layout import Extent, Layout, Stored, bounded, require
from aibom.formats.dequantise.scaled import Scaled

NF4: Final = np.array(
    [
        *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453),
        *(-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0),
        *(0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224),
        *(0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
    ],
    np.float32,
)
"""What each code of NF4 stands for: quantiles of a normal distribution."""
_FP4_HALF: Final = np.array([0, 0.0625, 8, 12, 4, 6, 2, 3], np.float32) / np.float32(12)
FP4: Final = np.concatenate([_FP4_HALF, -_FP4_HALF])
"""What each code of FP4 stands for, of the library's own float of 4 bits."""
CODES: Final[Mapping[str, Floats]] = {"nf4": NF4, "fp4": FP4}


def int8(shape: tuple[int, int]) -> Scaled:
    """LLM.int8(): a row's absolute maximum (`SCB`, here the part `scale`) over 127."""
    return Scaled(shape, "I8", (1, shape[1]), factor=1 / 127)


@dataclass(frozen=True, slots=True)
class Bnb4(Layout):
    """code · absolute maximum of a block of the flattened matrix; parts `weight` and `absmax`.

    With double quantisation `absmax` holds codes, and `nested_absmax` and `nested_quant_map` what they
    stand for.

    Attributes:
        kind: `nf4` or `fp4`.
        block: values that share a maximum.
        nested_block: maxima that share one of their own; None without double quantisation.
        nested_offset: mean that was taken from the maxima before they were quantised.
    """

    kind: str
    block: int = 64
    nested_block: int | None = None
    nested_offset: float = 0.0

    def check(self) -> None:
        """A kind that is known, and blocks with elements."""
        require(self.kind in CODES, "a 4-bit type of bitsandbytes that is not known")
        require(self.block >= 2, "a block of less than two values")
        require(self.nested_block is None or self.nested_block >= 1, "a nested block without elements")
        bounded(self.block, self.nested_block or 1)

    @property
    def parts(self) -> dict[str, Stored]:
        """Codes in pairs, the maxima of their blocks, and what these are quantised with."""
        blocks = -(-self.rows * self.columns // self.block)
        found = {"weight": Stored("U8", (-(-self.rows * self.columns // 2), 1))}
        if self.nested_block is None:
            return {**found, "absmax": Stored("F32", (blocks,))}
        return {
            **found,
            "absmax": Stored("U8", (blocks,)),
            "nested_absmax": Stored("F32", (-(-blocks // self.nested_block),)),
            "nested_quant_map": Stored("F32", (256,)),
        }

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """The runs over the rows' values, over their blocks, and over the blocks of these."""
        parts, (start, end) = self.parts, (first * self.columns, stop * self.columns)
        low, high = start // self.block, -(-end // self.block)
        found = {
            "weight": parts["weight"].run(start // 2, -(-end // 2)),
            "absmax": parts["absmax"].run(low, high),
        }
        if self.nested_block is not None:
            nested = parts["nested_absmax"].run(low // self.nested_block, -(-high // self.nested_block))
            found |= {"nested_absmax": nested, "nested_quant_map": parts["nested_quant_map"].whole()}
        return found

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """The first value of a pair lies in the high half."""
        start, end = first * self.columns, stop * self.columns
        pairs = np.frombuffer(data["weight"], np.uint8)
        codes = np.stack([pairs >> 4, pairs & 15], axis=-1).reshape(-1)[start % 2 :][: end - start]
        low = start // self.block
        blocks = np.arange(start, end) // self.block - low
        values: Floats = CODES[self.kind][codes] * self._maxima(data, low)[blocks]
        return values.reshape(stop - first, self.columns)

    def _maxima(self, data: Mapping[str, bytes], low: int) -> Floats:
        """The maximum of each block from `low` on."""
        stored = self.parts["absmax"].values(data["absmax"])
        if self.nested_block is None:
            return stored
        over = self.parts["nested_absmax"].values(data["nested_absmax"])
        index = np.arange(low, low + len(stored)) // self.nested_block - low // self.nested_block
        map_ = self.parts["nested_quant_map"].values(data["nested_quant_map"])
        maxima: Floats = map_[stored] * over[index] + np.float32(self.nested_offset)
        return maxima
