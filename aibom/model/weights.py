"""Samples of weights: a few rows of a matrix as small integers, enough to hold it against another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aibom.model.files import Locator


class WeightKind(StrEnum):
    """What a matrix does inside its part, by its name; `other` where the name does not tell."""

    QUERY = "query"
    KEY = "key"
    VALUE = "value"
    OUTPUT = "output"
    LATENT = "latent"
    GATE = "gate"
    UP = "up"
    DOWN = "down"
    EMBEDDING = "embedding"
    HEAD = "head"
    PATCH = "patch"
    CONVOLUTION = "convolution"
    OTHER = "other"
    ROUTER = "router"
    POSITION = "position"
    NORM = "norm"

    @property
    def informative(self) -> bool:
        """Whether equal values can show a common origin; gains, routers and positions never suffice (R2)."""
        return self not in (WeightKind.ROUTER, WeightKind.POSITION, WeightKind.NORM)


@dataclass(frozen=True, slots=True)
class WeightSample:
    """A block of one matrix: `rows` × `columns` of the (outputs, inputs) matrix, as int8 with a scale a row.

    Attributes:
        part: Part.id of the part that the matrix belongs to.
        name: the tensor's name, made safe to show; a piece of a fused tensor carries its kind behind `#`.
        kind: what it does; `layer` and `expert` are the numbers in its name, None where there is none.
        shape: (outputs, inputs) of the whole matrix; further dimensions count as inputs.
        dtype: element type in the format's own words.
        rows: (first output, number of outputs) of the block.
        columns: number of inputs of the block, from the first.
        codes: row-major int8, `rows[1] * columns` bytes; value = code × scale of its row. Values beyond
            four standard deviations of the row are held at that bound, so that no outlier decides.
        scales: little-endian float32, one a row.
        digest: SHA-256 of the block's values as little-endian float32, before they became codes.
        rms: root mean square of the block's values.
        locator: the file and the bytes that were read.
    """

    part: str
    name: str
    kind: WeightKind
    layer: int | None
    expert: int | None
    shape: tuple[int, int]
    dtype: str
    rows: tuple[int, int]
    columns: int
    codes: bytes
    scales: bytes
    digest: str
    rms: float
    locator: Locator | None = None
