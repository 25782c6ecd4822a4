"""Whatever bytes come: an answer or an error of ours, within the file and within bounds."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.errors import AibomError
from aibom.formats.gguf import TENSOR_TYPES, Gguf, GgufArray, ValueType, read_header
from aibom.model import Part
from aibom.sources.memory import MemoryView
from aibom.testing import inspect
from aibom_gguf import GgufInspector
from tests.builders.gguf import Row, Typed, array, decoder, gguf

SAMPLE = gguf(
    {
        "general.architecture": "qwen2",
        "general.file_type": 7,
        "general.base_model.0.name": "x",
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": ["a", "b", "ab", "<|end|>"],
        "tokenizer.ggml.token_type": [1, 1, 1, 3],
        "tokenizer.ggml.merges": ["a b"],
        "tokenizer.chat_template": "{% if tools %}<think>{% endif %}",
        "a.nested": array(ValueType.ARRAY, [array(ValueType.INT8, [1, 2])]),
        "a.float": Typed(ValueType.FLOAT64, math.nan),
    },
    decoder(layers=1, width=32, vocabulary=32),
    data=False,
)

_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_VALUES = st.one_of(
    _TEXT,
    st.booleans(),
    st.integers(0, 2**32 - 1),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: Typed(ValueType.INT64, value)),
    st.floats(allow_nan=False).map(lambda value: Typed(ValueType.FLOAT64, value)),
    st.lists(_TEXT, max_size=5).map(lambda value: array(ValueType.STRING, value)),
    st.lists(st.integers(-(2**31), 2**31 - 1), max_size=5).map(lambda value: array(ValueType.INT32, value)),
)
_ROWS = st.builds(
    Row,
    st.text("abc.0123", min_size=1, max_size=8),
    st.lists(st.integers(1, 4), max_size=2).map(lambda outer: (*outer, 256)),
    st.sampled_from(sorted(kind.name for kind in TENSOR_TYPES.values())),
)


def survives(data: bytes) -> None:
    """The reader answers or refuses, the inspector yields, and neither reads past the file."""
    view = MemoryView({"m.gguf": data})
    try:
        read_header(view, "m.gguf")
    except AibomError as error:
        assert "\n" not in error.message
    for emission in inspect(GgufInspector(), view):
        if isinstance(emission, Part):
            assert emission.parameters is None or 0 <= emission.parameters < 2**63 * 100
    assert all(offset + length <= len(data) for _, offset, length in view.reads)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_arbitrary_bytes(data: bytes) -> None:
    survives(data)
    survives(b"GGUF\x03\x00\x00\x00" + data)


@settings(max_examples=400)
@given(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=9))
def test_a_sound_file_with_some_bytes_changed(place: int, patch: bytes) -> None:
    survives(SAMPLE[:place] + patch + SAMPLE[place + len(patch) :])


@settings(max_examples=200)
@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 40))
def test_a_sound_file_with_some_bytes_missing(place: int, length: int) -> None:
    survives(SAMPLE[:place] + SAMPLE[place + length :])


def test_a_sound_file_cut_off_at_every_byte() -> None:
    for length in range(len(SAMPLE)):
        survives(SAMPLE[:length])


@settings(max_examples=150)
@given(
    st.dictionaries(_TEXT, _VALUES, max_size=6),
    st.lists(_ROWS, max_size=6, unique_by=lambda row: row.name),
    st.booleans(),
)
def test_what_is_written_is_what_is_read(
    metadata: dict[str, object], rows: list[Row], big_endian: bool
) -> None:
    data = gguf(metadata, rows, big_endian=big_endian)  # type: ignore[arg-type]
    file = read_header(MemoryView({"m.gguf": data}), "m.gguf")
    assert [(row.name, tuple(row.shape), row.type) for row in rows] == [
        (item.name, item.shape, item.type) for item in file.tensors
    ]
    assert {key: _plain(file, key) for key in file.metadata} == {
        key: _given(value) for key, value in metadata.items()
    }
    aligned = "general.alignment" in metadata
    assert aligned or file.problems == ()


def _plain(file: Gguf, key: str) -> object:
    value = file.metadata[key]
    if not isinstance(value, GgufArray):
        return value
    return [item.decode() if isinstance(item, bytes) else item for item in value.values or ()]


def _given(value: object) -> object:
    return value.value if isinstance(value, Typed) else value
