"""What `read_graph` says of well-formed and broken graphs."""

from __future__ import annotations

from typing import Any

import pytest

from aibom.errors import FormatError, ReadError
from aibom.formats.onnx import MAIN, OnnxModel, Span, read_graph
from aibom.testing import MemoryView
from tests.builders import onnx as build
from tests.onnx.views import SparseView, without_size

PATH = "onnx/model.onnx"
MIB = 1 << 20


def read(data: bytes, path: str = PATH) -> OnnxModel:
    return read_graph(MemoryView({path: data}), path)


def linear(*initialisers: Any, **settings: Any) -> bytes:
    """One MatMul with the initialisers given (a small weight, if none is)."""
    weights = initialisers or (build.tensor("weight", (4, 2)),)
    nodes = [build.node("MatMul", ["x", weights[0].name], ["y"], "/fc/MatMul")]
    body = build.graph(
        nodes,
        inputs={"x": ("FLOAT", ["batch", 4])},
        outputs={"y": ("FLOAT", [None, 2])},
        initialisers=weights,
    )
    return build.model(body, **settings)


def test_header_fields_are_read() -> None:
    data = linear(
        producer_name="pytorch",
        producer_version="2.4.0",
        domain="ai.example",
        model_version=3,
        doc_string="two\nlines\x1b[31m",
        metadata={"model_author": "Ada", "model_license": "MIT"},
        opsets={"": 17, "com.microsoft": 1},
    )
    model = read(data)
    assert (model.ir_version, model.producer_name, model.producer_version) == (9, "pytorch", "2.4.0")
    assert (model.domain, model.model_version, model.doc) == ("ai.example", 3, "two lines")
    assert model.opsets == (("ai.onnx", 17), ("com.microsoft", 1))
    assert model.metadata == (("model_author", "Ada"), ("model_license", "MIT"))
    assert model.inputs == (("x", "FLOAT", ("batch", 4)),)
    assert model.outputs == (("y", "FLOAT", ("?", 2)),)
    assert model.operators == (("ai.onnx", "MatMul", 1),)
    assert model.problems == ()


def test_inputs_that_are_initialisers_are_no_inputs() -> None:
    weight = build.tensor("w", (4, 2))
    body = build.graph(
        [build.node("MatMul", ["x", "w"], ["y"])],
        inputs={"x": ("FLOAT", [1, 4]), "w": ("FLOAT", [4, 2])},
        outputs={"y": ("FLOAT", [1, 2])},
        initialisers=[weight],
    )
    assert [value.name for value in read(build.model(body, ir_version=3)).inputs] == ["x"]


def test_location_of_inline_data_is_its_place_in_the_file() -> None:
    payload = bytes(range(256)) * 4
    data = linear(build.tensor("weight", (16, 16), data=payload))
    (weight,) = read(data).initialisers
    assert weight.location is not None
    assert weight.location.file is None
    assert data[weight.location.offset :][: weight.location.length] == payload
    assert (weight.dtype, weight.shape, weight.elements) == ("FLOAT", (16, 16), 256)


def test_tensor_data_is_not_read() -> None:
    sizes = [MIB, 2 * MIB, 3 * MIB, 4 * MIB]
    view = MemoryView({PATH: linear(*(build.tensor(f"w{i}", (size // 4,)) for i, size in enumerate(sizes)))})
    model = read_graph(view, PATH)
    assert [tensor.elements * 4 for tensor in model.initialisers] == sizes
    # One chunk at the start, then one small read behind the data of each tensor.
    ends = [span.offset + (span.length or 0) for tensor in model.initialisers if (span := tensor.location)]
    rest = view.files[PATH].size or 0
    assert view.reads == [(PATH, 0, 256 * 1024), *((PATH, end, min(4096, rest - end)) for end in ends)]


def huge_file(
    size: int, *, after: bytes = build.field(11, build.field(1, b"x"))
) -> tuple[dict[int, bytes], int, int]:
    """Pieces of a file with one tensor of `size` bytes in it, its size, and where the tensor begins."""
    body = build.graph([build.node("MatMul", ["x", "w"], ["y"])], outputs={"y": ("FLOAT", [1])})
    before = body.SerializeToString()
    header = build.tensor("w", (size // 4,), data=b"").SerializeToString().replace(b"\x4a\x00", b"")
    header += build.varint(9 << 3 | 2) + build.varint(size)
    holder = build.varint(5 << 3 | 2) + build.varint(len(header) + size) + header
    total = len(before) + len(holder) + size + len(after)
    head = b"\x08\x09" + build.varint(7 << 3 | 2) + build.varint(total) + before + holder
    return {0: head, len(head) + size: after}, len(head) + size + len(after), len(head)


@pytest.mark.parametrize("tells_size", [True, False])
def test_more_than_two_gigabytes_in_one_protobuf(tells_size: bool) -> None:
    pieces, size, offset = huge_file(5 << 30)
    view = SparseView(PATH, pieces, size, tells_size=tells_size)
    model = read_graph(view, PATH)
    assert model.initialisers[0].location == Span(None, offset, 5 << 30)
    assert [value.name for value in model.inputs] == ["x"]
    assert sum(length for _, _, length in view.reads) < MIB


@pytest.mark.parametrize("tells_size", [True, False])
@pytest.mark.parametrize("missing", [1, 10_000, (5 << 30) + 5])
def test_a_file_cut_off_in_its_data_is_refused(tells_size: bool, missing: int) -> None:
    pieces, size, _ = huge_file(5 << 30)
    with pytest.raises(FormatError, match="truncated"):
        read_graph(SparseView(PATH, pieces, size - missing, tells_size=tells_size), PATH)


@pytest.mark.parametrize("tells_size", [True, False])
@pytest.mark.parametrize("missing", [0, 1, 1000])
def test_a_file_that_ends_in_its_data(tells_size: bool, missing: int) -> None:
    """Nothing follows the data that a cut could show at: its last byte is asked for."""
    pieces, size, _ = huge_file(5 << 30, after=b"")
    view = SparseView(PATH, pieces, size - missing, tells_size=tells_size)
    if missing:
        with pytest.raises(FormatError, match="truncated"):
            read_graph(view, PATH)
    else:
        assert len(read_graph(view, PATH).initialisers) == 1


def test_a_file_of_unknown_size_is_read_to_its_end() -> None:
    data = linear(build.tensor("weight", (MIB,)))
    assert read_graph(without_size(PATH, data), PATH) == read(data)


def test_external_data_is_named_with_its_place() -> None:
    model = read(linear(build.external("w", (4, 2), "./model.onnx_data", offset=4096, length=32)))
    assert model.external_files == ("onnx/model.onnx_data",)
    assert model.initialisers[0].location == Span("onnx/model.onnx_data", 4096, 32)
    assert (model.refused_paths, model.problems) == ((), ())


@pytest.mark.parametrize(
    "location",
    [
        "/etc/passwd", "../weights.bin", "a/../../b", "..", "a\\b", "\\\\host\\share", "C:/weights", "c:w",
        "", "a\0b", "w\u202egpj", "*/_ORT_MEM_ADDR_/*", ".",
    ],
)  # fmt: skip
def test_external_paths_that_leave_the_folder_are_refused(location: str) -> None:
    view = MemoryView({PATH: linear(build.external("w", (4, 2), location)), "weights.bin": b"secret"})
    model = read_graph(view, PATH)
    assert model.external_files == ()
    assert len(model.refused_paths) == 1
    assert model.initialisers[0].location is None
    assert {path for path, _, _ in view.reads} == {PATH}


@pytest.mark.parametrize(("offset", "length"), [("-1", "32"), ("x", "32"), ("0", "1e3"), ("9" * 30, "32")])
def test_external_numbers_that_are_none_are_reported(offset: str, length: str) -> None:
    model = read(linear(build.external("w", (4, 2), "w.bin", offset=offset, length=length)))
    assert any("no number" in problem for problem in model.problems)


def branch(name: str, *initialisers: Any, nodes: tuple[Any, ...] = ()) -> Any:
    inner = [*nodes, build.node("Identity", [initialisers[0].name if initialisers else "x"], [f"{name}_y"])]
    return build.graph(inner, outputs={f"{name}_y": ("FLOAT", [1])}, initialisers=initialisers, name=name)


def test_subgraphs_are_walked() -> None:
    deep = build.node("If", ["c"], ["z"], "Inner", then_branch=branch("deep", build.tensor("d", (3,))))
    nodes = [
        build.node(
            "If", ["c"], ["a"], "If_0",
            then_branch=branch("then", build.tensor("t", (5,)), nodes=(deep,)), else_branch=branch("else"),
        ),
        build.node("Loop", ["n", "c"], ["b"], "Loop_0", body=branch("body", build.tensor("l", (7,)))),
        build.node("Scan", ["x"], ["s"], "Scan_0", num_scan_inputs=1, body=branch("scan")),
    ]  # fmt: skip
    model = read(build.model(build.graph(nodes, outputs={"a": ("FLOAT", [1])})))
    assert {(tensor.name, tensor.graph) for tensor in model.initialisers} == {
        ("t", "If_0.then_branch"),
        ("d", "If_0.then_branch/Inner.then_branch"),
        ("l", "Loop_0.body"),
    }
    assert {name: count for _, name, count in model.operators} == {
        "If": 2,
        "Loop": 1,
        "Scan": 1,
        "Identity": 5,
    }
    assert [node.name for node in model.nodes if node.graph == MAIN] == ["If_0", "Loop_0", "Scan_0"]


def test_local_functions_are_no_custom_domain() -> None:
    from onnx import helper

    inner = [
        build.node("Constant", [], ["k"], value=build.tensor("", (3,))),
        build.node("Mul", ["a", "k"], ["b"]),
    ]
    function = helper.make_function("local", "Scale", ["a"], ["b"], inner, [helper.make_opsetid("", 17)])
    nodes = [
        helper.make_node("Scale", ["x"], ["h"], domain="local"),
        helper.make_node("Mystery", ["h"], ["y"], domain="org.example"),
        helper.make_node("Gelu", ["y"], ["z"], domain="com.microsoft"),
    ]
    model = read(build.model(build.graph(nodes, outputs={"z": ("FLOAT", [1])}), functions=[function]))
    assert model.functions == (("local", "Scale"),)
    assert model.custom_domains == ("com.microsoft", "org.example")
    assert ("ai.onnx", "Mul", 1) in model.operators
    assert [(tensor.name, tensor.graph) for tensor in model.constants] == [("k", "function local.Scale")]


def test_training_graphs_are_counted_and_their_paths_judged() -> None:
    from onnx import ModelProto

    proto = ModelProto.FromString(linear())
    info = proto.training_info.add()
    info.algorithm.CopyFrom(build.graph([], initialisers=[build.external("m", (4,), "../../state")]))
    model = read(proto.SerializeToString())
    assert model.training_graphs == 1
    assert [tensor.name for tensor in model.initialisers] == ["weight"]
    assert model.refused_paths == ("../../state",)


@pytest.mark.parametrize(
    "dtype", ["FLOAT16", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E5M2", "INT4", "UINT4", "INT8", "BOOL"]
)
def test_narrow_types(dtype: str) -> None:
    model = read(linear(build.tensor("w", (5, 3), dtype=dtype)))
    assert [(tensor.dtype, tensor.elements) for tensor in model.initialisers] == [(dtype, 15)]
    assert model.problems == ()


def test_data_that_does_not_fit_the_shape_is_reported() -> None:
    model = read(linear(build.tensor("w", (1000, 1000), data=bytes(100))))
    assert model.problems == ("tensor w has 100 bytes of data, its shape asks for 4,000,000",)


@pytest.mark.parametrize("dims", [[-1, 4], [1 << 40, 1 << 40], [1] * 33])
def test_malformed_shapes_count_for_nothing(dims: list[int]) -> None:
    proto = build.tensor("w", (1,))
    del proto.dims[:]
    proto.dims.extend(dims)
    model = read(linear(proto))
    assert (model.initialisers[0].shape, model.initialisers[0].elements) == ((), 0)
    assert model.problems == ("tensor w has a malformed shape",)


def test_typed_data_fields_have_a_place_too() -> None:
    from onnx import TensorProto, helper

    floats = helper.make_tensor("f", TensorProto.FLOAT, [100], [1.5] * 100)
    shape = helper.make_tensor("s", TensorProto.INT64, [3], [1, -1, 768])
    data = linear(floats, shape)
    first, second = read(data).initialisers
    assert first.location is not None
    assert first.location.length == 400
    assert data[first.location.offset :][:4] == b"\0\0\xc0\x3f"
    assert second.integers == (1, -1, 768)


def test_small_integer_tensors_keep_their_values() -> None:
    data = b"".join(value.to_bytes(8, "little", signed=True) for value in (96, 3, -1))
    (shape,) = read(linear(build.tensor("s", (3,), dtype="INT64", data=data))).initialisers
    assert shape.integers == (96, 3, -1)


def test_sparse_initialisers_give_their_dense_shape() -> None:
    from onnx import ModelProto, helper

    proto = ModelProto.FromString(linear())
    values, indices = build.tensor("sparse", (2,)), build.tensor("i", (2,), dtype="INT64")
    proto.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [10, 10]))
    assert [(t.name, t.shape, t.elements) for t in read(proto.SerializeToString()).initialisers][1:] == [
        ("sparse", (10, 10), 100)
    ]


def test_inputs_that_are_no_tensors() -> None:
    from onnx import TensorProto, helper

    tensor = helper.make_tensor_type_proto(TensorProto.FLOAT, [2])
    kinds = [
        helper.make_sequence_type_proto(tensor),
        helper.make_optional_type_proto(tensor),
        helper.make_map_type_proto(TensorProto.INT64, tensor),
        helper.make_tensor_type_proto(TensorProto.STRING, None),
    ]
    values = [helper.make_value_info(f"i{at}", kind) for at, kind in enumerate(kinds)]
    body = helper.make_graph([build.node("Identity", ["i3"], ["y"])], "g", values, [])
    assert [value[1:] for value in read(build.model(body)).inputs] == [
        ("SEQUENCE(FLOAT)", None),
        ("OPTIONAL(FLOAT)", None),
        ("MAP(INT64,FLOAT)", None),
        ("STRING", None),
    ]


def test_a_compiled_context_names_its_file() -> None:
    def compiled(location: str, mode: int) -> OnnxModel:
        from onnx import helper

        node = helper.make_node(
            "EPContext", ["x"], ["y"], domain="com.microsoft", ep_cache_context=location, embed_mode=mode
        )
        return read(build.model(build.graph([node], outputs={"y": ("FLOAT", [1])})))

    assert compiled("model_qnn.bin", 0).external_files == ("onnx/model_qnn.bin",)
    assert compiled("../../model_qnn.bin", 0).refused_paths == ("../../model_qnn.bin",)
    assert compiled("bytes of the context", 1).external_files == ()


def test_hostile_names_are_cleaned() -> None:
    model = read(linear(build.tensor("we\x1b]0;ight\u202e", (2,)), producer_name="py\x00torch"))
    assert model.producer_name == "pytorch"
    assert model.initialisers[0].name.isprintable()


def test_names_that_are_not_utf8_are_read() -> None:
    data = linear(build.tensor("weight", (4, 2))).replace(b"weight", b"w\xff\xfeght")
    assert read(data).initialisers[0].name == "w��ght"


def test_a_long_text_is_left_out_and_reported() -> None:
    model = read(linear(metadata={"vocabulary": "x" * 100_000, "short": "y"}))
    assert dict(model.metadata)["short"] == "y"
    assert len(model.problems) == 1
    assert "100,000 bytes" in model.problems[0]


def test_value_infos_and_documentation_of_nodes_are_passed_over() -> None:
    from onnx import ModelProto

    proto = ModelProto.FromString(linear())
    proto.graph.node[0].doc_string = "trace" * 100_000
    proto.graph.node[0].attribute.add(name="blob", s=bytes(MIB))
    view = MemoryView({PATH: proto.SerializeToString()})
    assert read_graph(view, PATH).problems == ()
    assert sum(length for _, _, length in view.reads) < 600_000


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x08\x09", b"\x3a\x00", b"hello, this is no model", b"<!DOCTYPE html><html>", b"\xff" * 64,
        b"\x08", b"\x3a\x05\x0a", b"\x0b\x0c", b"\x00\x00", b"PK\x03\x04",
    ],
)  # fmt: skip
def test_what_is_no_graph_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        read(data)


def test_an_empty_file_has_no_graph() -> None:
    with pytest.raises(FormatError, match="no graph"):
        read(b"")


def test_a_pointer_is_no_graph() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 123456\n"
    with pytest.raises(ReadError, match="Git-LFS pointer"):
        read(pointer)


def test_a_field_that_runs_past_its_message_is_refused() -> None:
    data = build.field(7, build.field(1, b"abc", length=200)) + bytes(500)
    with pytest.raises(FormatError, match="past its message"):
        read(data)
