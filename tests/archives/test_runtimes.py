"""Formats of other run times: Flax, TensorFlow Lite."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError
from aibom.formats import msgpack as flax
from aibom.formats import pages
from aibom.formats.msgpack import read_msgpack
from aibom.formats.tables import Row
from aibom.formats.tflite import TfliteModel, flatbuffer, read_tflite
from aibom.model import Observation, Part
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from tests.archives.looking import only, rules
from tests.builders import flatbuffer as buffers
from tests.builders import msgpack as build


def arrays(tree: object) -> tuple[Row, ...]:
    return read_msgpack(MemoryView({"m": msgspec.msgpack.encode(tree)}), "m")


def model(data: bytes) -> TfliteModel:
    return read_tflite(MemoryView({"m": data}), "m")


@given(st.lists(st.integers(0, 300), max_size=6), st.sampled_from(["float32", "bfloat16", "int8"]))
def test_arrays_are_named_by_their_keys(shape: list[int], dtype: str) -> None:
    if len(shape) > 3:
        shape = [size % 3 for size in shape]
    word = {"float32": "F32", "bfloat16": "BF16", "int8": "I8"}[dtype]
    tree = {
        "params": {"dense": {"kernel": build.array(shape, dtype, 1)}},
        "step": 70_000,
        "x": [None, -1, 1.5, "s"],
    }
    assert arrays(tree) == (Row("params.dense.kernel", word, tuple(shape)),)


def test_an_array_in_chunks_is_one() -> None:
    tree = {"big": build.chunked((4, 5), build.array((12,)), build.array((8,))), "b": build.array((2,))}
    assert arrays(tree) == (Row("b", "F32", (2,)), Row("big", "F32", (4, 5)))


def test_data_of_arrays_is_not_read() -> None:
    tree = {f"layer{at}": build.array((1024, 512)) for at in range(4)}
    view = MemoryView({"flax_model.msgpack": build.checkpoint(tree)})
    (part,) = [item for item in inspect(ArchiveInspector(), view) if isinstance(item, Part)]
    assert part.parameters == 4 * 1024 * 512
    assert sum(length for _, _, length in view.reads) <= 4 * 65_536


@pytest.mark.parametrize("data", [b"\x93\1\2\3", b"", b"\x81\xa1", b"\x81\xa1a\xc1", b"\x81\x01\x02"])
def test_what_is_no_map_of_arrays_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_msgpack(MemoryView({"m": data}), "m")


def test_depth_and_number_of_values_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError):
        read_msgpack(MemoryView({"m": b"\x81\xa1a" * 100_000}), "m")
    monkeypatch.setattr(flax, "MAX_VALUES", 10)
    with pytest.raises(LimitError):
        arrays({"a": [1] * 20})


@given(st.binary(max_size=100))
def test_any_map_is_read_or_refused(data: bytes) -> None:
    try:
        read_msgpack(MemoryView({"m": b"\x8f\xa1a\xc7" + data}), "m")
    except AibomError:
        return


def test_operators_and_tensors_of_a_tflite_model() -> None:
    found = model(buffers.tflite())
    assert found.rows == (Row("dense/kernel", "F32", (3, 8), "buffer 1"),)
    assert found.operators == (("FULLY_CONNECTED", 1), ("GELU", 1))
    assert (found.inputs, found.outputs, found.version) == (("input",), ("output",), 3)
    assert found.description == "MLIR Converted."


def test_custom_operators_are_a_finding() -> None:
    files = {"m.tflite": buffers.tflite(custom="TFLite_Detection_PostProcess")}
    assert "TFLite_Detection_PostProcess" in rules(files)["archives.tflite-custom-op"]
    assert only({"m.tflite": buffers.tflite()}, Observation) == []


def test_data_of_a_tflite_model_is_not_read() -> None:
    view = MemoryView({"m.tflite": buffers.tflite(bytes(10_000_000))})
    inspect(ArchiveInspector(), view)
    assert sum(length for _, _, length in view.reads) <= 4 * pages.PAGE


def test_pages_and_lists_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flatbuffer, "MAX_VECTOR", 1)
    with pytest.raises(LimitError):
        model(buffers.tflite())
    monkeypatch.setattr(pages, "MAX_STEPS", 30)
    with pytest.raises(LimitError):
        model(buffers.tflite())
    monkeypatch.setattr(pages, "MAX_PAGES", 0)
    with pytest.raises(LimitError):
        model(buffers.tflite())


@given(st.binary(max_size=200))
def test_any_flatbuffer_is_read_or_refused(data: bytes) -> None:
    try:
        model(b"\x08\0\0\0TFL3" + data)
    except AibomError:
        return
