"""An open SQLite file, with its errors told as ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from aibom.closing import Closing
from aibom.errors import DataError, InputError, UsageError
from aibom.formats.text import clean
from aibom.index import tables
from aibom.index.encoding import MAX_BYTES

FILE = "index.sqlite3"
BUSY_SECONDS = 30.0
"""How long a writer waits for another one."""
RESTORE = "Run `aibom index verify`; add the model again to a new index, or take the index from a copy."


class Database(Closing):
    """The file of an index. Not to be shared between threads."""

    def __init__(self, path: Path, mode: str, prepare: Callable[[sqlite3.Connection, Path], None]) -> None:
        self.path = path
        self._connection = _connect(path, mode)
        try:
            with self.told():
                prepare(self._connection, path)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open an index to read it.

        Raises:
            UsageError: there is no index in the folder.
            DataError: the file is no index of this version.
        """
        path = directory / FILE
        if not path.is_file():
            raise UsageError(
                f"{directory}: there is no index here",
                advice="`aibom index add TARGET --index DIR` makes one.",
            )
        return cls(path, _reading_mode(path), tables.require)

    @classmethod
    def make(cls, directory: Path) -> Self:
        """Open an index to add to it; folder and file are made where they are not there.

        Raises:
            InputError: the folder cannot be made or written.
            DataError: the file is no index of this version.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{directory} cannot be made: {error.strerror}", advice="Name a folder that can be written."
            ) from error
        return cls(directory / FILE, "mode=rwc", tables.make)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """One statement; SQLite's errors as they are."""
        return self._connection.execute(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done within, or nothing; a second writer waits."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def told(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise InputError(
                    f"{self.path}: another process has been writing for {BUSY_SECONDS:.0f} seconds",
                    advice="Try again when it is done.",
                ) from error
            raise InputError(
                f"{self.path}: {clean(str(error), 200)}",
                advice="Check the folder's permissions and space, and that it is no network file system.",
            ) from error
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self.path}: {clean(str(error), 200)}", advice=RESTORE) from error


def _reading_mode(path: Path) -> str:
    """Readers of a log write too, to a file of locks; where they must not, a file at rest can be read."""
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return "mode=rw"
    log = path.with_name(f"{FILE}-wal")
    return "mode=ro" if log.exists() else "immutable=1"


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, timeout=BUSY_SECONDS
        )
    except sqlite3.Error as error:
        raise InputError(
            f"{path} cannot be opened: {clean(str(error), 200)}",
            advice="Check the folder's permissions and space.",
        ) from error
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * MAX_BYTES)
    return connection
