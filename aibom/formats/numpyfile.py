"""NumPy arrays: the header of `.npy` files, alone and as members of `.npz`. No data is read.

Source: `numpy/lib/format.py` (NEP 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from aibom.errors import ReadError
from aibom.formats.cursor import Cursor
from aibom.formats.pickle import Pickle, read_pickle
from aibom.formats.pytorch.rebuild import numpy_dtype
from aibom.formats.tables import Row, checked_shape
from aibom.formats.zip import Archive, read_archive
from aibom.spi import View

MAGIC: Final = b"\x93NUMPY"
MAX_HEADER: Final = 10_000
"""Characters of a header; NumPy's own bound."""
_TYPE: Final = re.compile(r"""['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))""")
_SHAPE: Final = re.compile(r"""['"]shape['"]\s*:\s*\(([0-9,\sL]*)\)""")
_WIDTH: Final = re.compile(r"[FIUC](\d+)")
_SIZE: Final = re.compile(r"[0-9]{1,19}L?")
"""The two keys of the header's dict that are wanted; it is a Python literal, and is not evaluated."""
MAX_MEMBER: Final = 32 * 1024 * 1024
"""Bytes of a compressed member, which has to be inflated whole."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of one file.

    `pickles` are those of object arrays, with the array's name; `archive` is the directory of an `.npz`.
    """

    rows: tuple[Row, ...]
    pickles: tuple[tuple[str, Pickle], ...] = ()
    archive: Archive | None = None
    error: ReadError | None = None


def read_arrays(view: View, path: str) -> Arrays:
    """Describe an `.npy` or `.npz` file.

    Raises:
        FormatError: neither of them.
        LimitError, ReadError: as `read_archive`.
    """
    if view.read(path, 0, 4) != b"PK\3\4":
        cursor = Cursor.of_file(view, path)
        row, objects = _header(cursor, path.rpartition("/")[2].removesuffix(".npy"))
        if objects:
            return Arrays((row,), ((row.name, _pickle(cursor)),))
        return Arrays((row,), error=cursor.error("truncated") if _nbytes(row) > cursor.left else None)
    archive = read_archive(view, path)
    rows, pickles, errors = list[Row](), list[tuple[str, Pickle]](), list[ReadError]()
    for name, entry in sorted(archive.names.items()):
        if not name.endswith(".npy"):
            continue
        try:
            row, objects = _header(archive.open(entry, limit=MAX_MEMBER, head=MAX_HEADER + 16), name[:-4])
            rows.append(row)
            if objects:
                whole = archive.open(entry, limit=MAX_MEMBER)
                _header(whole, name)
                pickles.append((name, _pickle(whole)))
        except ReadError as error:
            errors.append(error)
    return Arrays(tuple(rows), tuple(pickles), archive, errors[0] if errors else None)


def _pickle(cursor: Cursor) -> Pickle:
    """Without its object, of which nothing is wanted."""
    return replace(read_pickle(cursor), value=None)


def _nbytes(row: Row) -> int:
    """Bytes of the data; 0 for types whose width the name does not tell."""
    width = _WIDTH.fullmatch(row.dtype)
    return row.elements * int(width[1]) // 8 if width else 0


def _header(cursor: Cursor, name: str) -> tuple[Row, bool]:
    """Name, type and shape of one array, and whether it is one of objects, whose data is a pickle."""
    if cursor.take(6) != MAGIC:
        raise cursor.error("no NumPy array")
    major = cursor.unsigned(2) & 0xFF
    if major not in (1, 2, 3):
        raise cursor.error(f"NumPy format {major}, which is not known")
    length = cursor.unsigned(2 if major == 1 else 4)
    if length > MAX_HEADER:
        raise cursor.error(f"a header of {length:,} bytes")
    text = cursor.take(length).decode("utf-8", "replace")
    code, shape = _TYPE.search(text), _SHAPE.search(text)
    if code is None or shape is None:
        raise cursor.error("a header without type or shape")
    sizes = [size.strip() for size in shape[1].split(",") if size.strip()]
    if not all(_SIZE.fullmatch(size) for size in sizes):
        raise cursor.error("a header without a shape")
    row = Row(
        name,
        "structured" if code[2] else numpy_dtype(code[1]),
        checked_shape([int(size.removesuffix("L")) for size in sizes], cursor.name),
    )
    return row, bool(code[2] and "O" in text) or code[1] in ("|O", "O", "<O", ">O")
