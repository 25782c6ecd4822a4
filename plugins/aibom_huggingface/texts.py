"""All small text files of a target, fetched in one batch and served from memory."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence

from aibom.model import Depth, FileEntry
from aibom.spi import Range, ReadError, View

MAX_SMALL = 4 * 1024 * 1024
"""Bytes of a file that is fetched ahead; larger ones are read by whoever needs them."""
MAX_AHEAD = 64 * 1024 * 1024
"""Bytes that are fetched ahead in all."""


class Prefetched:
    """A View that answers whole small files from one batch, and passes every other read on."""

    def __init__(self, view: View, paths: Sequence[str]) -> None:
        self._view = view
        chosen = _affordable(view.files, paths)
        answers = (
            view.read_many([Range(path, 0, length) for path, length in chosen.items()]) if chosen else ()
        )
        self._held = {
            path: answer
            for path, answer in zip(chosen, answers, strict=True)
            if isinstance(answer, ReadError) or len(answer) <= MAX_SMALL
        }

    @property
    def files(self) -> Mapping[str, FileEntry]:
        """As the view's."""
        return self._view.files

    @property
    def depth(self) -> Depth:
        """As the view's."""
        return self._view.depth

    @property
    def read_ahead(self) -> int:
        """As the view's."""
        return self._view.read_ahead

    @property
    def shared(self) -> MutableMapping[tuple[object, str], object]:
        """As the view's."""
        return self._view.shared

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """From the batch where the file is in it. Raises as the view does."""
        held = self._held.get(path)
        if held is None:
            return self._view.read(path, offset, length)
        if isinstance(held, ReadError):
            raise held
        return held[offset:] if length is None else held[offset : offset + length]

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """From the batch where possible, the rest in one batch of the view."""
        missing = [item for item in ranges if item.path not in self._held]
        fetched = iter(self._view.read_many(missing) if missing else ())
        return [self._from_batch(item) if item.path in self._held else next(fetched) for item in ranges]

    def _from_batch(self, item: Range) -> bytes | ReadError:
        try:
            return self.read(item.path, item.offset, item.length)
        except ReadError as error:
            return error

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """As the view's."""
        return self._view.glob(*patterns)


def _affordable(files: Mapping[str, FileEntry], paths: Sequence[str]) -> dict[str, int]:
    """The files that fit the bounds, with the bytes to ask for; one of unknown size is tried."""
    chosen: dict[str, int] = {}
    spent = 0
    for path in paths:
        size = files[path].size
        length = MAX_SMALL + 1 if size is None else size
        if (size is not None and size > MAX_SMALL) or spent + (size or 0) > MAX_AHEAD:
            continue
        spent += size or 0
        chosen[path] = length
    return chosen
