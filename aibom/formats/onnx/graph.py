"""From the skeleton to values, through the classes of the onnx package."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from aibom.errors import FormatError, ReadError
from aibom.formats.lfs import parse_pointer
from aibom.formats.onnx.model import MAIN, Node, OnnxModel, OnnxTensor, Operator, Opset, Value
from aibom.formats.onnx.skeleton import HINTS, read_skeleton
from aibom.formats.onnx.tensors import TensorReader, decoded
from aibom.formats.values import clean
from aibom.spi import View

if TYPE_CHECKING:
    import onnx

_STANDARD: Final = frozenset(
    {"ai.onnx", "ai.onnx.ml", "ai.onnx.preview", "ai.onnx.preview.training", "ai.onnx.training"}
)


def read_graph(view: View, path: str) -> OnnxModel:
    """Read what one ONNX file says, without its tensor data.

    Raises:
        FormatError: no ONNX file, truncated, or without a graph.
        LimitError: a bound of `skeleton` was hit.
        ReadError: the file cannot be read, or is a Git-LFS pointer.
    """
    _refuse_pointer(view, path)
    skeleton = read_skeleton(view, path)
    proto = _parse(skeleton.data, path)
    tensors = TensorReader(path, skeleton.problems)
    reader = _Reader(tensors)
    reader.graph(proto.graph, MAIN)
    for function in proto.functions:
        reader.body(function.node, f"function {tensors.text(function.domain)}.{tensors.text(function.name)}")
    # Training graphs hold no part of the model; the paths that they name are judged all the same.
    aside = _Reader(tensors)
    for info in proto.training_info:
        aside.graph(info.initialization, "training")
        aside.graph(info.algorithm, "training")
    return _model(proto, reader, tensors)


def _refuse_pointer(view: View, path: str) -> None:
    entry = view.files.get(path)
    size = entry.size if entry is not None else None
    if (size is None or size <= 1024) and parse_pointer(view.read(path, 0, 1024)) is not None:
        raise ReadError(f"{path}: a Git-LFS pointer stands where the content should be")


def _parse(data: bytes, path: str) -> onnx.ModelProto:
    import onnx

    proto = onnx.ModelProto()
    try:
        proto.ParseFromString(data)
    except Exception as error:  # the class lies in protobuf, whose version onnx chooses
        raise FormatError(f"{path}: not a valid ONNX file: {clean(str(error), 160)}") from None
    graph = proto.graph
    if not (graph.node or graph.output or graph.initializer or graph.sparse_initializer):
        raise FormatError(f"{path}: no graph in this file")
    return proto


def _model(proto: onnx.ModelProto, reader: _Reader, tensors: TensorReader) -> OnnxModel:
    text = tensors.text
    functions = tuple((_domain(text(item.domain)), text(item.name)) for item in proto.functions)
    counts = Counter((node.domain, node.op_type) for node in reader.nodes)
    local = set(functions)
    custom = {
        domain for domain, op_type in counts if domain not in _STANDARD and (domain, op_type) not in local
    }
    imports = [*proto.opset_import, *(item for function in proto.functions for item in function.opset_import)]
    if not imports:
        tensors.problems.append("no operator set is named, so what the operators mean is not told")
    with_default = {tensor.name for tensor in reader.initialisers if tensor.graph == MAIN}
    return OnnxModel(
        path=tensors.path,
        ir_version=proto.ir_version,
        producer_name=text(proto.producer_name),
        producer_version=text(proto.producer_version),
        domain=text(proto.domain),
        model_version=proto.model_version,
        doc=clean(decoded(proto.doc_string)),
        graph_name=text(proto.graph.name),
        opsets=tuple(sorted({Opset(_domain(text(item.domain)), item.version) for item in imports})),
        operators=tuple(Operator(*key, count) for key, count in sorted(counts.items())),
        custom_domains=tuple(sorted(custom)),
        inputs=tuple(
            value for value in map(reader.value, proto.graph.input) if value.name not in with_default
        ),
        outputs=tuple(map(reader.value, proto.graph.output)),
        initialisers=tuple(reader.initialisers),
        constants=tuple(reader.constants),
        metadata=tuple((text(item.key), text(item.value)) for item in proto.metadata_props),
        functions=functions,
        nodes=tuple(reader.nodes),
        training_graphs=len(proto.training_info),
        external_files=tuple(sorted(tensors.external)),
        refused_paths=tuple(sorted(tensors.refused)),
        problems=tuple(tensors.problems),
    )


class _Reader:
    """Collects nodes and tensors of all graphs of one file."""

    def __init__(self, tensors: TensorReader) -> None:
        self.nodes: list[Node] = []
        self.initialisers: list[OnnxTensor] = []
        self.constants: list[OnnxTensor] = []
        self._tensors = tensors
        self._text = tensors.text
        self._lists: dict[str, tuple[str, ...]] = {}

    def value(self, proto: onnx.ValueInfoProto) -> Value:
        """An input or output."""
        dtype, shape = self._type(proto.type)
        return Value(self._text(proto.name), dtype, shape)

    def graph(self, proto: onnx.GraphProto, scope: str) -> None:
        """A graph with its initialisers, nodes and subgraphs."""
        for tensor in proto.initializer:
            self.initialisers.append(self._tensors.dense(tensor, self._text(tensor.name), scope))
        for sparse in proto.sparse_initializer:
            self.initialisers.append(self._tensors.sparse(sparse, self._text(sparse.values.name), scope))
        self.body(proto.node, scope)

    def body(self, nodes: Iterable[onnx.NodeProto], scope: str) -> None:
        """The nodes of a graph or function."""
        for proto in nodes:
            node = self._node(proto, scope)
            self.nodes.append(node)
            for attribute in proto.attribute:
                self._attribute(node, attribute, scope)

    def _node(self, proto: onnx.NodeProto, scope: str) -> Node:
        text, attributes = self._text, proto.attribute
        scopes, classes = self._hints(proto)
        return Node(
            name=text(proto.name),
            domain=_domain(text(proto.domain)),
            op_type=text(proto.op_type),
            inputs=tuple(map(text, proto.input)),
            outputs=tuple(map(text, proto.output)),
            graph=scope,
            integers=tuple((text(item.name), item.i) for item in attributes if item.HasField("i"))
            if attributes
            else (),
            scope=scopes[-2] if len(scopes) > 1 else "",
            classes=classes,
        )

    def _hints(self, proto: onnx.NodeProto) -> tuple[tuple[str, ...], ...]:
        """The lists under `HINTS`, empty where the exporter left none."""
        notes = proto.metadata_props
        if not notes:
            return (), ()
        held = {decoded(item.key): decoded(item.value) for item in notes}
        return tuple(self._quoted(held.get(key, "")) for key in HINTS)

    def _quoted(self, written: str) -> tuple[str, ...]:
        """The strings of a list in Python's notation; equal lists are held once."""
        found = self._lists.get(written)
        if found is None:
            found = self._lists[written] = tuple(
                self._text(item) for item in re.findall(r"'([^']*)'", written)
            )
        return found

    def _attribute(self, node: Node, proto: onnx.AttributeProto, scope: str) -> None:
        """Subgraphs and tensors that hang on a node."""
        held = {field.name: value for field, value in proto.ListFields()}
        for graph in _all(held, "g", "graphs"):
            inner = f"{node.name or node.op_type}.{self._text(proto.name)}"
            # Cut off, or names of names of names would outgrow the file that they stand in.
            self.graph(graph, clean(f"{scope}/{inner}" if scope else inner))
        name = node.outputs[0] if node.outputs else ""
        tensors = [self._tensors.dense(item, name, scope) for item in _all(held, "t", "tensors")]
        for sparse in _all(held, "sparse_tensor", "sparse_tensors"):
            tensors.append(self._tensors.sparse(sparse, name, scope))
        if node.op_type == "Constant":
            self.constants += tensors
        if node.op_type == "EPContext" and proto.name == "ep_cache_context":
            self._compiled(node, proto)

    def _compiled(self, node: Node, proto: onnx.AttributeProto) -> None:
        """A part that was compiled for one device: with `embed_mode` 0 it lies in a file of its own."""
        if dict(node.integers).get("embed_mode", 1) == 0:
            self._tensors.refer(decoded(proto.s))

    def _type(self, proto: onnx.TypeProto) -> tuple[str, tuple[int | str, ...] | None]:
        kind = proto.WhichOneof("value")
        if kind in ("tensor_type", "sparse_tensor_type"):
            inner = getattr(proto, kind)
            shape = tuple(map(self._dimension, inner.shape.dim)) if inner.HasField("shape") else None
            return self._tensors.dtype(inner.elem_type), shape
        if kind in ("sequence_type", "optional_type"):
            word = kind.removesuffix("_type").upper()
            return f"{word}({self._type(getattr(proto, kind).elem_type)[0]})", None
        if kind == "map_type":
            key = self._tensors.dtype(proto.map_type.key_type)
            return f"MAP({key},{self._type(proto.map_type.value_type)[0]})", None
        return "UNDEFINED", None

    def _dimension(self, proto: onnx.TensorShapeProto.Dimension) -> int | str:
        if proto.WhichOneof("value") == "dim_value":
            return proto.dim_value
        return self._text(proto.dim_param) or "?"


def _all(held: dict[str, Any], single: str, repeated: str) -> tuple[Any, ...]:
    return (*((held[single],) if single in held else ()), *held.get(repeated, ()))


def _domain(name: str) -> str:
    return name or "ai.onnx"
