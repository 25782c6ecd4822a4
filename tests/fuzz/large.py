"""Sound files of up to a size that have one thing very often, in formats that count what they hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.builders import gguf, hdf5
from tests.builders.gguf import Row, Typed, ValueType
from tests.fuzz.examples import metadata

_DEPTH = 4


def gguf_files(size: int) -> Iterator[bytes]:
    """Many keys, tokens, merges, nested arrays and tensors."""
    strings = size // 16
    words = gguf.array(ValueType.STRING, [f"{number:07}" for number in range(strings)])
    empty = gguf.array(ValueType.STRING, [""] * (size // 8))
    pairs = gguf.array(
        ValueType.STRING, [f"{number % 999:03} {number % 998:03}" for number in range(strings)]
    )
    base = metadata()
    for more in (
        {f"key.{number:06}": number for number in range(size // 26)},
        {"tokenizer.ggml.tokens": words},
        {"tokenizer.ggml.tokens": empty},
        {"tokenizer.ggml.merges": pairs},
        {"tokenizer.ggml.merges": words},
        {"tokenizer.chat_template": "{% if a %}" * (size // 10)},
        {"general.base_model.count": 2**31, "general.tags": words},
        {f"general.base_model.{number}.name": "x" for number in range(size // 44)},
        {"nested": _nested(size // 12 // _DEPTH)},
    ):
        yield gguf.gguf({**base, **more}, data=False)[:size]
    rows = [Row(f"blk.{number}.x", (1,)) for number in range(size // 50)]
    yield gguf.gguf(base, rows, data=False)[:size]
    yield gguf.gguf(base, [Row("", (1,), offset=0)] * (size // 32), data=False)[:size]


def _nested(items: int) -> Typed:
    """Arrays in arrays in arrays."""
    inner = gguf.array(ValueType.INT8, [])
    return gguf.array(ValueType.ARRAY, [gguf.array(ValueType.ARRAY, [inner] * _DEPTH)] * items)


def hdf5_files(size: int) -> Iterator[bytes]:
    """Many datasets, groups inside each other and attributes, in the old and the new layout."""
    few, many = np.zeros(1, "f4"), size // 600
    deep = {"/".join("g" * (size // 1_200)): few}
    for libver in ("earliest", "latest"):
        yield hdf5.hdf5({f"d{number:05}": few for number in range(many)}, libver=libver)[:size]
        yield hdf5.hdf5(deep, libver=libver)[:size]
        yield hdf5.hdf5({"d": few}, {f"a{number:05}": number for number in range(many)}, libver=libver)[:size]
