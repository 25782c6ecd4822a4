"""The store of records: one SQLite file to which records are only ever added.

Write-ahead logging, a busy timeout and transactions make it safe under a crash and under two writers;
triggers refuse to change or remove anything; every record is held against its digest when it is loaded.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec

from aibom.closing import Closing
from aibom.errors import DataError, FormatError, LimitError, UsageError
from aibom.formats.text import clean
from aibom.index import tables
from aibom.index.connection import RESTORE, Database
from aibom.index.encoding import MAX_BYTES, decode, digest_of
from aibom.index.entries import Entry, listed
from aibom.index.record import Record, RecordedModel
from aibom.index.sketch import Sketch, sketches_of
from aibom.model import ShapePrint


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an addition: the record's digest and model, and whether it was not there before."""

    digest: str
    model: RecordedModel
    new: bool


class Store(Closing):
    """The records of an open index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open an index to read it; see `Database.open`."""
        return cls(Database.open(directory))

    @classmethod
    def make(cls, directory: Path) -> Self:
        """Open an index to add to it; see `Database.make`."""
        return cls(Database.make(directory))

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def add(self, data: bytes, where: str) -> Added:
        """Add the file of a record, after checking everything about it. One that is there stays as it is.

        Raises:
            FormatError, LimitError: it is no sound record.
            InputError: the file system refuses, or another writer does not come to an end.
        """
        record = decode(data, where)
        digest = digest_of(data)
        sketches = sketches_of(record.samples)
        with self._database.told(), self._database.transaction():
            known = self._database.execute("SELECT 1 FROM records WHERE digest = ?", (digest,)).fetchone()
            if known is None:
                self._insert(record, digest, data, sketches)
        return Added(digest, record.model, new=known is None)

    def _insert(self, record: Record, digest: str, data: bytes, sketches: tuple[Sketch, ...]) -> None:
        model = record.model
        cursor = self._database.execute(
            tables.ADD_RECORD,
            (
                digest,
                model.id,
                model.commit,
                model.organisation,
                model.released,
                record.tool,
                len(record.samples),
                len(data),
                _shapes_text(record),
                data,
            ),
        )
        for item in sketches:
            self._database.execute(
                tables.ADD_SKETCH,
                _sketch_row(cursor.lastrowid or 0, item),
            )

    def entries(self) -> tuple[Entry, ...]:
        """Every record that can be read, in the order in which they were added."""
        return self.listed()[0]

    def listed(self) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """As `entries`, and the digests of those whose place in the file is damaged."""
        return listed(self._database)

    def find(self, ident: str) -> Entry:
        """The record of a digest, of the beginning of one (8 characters or more), or of a model.

        A model is `id` or `id@commit`; its latest record counts.

        Raises:
            UsageError: there is none, or several records begin so.
        """
        entries = self.entries()
        named = [each for each in entries if ident in (each.digest, each.model.id, each.model.name)]
        if named:
            return named[-1]
        begun = [each for each in entries if len(ident) >= 8 and each.digest.startswith(ident)]
        if len(begun) == 1:
            return begun[0]
        what = f"{len(begun)} records begin with" if begun else "there is no record"
        raise UsageError(
            f"{self.path.parent}: {what} {clean(ident, 200)}", advice="`aibom index info` lists all records."
        )

    def content(self, entry: Entry) -> bytes:
        """The file of a record, held against its digest.

        Raises:
            DataError: it was damaged; the message names the record.
        """
        try:
            row = self._database.execute(
                "SELECT content FROM records WHERE number = ? AND length(content) <= ?",
                (entry.number, MAX_BYTES),
            ).fetchone()
        except sqlite3.DatabaseError as error:
            raise self._damaged(entry, str(error)) from error
        if row is None or not isinstance(row[0], bytes) or digest_of(row[0]) != entry.digest:
            raise self._damaged(entry, "its bytes do not have the digest that it was added with")
        return row[0]

    def load(self, entry: Entry) -> Record:
        """A record, with everything about it checked.

        Raises:
            DataError: it was damaged, or the list says something else of it; the message names the record.
        """
        data = self.content(entry)
        try:
            record = decode(data, entry.name)
        except (FormatError, LimitError) as error:
            raise self._damaged(entry, error.message) from error
        told = (record.model, record.tool, len(record.samples), len(data))
        if told != (entry.model, entry.tool, entry.samples, entry.size):
            raise self._damaged(entry, "the list says something else of it")
        return record

    def _damaged(self, entry: Entry, why: str) -> DataError:
        return DataError(
            f"{self.path}: record {entry.digest[:12]} of {entry.name} is damaged: {clean(why, 200)}",
            advice=RESTORE,
        )

    def shapes(self, entry: Entry) -> tuple[ShapePrint, ...]:
        """The shape prints of a record, without the rest of it.

        Raises:
            DataError: they were damaged; the message names the record.
        """
        try:
            row = self._database.execute("SELECT shapes FROM records WHERE number = ?", (entry.number,))
            return msgspec.json.decode(row.fetchone()[0], type=tuple[ShapePrint, ...])
        except (sqlite3.DatabaseError, msgspec.MsgspecError, TypeError, RecursionError) as error:
            raise self._damaged(entry, str(error)) from error

    def sketches(self, width: int) -> Iterator[tuple[int, Sketch | None]]:
        """(number of the record, sketch) of one width, by record; None for a damaged one."""
        at = 0
        try:
            for row in self._sketches("width = ? ORDER BY record, part", width):
                at = row[0]
                yield at, _sketch(row)
        except sqlite3.DatabaseError:
            for entry in self.entries():
                if entry.number >= at:
                    yield from self._sketches_of(entry.number, width)

    def _sketches_of(self, number: int, width: int) -> Iterator[tuple[int, Sketch | None]]:
        try:
            rows = list(self._sketches("width = ? AND record = ? ORDER BY part", width, number))
        except sqlite3.DatabaseError:
            yield number, None
        else:
            yield from ((number, _sketch(row)) for row in rows)

    def _sketches(self, which: str, *values: int) -> Iterator[tuple[Any, ...]]:
        return self._database.execute(f"{tables.SKETCHES} WHERE {which}", values)

    def verify(self) -> Iterator[tuple[str, DataError | None]]:
        """Every record loaded, and what was derived from it held against it: (its name, what is wrong)."""
        entries, lost = self.listed()
        for digest in lost:
            yield digest, DataError(f"{self.path}: record {digest[:12]} cannot be read", advice=RESTORE)
        for entry in entries:
            try:
                self._require_sound(entry)
            except DataError as error:
                yield entry.name, error
            else:
                yield entry.name, None

    def _require_sound(self, entry: Entry) -> None:
        record = self.load(entry)
        expected = sorted(_sketch_row(entry.number, item) for item in sketches_of(record.samples))
        try:
            found = sorted(self._sketches("record = ?", entry.number))
        except (sqlite3.DatabaseError, TypeError) as error:
            raise self._damaged(entry, str(error)) from error
        if found != expected or self.shapes(entry) != record.shapes:
            raise self._damaged(entry, "what was derived from it is not what it gives")

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted digests of all records: equal for equal content, whatever the order."""
        with self._database.told():
            rows = self._database.execute("SELECT digest FROM records ORDER BY digest").fetchall()
        return hashlib.sha256("".join(f"{row[0]}\n" for row in rows).encode()).hexdigest()


def _sketch_row(number: int, item: Sketch) -> tuple[int, str, int, int, int, bytes]:
    return number, item.part, item.width, item.matrices, item.checksum, item.codes


def _sketch(row: tuple[Any, ...]) -> Sketch | None:
    _, part, width, matrices, checksum, codes = row
    if not isinstance(codes, bytes):
        return None
    found = Sketch(part, width, matrices, codes)
    return found if found.is_sound and found.checksum == checksum else None


def _shapes_text(record: Record) -> str:
    return msgspec.json.encode(record.shapes).decode()
