"""The index of a TensorFlow checkpoint: a sorted table of names, types and shapes.

Sources: `tensorflow/core/protobuf/tensor_bundle.proto`, and LevelDB's `doc/table_format.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.cursor import UNKNOWN_SIZE, Cursor, file_size
from aibom.formats.protobuf import Message
from aibom.formats.tables import Row, checked_shape
from aibom.spi import View

FOOTER: Final = 48
MAGIC: Final = (0xDB4775248B80FB57).to_bytes(8, "little")
MAX_BLOCK: Final = 16 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_KEY: Final = 4_096
VALUE: Final = "/.ATTRIBUTES/VARIABLE_VALUE"
"""How the name of a variable ends in a checkpoint of objects."""
_DTYPES: Final = {
    **{1: "F32", 2: "F64", 3: "I32", 4: "U8", 5: "I16", 6: "I8", 7: "STRING", 8: "C64", 9: "I64"},
    **{10: "BOOL", 11: "QI8", 12: "QU8", 13: "QI32", 14: "BF16", 17: "U16", 18: "C128", 19: "F16"},
    **{22: "U32", 23: "U64", 24: "F8_E5M2", 25: "F8_E4M3"},
}


def read_index(view: View, path: str) -> tuple[Row, ...]:
    """The tensors that one index lists, sorted by name; strings (the graph of objects) are left out.

    Raises:
        FormatError: no such table, or packed by a method that is not read.
        LimitError: more tensors than a model has.
        ReadError: the file cannot be read.
    """
    size = file_size(view, path)
    if size == UNKNOWN_SIZE or size < FOOTER:
        raise FormatError(f"{path}: too short for an index of a checkpoint, or of unknown size")
    footer = Cursor.of_bytes(view.read(path, size - FOOTER, FOOTER), path)
    footer.seek(max(footer.size - 8, 0))
    if footer.take(8) != MAGIC:
        raise FormatError(f"{path}: no index of a TensorFlow checkpoint")
    footer.seek(0)
    _handle(footer)
    rows: dict[str, Row] = {}
    for _, value in _entries(_block(view, path, *_handle(footer))):
        for key, entry in _entries(_block(view, path, *_handle(Cursor.of_bytes(value, path)))):
            row = _row(key, entry, path) if key else None
            if row is not None and row.dtype != "STRING":
                rows[row.name] = row
            if len(rows) > MAX_ROWS:
                raise LimitError(f"{path}: over {MAX_ROWS:,} tensors", limit="checkpoint tensors")
    return tuple(rows[name] for name in sorted(rows))


def _handle(cursor: Cursor) -> tuple[int, int]:
    return cursor.varint(), cursor.varint()


def _block(view: View, path: str, offset: int, length: int) -> Cursor:
    """The entries of one block, without the list of restarts at its end."""
    if length > MAX_BLOCK or length < 4 or offset + length + 1 > file_size(view, path):
        raise FormatError(f"{path}: a block that leads outside of the file")
    data = view.read(path, offset, length + 1)
    if len(data) < length + 1 or data[-1] != 0:
        raise FormatError(f"{path}: a block that is truncated, or packed by a method that is not read")
    restarts = int.from_bytes(data[length - 4 : length], "little")
    end = length - 4 - 4 * restarts
    if end < 0:
        raise FormatError(f"{path}: a block without room for its entries")
    return Cursor.of_bytes(data[:end], path)


def _entries(block: Cursor) -> Iterator[tuple[str, bytes]]:
    """Key and value; a key shares its beginning with the one before it."""
    key = b""
    while block.left:
        shared, own, length = block.varint(), block.varint(), block.varint()
        if shared > len(key) or shared + own > MAX_KEY:
            raise block.error("a name that is malformed or too long")
        key = key[:shared] + block.take(own)
        yield key.decode("utf-8", "replace"), block.take(length)


def _row(key: str, entry: bytes, path: str) -> Row:
    dtype, shape = 0, list[int]()
    for number, value in Message(Cursor.of_bytes(entry, path), len(entry)).fields():
        if number == 1 and isinstance(value, int):
            dtype = value
        elif number == 2 and isinstance(value, Message):
            shape += [_size(dimension) for dimension in value.messages(2)]
    return Row(key.removesuffix(VALUE), _DTYPES.get(dtype, f"type {dtype}"), checked_shape(shape, path))


def _size(dimension: Message) -> int:
    return next((value for number, value in dimension.fields() if number == 1 and isinstance(value, int)), 0)
