"""The log of contests as a file: JSON Lines, only ever added to, by one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from aibom.contests.chain import link, verified
from aibom.contests.entries import Draft, Entry, Log
from aibom.contests.filing import canonical
from aibom.errors import InputError, LimitError, UsageError
from aibom.formats.files import read_up_to
from aibom.formats.values import clean

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a log; an entry has one to four KiB."""
_PATIENCE = 30
"""Seconds to wait for another writer."""


def read_log(path: Path) -> Log:
    """The log, verified.

    Raises:
        InputError: it cannot be read.
        DataError: an entry was changed, removed or put in between; the message has the line.
    """
    data = read_up_to(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise LimitError(f"{path}: a log is at most {MAX_BYTES:,} bytes", limit="file size")
    return verified(data, str(path))


def add(path: Path, decide: Callable[[Log], Draft]) -> Entry:
    """Add one entry, under a lock, to what the log then holds; on disk when this returns.

    Args:
        path: the log; it is made where it is not there.
        decide: what to enter, in view of the log; what it raises leaves the log as it was.

    Raises:
        InputError: the file cannot be written, or another writer does not finish.
        DataError: as `read_log`.
        UsageError: the entry's day is before that of the last entry.
    """
    with _locked(path):
        log = read_log(path) if path.exists() else Log()
        draft = decide(log)
        _check_day(log, draft)
        entry = link(log, draft)
        body = canonical(entry) + b"\n"
        try:
            _write(path, body if log.ended else b"\n" + body)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
        return Entry(entry["number"], 0, entry["digest"], draft, log.torn)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    if not path.parent.is_dir():  # the lock would make it
        raise InputError(f"the folder {path.parent} is not there", advice="Make it first.")
    try:
        with FileLock(f"{path}.lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise InputError(
            f"{path} is being written by another process", advice="Try again once it is done."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be locked: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    """Append and flush to the disk; of a new file its name too."""
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        while data:
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if new and os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _check_day(log: Log, draft: Draft) -> None:
    last = max(draft.contest.date, log.entries[-1].draft.date if log.entries else "")
    if draft.date < last:
        raise UsageError(
            f"the entry is of {draft.date}, and {last} is already past",
            advice="Check the clock, or give the day with --date.",
        )


def day(text: str) -> str:
    """An ISO 8601 day.

    Raises:
        UsageError: it is none.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{clean(text, 40)!r} is no day", advice="Write it as 2026-01-31.") from None
