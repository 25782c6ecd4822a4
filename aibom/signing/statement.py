"""in-toto statements (version 1) of a BOM: the model's files are the subjects, the BOM is the predicate."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aibom.errors import FormatError
from aibom.formats.text import JsonValue, as_dict, as_list, as_str
from aibom.signing.strict import strict_object

STATEMENT: Final = "https://in-toto.io/Statement/v1"
CYCLONEDX: Final = "https://cyclonedx.org/bom"
"""Predicate type of CycloneDX in in-toto's list; other writers put the specification's version behind it."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CYCLONEDX = re.compile(re.escape(CYCLONEDX) + r"(/v\d\.\d)?")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says. `subjects` maps a path to its SHA-256, None where another digest is given."""

    predicate_type: str
    subjects: Mapping[str, str | None]
    predicate: dict[str, JsonValue]

    @property
    def is_bom(self) -> bool:
        """Whether the predicate says that it is a CycloneDX BOM, and looks like one."""
        return bool(_CYCLONEDX.fullmatch(self.predicate_type)) and is_bom(self.predicate)


def read_bom(data: bytes, name: str) -> dict[str, JsonValue]:
    """A CycloneDX document that all readers read alike.

    Raises:
        FormatError: it is none.
    """
    document = strict_object(data, name)
    if not is_bom(document):
        raise FormatError(f"{name}: no CycloneDX BOM", advice="Give a CycloneDX document in JSON.")
    return document


def is_bom(document: Mapping[str, Any]) -> bool:
    """Whether an object says that it is a CycloneDX BOM."""
    return document.get("bomFormat") == "CycloneDX" and isinstance(document.get("specVersion"), str)


def write_statement(bom: Mapping[str, Any], files: Mapping[str, str]) -> bytes:
    """The statement that a BOM is of these files (path to SHA-256); the same bytes for the same content."""
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": path, "digest": {"sha256": digest}} for path, digest in sorted(files.items())],
        "predicateType": CYCLONEDX,
        "predicate": bom,
    }
    return canonical(statement)


def canonical(value: Mapping[str, Any]) -> bytes:
    """Compact JSON with sorted keys: equal for values that are equal."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def read_statement(payload: bytes, name: str) -> Statement:
    """The statement of a payload.

    Raises:
        FormatError: it is no in-toto statement of version 1.
    """
    data = strict_object(payload, name)
    if data.get("_type") != STATEMENT:
        raise FormatError(f"{name}: no in-toto statement of version 1")
    predicate_type = as_str(data.get("predicateType"))
    if not predicate_type:
        raise FormatError(f"{name}: the statement has no predicateType")
    listed = as_list(data.get("subject"))
    subjects = dict(_subject(as_dict(item), name) for item in listed)
    if len(subjects) < len(listed):
        raise FormatError(f"{name}: two subjects have the same name")
    return Statement(predicate_type, dict(sorted(subjects.items())), as_dict(data.get("predicate")))


def _subject(item: dict[str, JsonValue], name: str) -> tuple[str, str | None]:
    path = as_str(item.get("name"))
    digests = as_dict(item.get("digest"))
    if not path or not digests:
        raise FormatError(f"{name}: a subject without name or digest")
    digest = (as_str(digests.get("sha256")) or "").lower()
    return path, digest if _SHA256.fullmatch(digest) else None
