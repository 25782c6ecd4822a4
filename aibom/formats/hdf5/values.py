"""Types, shapes and texts: what the messages of an HDF5 object hold.

Source: "HDF5 File Format Specification Version 3.0", sections III.E and IV.A.2.
"""

from __future__ import annotations

from typing import Final

from aibom.errors import FormatError
from aibom.formats.pages import Pages
from aibom.formats.tables import checked_shape

MAX_TEXT: Final = 16 * 1024 * 1024
"""Bytes of an attribute's text; Keras keeps the whole configuration in one."""
MAX_NAME: Final = 1_024
_FIXED, _FLOAT, _STRING, _COMPOUND, _ENUM, _VARIABLE = 0, 1, 3, 6, 8, 9
_SHORT_EXPONENT: Final = 5


def datatype(pages: Pages, at: int) -> str:
    """The element type in the words of safetensors where they have one."""
    kind, size = pages.number(at, 1) & 0x0F, pages.number(at + 4, 4)
    bits = size * 8
    if kind == _FIXED:
        return f"{'I' if pages.number(at + 1, 1) & 8 else 'U'}{bits}"
    if kind == _FLOAT:
        wide = size == 2 and pages.number(at + 13, 1) != _SHORT_EXPONENT
        return "BF16" if wide else f"F{bits}"
    if kind == _ENUM:
        return "BOOL" if size == 1 else f"ENUM{bits}"
    if kind == _COMPOUND and size in (8, 16):
        return f"C{bits}"
    return {_STRING: "STRING", _VARIABLE: "STRING"}.get(kind, f"class {kind}")


def dataspace(pages: Pages, at: int) -> tuple[int, ...] | None:
    """A shape; None for a space without elements."""
    version, rank = pages.number(at, 1), pages.number(at + 1, 1)
    if version not in (1, 2) or rank > 32:
        raise FormatError(f"{pages.name}: no shape stands at byte {at:,}")
    if version == 2 and pages.number(at + 3, 1) == 2:
        return None
    start = at + (8 if version == 1 else 4)
    return checked_shape([pages.number(start + 8 * axis, 8) for axis in range(rank)], pages.name)


def attribute(pages: Pages, at: int, size: int) -> tuple[str, str | None]:
    """Name of an attribute, and its value where that is one text."""
    version = pages.number(at, 1)
    if version not in (1, 2, 3):
        raise FormatError(f"{pages.name}: no attribute stands at byte {at:,}")
    lengths = [pages.number(at + 2 + 2 * field, 2) for field in range(3)]
    # The first version pads name, type and shape to eight bytes each.
    named, typed, spaced = [-(-length // 8) * 8 for length in lengths] if version == 1 else lengths
    start = at + (9 if version == 3 else 8)
    name = text(pages.take(start, min(lengths[0], MAX_NAME)))
    kind_at, space_at = start + named, start + named + typed
    value_at = space_at + spaced
    if value_at > at + size or lengths[1] < 8 or dataspace(pages, space_at) != ():
        return name, None
    return name, _text_value(pages, kind_at, value_at, at + size - value_at)


def _text_value(pages: Pages, kind_at: int, value_at: int, room: int) -> str | None:
    kind, length = pages.number(kind_at, 1) & 0x0F, pages.number(kind_at + 4, 4)
    if kind == _STRING and length <= room:
        return text(pages.take(value_at, length))
    if kind == _VARIABLE and room >= 16:
        wanted, heap, index = (pages.number(value_at + at, width) for at, width in ((0, 4), (4, 8), (12, 4)))
        return text(_heap_object(pages, heap, index)[:wanted])
    return None


def _heap_object(pages: Pages, heap: int, index: int) -> bytes:
    """An object of a global heap: index, count of references, four bytes, length, data padded to eight."""
    if pages.take(heap, 4) != b"GCOL":
        raise FormatError(f"{pages.name}: no heap stands at byte {heap:,}")
    at, end = heap + 16, heap + pages.number(heap + 8, 8)
    while at + 16 <= end:
        found, length = pages.number(at, 2), pages.number(at + 8, 8)
        if found == index:
            if length > MAX_TEXT:
                raise FormatError(f"{pages.name}: an attribute of {length:,} bytes")
            return pages.take(at + 16, length)
        if found == 0:
            break
        at += 16 + -(-length // 8) * 8
    raise FormatError(f"{pages.name}: a text that is not in its heap")


def text(data: bytes) -> str:
    """Text up to the first zero."""
    return data.partition(b"\0")[0].decode("utf-8", "replace")
