"""Weights that are not quantised, so that both sides of a comparison are read alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.layout import Extent, Layout, Stored


@dataclass(frozen=True, slots=True)
class Plain(Layout):
    """Numbers as they are; part `weight`."""

    dtype: str

    def check(self) -> None:
        """A type that has numbers."""
        Stored(self.dtype, self.shape)

    @property
    def parts(self) -> dict[str, Stored]:
        """The weight."""
        return {"weight": Stored(self.dtype, self.shape)}

    def extents(self, first: int, stop: int) -> dict[str, Extent]:
        """Rows of the weight."""
        return {"weight": self.parts["weight"].rows(first, stop)}

    def decode(self, data: Mapping[str, bytes], first: int, stop: int) -> Floats:
        """Converted to float32."""
        values = self.parts["weight"].floats(data["weight"], first * self.columns)
        return values[: (stop - first) * self.columns].reshape(stop - first, self.columns)
