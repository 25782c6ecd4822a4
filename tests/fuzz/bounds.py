"""A target in memory that notes every read which leaves the file that it is asked of."""

from __future__ import annotations

from collections.abc import Mapping

from aibom.formats.text import MAX_JSON
from aibom.sources.memory import MemoryView

LOOK_AHEAD = MAX_JSON + 1
"""Bytes that a reader may ask for before it knows how many there are: the largest bound on a whole file."""


class BoundedView(MemoryView):
    """Remembers in `outside` which reads began outside their file, or asked for more than any reader may."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        super().__init__(contents)
        self.outside: list[str] = []

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """As MemoryView; the request is judged, not what came of it."""
        size = len(self._contents.get(path, b""))
        wanted = size - offset if length is None else length
        past_end = offset + wanted > size and wanted > LOOK_AHEAD
        if not 0 <= offset <= size or wanted < 0 or past_end:
            self.outside.append(f"{wanted:,} bytes at {offset:,} were asked of {path}, which has {size:,}")
        return super().read(path, offset, length)
