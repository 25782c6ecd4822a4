"""Tensors of a skeleton: name, type, shape, and where the data lies."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from aibom.formats.onnx.external import resolve
from aibom.formats.onnx.model import OnnxTensor, Span
from aibom.formats.values import clean

if TYPE_CHECKING:
    import onnx

MAX_RANK = 32
"""Dimensions of a tensor; runtimes stop at 8 to 64."""
MAX_ELEMENTS = 1 << 44
"""Elements of one tensor, 17.6 million million; more is a malformed shape."""
MAX_PROBLEMS = 40
NAME_LENGTH = 1000
"""Characters of a name that are kept."""

_BITS: Final = {
    **{"FLOAT": 32, "DOUBLE": 64, "FLOAT16": 16, "BFLOAT16": 16, "COMPLEX64": 64, "COMPLEX128": 128},
    **{"INT64": 64, "INT32": 32, "INT16": 16, "INT8": 8, "INT4": 4, "INT2": 2, "BOOL": 8},
    **{"UINT64": 64, "UINT32": 32, "UINT16": 16, "UINT8": 8, "UINT4": 4, "UINT2": 2},
    **{"FLOAT8E4M3FN": 8, "FLOAT8E4M3FNUZ": 8, "FLOAT8E5M2": 8, "FLOAT8E5M2FNUZ": 8, "FLOAT8E8M0": 8},
    **{"FLOAT4E2M1": 4, "FLOAT6E2M3": 6, "FLOAT6E3M2": 6},
}
"""Bits of one element in `raw_data` and in external files; elements under a byte are packed."""


class TensorReader:
    """Turns the tensors of one file into values, and notes what is wrong with them.

    Attributes:
        external: paths in the target that data lies in.
        refused: locations that leave the graph's folder, as written.
        problems: one sentence each, at most `MAX_PROBLEMS`.
    """

    def __init__(self, path: str, problems: Iterable[str] = ()) -> None:
        from onnx import TensorProto

        self.path = path
        self.external: set[str] = set()
        self.refused: set[str] = set()
        self.problems = list(problems)
        self._types: dict[int, str] = {number: name for name, number in TensorProto.DataType.items()}
        self._texts: dict[str | bytes, str] = {}

    def text(self, value: str | bytes) -> str:
        """Cleaned; each distinct text is cleaned and held once."""
        found = self._texts.get(value)
        if found is None:
            found = self._texts[value] = clean(decoded(value), NAME_LENGTH)
        return found

    def dtype(self, number: int) -> str:
        """ONNX' word for an element type."""
        return self._types.get(number, f"TYPE{number}")

    def dense(self, proto: onnx.TensorProto, name: str, graph: str) -> OnnxTensor:
        """A tensor whose data holds every element."""
        shape, elements = self._shape(name, proto.dims)
        dtype, location = self.dtype(proto.data_type), self._location(proto, name)
        if location is not None and (location.file or proto.HasField("raw_data")):
            needed = -(-elements * _BITS.get(dtype, 0) // 8)
            if needed and location.length not in (None, needed):
                self._problem(name, f"has {location.length:,} bytes of data, its shape asks for {needed:,}")
        return OnnxTensor(name, dtype, shape, elements, location, graph, _integers(proto, dtype))

    def sparse(self, proto: onnx.SparseTensorProto, name: str, graph: str) -> OnnxTensor:
        """A sparse tensor: its dense shape, and where its values lie."""
        shape, elements = self._shape(name, proto.dims)
        self._location(proto.indices, name)
        dtype = self.dtype(proto.values.data_type)
        return OnnxTensor(name, dtype, shape, elements, self._location(proto.values, name), graph)

    def refer(self, written: str) -> str | None:
        """Note a file that the graph names; its path in the target, or None where it is refused."""
        path = resolve(self.path, written)
        if path is None:
            self.refused.add(clean(written))
        else:
            self.external.add(path)
        return path

    def _shape(self, name: str, dims: Sequence[int]) -> tuple[tuple[int, ...], int]:
        """Dimensions, and the number of elements."""
        shape = tuple(dims)
        if len(shape) <= MAX_RANK and min(shape, default=0) >= 0:
            elements = math.prod(shape)
            if elements <= MAX_ELEMENTS:
                return shape, elements
        self._problem(name, "has a malformed shape")
        return (), 0

    def _location(self, proto: onnx.TensorProto, name: str) -> Span | None:
        if proto.external_data:
            return self._external(proto, name)
        if proto.HasField("segment"):
            return Span(None, proto.segment.begin, proto.segment.end - proto.segment.begin)
        return None

    def _external(self, proto: onnx.TensorProto, name: str) -> Span | None:
        entries = {decoded(item.key): decoded(item.value) for item in proto.external_data}
        path = self.refer(entries.get("location", ""))
        if path is None:
            return None
        offset, length = _count(entries.get("offset", "0")), _count(entries.get("length", ""))
        if offset is None or (length is None and entries.get("length")):
            self._problem(name, "has an external offset or length that is no number")
        return Span(path, offset or 0, length)

    def _problem(self, name: str, what: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"tensor {clean(name, 120) or '(unnamed)'} {what}")


def decoded(value: str | bytes) -> str:
    """Text; the onnx package answers bytes where a string is not UTF-8."""
    return value if isinstance(value, str) else value.decode("utf-8", errors="replace")


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _integers(proto: onnx.TensorProto, dtype: str) -> tuple[int, ...]:
    """The values of a small INT64 tensor, whose data the skeleton kept."""
    if dtype != "INT64":
        return ()
    raw = proto.raw_data
    return struct.unpack(f"<{len(raw) // 8}q", raw) if raw and len(raw) % 8 == 0 else tuple(proto.int64_data)
