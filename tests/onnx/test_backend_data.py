"""Every model that ships inside the onnx package, against what the package itself reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from aibom.formats.onnx import OnnxModel, OnnxTensor, read_graph
from aibom.testing import MemoryView


def data_folder() -> Path:
    import onnx.backend.test

    return Path(onnx.backend.test.__file__).parent / "data"


MODELS = sorted(path.relative_to(data_folder()).as_posix() for path in data_folder().rglob("*.onnx"))


def test_the_data_is_there() -> None:
    assert len(MODELS) > 100


@pytest.mark.parametrize("name", MODELS)
def test_the_walk_reads_what_the_package_reads(name: str) -> None:
    import onnx

    data = (data_folder() / name).read_bytes()
    proto = onnx.ModelProto.FromString(data)
    model = read_graph(MemoryView({name: data}), name)
    graphs = list(all_graphs(proto))
    assert Counter((t.name, t.dtype, t.shape) for t in model.initialisers) == Counter(
        (t.name, onnx.TensorProto.DataType.Name(t.data_type), tuple(t.dims))
        for graph in graphs
        for t in graph.initializer
    )
    bodies = [*(graph.node for graph in graphs), *(function.node for function in proto.functions)]
    assert {(domain, name): count for domain, name, count in model.operators} == Counter(
        (node.domain or "ai.onnx", node.op_type) for body in bodies for node in body
    )
    assert {*model.opsets} == {
        (item.domain or "ai.onnx", item.version)
        for holder in (proto, *proto.functions)
        for item in holder.opset_import
    }
    given = {tensor.name for tensor in proto.graph.initializer}
    assert [value.name for value in model.inputs] == [
        v.name for v in proto.graph.input if v.name not in given
    ]
    assert [value.name for value in model.outputs] == [v.name for v in proto.graph.output]
    assert model.problems == ()
    for tensor in model.initialisers:
        check_place(data, tensor, graphs)


def all_graphs(proto: object) -> Iterator[object]:
    """The main graph and all that hang on nodes, those of functions too."""
    waiting = [proto.graph]  # type: ignore[attr-defined]
    bodies = [function.node for function in proto.functions]  # type: ignore[attr-defined]
    while waiting or bodies:
        if waiting:
            graph = waiting.pop()
            yield graph
            bodies.append(graph.node)
        for node in bodies.pop():
            for attribute in node.attribute:
                waiting += [attribute.g] if attribute.HasField("g") else []
                waiting += attribute.graphs


def check_place(data: bytes, tensor: OnnxTensor, graphs: list[object]) -> None:
    """The bytes at the tensor's place are its data."""
    (proto,) = [
        item
        for graph in graphs
        for item in graph.initializer  # type: ignore[attr-defined]
        if item.name == tensor.name
    ][:1]
    if proto.raw_data and tensor.location is not None:
        start = tensor.location.offset
        assert data[start : start + (tensor.location.length or 0)] == proto.raw_data


def test_models_are_values() -> None:
    data = (data_folder() / MODELS[0]).read_bytes()
    first: OnnxModel = read_graph(MemoryView({"m.onnx": data}), "m.onnx")
    assert first == read_graph(MemoryView({"m.onnx": data}), "m.onnx")
