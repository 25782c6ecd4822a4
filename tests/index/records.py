"""Models of random matrices, and records of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from aibom.formats.sampling import quantised
from aibom.index import Record, RecordedModel, RecordedPart, encode
from aibom.model import Locator, Role, ShapePrint, TokenizerPrint, WeightKind, WeightSample

Matrix = NDArray[np.float64]
Model = Mapping[tuple[int, WeightKind], Matrix]
KINDS = (WeightKind.OUTPUT, WeightKind.UP, WeightKind.QUERY)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def model(
    seed: int, *, layers: int = 6, width: int = 64, outputs: int = 64
) -> dict[tuple[int, WeightKind], Matrix]:
    """Independent normal matrices, by layer and kind."""
    generator = np.random.default_rng([20260115, seed])
    return {
        (layer, kind): generator.normal(size=(outputs, width)) for layer in range(layers) for kind in KINDS
    }


def changed(whole: Model, by: Callable[[Matrix], Matrix]) -> dict[tuple[int, WeightKind], Matrix]:
    """Every matrix changed."""
    return {key: by(matrix) for key, matrix in whole.items()}


def noisy(whole: Model, amount: float) -> dict[tuple[int, WeightKind], Matrix]:
    """A copy with noise of so many deviations."""
    generator = np.random.default_rng(987654321)
    return changed(whole, lambda matrix: matrix + amount * generator.normal(size=matrix.shape))


def samples(whole: Model, part: str = "decoder-core", rows: int = 8) -> tuple[WeightSample, ...]:
    """The first rows of every matrix."""
    return tuple(_sample(part, layer, kind, matrix, rows) for (layer, kind), matrix in whole.items())


def _sample(part: str, layer: int, kind: WeightKind, matrix: Matrix, rows: int) -> WeightSample:
    values = np.ascontiguousarray(matrix[:rows], np.float32)
    codes, scales = quantised(values)
    name = f"layers.{layer}.{kind.value}"
    return WeightSample(
        part,
        name,
        kind,
        layer,
        None,
        (matrix.shape[0], matrix.shape[1]),
        "F32",
        (0, len(values)),
        values.shape[1],
        codes.tobytes(),
        scales.tobytes(),
        hashlib.sha256(values.tobytes()).hexdigest(),
        1.0,
        Locator("model.safetensors", offset=layer, length=values.nbytes, key=name),
    )


def record(
    seed: int = 1,
    *,
    name: str | None = None,
    commit: str | None = COMMIT,
    organisation: str | None = "",
    whole: Model | None = None,
    shapes: tuple[ShapePrint, ...] = (),
) -> Record:
    """A record; its organisation is the namespace unless another is given."""
    ident = name or f"org{seed}/model"
    return Record(
        RecordedModel(
            ident,
            commit,
            f"hub:{ident.partition('/')[0]}" if organisation == "" else organisation,
            "2024-05-01",
        ),
        "0.1.0",
        (
            RecordedPart("decoder-core", Role.DECODER_CORE, 1000),
            RecordedPart("tokenizer", Role.TOKENIZER),
        ),
        samples(model(seed) if whole is None else whole),
        (
            TokenizerPrint(
                "tokenizer",
                "bpe",
                "ab",
                None,
                5,
                3,
                ((100, "cd"),),
                (1, 2**63),
                (3,),
                Locator("tokenizer.json"),
            ),
        ),
        shapes or (ShapePrint("decoder-core", (("layers.#.q.weight", ("h", "h")),), (("h", 64),)),),
    )


def record_file(seed: int = 1, **options: object) -> bytes:
    """The bytes of a record."""
    return encode(record(seed, **options))  # type: ignore[arg-type]
