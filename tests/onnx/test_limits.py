"""Bounds that hold before a parser allocates anything."""

from __future__ import annotations

import pytest

from aibom.errors import LimitError
from aibom.formats.onnx import read_graph, skeleton, wire
from aibom.testing import MemoryView
from tests.builders import onnx as build
from tests.builders.onnx import field
from tests.onnx.views import SparseView


def refused(data: bytes) -> str:
    """The name of the limit that the file hits."""
    with pytest.raises(LimitError) as caught:
        read_graph(MemoryView({"m.onnx": data}), "m.onnx")
    return caught.value.limit


def test_twenty_megabytes_of_empty_attributes_are_refused() -> None:
    """onnx' own parser takes 2 GB for them."""
    node = field(1, field(4, b"Relu") + field(5, b"") * 100)
    assert refused(field(7, node * (20_000_000 // len(node)))) == "onnx messages"


def test_nodes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(skeleton._LIMITS, "node", 10)
    assert refused(field(7, field(1, b"") * 11)) == "onnx nodes"


def test_tensors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(skeleton._LIMITS, "tensor", 10)
    assert refused(field(7, field(5, b"") * 11)) == "onnx tensors"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("opset", field(8, b"\x10\x0e") * 11),
        ("value", field(7, field(11, b"") * 11)),
        ("shape", field(7, field(11, field(2, field(1, field(2, b"") * 11))))),
        ("dimension", field(7, field(11, field(2, field(1, field(2, field(1, b"") * 11)))))),
        ("tensor_type", field(7, field(11, field(2, field(1, b"") * 11)))),
    ],
)
def test_imports_of_operators_and_inputs_are_counted(
    kind: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(skeleton._LIMITS, kind, 10)
    assert refused(data) == f"onnx {kind}s"


def test_fields_that_are_passed_over_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeleton, "MAX_FIELDS", 100)
    assert refused(field(99, b"") * 101) == "onnx fields"


def test_nesting_is_bounded() -> None:
    data = field(12, field(1, b"y"))
    for _ in range(2_000):
        data = field(12, field(1, b"y")) + field(1, field(4, b"If") + field(5, field(6, data)))
    assert refused(field(7, data)) == "onnx nested messages"


def test_names_are_bounded() -> None:
    assert refused(field(7, field(2, b"n" * 20_000))) == "onnx bytes in a name"


def test_packed_dimensions_are_bounded() -> None:
    assert refused(field(7, field(5, field(1, b"\1" * 1_000)))) == "onnx bytes in a scalar"


def test_the_skeleton_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeleton, "MAX_SKELETON", 10_000)
    nodes = b"".join(field(1, field(3, b"n" * 100)) for _ in range(200))
    assert refused(field(7, nodes)) == "onnx bytes beside tensor data"


def test_what_is_noted_beside_nodes_does_not_use_the_room_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeleton, "MAX_SKELETON", 10_000)
    monkeypatch.setattr(skeleton, "MAX_HINTS", 300)
    trace = field(9, field(1, b"pkg.torch.onnx.stack_trace") + field(2, b"t" * 1_000))
    scopes = field(9, field(1, b"pkg.torch.onnx.name_scopes") + field(2, b"['', 'a', 'b']"))
    data = field(7, field(1, field(4, b"Relu") + trace + scopes) * 100)
    model = read_graph(MemoryView({"m.onnx": data}), "m.onnx")
    assert len(model.nodes) == 100
    assert [node.scope for node in model.nodes][:2] == ["a", "a"]
    assert model.nodes[-1].scope == ""


def test_reads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of many tensors that lie far apart may not cost a request for each without end."""
    monkeypatch.setattr(wire, "MAX_READS", 10)
    gap = 1 << 20
    pieces, offset = {}, 0
    for _ in range(20):
        pieces[offset] = build.varint(99 << 3 | 2) + build.varint(gap)
        offset += len(pieces[offset]) + gap
    with pytest.raises(LimitError) as caught:
        read_graph(SparseView("m.onnx", pieces, offset), "m.onnx")
    assert caught.value.limit == "onnx reads"


def test_names_of_nested_graphs_do_not_grow() -> None:
    data = field(1, field(4, b"Relu"))
    for _ in range(20):
        data = field(1, field(4, b"If") + field(3, b"n" * 10_000) + field(5, field(1, b"b") + field(6, data)))
    model = read_graph(MemoryView({"m.onnx": field(7, data)}), "m.onnx")
    assert max(len(node.graph) for node in model.nodes) <= 400


@pytest.mark.parametrize(
    ("piece", "inside"),
    [
        (b"\x40\x01", ()),  # a number where a message belongs
        (b"\x08\xd8\x04\x28\x01", ()),
        (b"\x6d\0\0\0\0\x69\0\0\0\0\0\0\0\0", (7,)),
        (b"\x38\xac\x02", (7, 5)),  # the elements of int64_data, one by one
        (b"\x40\x07", (7, 1, 5)),  # the elements of an attribute
    ],
)
def test_runs_of_short_fields_are_not_walked_one_by_one(
    piece: bytes, inside: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    varint = wire.Wire.varint
    monkeypatch.setattr(wire.Wire, "varint", lambda self: steps.append(0) or varint(self))
    body = piece * 50_000
    for number in reversed(inside):
        body = field(number, body)
    skeleton.read_skeleton(MemoryView({"m.onnx": body}), "m.onnx")
    assert len(steps) < 100


def test_data_number_by_number_is_told_to_lie_where_it_stands() -> None:
    tensor = field(8, b"w") + b"\x08\x03\x10\x07"
    data = b"".join(b"\x38" + build.varint(value) for value in (1, 300, 70_000))
    found = read_graph(MemoryView({"m.onnx": field(7, field(5, tensor + data))}), "m.onnx").initialisers[0]
    assert found.location is not None
    assert (found.location.length, found.shape, found.dtype) == (len(data), (3,), "INT64")
