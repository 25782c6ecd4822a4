"""What a log of contests holds: states, entries, and what a crash left of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aibom.contests.filing import Contest
from aibom.model import Evidence

FIRST = "0" * 64
"""What the first entry names as the digest before it."""


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
    """What is to be entered; `signer` is the id of the key whose signature on the contest was checked."""

    contest: Contest
    state: ContestState
    date: str
    assessor: str
    reason: str
    evidence_level: Evidence | None = None
    superseded_by: str | None = None
    signer: str | None = None


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
