"""Elements of metadata arrays, read when they are wanted."""

from __future__ import annotations

from struct import Struct, unpack
from typing import Final

from aibom.errors import FormatError
from aibom.formats.gguf.model import Gguf, GgufArray
from aibom.formats.gguf.types import NUMBERS, ValueType
from aibom.spi import View

_LENGTH: Final = (Struct("<Q"), Struct(">Q"))


def read_numbers(view: View, file: Gguf, array: GgufArray) -> tuple[bool | int | float, ...]:
    """The elements of an array of numbers; those that were passed over are read now.

    Raises:
        FormatError: an array of anything else, or the file ends inside it.
        ReadError: the file cannot be read.
    """
    if array.element not in NUMBERS:
        raise FormatError(f"{file.path}: an array of {array.element.name} where numbers should be")
    if array.values is not None:
        return tuple(item for item in array.values if isinstance(item, int | float))
    return numbers_of(_read(view, file, array), array.element, array.count, big_endian=file.big_endian)


def read_strings(view: View, file: Gguf, array: GgufArray) -> tuple[bytes, ...]:
    """The elements of an array of strings; those that were passed over are read now.

    Raises:
        FormatError: an array of anything else, or the file ends inside it.
        ReadError: the file cannot be read.
    """
    if array.element is not ValueType.STRING:
        raise FormatError(f"{file.path}: an array of {array.element.name} where strings should be")
    if array.values is not None:
        return tuple(item for item in array.values if isinstance(item, bytes))
    data = _read(view, file, array)
    length_at = _LENGTH[file.big_endian].unpack_from
    found: list[bytes] = []
    at = 0
    while len(found) < array.count and at + 8 <= len(data):
        stop = at + 8 + length_at(data, at)[0]
        found.append(data[at + 8 : stop])
        at = stop
    if len(found) < array.count or at != len(data):
        raise FormatError(f"{file.path}: an array of strings changed while it was read")
    return tuple(found)


def numbers_of(
    data: bytes, kind: ValueType, count: int, *, big_endian: bool
) -> tuple[bool | int | float, ...]:
    """So many numbers of one type."""
    values = unpack(f"{'>' if big_endian else '<'}{count}{NUMBERS[kind][0]}", data)
    return tuple(map(bool, values)) if kind is ValueType.BOOL else values


def _read(view: View, file: Gguf, array: GgufArray) -> bytes:
    data = view.read(file.path, array.offset, array.nbytes)
    if len(data) < array.nbytes:
        raise FormatError(f"{file.path}: the file ends inside an array")
    return data
