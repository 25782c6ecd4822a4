"""Rules on digests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aibom.bom.problem import Level
from aibom.bom.rules.document import Document, Object, Path, items, text
from aibom.bom.rules.references import own_components
from aibom.bom.rules.rule import Hits, rule

_COMMIT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of no bytes at all; empty files are equal without meaning anything by it."""


@rule("commit-as-hash", Level.ERROR, "A commit id stands as the hash of a file")
def commit_as_hash(document: Document) -> Hits:
    """It names a state of the repository, not the bytes of the file, and verifies nothing."""
    commits = {
        commit
        for _, component in document.components
        for key in ("version", "purl")
        for commit in _COMMIT.findall(text(component, key).lower())
    }
    for path, component in document.components:
        for index, _, content in _hashes(component):
            if content in commits:
                yield (*path, "hashes", index), f"{content} is a commit id"


@rule("duplicate-hash", Level.WARNING, "Two files have the same hash")
def duplicate_hash(document: Document) -> Hits:
    """Either the file is there twice, or a hash was put where it does not belong."""
    places: dict[tuple[str, str], list[Path]] = {}
    for path, component in own_components(document):
        for _, algorithm, content in _hashes(component):
            if content and content != _EMPTY:
                places.setdefault((algorithm, content), []).append(path)
    for (algorithm, content), paths in places.items():
        if len(paths) > 1:
            yield paths[1], f"{len(paths)} components have {algorithm} {content}"


@rule("sha-512-missing", Level.INFO, "Files carry no SHA-512")
def sha_512_missing(document: Document) -> Hits:
    """BSI TR-03183-2 asks for it; the Hub tells SHA-256 only."""
    weaker = [
        path
        for path, component in own_components(document)
        if (algorithms := {algorithm for _, algorithm, _ in _hashes(component)})
        and "SHA-512" not in algorithms
    ]
    if weaker:
        yield weaker[0], f"{len(weaker)} components without SHA-512, this the first"


def _hashes(component: Object) -> Iterator[tuple[int, str, str]]:
    for index, entry in enumerate(items(component, "hashes")):
        yield index, text(entry, "alg"), text(entry, "content").lower()
