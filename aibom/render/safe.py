"""JSON bytes that are safe to show as well as to parse."""

from __future__ import annotations

import json
import re
from typing import Any

_HARMFUL = re.compile(
    "["
    "\x7f-\x9f"  # controls that JSON need not escape: terminal escapes among them
    "\u00ad\u200b-\u200f\u2060-\u2065\ufeff\U000e0000-\U000e007f"  # invisible
    "\u061c\u2028-\u202e\u2066-\u206f\ufff9-\ufffb"  # reorder or break lines
    "\ud800-\udfff"  # halves of surrogate pairs: cannot be encoded
    "]"
)


def json_bytes(document: Any) -> bytes:
    """UTF-8 JSON, indented, in the document's own key order.

    Control, invisible and bidirectional characters are escaped, so that none reaches a terminal and
    none is lost.

    Raises:
        ValueError: the document holds a number that JSON cannot carry (NaN, infinity).
    """
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return escaped(text.encode("utf-8", "surrogatepass") + b"\n")


def escaped(json_text: bytes) -> bytes:
    """The same JSON with every harmful character escaped; its value does not change."""
    return _HARMFUL.sub(_escape, json_text.decode("utf-8", "surrogatepass")).encode()


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
