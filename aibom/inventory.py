"""The files of a target: what each is for, and its digest where that is to be had."""

from __future__ import annotations

from dataclasses import replace

from aibom.errors import ReadError
from aibom.formats.fileclass import classify
from aibom.model import Depth, FileClass, FileEntry, Stage, Unknown
from aibom.sources.base import Digests
from aibom.spi import View


def take(view: View) -> tuple[tuple[FileEntry, ...], tuple[Unknown, ...]]:
    """Every file of the view with its class and SHA-256, sorted by path, and what could not be hashed.

    A digest that the source lists (Git-LFS) is kept. Others are asked of the source, which computes
    them from local bytes or from content that it read anyway; at depth `metadata` weights are left
    out. A git object id is no digest of a file and never stands in for one.
    """
    entries = [replace(entry, kind=classify(path)) for path, entry in view.files.items()]
    digests = (
        view.digests([e.path for e in entries if _hashed(e, view.depth)]) if isinstance(view, Digests) else {}
    )
    unknowns = tuple(
        Unknown(path, Stage.INVENTORY, f"no digest: {answer.message}")
        for path, answer in sorted(digests.items())
        if isinstance(answer, ReadError)
    )
    files = (replace(e, sha256=e.sha256 or _known(digests.get(e.path))) for e in entries)
    return tuple(sorted(files, key=lambda entry: entry.path)), unknowns


def _hashed(entry: FileEntry, depth: Depth) -> bool:
    if entry.sha256 is not None or entry.lfs_pointer:
        return False
    return depth is not Depth.METADATA or entry.kind is not FileClass.WEIGHTS


def _known(answer: str | ReadError | None) -> str | None:
    return answer if isinstance(answer, str) else None
