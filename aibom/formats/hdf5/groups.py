"""Members of groups: links within the header, or trees of symbols as older libraries write them.

Source: "HDF5 File Format Specification Version 3.0", sections III.A, III.B, III.D and IV.A.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.hdf5.headers import Message
from aibom.formats.hdf5.values import MAX_NAME, text
from aibom.formats.pages import Pages

MAX_NODES: Final = 50_000
_HARD, _EXTERNAL = 0, 64
_NOWHERE: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Link:
    """A member: an object of this file at `address`, or an object of another file."""

    name: str
    address: int | None
    external: bool = False


def link(pages: Pages, message: Message) -> Link:
    """The member that a link message names."""
    at, flags = message.at + 2, pages.number(message.at + 1, 1)
    kind = pages.number(at, 1) if flags & 8 else _HARD
    at += (1 if flags & 8 else 0) + (8 if flags & 4 else 0) + (1 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    length = pages.number(at, width)
    if length > MAX_NAME:
        raise LimitError(f"{pages.name}: a name of {length:,} bytes", limit="hdf5 name")
    at += width
    name = text(pages.take(at, length))
    return Link(name, pages.number(at + length, 8) if kind == _HARD else None, kind == _EXTERNAL)


def dense(pages: Pages, message: Message) -> bool:
    """Whether a link-info message says that the members lie in a heap, which is not walked."""
    flags = pages.number(message.at + 1, 1)
    return pages.number(message.at + 2 + (8 if flags & 1 else 0), 8) != _NOWHERE


def symbols(pages: Pages, message: Message) -> Iterator[Link]:
    """The members of a group with a tree of symbols."""
    tree, heap = pages.number(message.at, 8), pages.number(message.at + 8, 8)
    if pages.take(heap, 4) != b"HEAP":
        raise FormatError(f"{pages.name}: no heap of names stands at byte {heap:,}")
    size, names = pages.number(heap + 8, 8), pages.number(heap + 24, 8)
    for node in _leaves(pages, tree):
        if pages.take(node, 4) != b"SNOD":
            raise FormatError(f"{pages.name}: no list of members stands at byte {node:,}")
        for entry in range(pages.number(node + 6, 2)):
            at = node + 8 + 40 * entry
            offset = pages.number(at, 8)
            room = min(size - offset, MAX_NAME, pages.size - names - offset)
            if room <= 0:
                raise FormatError(f"{pages.name}: a member without a name")
            yield Link(text(pages.take(names + offset, room)), pages.number(at + 8, 8))


def _leaves(pages: Pages, tree: int) -> Iterator[int]:
    pending, seen = [tree], 0
    while pending:
        at = pending.pop()
        seen += 1
        if seen > MAX_NODES:
            raise LimitError(f"{pages.name}: over {MAX_NODES:,} nodes in one tree", limit="hdf5 nodes")
        if pages.take(at, 4) != b"TREE" or pages.number(at + 4, 1) != 0:
            raise FormatError(f"{pages.name}: no tree of members stands at byte {at:,}")
        children = [pages.number(at + 32 + 16 * child, 8) for child in range(pages.number(at + 6, 2))]
        if pages.number(at + 5, 1) == 0:
            yield from children
        else:
            pending.extend(reversed(children))
