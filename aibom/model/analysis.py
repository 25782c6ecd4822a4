"""The whole result of a scan, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aibom.model.enums import Depth
from aibom.model.files import FileEntry, ReadStats
from aibom.model.inspected import Inspected, Unknown
from aibom.model.provenance import Provenance
from aibom.model.score import Score


class TargetKind(StrEnum):
    """Where the target was read from; a replayed snapshot keeps the kind that was recorded."""

    HUB = "hub"
    FOLDER = "folder"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class HubRecord:
    """What the Hub's metadata calls answered. Absent values are None or empty, never invented."""

    created: str | None = None
    modified: str | None = None
    gated: str | None = None
    private: bool = False
    downloads: int | None = None
    likes: int | None = None
    task: str | None = None
    library: str | None = None
    tags: tuple[str, ...] = ()
    base_models: tuple[tuple[str, str], ...] = ()
    """(relation, id) pairs of the Hub's own resolution."""
    security_issues: tuple[tuple[str, str], ...] = ()
    """(path, level) of files that the Hub's scanners flagged."""
    scans_done: bool | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What was scanned.

    `ref` is what the user typed; `repository` is `org/name` where known (Hub, cache layout, `--as`);
    `revision` is the full commit where there is one; `endpoint` the Hub's URL.
    """

    ref: str
    kind: TargetKind
    name: str
    repository: str | None = None
    revision: str | None = None
    endpoint: str | None = None
    hub: HubRecord | None = None


@dataclass(frozen=True, slots=True)
class ToolPart:
    """A distribution that took part in the scan, for `metadata.tools`."""

    name: str
    version: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Target, files, parts, provenance, score and what could not be seen."""

    tools: tuple[ToolPart, ...]
    target: Target
    depth: Depth
    files: tuple[FileEntry, ...]
    inspected: Inspected
    provenance: Provenance
    score: Score
    unknowns: tuple[Unknown, ...]
    read: ReadStats
