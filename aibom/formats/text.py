"""Text, JSON and YAML out of hostile files: whole files read within bounds, then decoded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

import msgspec

from aibom.errors import FormatError, LimitError, ReadError
from aibom.formats.lfs import parse_pointer
from aibom.formats.values import (
    JsonValue,
    as_bool,
    as_dict,
    as_float,
    as_int,
    as_list,
    as_str,
    clean,
    line_of,
    strings,
)
from aibom.formats.yaml import front_matter, read_yaml
from aibom.spi import Range, View

__all__ = [
    "JsonValue",
    "as_bool",
    "as_dict",
    "as_float",
    "as_int",
    "as_list",
    "as_str",
    "clean",
    "front_matter",
    "line_of",
    "parse_json",
    "read_bytes",
    "read_files",
    "read_json",
    "read_text",
    "read_yaml",
    "strings",
    "utf8",
]

MAX_TEXT = 16 * 1024 * 1024
"""Bytes of a text file that are read; the longest real model cards stay under 1 MiB."""
MAX_JSON = 64 * 1024 * 1024
"""Bytes of a JSON file that are read; real tokenizers reach about 35 MiB."""
MAX_NESTING = 200
"""Levels of lists and objects; real configurations stay under 20."""

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_files(view: View, paths: Sequence[str], *, limit: int) -> dict[str, bytes | ReadError]:
    """Whole files in one batch, each with its bytes or its error; never more than `limit` bytes of one.

    A file whose known size passes the limit is not read at all. A Git-LFS pointer is an error.
    """
    sizes = {path: entry.size if (entry := view.files.get(path)) else None for path in paths}
    wanted = [Range(path, 0, size or limit + 1) for path, size in sizes.items() if (size or 0) <= limit]
    found = dict(zip((item.path for item in wanted), view.read_many(wanted) if wanted else (), strict=True))
    return {path: _whole(path, found.get(path), limit) for path in sizes}


def _whole(path: str, data: bytes | ReadError | None, limit: int) -> bytes | ReadError:
    if data is None or (isinstance(data, bytes) and len(data) > limit):
        return LimitError(f"{path}: larger than {limit:,} bytes", limit="file size")
    if isinstance(data, bytes) and parse_pointer(data) is not None:
        return ReadError(f"{path}: a Git-LFS pointer stands where the content should be")
    return data


def read_bytes(view: View, path: str, *, limit: int) -> bytes:
    """One whole file.

    Raises:
        LimitError: the file is longer than `limit`.
        ReadError: the file cannot be read, or is a Git-LFS pointer.
    """
    data = read_files(view, [path], limit=limit)[path]
    if isinstance(data, ReadError):
        raise data
    return data


def read_text(view: View, path: str, *, limit: int = MAX_TEXT) -> str:
    """A UTF-8 text file; its byte order mark is dropped, undecodable bytes become U+FFFD.

    Raises:
        LimitError, ReadError: as `read_bytes`.
        FormatError: the file is UTF-16 or UTF-32.
    """
    return utf8(read_bytes(view, path, limit=limit), path).decode("utf-8", errors="replace")


def read_json(view: View, path: str, *, limit: int = MAX_JSON) -> JsonValue:
    """A JSON file; see `parse_json`.

    Raises:
        LimitError, ReadError: as `read_bytes`.
        FormatError: as `parse_json`.
    """
    return parse_json(read_bytes(view, path, limit=limit), path)


def parse_json(data: bytes, path: str) -> JsonValue:
    """The value of a JSON text. Of a repeated key the last one counts, as in every common reader.

    `NaN` and `Infinity`, which Python writes into configurations though JSON knows neither, are read.

    Raises:
        FormatError: no JSON, not UTF-8, or more than `MAX_NESTING` levels.
    """
    body = utf8(data, path)
    try:
        value = cast(JsonValue, msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        value = _lenient_json(body, path, error)
    except RecursionError:
        raise FormatError(f"{path}: JSON nested deeper than {MAX_NESTING} levels") from None
    if body.count(b"[") + body.count(b"{") > MAX_NESTING and _depth(value) > MAX_NESTING:
        raise FormatError(f"{path}: JSON nested deeper than {MAX_NESTING} levels")
    return value


def _lenient_json(body: bytes, path: str, first: Exception) -> JsonValue:
    """What the strict parser refuses and Python writes: NaN, Infinity, numbers out of range."""
    refusal = FormatError(f"{path}: not valid JSON: {clean(str(first), 160)}")
    if b"NaN" not in body and b"Infinity" not in body and not isinstance(first, msgspec.ValidationError):
        raise refusal from None
    try:
        value = cast(JsonValue, json.loads(body.decode("utf-8")))
        msgspec.json.encode(value)  # lone surrogates pass the parser and can be written nowhere
    except (ValueError, RecursionError):
        raise refusal from None
    return value


def _depth(value: JsonValue) -> int:
    """Levels of nesting, counted without recursion."""
    depth = 0
    level = [value] if isinstance(value, (list, dict)) else []
    while level and depth <= MAX_NESTING:
        depth += 1
        children = (child for item in level for child in (item.values() if isinstance(item, dict) else item))
        level = [child for child in children if isinstance(child, (list, dict))]
    return depth


def utf8(data: bytes, path: str) -> bytes:
    """The bytes without a byte order mark.

    Raises:
        FormatError: the mark is that of UTF-16 or UTF-32.
    """
    if data.startswith(_BOM):
        return data[len(_BOM) :]
    if data.startswith(_WIDE_BOMS):
        raise FormatError(f"{path}: text in UTF-16 or UTF-32; UTF-8 is needed")
    return data
