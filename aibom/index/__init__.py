"""The index of reference records: what is kept of known models, and which to hold a target against."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aibom.index.encoding import MAX_BYTES, decode, digest_of, encode, is_record
    from aibom.index.entries import Entry
    from aibom.index.opened import Coverage, Index, IndexedModel, Shortlist, open_index
    from aibom.index.record import Record, RecordedModel, RecordedPart, record_of
    from aibom.index.standing import Place, Standing
    from aibom.index.store import Added, Store

__all__ = [
    "LIMIT",
    "MAX_BYTES",
    "Added",
    "Coverage",
    "Entry",
    "Index",
    "IndexedModel",
    "Place",
    "Record",
    "RecordedModel",
    "RecordedPart",
    "Shortlist",
    "Standing",
    "Store",
    "decode",
    "digest_of",
    "encode",
    "is_record",
    "open_index",
    "record_of",
]

LIMIT = 16
"""Models that are tested in full unless more are asked for; each test takes up to a second."""
_LATE = {
    **dict.fromkeys(("MAX_BYTES", "decode", "digest_of", "encode", "is_record"), "encoding"),
    **dict.fromkeys(("Record", "RecordedModel", "RecordedPart", "record_of"), "record"),
    **dict.fromkeys(("Added", "Store"), "store"),
    **dict.fromkeys(("Coverage", "Index", "IndexedModel", "Shortlist", "open_index"), "opened"),
    **dict.fromkeys(("Place", "Standing"), "standing"),
    "Entry": "entries",
}


def __getattr__(name: str) -> Any:
    """Load what reads records, SQLite and numpy only for those who ask for it."""
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module 'aibom.index' has no attribute {name!r}")
