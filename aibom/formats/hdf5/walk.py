"""The walk over an HDF5 file, from its superblock to every dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.cursor import UNKNOWN_SIZE
from aibom.formats.hdf5.groups import Link, dense, link, symbols
from aibom.formats.hdf5.headers import Kind, Message, messages
from aibom.formats.hdf5.values import attribute, dataspace, datatype
from aibom.formats.pages import Pages
from aibom.formats.tables import Row
from aibom.spi import View

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
MAX_OBJECTS: Final = 200_000
MAX_PATH: Final = 1_000
_ROOT: Final = {0: 64, 1: 68, 2: 36, 3: 36}
"""Version of the superblock to the place of the root group's address, with addresses of eight bytes."""
_WIDTHS: Final = {0: 13, 1: 13, 2: 9, 3: 9}
"""Version to the place of the widths of addresses and lengths."""

_END: Final = {0: 40, 1: 44, 2: 28, 3: 28}
"""Version of the superblock to the place of the address at which the file ends."""


@dataclass(slots=True)
class Hdf5:
    """What one file says.

    Attributes:
        rows: datasets by path, sorted; texts are left out.
        attributes: texts that the root group carries (`model_config`, `keras_version`).
        external: members and datasets whose data lies in other files, sorted.
        unread: groups whose members are stored in a form that is not walked, sorted.
        lacking: bytes that the file promises and does not have.
    """

    rows: list[Row] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    external: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    lacking: int = 0


def read_hdf5_file(view: View, path: str) -> Hdf5:
    """Describe one file; errors as `read_hdf5`."""
    return read_hdf5(Pages.of_file(view, path))


def read_hdf5(pages: Pages) -> Hdf5:
    """Describe one file, or the member of an archive that is one.

    Raises:
        FormatError: no such file, or an address that leads outside of it.
        LimitError: more objects than a model has.
        ReadError: the file cannot be read.
    """
    root, end = _superblock(pages)
    found = Hdf5(lacking=max(end - pages.size, 0) if pages.size != UNKNOWN_SIZE else 0)
    pending = [Link("", root)]
    opened: set[int] = set()
    while pending:
        item = pending.pop()
        if item.external:
            found.external.append(item.name)
        if item.address is None or item.address in opened:
            continue
        opened.add(item.address)
        if len(opened) > MAX_OBJECTS:
            raise LimitError(f"{pages.name}: over {MAX_OBJECTS:,} objects", limit="hdf5 objects")
        pending.extend(_object(pages, item.name, item.address, found))
    found.rows.sort(key=lambda row: row.name)
    found.external.sort()
    found.unread.sort()
    return found


def _superblock(pages: Pages) -> tuple[int, int]:
    """The address of the root group, and that of the file's end."""
    if pages.size < 48 or pages.take(0, 8) != SIGNATURE:
        raise FormatError(f"{pages.name}: no HDF5 file")
    version = pages.number(8, 1)
    if version not in _ROOT or pages.take(_WIDTHS[version], 2) != b"\x08\x08":
        raise FormatError(f"{pages.name}: a form of HDF5 that is not read")
    return pages.number(_ROOT[version], 8), pages.number(_END[version], 8)


def _object(pages: Pages, name: str, address: int, found: Hdf5) -> Iterator[Link]:
    """Notes what an object is; its members, where it is a group."""
    kind: str | None = None
    shape: tuple[int, ...] | None = None
    for message in messages(pages, address):
        yield from (_below(name, member) for member in _members(pages, message))
        if message.kind == Kind.LINK_INFO and dense(pages, message):
            found.unread.append(name or "/")
        elif message.kind == Kind.EXTERNAL:
            found.external.append(name)
        elif message.kind == Kind.DATATYPE:
            # A shared type stands in an object of its own; Keras and PyTorch write none.
            kind = "shared type" if message.shared else datatype(pages, message.at)
        elif message.kind == Kind.DATASPACE and not message.shared:
            shape = dataspace(pages, message.at)
        elif message.kind == Kind.ATTRIBUTE and not name and not message.shared:
            key, value = attribute(pages, message.at, message.size)
            if value is not None:
                found.attributes[key] = value
    if kind is not None and kind != "STRING" and shape is not None:
        found.rows.append(Row(name, kind, shape))


def _members(pages: Pages, message: Message) -> Iterator[Link]:
    """The members that one message of a group names."""
    if message.kind == Kind.GROUP:
        yield from symbols(pages, message)
    elif message.kind == Kind.LINK:
        yield link(pages, message)


def _below(name: str, member: Link) -> Link:
    path = f"{name}/{member.name}" if name else member.name
    return Link(path[:MAX_PATH], member.address, member.external)
