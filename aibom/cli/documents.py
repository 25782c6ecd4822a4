"""Reading a BOM that the user names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from aibom.errors import FormatError, LimitError

MAX_BOM = 256 * 1024 * 1024
"""Bytes of a BOM that are read; one of 2,000 components has about 5 MB."""


def read_document(name: str) -> dict[str, Any]:
    """The JSON object that a file or standard input holds.

    Raises:
        InputError: the file cannot be read, is too large, or holds no JSON object.
    """
    from aibom.formats.text import parse_json

    advice = "Give a CycloneDX document in JSON."
    data = read_file(name, MAX_BOM, advice=advice)
    try:
        document = parse_json(data, name)
    except FormatError as error:
        raise FormatError(error.message, advice=advice) from error
    if not isinstance(document, dict):
        raise FormatError(f"{name}: no JSON object", advice=advice)
    return document


def read_file(name: str, limit: int, *, advice: str | None = None) -> bytes:
    """The bytes of a file, or of standard input where its name is `-`.

    Raises:
        InputError: the file cannot be read.
        LimitError: it is larger than `limit` bytes.
    """
    from aibom.formats.files import read_up_to

    data = sys.stdin.buffer.read(limit + 1) if name == "-" else read_up_to(Path(name), limit)
    if len(data) > limit:
        raise LimitError(f"{name}: larger than {limit:,} bytes", limit="file size", advice=advice)
    return data
