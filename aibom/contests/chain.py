"""The chain of a log's entries: how one is written, and whether what is read is what was written.

What a chain shows: that no entry was changed, removed from within or put in between. That none was cut off
at the end is shown by the digest of the last entry (`Log.head`) alone, kept elsewhere.
"""

from __future__ import annotations

import hashlib
from typing import Any

from aibom.contests.entries import FIRST, ContestState, Draft, Entry, Log, Torn
from aibom.contests.filing import Contest, canonical, from_json, validator
from aibom.errors import DataError, FormatError
from aibom.formats.text import as_dict, parse_json
from aibom.formats.values import clean
from aibom.model import Evidence

SCHEMA = "urn:aibom:schema:contest-entry:1"
_START = b'{"assessor":'
"""What every entry begins with, as its keys are sorted."""


def link(log: Log, draft: Draft) -> dict[str, Any]:
    """The next entry of a log, as plain values."""
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
        "signer": draft.signer,
        "filing": None if known else draft.contest.to_json(),
        "torn": {"bytes": log.torn.size, "sha256": log.torn.sha256} if log.torn else None,
    }
    return entry | {"digest": digest_of(entry)}


def digest_of(entry: dict[str, Any]) -> str:
    """The digest that an entry has to name as its own."""
    return hashlib.sha256(
        canonical({key: value for key, value in entry.items() if key != "digest"})
    ).hexdigest()


def verified(data: bytes, name: str) -> Log:
    """The log that the bytes are. A line that is no entry must be told of by the next one, or be the last.

    Raises:
        DataError: an entry was changed, removed or put in between; the message has the line.
    """
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
    if digest_of(document) != document["digest"]:
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
        signer=document["signer"],
    )
    told = Torn(torn["bytes"], torn["sha256"]) if torn else None
    return Entry(document["number"], line, document["digest"], draft, told)


def _tampered(name: str, line: int, why: str) -> DataError:
    return DataError(
        f"{name}: line {line}: {why}",
        advice="The log is only ever added to: go back to a copy whose last digest you know.",
    )
