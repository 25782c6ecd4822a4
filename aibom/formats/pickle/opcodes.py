"""Opcodes of a pickle with their arguments, decoded one after the other within bounds.

Which argument follows which opcode is taken from the standard library's `pickletools`.
"""

from __future__ import annotations

import pickletools
import re
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

from aibom.errors import LimitError
from aibom.formats.cursor import Cursor
from aibom.formats.pickle.values import Blob

MAX_OPCODES: Final = 1_000_000
"""Opcodes of one pickle; a tensor of a checkpoint takes about 40."""
MAX_KEPT: Final = 16 * 1024
"""Bytes of a string that is kept; a longer one is passed over, as is the data of an array."""
MAX_DIGITS: Final = 256
"""Digits or bytes of an integer."""

_ESCAPE: Final = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_PLAIN: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r"}

Argument = Callable[[Cursor], Any]


def opcodes(cursor: Cursor) -> Iterator[tuple[str, Any]]:
    """Name and argument of each opcode up to STOP.

    Raises:
        FormatError: an unknown opcode, a malformed argument, or truncated.
        LimitError: more opcodes, or longer numbers, than a pickle of weights has.
    """
    for _ in range(MAX_OPCODES):
        code = cursor.byte()
        known = _TABLE.get(code)
        if known is None:
            raise cursor.error(f"no opcode of a pickle: {code:#04x}")
        name, read = known
        try:
            argument = read(cursor) if read else None
        except (ValueError, OverflowError):
            raise cursor.error(f"malformed argument of {name}") from None
        yield name, argument
        if name == "STOP":
            return
    raise LimitError(f"{cursor.name}: over {MAX_OPCODES:,} opcodes in one pickle", limit="pickle opcodes")


def _sized(width: int, decode: Callable[[bytes], Any]) -> Argument:
    """An argument that is preceded by its length in `width` bytes."""

    def read(cursor: Cursor) -> Any:
        length = cursor.unsigned(width)
        if length > MAX_KEPT:
            cursor.skip(length)
            return Blob(length)
        return decode(cursor.take(length))

    return read


def _number(width: int, signed: bool = False) -> Argument:
    return lambda cursor: int.from_bytes(cursor.take(width), "little", signed=signed)


def _long(width: int) -> Argument:
    def read(cursor: Cursor) -> int:
        length = cursor.unsigned(width)
        if length > MAX_DIGITS:
            raise LimitError(f"{cursor.name}: an integer of {length:,} bytes", limit="integer length")
        return int.from_bytes(cursor.take(length), "little", signed=True)

    return read


def _decimal(cursor: Cursor) -> int | bool:
    digits = cursor.line().removesuffix(b"L")
    if digits in (b"00", b"01"):
        return digits == b"01"
    if len(digits) > MAX_DIGITS:
        raise LimitError(f"{cursor.name}: an integer of {len(digits):,} digits", limit="integer length")
    return int(digits)


def _quoted(cursor: Cursor) -> str:
    body = cursor.line().strip()
    if len(body) < 2 or body[:1] not in (b"'", b'"') or body[-1:] != body[:1]:
        raise ValueError(body)
    return _ESCAPE.sub(_escaped, body[1:-1]).decode("latin-1")


def _escaped(found: re.Match[bytes]) -> bytes:
    mark = found[1]
    if mark[:1] == b"x" and len(mark) == 3:
        return bytes.fromhex(mark[1:].decode())
    if mark.isdigit() and mark[:1] < b"8":
        return bytes((int(mark, 8) & 0xFF,))
    return _PLAIN.get(mark, mark)


def _names(cursor: Cursor) -> tuple[str, str]:
    return cursor.line().decode("utf-8", "replace"), cursor.line().decode("utf-8", "replace")


def _utf8(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _latin(data: bytes) -> str:
    return data.decode("latin-1")


_READERS: Final[dict[str, Argument]] = {
    "uint1": _number(1),
    "uint2": _number(2),
    "uint4": _number(4),
    "uint8": _number(8),
    "int4": _number(4, signed=True),
    "float8": lambda cursor: struct.unpack(">d", cursor.take(8))[0],
    "floatnl": lambda cursor: float(cursor.line()),
    "decimalnl_short": _decimal,
    "decimalnl_long": _decimal,
    "long1": _long(1),
    "long4": _long(4),
    "stringnl": _quoted,
    "stringnl_noescape": lambda cursor: cursor.line().decode("utf-8", "replace"),
    "stringnl_noescape_pair": _names,
    "unicodestringnl": lambda cursor: cursor.line().decode("raw-unicode-escape"),
    "string1": _sized(1, _latin),
    "string4": _sized(4, _latin),
    "unicodestring1": _sized(1, _utf8),
    "unicodestring4": _sized(4, _utf8),
    "unicodestring8": _sized(8, _utf8),
    "bytes1": _sized(1, bytes),
    "bytes4": _sized(4, bytes),
    "bytes8": _sized(8, bytes),
    "bytearray8": _sized(8, bytes),
}
_TABLE: Final[dict[int, tuple[str, Argument | None]]] = {
    ord(known.code): (known.name, _READERS[known.arg.name] if known.arg else None)
    for known in pickletools.opcodes
}
