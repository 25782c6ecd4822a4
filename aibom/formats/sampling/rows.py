"""Layouts whose rows a converter put into another order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aibom.errors import FormatError
from aibom.formats.dequantise import Extent, Layout, Stored


@dataclass(frozen=True, slots=True)
class Rotated(Layout):
    """Rows as a model's own checkpoint has them, of a matrix that llama.cpp stores for its rotary embedding.

    Within each head of `head` rows the file alternates rows of the first half with rows of the second
    (llama.cpp, `conversion/llama.py`, `LlamaModel.permute`).
    """

    inner: Layout
    head: int

    def check(self) -> None:
        """Whole heads of two halves."""
        if self.head < 2 or self.head % 2 or self.rows % self.head:
            raise FormatError("heads that do not divide the rows into halves")

    @property
    def parts(self) -> dict[str, Stored]:
        """As stored."""
        return self.inner.parts

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """The run of stored rows that holds the rows."""
        stored = self._stored(first, stop)
        return self.inner.extents(int(stored.min()), int(stored.max()) + 1)

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> NDArray[np.float32]:
        """The rows out of that run."""
        stored = self._stored(first, stop)
        low, high = int(stored.min()), int(stored.max()) + 1
        return self.inner.decode(data, low, high)[stored - low]

    def _stored(self, first: int, stop: int) -> NDArray[np.int64]:
        rows = np.arange(first, stop)
        within = rows % self.head
        half = self.head // 2
        return rows - within + within % half * 2 + within // half
