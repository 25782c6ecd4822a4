"""The log of contests: JSON Lines, only ever added to, each entry chained to the one before by its digest.

What a chain shows: that no entry was changed, removed from within or put in between. That none was cut off
at the end is shown by the digest of the last entry (`Log.head`) alone, kept elsewhere.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from aibom.contests.filing import Contest, canonical, from_json, validator
from aibom.errors import DataError, FormatError, InputError, LimitError, UsageError
from aibom.formats.text import as_dict, parse_json
from aibom.formats.values import clean
from aibom.model import Evidence

SCHEMA = "urn:aibom:schema:contest-entry:1"
FIRST = "0" * 64
"""What the first entry names as the digest before it."""
MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a log; an entry has one to four KiB."""
_START = b'{"assessor":'
"""What every entry begins with, as its keys are sorted."""
_PATIENCE = 30
"""Seconds to wait for another writer."""


class ContestState(StrEnum):
    """What became of a contest."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Torn:
    """An unfinished line that a crash left: its bytes are kept, and say nothing."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be entered."""

    contest: Contest
    state: ContestState
    date: str
    assessor: str
    reason: str
    evidence_level: Evidence | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands in the log; `contest` is always the whole, from the first entry on it."""

    number: int
    line: int
    digest: str
    draft: Draft
    torn: Torn | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """All entries, in their order; `torn` is what a crash left of one more; `ended` tells of the line end."""

    entries: tuple[Entry, ...] = ()
    torn: Torn | None = None
    ended: bool = True

    @property
    def head(self) -> str:
        """Digest of the last entry: whoever keeps it can tell whether entries were cut off."""
        return self.entries[-1].digest if self.entries else FIRST

    def contest(self, ident: str) -> Contest | None:
        """The contest of that id."""
        found = (entry.draft.contest for entry in self.entries if entry.draft.contest.id == ident)
        return next(found, None)

    def of(self, ident: str) -> tuple[Entry, ...]:
        """Every entry on one contest."""
        return tuple(entry for entry in self.entries if entry.draft.contest.id == ident)


def read_log(path: Path) -> Log:
    """The log, verified.

    Raises:
        InputError: it cannot be read.
        DataError: an entry was changed, removed or put in between; the message has the line.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", advice="Check the file's name."
        ) from error
    if len(data) > MAX_BYTES:
        raise LimitError(f"{path}: a log is at most {MAX_BYTES:,} bytes", limit="file size")
    return _verified(data, str(path))


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
        entry = _entry(log, draft)
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


def _entry(log: Log, draft: Draft) -> dict[str, Any]:
    known = log.contest(draft.contest.id)
    entry: dict[str, Any] = {
        "schema": SCHEMA,
        "number": len(log.entries) + 1,
        "previous": log.head,
        "contest": draft.contest.id,
        "finding": draft.contest.finding,
        "model": draft.contest.model,
        "state": draft.state.value,
        "date": draft.date,
        "assessor": draft.assessor,
        "reason": draft.reason,
        "evidence_level": draft.evidence_level.name if draft.evidence_level else None,
        "superseded_by": draft.superseded_by,
        "filing": None if known else draft.contest.to_json(),
        "torn": {"bytes": log.torn.size, "sha256": log.torn.sha256} if log.torn else None,
    }
    return entry | {"digest": _digest(entry)}


def _digest(entry: dict[str, Any]) -> str:
    return hashlib.sha256(
        canonical({key: value for key, value in entry.items() if key != "digest"})
    ).hexdigest()


def _verified(data: bytes, name: str) -> Log:
    """Entries line by line. Lines that are none must be told of by the next entry, or be the last."""
    entries: list[Entry] = []
    filings: dict[str, Contest] = {}
    left: list[bytes] = []
    lines = data.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        document = _parsed(line)
        if document is not None and canonical(document) != line:
            raise _tampered(name, number, "not as entries are written")
        if document is None:
            if not _could_be_torn(line):
                raise _tampered(name, number, "no entry of a log of contests")
            left.append(line)
            continue
        entry = _checked(document, number, name, entries, filings)
        if _torn(left) != entry.torn:
            raise _tampered(name, number - len(left), "neither an entry nor the torn line that is told of")
        entries.append(entry)
        left = []
    return Log(tuple(entries), _torn(left), not data or data.endswith(b"\n"))


def _could_be_torn(line: bytes) -> bool:
    """Whether a line is the beginning of an entry, or the zeros that some file systems leave of one."""
    return line.startswith(_START) or _START.startswith(line) or not line.strip(b"\0")


def _torn(lines: list[bytes]) -> Torn | None:
    left = b"\n".join(lines)
    return Torn(len(left), hashlib.sha256(left).hexdigest()) if lines else None


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        return as_dict(parse_json(line, "entry")) or None
    except FormatError:
        return None


def _checked(
    document: dict[str, Any], line: int, name: str, entries: list[Entry], filings: dict[str, Contest]
) -> Entry:
    """An entry that is of the schema, of the digest it names, and the next of the chain."""
    for error in validator("contest-entry").iter_errors(document):
        raise _tampered(name, line, clean(error.message, 200))
    if _digest(document) != document["digest"]:
        raise _tampered(name, line, "the entry is not that of its digest")
    if document["previous"] != (entries[-1].digest if entries else FIRST):
        raise _tampered(name, line, "an entry before it was changed or is missing")
    if document["number"] != len(entries) + 1:
        raise _tampered(name, line, "its number is not the next")
    ident = document["contest"]
    if document["filing"] is not None:
        filings[ident] = from_json(document["filing"], f"{name}: line {line}")
    if ident not in filings or filings[ident].id != ident:
        raise _tampered(name, line, "the contest itself is missing")
    level, torn = document["evidence_level"], document["torn"]
    draft = Draft(
        contest=filings[ident],
        state=ContestState(document["state"]),
        date=document["date"],
        assessor=document["assessor"],
        reason=document["reason"],
        evidence_level=Evidence[level] if level else None,
        superseded_by=document["superseded_by"],
    )
    told = Torn(torn["bytes"], torn["sha256"]) if torn else None
    return Entry(document["number"], line, document["digest"], draft, told)


def _tampered(name: str, line: int, why: str) -> DataError:
    return DataError(
        f"{name}: line {line}: {why}",
        advice="The log is only ever added to: go back to a copy whose last digest you know.",
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
