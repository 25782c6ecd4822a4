"""Matrices of ONNX graphs that are to be sampled, at depth `weights`.

The module imports numpy: import it where weights are read, not at start-up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from aibom.errors import FormatError
from aibom.formats.dequantise import DequantizeLinear, Layout, MatMulNBits, Plain
from aibom.formats.dequantise.onnx import DTYPES
from aibom.formats.onnx import OnnxModel, OnnxTensor
from aibom.formats.sampling import Heads, Place, Refused, Weight, kind_of, weights_of
from aibom.model import WeightKind
from aibom_onnx.parts import Graph
from aibom_onnx.roles import divide
from aibom_onnx.structure import Structure
from aibom_onnx.wiring import CONVOLUTIONS, Use, use_of

_FLOATS: Final = frozenset({"DOUBLE", "FLOAT", "FLOAT16", "BFLOAT16"})
_SUFFIX: Final = "_quantized"
"""What onnxruntime's quantiser puts behind a weight's name; `_scale` and `_zero_point` stand in its place."""

_Stored = tuple[Layout, Mapping[str, OnnxTensor]]


def graph_weights(graph: Graph, model: OnnxModel) -> Iterator[Weight | Refused]:
    """The matrices of one graph, by part, and those that cannot be read."""
    structure = Structure(model)
    table = {tensor.name: tensor for tensor in (*model.initialisers, *model.constants)}
    for piece in divide(model, structure, graph.declared):
        part = graph.prefix + piece.role.value
        for tensor in piece.tensors:
            use = use_of(tensor, structure) if len(tensor.shape) > 1 else None
            if use is not None:
                yield from _weights(part, tensor, use, table, model.path)


def _weights(
    part: str, tensor: OnnxTensor, use: Use, table: Mapping[str, OnnxTensor], path: str
) -> Iterator[Weight | Refused]:
    name = _name(tensor, use)
    try:
        layout, stored = _layout(tensor, use, table)
        places = {role: _place(item, layout, role, path) for role, item in stored.items()}
    except FormatError as error:
        where = tensor.location.file if tensor.location and tensor.location.file else path
        yield Refused(name, where, error.message, part)
        return
    yield from weights_of(
        part,
        name,
        layout,
        places,
        tensor.dtype,
        kind=WeightKind.EMBEDDING if use.embeds and kind_of(name) is WeightKind.OTHER else None,
        heads=Heads(dict(use.node.integers).get("num_heads")),
        sideways=use.sideways,
    )


def _name(tensor: OnnxTensor, use: Use) -> str:
    """The tensor's own name where it tells what the matrix does, else that of the operator's module."""
    traced = use.name_of(tensor)
    if kind_of(tensor.name) is not WeightKind.OTHER or not traced:
        return tensor.name
    return traced


def _layout(tensor: OnnxTensor, use: Use, table: Mapping[str, OnnxTensor]) -> _Stored:
    """How the matrix is stored, and the tensor of each part of it."""
    if use.node.op_type == "MatMulNBits":
        return _blocks(tensor, use, table)
    dtype = DTYPES.get(tensor.dtype)
    if dtype is None:
        raise FormatError(f"values of type {tensor.dtype}, which is not read")
    if len(tensor.shape) > 2 and use.node.op_type not in CONVOLUTIONS:
        raise FormatError("a product of more than two dimensions")
    if use.scaled is not None:
        inputs, attributes = use.scaled.inputs, dict(use.scaled.integers)
        zero = table.get(inputs[2]) if len(inputs) > 2 else None
        return _dequantised(tensor, dtype, table.get(inputs[1]), zero, attributes)
    if tensor.dtype in _FLOATS:
        return Plain(_flat(tensor.shape), dtype), {"weight": tensor}
    stem = tensor.name.removesuffix(_SUFFIX)
    axis = {"axis": 0 if use.node.op_type in CONVOLUTIONS else 1}
    return _dequantised(tensor, dtype, table.get(f"{stem}_scale"), table.get(f"{stem}_zero_point"), axis)


def _flat(shape: tuple[int, ...]) -> tuple[int, int]:
    return shape[0], math.prod(shape[1:])


def _dequantised(
    tensor: OnnxTensor,
    dtype: str,
    scale: OnnxTensor | None,
    zero: OnnxTensor | None,
    attributes: Mapping[str, int],
) -> _Stored:
    if scale is None or scale.dtype not in DTYPES:
        raise FormatError(f"values of type {tensor.dtype} whose scale is not found")
    single = scale.elements == 1
    layout = DequantizeLinear(
        tensor.shape,
        dtype,
        None if single else attributes.get("axis", 1),
        0 if single else attributes.get("block_size", 0),
        zero is not None,
        DTYPES[scale.dtype],
    )
    held = {"x": tensor, "x_scale": scale} | ({"x_zero_point": zero} if zero is not None else {})
    return layout, {role: held[role] for role in layout.parts}


def _blocks(tensor: OnnxTensor, use: Use, table: Mapping[str, OnnxTensor]) -> _Stored:
    """MatMulNBits: codes, scales, perhaps zero points and groups, as inputs two to five."""
    attributes = dict(use.node.integers)
    given = {
        role: table.get(name)
        for role, name in zip(("B", "scales", "zero_points", "g_idx"), use.node.inputs[1:], strict=False)
        if name
    }
    found = {role: item for role, item in given.items() if item is not None}
    if len(found) < len(given) or "scales" not in found or not all(t.dtype in DTYPES for t in found.values()):
        raise FormatError("a packed matrix without its scales")
    zeros = found.get("zero_points")
    layout = MatMulNBits(
        (attributes.get("N", 0), attributes.get("K", 0)),
        attributes.get("bits", 4),
        attributes.get("block_size", 0),
        DTYPES[zeros.dtype] if zeros is not None else None,
        "g_idx" in found,
        DTYPES[found["scales"].dtype],
    )
    return layout, found


def _place(tensor: OnnxTensor, layout: Layout, role: str, path: str) -> Place:
    """Where a part begins; its type and size are those that the layout promises."""
    promised = layout.parts[role]
    if DTYPES.get(tensor.dtype) != promised.dtype or tensor.elements != promised.elements:
        raise FormatError(f"{role} is not as large as its matrix needs, or of another type")
    if tensor.location is None:
        raise FormatError("its data is not in the target")
    if tensor.location.length not in (None, promised.nbytes):
        raise FormatError("its data has not the size of its shape and type")
    return Place(tensor.location.file or path, tensor.location.offset)
