"""GGUF: rows of ggml blocks.

Source: ggml `ggml-common.h`, `ggml-quants.c`. Files of the other byte order swap the numbers inside the
blocks and are not read. Q8_1 is never stored, and the types repacked for ARM (Q4_0_4_4 and kin) left ggml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.ggml_iq import IQ_QUANTS
from aibom.formats.dequantise.ggml_k import K_QUANTS
from aibom.formats.dequantise.ggml_simple import NUMBERS, SIMPLE, BlockType
from aibom.formats.dequantise.layout import Extent, Layout, Stored, require

GGML_TYPES: Final[Mapping[str, BlockType]] = {**NUMBERS, **SIMPLE, **K_QUANTS, **IQ_QUANTS}
"""Every type that is decoded, by the name in `aibom.formats.gguf`."""


@dataclass(frozen=True, slots=True)
class Ggml(Layout):
    """Rows of blocks of the type `kind`; part `weight`.

    `shape` is (rows, columns): ggml writes the columns first, and further dimensions flatten to rows.
    """

    kind: str

    def check(self) -> None:
        """A type that is known, and rows of whole blocks."""
        require(self.kind in GGML_TYPES, "a ggml type that is not decoded")
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
        return kind.decode(blocks).reshape(stop - first, self.columns)
