"""The list of an index: one entry a record, without its content."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from aibom.errors import DataError
from aibom.formats.text import clean
from aibom.index import tables
from aibom.index.connection import RESTORE, Database
from aibom.index.record import RecordedModel


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as the index lists it.

    `number` counts additions; `size` is in bytes; `samples` the number of sampled matrices. `superseded`
    is True where a later record of the same model and commit is there: such a one is kept, not searched.
    """

    number: int
    digest: str
    model: RecordedModel
    tool: str
    samples: int
    size: int
    superseded: bool = False

    @property
    def name(self) -> str:
        """The model, for people."""
        return clean(self.model.name, 200)


def listed(database: Database) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Every record that can be read, as added, and the digests of those whose place is damaged."""
    try:
        found = select(database, "ORDER BY number")
        lost: tuple[str, ...] = ()
    except (sqlite3.DatabaseError, DataError):
        found, lost = _one_by_one(database)
    latest = {(entry.model.id, entry.model.commit): entry.number for entry in found}
    return tuple(
        replace(entry, superseded=True)
        if entry.model.commit is not None and latest[entry.model.id, entry.model.commit] != entry.number
        else entry
        for entry in found
    ), lost


def _one_by_one(database: Database) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """By the index of digests, which lies elsewhere in the file than the records."""
    found: list[Entry] = []
    lost = []
    with database.told():
        digests = database.execute("SELECT digest FROM records ORDER BY digest").fetchall()
    for (digest,) in digests:
        try:
            found += select(database, "WHERE digest = ?", digest)
        except (sqlite3.DatabaseError, DataError):
            lost.append(str(digest))
    return tuple(sorted(found, key=lambda entry: entry.number)), tuple(lost)


def select(database: Database, which: str, *values: str) -> tuple[Entry, ...]:
    """The entries that a clause selects; which are superseded is not looked at.

    Raises:
        DataError: an entry holds other types than the table says.
        sqlite3.DatabaseError: the file is damaged there.
    """
    rows = database.execute(f"{tables.LISTED} {which}", values).fetchall()
    return tuple(_entry(row, database) for row in rows)


def _entry(row: tuple[Any, ...], database: Database) -> Entry:
    number, digest, ident, commit, organisation, released, tool, samples, size = row
    model = {"id": ident, "commit": commit, "organisation": organisation, "released": released}
    listed = {"number": number, "digest": digest, "model": model, "tool": tool}
    try:
        return msgspec.convert(listed | {"samples": samples, "size": size}, Entry)
    except msgspec.ValidationError as error:
        raise DataError(f"{database.path}: record {number!r} is listed wrongly", advice=RESTORE) from error
