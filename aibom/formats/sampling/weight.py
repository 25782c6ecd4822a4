"""One logical matrix of a model: how it is stored, and which part of it is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aibom.formats.dequantise import Layout
from aibom.model.weights import WeightKind

EXPERTS = 2
"""Experts of a layer that are sampled."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stored tensor begins: `offset` bytes into the file at `path`."""

    path: str
    offset: int


@dataclass(frozen=True, slots=True)
class Weight:
    """A matrix of (outputs, inputs), as a piece of what a file stores.

    Attributes:
        part: Part.id that it belongs to.
        name: the tensor's name.
        kind: what it does.
        layout: the stored matrix, two-dimensional; experts stacked in a third dimension flattened to rows.
        places: where each part of the layout lies.
        dtype: element type in the format's own words.
        layer, expert: numbers in the name, or of the slice of a stack.
        first, stop: the stored rows that are meant.
        left, right: the stored columns that are meant.
        sideways: the file stores (inputs, outputs), as ONNX's MatMul and GPT-2's Conv1D do.
    """

    part: str
    name: str
    kind: WeightKind
    layout: Layout
    places: Mapping[str, Place]
    dtype: str
    layer: int | None
    expert: int | None
    first: int
    stop: int
    left: int
    right: int
    sideways: bool = False

    @property
    def path(self) -> str:
        """The file that holds its values."""
        return self.places[next(iter(self.layout.parts))].path

    @property
    def outputs(self) -> int:
        """Rows of the matrix, in the sense of (outputs, inputs)."""
        return self.right - self.left if self.sideways else self.stop - self.first

    @property
    def inputs(self) -> int:
        """Columns of the matrix, in the sense of (outputs, inputs)."""
        return self.stop - self.first if self.sideways else self.right - self.left


@dataclass(frozen=True, slots=True)
class Refused:
    """A matrix of the file at `path` that cannot be read, and why."""

    name: str
    path: str
    reason: str
    part: str = ""
