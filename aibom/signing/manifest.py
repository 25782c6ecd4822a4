"""The manifest of OpenSSF model-signing (`model.sig`): which files it names, and who signed it.

Source: the OMS specification and model-signing 1.1 (`predicateType` `https://model_signing/signature/v1.0`;
version 0.1 listed the files as subjects). It is a Sigstore bundle around an in-toto statement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError
from aibom.formats.text import JsonValue, as_dict, as_list, as_str, strings
from aibom.signing.statement import Statement

MANIFEST: Final = "https://model_signing/signature/v1.0"
MANIFEST_OF_0_2: Final = "https://model_signing/Digests/v0.1"
NAME: Final = "model.sig"
"""Where model-signing puts it by default."""
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_GIT = (".git", ".gitattributes", ".github", ".gitignore")
"""What model-signing leaves out unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Files by path with their SHA-256; None where the manifest has another hash, or those of shards."""

    files: Mapping[str, str | None]
    ignored: tuple[str, ...] = ()


def is_manifest(statement: Statement) -> bool:
    """Whether the statement is one of model-signing."""
    return statement.predicate_type in (MANIFEST, MANIFEST_OF_0_2)


def read_manifest(statement: Statement, name: str) -> Manifest:
    """The manifest of a statement.

    Raises:
        FormatError: it breaks the format, or its root digest is not that of its files.
    """
    if statement.predicate_type == MANIFEST_OF_0_2:
        return Manifest(dict(statement.subjects), _GIT)
    method = as_dict(statement.predicate.get("serialization"))
    whole = as_str(method.get("method")) == "files"
    root = hashlib.sha256()
    files: dict[str, str | None] = {}
    for item in map(as_dict, as_list(statement.predicate.get("resources"))):
        path, digest = _resource(item, name)
        root.update(bytes.fromhex(digest))
        path = path if whole else path.rsplit(":", 2)[0]
        if whole and path in files:
            raise FormatError(f"{name}: the manifest names a file twice")
        comparable = whole and as_str(item.get("algorithm")) == "sha256" and len(digest) == 64
        files[path] = digest if comparable else None
    if not files or list(statement.subjects.values()) != [root.hexdigest()]:
        raise FormatError(f"{name}: the manifest's root digest is not that of its files")
    ignored = (*strings(method.get("ignore_paths")), *_GIT)
    return Manifest(dict(sorted(files.items())), ignored)


def _resource(item: dict[str, JsonValue], name: str) -> tuple[str, str]:
    path, digest = as_str(item.get("name")), as_str(item.get("digest"))
    if not path or not digest or not _HEX.fullmatch(digest):
        raise FormatError(f"{name}: a file of the manifest without name or digest")
    return path, digest
