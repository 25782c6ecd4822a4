"""GGUF: rows of ggml blocks.

Source: ggml `ggml-common.h`, `ggml-quants.c`. Q8_1 is never stored, and the types repacked for ARM
(Q4_0_4_4 and kin) left ggml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.ggml_iq import IQ_QUANTS
from aibom.formats.dequantise.ggml_k import K_QUANTS
from aibom.formats.dequantise.ggml_simple import NUMBERS, SIMPLE, BlockType
from aibom.formats.dequantise.layout import Extent, Layout, Stored, require

GGML_TYPES: Final[Mapping[str, BlockType]] = {**NUMBERS, **SIMPLE, **K_QUANTS, **IQ_QUANTS}
"""Every type that is decoded, by the name in `aibom.formats.gguf`."""
BIG_ENDIAN_TYPES: Final = NUMBERS.keys() | {"Q4_0", "Q8_0", "Q4_K", "Q6_K", "MXFP4", "NVFP4"}
"""Types that are decoded from files of the other byte order, in which each number of a block is swapped by
itself. How blocks of the others are written there is not laid down.
Source: `gguf_convert_endian.py` of the gguf package, which refuses the others too."""


@dataclass(frozen=True, slots=True)
class Ggml(Layout):
    """Rows of blocks of the type `kind`; part `weight`.

    `shape` is (rows, columns): ggml writes the columns first, and further dimensions flatten to rows.
    `big_endian` is that of the file (`Gguf.big_endian`).

    Raises:
        FormatError: a type that is not decoded, or not in that byte order; rows that are no whole blocks.
    """

    kind: str
    big_endian: bool = False

    def check(self) -> None:
        """A type that is known, and rows of whole blocks."""
        require(self.kind in GGML_TYPES, "a ggml type that is not decoded")
        known = not self.big_endian or self.kind in BIG_ENDIAN_TYPES
        require(known, f"big-endian blocks of {self.kind}, whose form is not laid down")
        values = GGML_TYPES[self.kind].values
        require(self.columns % values == 0, f"a row that is no multiple of {values} values")

    @property
    def parts(self) -> dict[str, Stored]:
        """The blocks, as bytes."""
        kind = GGML_TYPES[self.kind]
        return {"weight": Stored("U8", (self.rows, self.columns // kind.values * kind.record.itemsize))}

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Rows of blocks."""
        return {"weight": self.parts["weight"].rows(first, stop)}

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Each block by itself."""
        kind = GGML_TYPES[self.kind]
        blocks = np.frombuffer(data["weight"], kind.record)
        if self.big_endian:
            blocks = _swapped(blocks)
        return kind.decode(blocks).reshape(stop - first, self.columns)


def _swapped(blocks: NDArray[Any]) -> NDArray[Any]:
    """Records with the bytes of each number in the other order."""
    swapped = blocks.copy()
    for name in blocks.dtype.names or ():
        kind = blocks.dtype[name].base
        if kind.itemsize > 1:
            field = blocks[name].view(f"u{kind.itemsize}")
            swapped[name] = field.byteswap().view(kind)
    return swapped
