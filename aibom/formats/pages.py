"""Bytes of a file in any order, over bounded range reads: pages that are kept."""

from __future__ import annotations

from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.cursor import Cursor, Fetch, file_size
from aibom.spi import View

PAGE: Final = 16 * 1024
MAX_PAGES: Final = 4_096
"""Pages of one file, 64 MiB; the descriptions of a model of 5,000 tensors take about 10 MiB."""
MAX_STEPS: Final = 1_000_000
"""Values that are looked at, since many offsets may lead to one long list; a tensor takes about 40."""


class Pages:
    """The bytes of one file, or of a member of an archive."""

    def __init__(self, fetch: Fetch, size: int, name: str) -> None:
        self._fetch = fetch
        self._pages: dict[int, bytes] = {}
        self._steps = 0
        self.size = size
        self.name = name

    @classmethod
    def of_file(cls, view: View, path: str) -> Pages:
        """Over a whole file."""
        return cls(lambda at, length: view.read(path, at, length), file_size(view, path), path)

    @classmethod
    def of_cursor(cls, cursor: Cursor) -> Pages:
        """Over what a cursor reads."""
        return cls(cursor.fetch, cursor.size, cursor.name)

    def number(self, at: int, width: int, *, signed: bool = False) -> int:
        """A little-endian integer."""
        return int.from_bytes(self.take(at, width), "little", signed=signed)

    def take(self, at: int, length: int) -> bytes:
        """`length` bytes at an offset.

        Raises:
            FormatError: they lie outside of the file.
            LimitError: more pages, or more reads, than a description takes.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise LimitError(f"{self.name}: over {MAX_STEPS:,} values", limit="values")
        if at < 0 or at + length > self.size:
            raise FormatError(f"{self.name}: an offset leads outside of the file, to byte {at:,}")
        page, inside = divmod(at, PAGE)
        data = self._page(page)[inside : inside + length]
        while len(data) < length:
            page += 1
            more = self._page(page)
            if not more:
                raise FormatError(f"{self.name}: truncated at byte {at:,}")
            data += more[: length - len(data)]
        return data

    def _page(self, page: int) -> bytes:
        held = self._pages.get(page)
        if held is None:
            if len(self._pages) >= MAX_PAGES:
                raise LimitError(f"{self.name}: over {MAX_PAGES:,} pages of description", limit="pages")
            start = page * PAGE
            wanted = min(PAGE, self.size - start)
            held = self._pages[page] = self._fetch(start, wanted) if wanted > 0 else b""
        return held
