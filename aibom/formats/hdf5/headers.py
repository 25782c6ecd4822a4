"""Object headers: the messages of which every group and dataset of an HDF5 file is made.

Source: "HDF5 File Format Specification Version 3.0", sections IV.A.1 and IV.A.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.pages import Pages

MAX_MESSAGES: Final = 20_000
"""Messages of one object; a group of Keras has an attribute for each list of names."""
MAX_BLOCKS: Final = 1_000


class Kind(IntEnum):
    """Messages that a description needs."""

    DATASPACE = 0x01
    LINK_INFO = 0x02
    DATATYPE = 0x03
    LINK = 0x06
    EXTERNAL = 0x07
    ATTRIBUTE = 0x0C
    CONTINUATION = 0x10
    GROUP = 0x11


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `size` bytes at `at`. A shared one stands elsewhere and is not followed."""

    kind: int
    at: int
    size: int
    shared: bool


def messages(pages: Pages, address: int) -> Iterator[Message]:
    """The messages of the object at an address, continuations followed.

    Raises:
        FormatError: no object stands there.
        LimitError: more messages or blocks than an object has.
    """
    if pages.take(address, 4) == b"OHDR":
        blocks, order = [_second(pages, address)], bool(pages.number(address + 5, 1) & 4)
        head = 6 if order else 4
    elif pages.number(address, 1) == 1:
        blocks, head = [(address + 16, pages.number(address + 8, 4))], 8
    else:
        raise FormatError(f"{pages.name}: no object stands at byte {address:,}")
    count = 0
    for number, (start, length) in enumerate(blocks):
        if number >= MAX_BLOCKS:
            raise LimitError(f"{pages.name}: an object in over {MAX_BLOCKS:,} blocks", limit="hdf5 blocks")
        at, end = start, start + length
        while at + head <= end:
            message = _message(pages, at, head)
            count += 1
            if count > MAX_MESSAGES:
                raise LimitError(f"{pages.name}: over {MAX_MESSAGES:,} messages", limit="hdf5 messages")
            if message.kind == Kind.CONTINUATION:
                blocks.append(_continued(pages, message.at, head))
            elif message.at + message.size <= end:
                yield message
            at = message.at + message.size


def _second(pages: Pages, address: int) -> tuple[int, int]:
    """Where the messages of a header of the second version lie; its flags tell what stands before."""
    flags = pages.number(address + 5, 1)
    at = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    return at + width, pages.number(at, width)


def _message(pages: Pages, at: int, head: int) -> Message:
    """Headers of the first version take eight bytes, of the second four, or six with an order."""
    if head == 8:
        kind, size, flags = pages.number(at, 2), pages.number(at + 2, 2), pages.number(at + 4, 1)
    else:
        kind, size, flags = pages.number(at, 1), pages.number(at + 1, 2), pages.number(at + 3, 1)
    return Message(kind, at + head, size, bool(flags & 2))


def _continued(pages: Pages, at: int, head: int) -> tuple[int, int]:
    start, length = pages.number(at, 8), pages.number(at + 8, 8)
    if head == 8:
        return start, length
    if pages.take(start, 4) != b"OCHK" or length < 8:
        raise FormatError(f"{pages.name}: a broken continuation at byte {start:,}")
    return start + 4, length - 8
