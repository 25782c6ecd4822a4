"""Where in a checkpoint's archive the bytes of each tensor lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError, ReadError
from aibom.formats.pytorch.checkpoint import prefix_of, read_checkpoint
from aibom.formats.safetensors import BITS
from aibom.formats.tables import Row, is_contiguous
from aibom.formats.zip import STORED, Archive, Entry
from aibom.spi import View, once

_FOLDERS: Final = ("data/", "constants/", "")
_VECTORS: Final = (".weight", ".bias")


@dataclass(frozen=True, slots=True)
class Storage:
    """The bytes of one tensor: `nbytes` from `offset` of the file, row-major and little-endian."""

    row: Row
    offset: int
    nbytes: int


def read_storages(view: View, path: str) -> Mapping[str, Storage | ReadError]:
    """Every tensor of the model by name, with its bytes or why they cannot be read by range.

    Gains and biases (one dimension, `.weight` or `.bias`) are left out: each costs a read.

    Raises:
        FormatError: none of the forms, an archive of the other byte order, or no ZIP archive.
        ReadError: the file cannot be read.
    """
    found = once(view, read_checkpoint, path)
    if found.archive is None:
        raise FormatError(f"{path}: a checkpoint of the older form, whose tensors are not read by range")
    prefix = prefix_of(found.archive)
    _refuse_other_order(found.archive, prefix)
    rows = {
        row.name: row for row in found.model_rows if len(row.shape) > 1 or not row.name.endswith(_VECTORS)
    }
    members = {name: _member(row, found.archive, prefix) for name, row in rows.items()}
    entries = {entry.name: entry for entry in members.values() if entry is not None}
    starts = found.archive.starts([entries[name] for name in sorted(entries)])
    return {name: _storage(row, members[name], starts) for name, row in rows.items()}


def _refuse_other_order(archive: Archive, prefix: str) -> None:
    entry = archive.names.get(f"{prefix}byteorder")
    if entry is not None and archive.read(entry, limit=64).strip() != b"little":
        raise FormatError(f"{archive.path}: tensors of the other byte order")


def _member(row: Row, archive: Archive, prefix: str) -> Entry | None:
    """The member that holds a tensor's storage."""
    key = row.storage.rpartition("@")[0]
    if not key:
        return None
    names = (f"{prefix}{folder}{key}" for folder in _FOLDERS)
    return next((archive.names[name] for name in names if name in archive.names), None)


def _storage(row: Row, entry: Entry | None, starts: Mapping[str, int | ReadError]) -> Storage | ReadError:
    if entry is None:
        return ReadError("its data is not in the archive")
    start = starts[entry.name]
    if isinstance(start, ReadError):
        return start
    if entry.method != STORED or entry.flags & 1:
        return FormatError("its data is compressed or encrypted")
    if not is_contiguous(row):
        return FormatError("a transposed or strided view")
    bits = BITS.get(row.dtype)
    if bits is None:
        return FormatError(f"values of type {row.dtype[:40]}")
    offset, nbytes = int(row.storage.rpartition("@")[2]) * bits // 8, -(-row.elements * bits // 8)
    if offset < 0 or offset + nbytes > entry.packed:
        return FormatError("its data lies outside its storage")
    return Storage(row, start + offset, nbytes)
