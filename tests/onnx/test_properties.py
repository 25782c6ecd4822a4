"""Laws: nothing but an AibomError on any bytes, and what the onnx package reads is read alike."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError
from aibom.formats.onnx import OnnxModel, read_graph
from aibom.testing import MemoryView, inspect
from aibom_onnx import OnnxInspector
from tests.builders import onnx as build

NAMES = st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=1, max_size=8)
SHAPES = st.lists(st.integers(0, 9), max_size=4)
TYPES = st.sampled_from(["FLOAT", "FLOAT16", "BFLOAT16", "INT64", "INT8", "INT4", "BOOL", "DOUBLE"])
BODIES = st.recursive(
    st.binary(max_size=12),
    lambda inner: st.lists(
        st.builds(build.field, st.sampled_from([1, 2, 4, 5, 6, 7, 8, 9, 11, 13, 14, 20, 25, 30]), inner),
        max_size=4,
    ).map(b"".join),
    max_leaves=20,
)
"""Bytes that look like protobuf messages inside each other."""


def read(data: bytes) -> OnnxModel:
    return read_graph(MemoryView({"m.onnx": data}), "m.onnx")


def sample() -> bytes:
    nodes = [
        build.node("Gather", ["table", "ids"], ["h"], "/embed/Gather"),
        build.node("MatMul", ["h", "w"], ["y"], "/layers.0/fc/MatMul"),
    ]
    weights = [build.tensor("table", (600, 4)), build.tensor("w", (4, 4)), build.external("e", (2,), "w.bin")]
    ends: dict[str, Any] = {"inputs": {"ids": ("INT64", ["n"])}, "outputs": {"y": ("FLOAT", ["n", 4])}}
    return build.model(build.graph(nodes, initialisers=weights, **ends), metadata={"author": "a"})


SAMPLE = sample()


@given(st.binary(max_size=400) | BODIES)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(AibomError):
        read(data)


@given(BODIES)
def test_any_graph_is_read_or_refused(data: bytes) -> None:
    with suppress(AibomError):
        read(build.field(7, data) + build.field(25, data) + build.field(20, data))


@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255), st.integers(0, 300))
def test_a_damaged_graph_is_inspected_without_an_error(at: int, byte: int, cut: int) -> None:
    data = (SAMPLE[:at] + bytes((byte,)) + SAMPLE[at + 1 :])[: len(SAMPLE) - cut]
    inspect(OnnxInspector(), MemoryView({"m.onnx": data}))


@given(st.integers(1, len(SAMPLE) - 1))
def test_a_truncated_graph_is_refused_or_is_a_prefix(cut: int) -> None:
    """A cut between two fields of the outermost message leaves a valid file; any other is refused."""
    try:
        model = read(SAMPLE[:cut])
    except FormatError:
        return
    assert model.nodes == read(SAMPLE).nodes


@settings(max_examples=50)
@given(st.lists(st.tuples(NAMES, SHAPES, TYPES), min_size=1, max_size=8, unique_by=lambda item: item[0]))
def test_initialisers_are_those_of_the_onnx_package(rows: list[tuple[str, list[int], str]]) -> None:
    from onnx import ModelProto, TensorProto

    tensors = [build.tensor(name, shape, dtype=dtype) for name, shape, dtype in rows]
    data = build.model(build.graph([build.node("Identity", [rows[0][0]], ["y"])], initialisers=tensors))
    proto = ModelProto.FromString(data)
    assert [(t.name, list(t.shape), t.dtype) for t in read(data).initialisers] == [
        (t.name, list(t.dims), TensorProto.DataType.Name(t.data_type)) for t in proto.graph.initializer
    ]
