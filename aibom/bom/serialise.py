"""A document as bytes: one form for one content."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any


def serialise(document: dict[str, Any]) -> bytes:
    """Sorted keys, two spaces, UTF-8, a line end at the end.

    Raises:
        ValueError: the document holds NaN or an infinity, which JSON does not know.
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def serial_number(document: dict[str, Any]) -> str:
    """A UUID (version 5) of the content: the same content has the same number."""
    digest = hashlib.sha256(serialise(document)).hexdigest()
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:aibom:sha256:{digest}").urn
