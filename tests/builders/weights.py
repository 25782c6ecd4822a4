"""Samples of matrices made up in memory, as a reader would have taken them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from aibom.formats.sampling import quantised
from aibom.model import WeightKind, WeightSample

Matrix = NDArray[np.float64]
Model = dict[tuple[int, WeightKind], Matrix]
"""(layer, kind) → (outputs, inputs)."""
KINDS = (WeightKind.QUERY, WeightKind.OUTPUT, WeightKind.UP)
ROWS = 32


def random_model(
    seed: int, *, layers: int = 6, width: int = 256, kinds: Iterable[WeightKind] = KINDS, scale: float = 0.05
) -> Model:
    """Independent normal matrices."""
    generator = np.random.default_rng(seed)
    return {
        (layer, kind): scale * generator.normal(size=(width, width))
        for layer in range(layers)
        for kind in kinds
    }


def noisy(model: Mapping[tuple[int, WeightKind], Matrix], amount: float, seed: int = 99) -> Model:
    """A copy with normal noise of `amount` times each matrix's spread."""
    generator = np.random.default_rng(seed)
    return {
        key: values + amount * values.std() * generator.normal(size=values.shape)
        for key, values in model.items()
    }


def weight_sample(
    values: Matrix, kind: WeightKind, layer: int | None, *, part: str = "decoder-core", rows: int = ROWS
) -> WeightSample:
    """The first rows of one matrix."""
    block = np.ascontiguousarray(values[:rows], np.float32)
    codes, scales = quantised(block)
    return WeightSample(
        part=part,
        name=kind.value if layer is None else f"layers.{layer}.{kind.value}.weight",
        kind=kind,
        layer=layer,
        expert=None,
        shape=(values.shape[0], values.shape[1]),
        dtype="F32",
        rows=(0, len(block)),
        columns=block.shape[1],
        codes=codes.tobytes(),
        scales=scales.astype("<f4").tobytes(),
        digest=hashlib.sha256(block.astype("<f4").tobytes()).hexdigest(),
        rms=float(np.sqrt(np.mean(np.square(block)))),
    )


def samples_of(
    model: Mapping[tuple[int, WeightKind], Matrix], *, part: str = "decoder-core", rows: int = ROWS
) -> tuple[WeightSample, ...]:
    """A sample of each matrix."""
    return tuple(
        weight_sample(values, kind, layer, part=part, rows=rows) for (layer, kind), values in model.items()
    )
