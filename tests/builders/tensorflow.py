"""SavedModel and checkpoint indexes, by the fields of their protobuf messages."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.builders.onnx import field, varint

DTYPES = {"F32": 1, "STRING": 7, "I64": 9, "BF16": 14}


def number(at: int, value: int) -> bytes:
    """A field of an integer."""
    return varint(at << 3) + varint(value)


def node(operator: str, data: bytes = b"") -> bytes:
    """A node, with a constant in its attributes."""
    return field(1, b"n") + field(2, operator.encode()) + field(5, data)


def graph(nodes: Sequence[bytes], functions: Sequence[Sequence[bytes]] = ()) -> bytes:
    """A GraphDef."""
    library = b"".join(field(1, b"".join(field(3, item) for item in body)) for body in functions)
    return b"".join(field(1, item) for item in nodes) + field(2, library)


def saved_model(body: bytes) -> bytes:
    """A SavedModel of one graph."""
    info = field(4, b"serve") + field(5, b"2.16.1")
    signature = field(1, b"serving_default") + field(2, b"")
    return number(1, 1) + field(2, field(1, info) + field(2, body) + field(5, signature))


def block(entries: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A block of a sorted table, whose keys share their beginnings."""
    out, last = bytearray(), b""
    for key, value in entries:
        shared = 0
        while shared < min(len(key), len(last)) and key[shared] == last[shared]:
            shared += 1
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        last = key
    return bytes(out) + struct.pack("<II", 0, 1)


def index(table: Mapping[str, tuple[str, Sequence[int]]]) -> bytes:
    """The index of a checkpoint, in blocks of two entries."""
    entries = [(b"", number(1, 1))]
    for name, (dtype, shape) in sorted(table.items()):
        sizes = b"".join(field(2, number(1, size)) for size in shape)
        entries.append((name.encode(), number(1, DTYPES[dtype]) + field(2, sizes) + number(5, 4)))
    out, handles = bytearray(), []
    for at in range(0, len(entries), 2):
        piece = block(entries[at : at + 2])
        handles.append((entries[at : at + 2][-1][0], varint(len(out)) + varint(len(piece))))
        out += piece + bytes(5)
    top = block(handles)
    footer = varint(0) + varint(0) + varint(len(out)) + varint(len(top))
    return bytes(out) + top + bytes(5) + footer.ljust(40, b"\0") + (0xDB4775248B80FB57).to_bytes(8, "little")
