"""The layout of the Hub client's cache: `models--org--name/{blobs,refs,snapshots/<commit>}`.

Source: huggingface_hub's guide "Understand caching". A snapshot's files are links to
`../../blobs/<etag>`; an etag of 64 hex digits is the content's promised SHA-256, one of 40 a git
object id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_REPOSITORY = re.compile(r"models--(?P<id>[\w.-]+?(?:--[\w.-]+)?)")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CacheLayout:
    """A snapshot inside a Hub cache: its repository, commit (None if the name is none) and blobs."""

    repository: str
    revision: str | None
    blobs: Path

    def promised(self, blob: Path) -> str | None:
        """The SHA-256 that a blob's name promises; not verified."""
        return blob.name if blob.parent == self.blobs and _SHA256.fullmatch(blob.name) else None


def recognise(folder: Path) -> CacheLayout | None:
    """The layout that `folder` (absolute, resolved) is a snapshot of, or None."""
    if folder.parent.name != "snapshots":
        return None
    home = folder.parent.parent
    found = _REPOSITORY.fullmatch(home.name)
    if found is None or not (home / "blobs").is_dir():
        return None
    commit = folder.name if _COMMIT.fullmatch(folder.name) else None
    return CacheLayout(found["id"].replace("--", "/"), commit, home / "blobs")


def snapshot_of(home: Path, revision: str | None) -> Path | None:
    """The snapshot folder that a repository's cache folder holds for `revision` (default `main`)."""
    if not _REPOSITORY.fullmatch(home.name) or not (home / "snapshots").is_dir():
        return None
    wanted = revision or "main"
    names = sorted(entry.name for entry in (home / "snapshots").iterdir() if entry.is_dir())
    reference = home / "refs" / wanted
    if ".." not in reference.parts and reference.is_file():
        wanted = reference.read_text(encoding="utf-8", errors="replace")[:64].strip()
    if wanted in names:
        return home / "snapshots" / wanted
    return home / "snapshots" / names[0] if len(names) == 1 and revision is None else None
