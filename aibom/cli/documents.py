"""Reading a BOM that the user names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from aibom.errors import FormatError, InputError, LimitError

MAX_BOM = 256 * 1024 * 1024
"""Bytes of a BOM that are read; one of 2,000 components has about 5 MB."""


def read_document(name: str) -> dict[str, Any]:
    """The JSON object that a file or standard input holds.

    Raises:
        InputError: the file cannot be read, is too large, or holds no JSON object.
    """
    from aibom.formats.text import parse_json

    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BOM + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BOM + 1)
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}", advice="Check the file's name."
        ) from error
    advice = "Give a CycloneDX document in JSON."
    if len(data) > MAX_BOM:
        raise LimitError(f"{name}: larger than {MAX_BOM:,} bytes", limit="file size", advice=advice)
    try:
        document = parse_json(data, name)
    except FormatError as error:
        raise FormatError(error.message, advice=advice) from error
    if not isinstance(document, dict):
        raise FormatError(f"{name}: no JSON object", advice=advice)
    return document
