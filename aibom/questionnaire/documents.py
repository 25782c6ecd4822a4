"""Are the documents that answers rest on those that were meant? By their digests alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aibom.errors import InputError
from aibom.formats.paths import is_safe
from aibom.questionnaire.answers import Document

MAX_BYTES = 4 * 1024**3
"""Bytes of one document that are digested."""
_BLOCK = 1024 * 1024


class DocumentState(StrEnum):
    """How a document came out."""

    MATCHES = "matches"
    DIFFERS = "differs"
    MISSING = "missing"
    NOT_CHECKED = "not checked"

    @property
    def failed(self) -> bool:
        """Whether what was named is not what is there."""
        return self in (DocumentState.DIFFERS, DocumentState.MISSING)


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """One document, how it came out, and why."""

    document: Document
    state: DocumentState
    reason: str = ""


def check_documents(documents: Sequence[Document], folder: Path) -> tuple[DocumentCheck, ...]:
    """Each document held against the file of its path in a folder. Nothing is fetched, no link followed.

    Raises:
        InputError: the folder is not there.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder", advice="Name the folder that the documents are in.")
    return tuple(_check(document, folder) for document in documents)


def _check(document: Document, folder: Path) -> DocumentCheck:
    if document.remote:
        return DocumentCheck(document, DocumentState.NOT_CHECKED, "a URL; nothing is fetched")
    if not is_safe(document.place):
        return DocumentCheck(document, DocumentState.MISSING, "the path leads out of the folder")
    path = folder / document.place
    root = folder.resolve()
    if not path.resolve().is_relative_to(root):
        return DocumentCheck(document, DocumentState.MISSING, "a link leads out of the folder")
    if not path.is_file():
        return DocumentCheck(document, DocumentState.MISSING, "no such file")
    try:
        found = _digest(path)
    except OSError as error:
        return DocumentCheck(document, DocumentState.MISSING, error.strerror or "cannot be read")
    if found is None:
        return DocumentCheck(document, DocumentState.NOT_CHECKED, f"larger than {MAX_BYTES:,} bytes")
    if found == document.sha256:
        return DocumentCheck(document, DocumentState.MATCHES)
    return DocumentCheck(document, DocumentState.DIFFERS, f"its SHA-256 is {found}")


def _digest(path: Path) -> str | None:
    """SHA-256, or None past the bound."""
    digest, read = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            read += len(block)
            if read > MAX_BYTES:
                return None
            digest.update(block)
    return digest.hexdigest()
