"""The tables of an index file, and whether a file has exactly these."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from aibom.errors import DataError

APPLICATION = 0x61696278
"""SQLite's application id of an index file ("aibx")."""
VERSION = 1
PAGE_BYTES = 16384

LISTED = (
    "SELECT number, digest, model_id, commit_id, organisation, released, tool, samples, size FROM records"
)
"""The list. Columns that are long come behind these, so that listing does not read them."""
SKETCHES = "SELECT record, part, width, matrices, checksum, codes FROM sketches"
ADD_RECORD = (
    "INSERT INTO records (digest, model_id, commit_id, organisation, released, tool, samples, size, shapes, "
    "content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
ADD_SKETCH = "INSERT INTO sketches (record, part, width, matrices, checksum, codes) VALUES (?, ?, ?, ?, ?, ?)"

_TABLES = (
    "CREATE TABLE records (number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, "
    "model_id TEXT NOT NULL, commit_id TEXT, organisation TEXT, released TEXT, tool TEXT NOT NULL, "
    "samples INTEGER NOT NULL, size INTEGER NOT NULL, shapes TEXT NOT NULL, content BLOB NOT NULL) STRICT",
    "CREATE TABLE sketches (record INTEGER NOT NULL REFERENCES records (number), part TEXT NOT NULL, "
    "width INTEGER NOT NULL, matrices INTEGER NOT NULL, checksum INTEGER NOT NULL, codes BLOB NOT NULL, "
    "UNIQUE (width, record, part)) STRICT",
)
_NO = "BEGIN SELECT RAISE(ABORT, 'an index is only ever added to'); END"
_KNOWN_RECORD = "WHEN EXISTS (SELECT 1 FROM records WHERE digest = NEW.digest OR number = NEW.number)"
_KNOWN_SKETCH = (
    "WHEN EXISTS (SELECT 1 FROM sketches WHERE width = NEW.width AND record = NEW.record AND part = NEW.part)"
)
_GUARDS = (
    f"CREATE TRIGGER records_update BEFORE UPDATE ON records {_NO}",
    f"CREATE TRIGGER records_delete BEFORE DELETE ON records {_NO}",
    f"CREATE TRIGGER sketches_update BEFORE UPDATE ON sketches {_NO}",
    f"CREATE TRIGGER sketches_delete BEFORE DELETE ON sketches {_NO}",
    # INSERT OR REPLACE removes a row without asking the triggers for DELETE.
    f"CREATE TRIGGER records_replace BEFORE INSERT ON records {_KNOWN_RECORD} {_NO}",
    f"CREATE TRIGGER sketches_replace BEFORE INSERT ON sketches {_KNOWN_SKETCH} {_NO}",
)


def make(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; in an old one, require them."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("BEGIN IMMEDIATE")  # of two that make it, the second waits here and finds it made
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in (*_TABLES, *_GUARDS):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    require(connection, path)


def require(connection: sqlite3.Connection, path: Path) -> None:
    """A file from elsewhere may hold views and triggers of its own: it must hold ours and no others.

    Raises:
        DataError: it does not.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        raise DataError(f"{path}: no index of aibom", advice="Name the folder of an index with --index.")
    if version != VERSION:
        raise DataError(
            f"{path}: an index of version {version}; this aibom reads {VERSION}",
            advice="Use the aibom that made it, or build the index anew.",
        )
    found = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'"
    )
    if sorted(row[0] for row in found) != sorted((*_TABLES, *_GUARDS)):
        raise DataError(f"{path}: its tables are not those of an index", advice="Build the index anew.")
