"""Small ONNX graphs, made by the onnx package itself; imported where a test needs one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import onnx


def varint(value: int) -> bytes:
    """An unsigned integer in the protobuf wire format."""
    pieces = bytearray()
    while value >= 0x80:
        pieces.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(pieces) + bytes((value,))


def field(number: int, body: bytes, *, length: int | None = None) -> bytes:
    """A delimited field; `length` claims another length than the body has."""
    return varint(number << 3 | 2) + varint(len(body) if length is None else length) + body


def tensor(
    name: str, shape: Sequence[int], *, dtype: str = "FLOAT", data: bytes | None = None
) -> onnx.TensorProto:
    """An initialiser with zeros as data, or `data`."""
    from onnx import TensorProto

    widths = {"FLOAT": 4, "INT64": 8, "FLOAT16": 2, "BFLOAT16": 2, "DOUBLE": 8, "INT32": 4}
    count = 1
    for size in shape:
        count *= size
    packed = {"INT4": (count + 1) // 2, "UINT4": (count + 1) // 2}
    proto = TensorProto(name=name, dims=shape, data_type=getattr(TensorProto, dtype))
    proto.raw_data = bytes(packed.get(dtype, count * widths.get(dtype, 1))) if data is None else data
    return proto


def external(
    name: str, shape: Sequence[int], location: str, *, offset: int | str = 0, length: int | str | None = None
) -> onnx.TensorProto:
    """An initialiser whose data lies in another file."""
    from onnx import TensorProto

    proto = TensorProto(
        name=name, dims=shape, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL
    )
    entries = {
        "location": location,
        "offset": str(offset),
        **({} if length is None else {"length": str(length)}),
    }
    for key, value in entries.items():
        proto.external_data.add(key=key, value=value)
    return proto


def graph(
    nodes: Iterable[onnx.NodeProto],
    *,
    inputs: Mapping[str, tuple[str, Sequence[int | str | None]]] | None = None,
    outputs: Mapping[str, tuple[str, Sequence[int | str | None]]] | None = None,
    initialisers: Iterable[onnx.TensorProto] = (),
    name: str = "graph",
) -> onnx.GraphProto:
    """A graph; inputs and outputs are name to (dtype, shape)."""
    from onnx import TensorProto, helper

    def values(
        given: Mapping[str, tuple[str, Sequence[int | str | None]]] | None,
    ) -> list[onnx.ValueInfoProto]:
        return [
            helper.make_tensor_value_info(key, getattr(TensorProto, dtype), shape)
            for key, (dtype, shape) in (given or {}).items()
        ]

    return helper.make_graph(list(nodes), name, values(inputs), values(outputs), list(initialisers))


def model(body: onnx.GraphProto, **settings: Any) -> bytes:
    """A serialised model; `metadata` and `opsets` as mappings, the rest as fields of ModelProto."""
    from onnx import helper

    metadata = settings.pop("metadata", {})
    opsets = settings.pop("opsets", {"": 17})
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets.items()]
    proto = helper.make_model(body, opset_imports=imports, **{"ir_version": 9, **settings})
    for key, value in metadata.items():
        proto.metadata_props.add(key=key, value=value)
    return bytes(proto.SerializeToString(deterministic=True))


def node(
    op_type: str, inputs: Sequence[str], outputs: Sequence[str], name: str = "", **attributes: Any
) -> onnx.NodeProto:
    """A node."""
    from onnx import helper

    return helper.make_node(op_type, inputs, outputs, name=name or None, **attributes)
