"""FlatBuffers, written front to back: each table, then what it points to."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "tuple[int, int] | str | bytes | list[int] | Sequence[Table] | Table"
"""(width, number), a string, a vector of bytes, of 32-bit integers, or of tables, or a table."""


class Table:
    """Fields by their number in the schema."""

    def __init__(self, fields: Mapping[int, Value]) -> None:
        self.fields = dict(fields)


def flatbuffer(root: Table, identifier: bytes) -> bytes:
    """A file whose root is a table."""
    out = bytearray(4) + identifier
    struct.pack_into("<I", out, 0, _table(out, root))
    return bytes(out)


def _table(out: bytearray, table: Table) -> int:
    """Appends a table with all below it; its place."""
    slots = max(table.fields, default=-1) + 1
    widths = {key: value[0] if isinstance(value, tuple) else 4 for key, value in table.fields.items()}
    offsets, end = {}, 4
    for key, width in widths.items():
        offsets[key] = end
        end += width
    fields = len(out)
    out += struct.pack("<HH", 4 + 2 * slots, end)
    out += b"".join(struct.pack("<H", offsets.get(key, 0)) for key in range(slots))
    at = len(out)
    out += struct.pack("<i", at - fields) + bytes(end - 4)
    for key, value in table.fields.items():
        place = at + offsets[key]
        if isinstance(value, tuple):
            width, number = value
            out[place : place + width] = number.to_bytes(width, "little", signed=number < 0)
        else:
            target = _target(out, value)
            struct.pack_into("<I", out, place, target - place)
    return at


def _target(out: bytearray, value: Value) -> int:
    if isinstance(value, Table):
        return _table(out, value)
    at = len(out)
    if isinstance(value, (str, bytes)):
        data = value.encode() if isinstance(value, str) else value
        out += struct.pack("<I", len(data)) + data
        return at
    members = list(value)  # type: ignore[arg-type]
    out += struct.pack("<I", len(members)) + bytes(4 * len(members))
    for number, member in enumerate(members):
        place = at + 4 + 4 * number
        if isinstance(member, Table):
            struct.pack_into("<I", out, place, _table(out, member) - place)
        else:
            struct.pack_into("<i", out, place, member)
    return at


def tflite(data: bytes = b"\xaa" * 96, custom: str = "") -> bytes:
    """A model with one fully connected layer, and a custom operator where one is named."""
    codes = [Table({0: (1, 9), 3: (4, 9)}), Table({3: (4, 150)})]
    operators = [Table({0: (4, 0), 1: [0, 1], 2: [2]}), Table({0: (4, 1)})]
    if custom:
        codes.append(Table({0: (1, 32), 1: custom, 3: (4, 32)}))
        operators.append(Table({0: (4, 2)}))
    tensors = [
        Table({0: [1, 8], 1: (1, 0), 2: (4, 0), 3: "input"}),
        Table({0: [3, 8], 1: (1, 0), 2: (4, 1), 3: "dense/kernel"}),
        Table({0: [1, 3], 1: (1, 0), 2: (4, 2), 3: "output"}),
    ]
    graph = Table({0: tensors, 1: [0], 2: [2], 3: operators})
    buffers = [Table({}), Table({0: data}), Table({})]
    model = Table({0: (4, 3), 1: codes, 2: [graph], 3: "MLIR Converted.", 4: buffers})
    return flatbuffer(model, b"TFL3")
