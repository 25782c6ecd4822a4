"""An ONNX file without its tensors: what the protobuf says, small enough to be parsed.

The walk copies the fields that are wanted and passes over the rest. A tensor's data is replaced by
the place where it lies: its byte range stands in the skeleton's `segment` (a field that ONNX
reserves for tensors cut into pieces and that the file's own is dropped for).
Every bound is checked before a parser allocates anything, since 2 bytes of an empty message grow to
200 in memory. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx-ml.proto
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aibom.errors import LimitError
from aibom.formats.onnx.wire import DELIMITED, FIXED, FIXED32, FIXED64, LENGTH, NUMBER, VARINT, Wire
from aibom.spi import View

MAX_DEPTH = 90
"""Messages inside each other; protobuf's own parsers stop at 100. An `If` in an `If` takes three."""
MAX_FIELDS = 2_000_000
"""Fields that are walked, kept or not; a graph of 50,000 nodes has about 1,250,000."""
MAX_MESSAGES = 300_000
"""Messages that are kept, at about 200 bytes of memory each; a graph of 50,000 nodes has about 200,000."""
MAX_NODES = 100_000
"""Nodes of all graphs; language models that are exported without functions have about 30,000."""
MAX_TENSORS = 60_000
MAX_VALUES = 20_000
"""Inputs and outputs of all graphs; an older graph lists its initialisers there too, some thousands."""
MAX_DIMENSIONS = 80_000
"""Dimensions of all of them."""
MAX_OPSETS = 50_000
"""Imports of operator sets, those of functions included; an export with functions has some thousands."""
MAX_NAME = 16 * 1024
"""Bytes of a name. Exporters that inline functions write names of several hundred."""
MAX_PACKED = 512
"""Bytes of packed dimensions: 32 of them take at most 320."""
MAX_TEXT = 64 * 1024
"""Bytes of a documentation or metadata string; a longer one is left out and reported."""
MAX_SKELETON = 48 * 1024 * 1024
KEPT_PAYLOAD = 64
"""Bytes of tensor data up to which it is kept: the shapes that other operators compute with."""
MAX_HINTS = 8 * 1024 * 1024
"""Bytes of module paths that the exporter of PyTorch leaves beside nodes; more are passed over."""
MAX_PROBLEMS = 20
HINTS: Final = ("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy")
"""Metadata of nodes that is kept; stack traces and the like are not."""

_SCALAR: Final = "scalar"
_NAME: Final = "name"
_TEXT: Final = "text"
_SMALL: Final = "small"
_PAYLOAD: Final = "payload"
_RAW_DATA: Final = 9 << 3 | DELIMITED
_SEGMENT: Final = 3 << 3 | DELIMITED

_SCHEMA: Final[dict[str, dict[int, str]]] = {
    "model": {
        **{1: _SCALAR, 2: _NAME, 3: _NAME, 4: _NAME, 5: _SCALAR, 6: _TEXT, 7: "graph", 8: "opset"},
        **{14: "entry", 20: "training", 25: "function"},
    },
    "opset": {1: _NAME, 2: _SCALAR},
    "entry": {1: _NAME, 2: _TEXT},
    "training": {1: "graph", 2: "graph"},
    "function": {1: _NAME, 7: "node", 9: "opset", 10: _NAME, 11: "attribute", 13: _NAME},
    "graph": {1: "node", 2: _NAME, 5: "tensor", 11: "value", 12: "value", 15: "sparse"},
    "node": {1: _NAME, 2: _NAME, 3: _NAME, 4: _NAME, 5: "attribute", 7: _NAME, 8: _NAME, 9: "hint"},
    "hint": {1: _NAME, 2: _SMALL},
    "attribute": {
        **{1: _NAME, 3: _SCALAR, 4: _SMALL, 5: "tensor", 6: "graph", 10: "tensor", 11: "graph"},
        **{20: _SCALAR, 22: "sparse", 23: "sparse"},
    },
    "tensor": {
        **{1: _SCALAR, 2: _SCALAR, 4: _PAYLOAD, 5: _PAYLOAD, 6: _PAYLOAD, 7: _PAYLOAD, 8: _NAME},
        **{9: _PAYLOAD, 10: _PAYLOAD, 11: _PAYLOAD, 13: "entry", 14: _SCALAR},
    },
    "sparse": {1: "tensor", 2: "tensor", 3: _SCALAR},
    "value": {1: _NAME, 2: "type"},
    "type": {1: "tensor_type", 4: "element", 5: "map", 8: "tensor_type", 9: "element"},
    "tensor_type": {1: _SCALAR, 2: "shape"},
    "element": {1: "type"},
    "map": {1: _SCALAR, 2: "type"},
    "shape": {1: "dimension"},
    "dimension": {1: _SCALAR, 2: _NAME},
}
"""Message to field number to what is done with the field; a field that is not listed is passed over."""
_SKIPPED: Final = None
_LONGEST: Final[dict[str | None, int]] = {
    **{_SKIPPED: -1, _SCALAR: MAX_PACKED, _NAME: MAX_NAME, _TEXT: MAX_TEXT},
    **{_SMALL: MAX_NAME, _PAYLOAD: KEPT_PAYLOAD},
}
"""Bytes up to which a field is copied."""


def _runs(kind: str) -> dict[int, bytes]:
    """First byte of a field to the fields of this message that are treated like it, for `Wire.short_fields`.

    They are copied as they stand (where they are short), are passed over, or are data number by number.
    """
    copied, passed, unpacked = bytearray(256), bytearray(256), bytearray(256)
    runs: dict[int, bytearray] = {}
    for key in range(8, 0x80):
        rule, wire = _SCHEMA[kind].get(key >> 3), key & 7
        form = {DELIMITED: LENGTH, VARINT: NUMBER, **FIXED}.get(wire)
        if form is None or (wire == DELIMITED and (rule is _PAYLOAD or rule in _SCHEMA)):
            continue
        if wire == DELIMITED:
            runs[key] = copied if rule else passed
        else:
            runs[key] = copied if rule is _SCALAR else unpacked if rule is _PAYLOAD else passed
        runs[key][key] = form
    return {key: bytes(kinds) for key, kinds in runs.items()}


_RUNS: Final = {kind: _runs(kind) for kind in _SCHEMA}
_LIMITS: Final = {
    **{"node": MAX_NODES, "tensor": MAX_TENSORS, "opset": MAX_OPSETS},
    **{"value": MAX_VALUES, "tensor_type": MAX_VALUES, "shape": MAX_VALUES, "dimension": MAX_DIMENSIONS},
}


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The serialised `ModelProto` without tensor data, and what was left out of it."""

    data: bytes
    problems: tuple[str, ...]


def read_skeleton(view: View, path: str) -> Skeleton:
    """Walk one file.

    Raises:
        FormatError: no protobuf message, or truncated.
        LimitError: more fields, messages, nodes, tensors, nesting, or longer names than a model has.
        ReadError: the file cannot be read.
    """
    walk = _Walk(Wire.of_file(view, path), path)
    return Skeleton(bytes(walk.message("model", None)), tuple(walk.problems))


class _Walk:
    def __init__(self, cursor: Wire, path: str) -> None:
        self._cursor = cursor
        self._path = path
        self._counts = {"message": 0, **dict.fromkeys(_LIMITS, 0)}
        self._fields = 0
        self._hints = 0
        self._bytes = 0
        self._data: tuple[int, int] | None = None
        self.problems: list[str] = []

    def message(self, kind: str, end: int | None, depth: int = 0) -> bytes:
        """The kept fields of the message that ends at `end` (None: with the file), serialised."""
        cursor, schema = self._cursor, _SCHEMA[kind]
        kept = bytearray()
        while cursor.more() if end is None else cursor.position < end:
            short, count = self._run(kind, cursor.size if end is None else end)
            self._fields += count or 1
            if self._fields > MAX_FIELDS:
                raise self._limit("fields", MAX_FIELDS)
            if count:
                kept += self._held(short)
                continue
            key = cursor.varint()
            rule = schema.get(key >> 3)
            if key & 7 == DELIMITED:
                length = cursor.varint()
                if end is not None and cursor.position + length > end:
                    raise cursor.error("a field runs past its message")
                kept += self._delimited(key, rule, length, depth)
            else:
                kept += self._plain(key, rule)
        if end is not None and cursor.position != end:
            raise cursor.error("a field runs past its message")
        return bytes(kept)

    def _run(self, kind: str, end: int) -> tuple[bytes, int]:
        """Short fields that are treated alike: those that are copied, and how many there were at all."""
        cursor = self._cursor
        key = cursor.ahead()
        kinds = _RUNS[kind].get(key)
        if kinds is None:
            return b"", 0
        start = cursor.position
        short, count = cursor.short_fields(kinds, end)
        rule = _SCHEMA[kind].get(key >> 3)
        if rule is _PAYLOAD and count:
            self._mark(start, cursor.position)
        wanted = rule is _SCALAR or (key & 7 == DELIMITED and rule is not _SKIPPED)
        return (short if wanted else b""), count

    def _plain(self, key: int, rule: str | None) -> bytes:
        """A field of fixed width or a varint.

        Raises:
            FormatError: a wire type that is neither; groups are none of ONNX.
        """
        cursor, wire, start = self._cursor, key & 7, self._cursor.position
        if wire not in (VARINT, FIXED64, FIXED32) or key < 8:
            raise cursor.error("no field of a protobuf message")
        body = _varint(cursor.varint()) if wire == VARINT else cursor.take(8 if wire == FIXED64 else 4)
        if rule is _PAYLOAD:
            self._mark(start, cursor.position)
        return self._keep(key, body) if rule is _SCALAR else b""

    def _delimited(self, key: int, rule: str | None, length: int, depth: int) -> bytes:
        """A field that tells its length: a string, packed numbers, data, or a message."""
        cursor = self._cursor
        longest = _LONGEST.get(rule)
        if longest is None:
            return self._nested(key, str(rule), length, depth + 1)
        if rule is _PAYLOAD:
            self._mark(cursor.position, cursor.position + length)
        if length <= longest:
            return self._keep(key, _varint(length) + cursor.take(length))
        if rule in (_NAME, _SCALAR):
            raise self._limit(f"bytes in a {rule}", longest)
        if rule is _TEXT:
            self._note(f"a text of {length:,} bytes at byte {cursor.position:,} was left out")
        cursor.skip(length)
        # An empty `raw_data` still says which of the fields held the data.
        return self._keep(key, b"\0") if key == _RAW_DATA and rule is _PAYLOAD else b""

    def _nested(self, key: int, kind: str, length: int, depth: int) -> bytes:
        self._counts["message"] += 1
        if kind in self._counts:
            self._counts[kind] += 1
            if self._counts[kind] > _LIMITS[kind]:
                raise self._limit(f"{kind}s", _LIMITS[kind])
        if self._counts["message"] > MAX_MESSAGES:
            raise self._limit("messages", MAX_MESSAGES)
        if depth > MAX_DEPTH:
            raise self._limit("nested messages", MAX_DEPTH)
        if kind == "tensor":
            self._data = None
        before = self._bytes
        body = self.message(kind, self._cursor.position + length, depth) if length else b""
        if kind == "hint" and not self._wanted(body):
            self._bytes = before
            return b""
        if kind == "tensor" and self._data is not None:
            body += self._segment(*self._data)
        return _varint(key) + _varint(len(body)) + body

    def _wanted(self, hint: bytes) -> bool:
        if not any(key.encode() in hint for key in HINTS) or self._hints > MAX_HINTS:
            return False
        self._hints += len(hint)
        return True

    def _segment(self, start: int, stop: int) -> bytes:
        body = b"\x08" + _varint(start) + b"\x10" + _varint(stop)
        return self._keep(_SEGMENT, _varint(len(body)) + body)

    def _keep(self, key: int, body: bytes) -> bytes:
        return self._held(_varint(key) + body)

    def _held(self, data: bytes) -> bytes:
        self._bytes += len(data)
        if self._bytes > MAX_SKELETON:
            raise self._limit("bytes beside tensor data", MAX_SKELETON)
        return data

    def _mark(self, start: int, stop: int) -> None:
        """Tensor data lies here; the data of one tensor may come in several fields."""
        self._data = (start if self._data is None else self._data[0], stop)

    def _note(self, problem: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _limit(self, what: str, limit: int) -> LimitError:
        return LimitError(f"{self._path}: more than {limit:,} {what}", limit=f"onnx {what}")


def _varint(value: int) -> bytes:
    if value < 0x80:
        return _BYTES[value]
    pieces = bytearray()
    while value >= 0x80:
        pieces.append(value & 0x7F | 0x80)
        value >>= 7
    pieces.append(value)
    return bytes(pieces)


_BYTES: Final = tuple(bytes((value,)) for value in range(0x80))
