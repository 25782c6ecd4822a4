"""A document as bytes: one form for one content."""

from __future__ import annotations

import json
from typing import Any


def serialise(document: dict[str, Any]) -> bytes:
    """Sorted keys, two spaces, UTF-8, a line end at the end.

    Raises:
        ValueError: the document holds NaN or an infinity, which JSON does not know.
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode("utf-8") + b"\n"
