"""One local folder as a View, and the best of some runs: what the benchmarks of readers share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aibom.errors import ReadError
from aibom.formats.paths import matching
from aibom.model import Depth, FileEntry
from aibom.spi import Range


class FolderView:
    """The files of a folder; `bytes` counts what was read."""

    depth = Depth.HEADERS
    read_ahead = 16 * 1024

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files = {path.name: FileEntry(path.name, path.stat().st_size) for path in folder.iterdir()}
        self.bytes = 0

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        with (self._folder / path).open("rb", buffering=0) as file:
            file.seek(offset)
            data = file.read(-1 if length is None else length)
        self.bytes += len(data)
        return data

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        return [self.read(item.path, item.offset, item.length) for item in ranges]

    def glob(self, *patterns: str) -> tuple[str, ...]:
        return matching(self.files, patterns)


def best(work: Callable[[], Any], runs: int = 5) -> float:
    """The best wall time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
