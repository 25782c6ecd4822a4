"""On which line of a YAML (or JSON) text each value stands: for messages about files that people write."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

import yaml

from aibom.formats.yaml import MAX_NESTING, MAX_VALUES

Path = tuple[str | int, ...]

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class _Open:
    """A collection that is not closed yet, and where its next value stands."""

    path: Path
    mapping: bool
    key: str | None = None
    count: int = 0

    def next(self) -> Path | None:
        """The path of the value that begins, or None where a key does."""
        if not self.mapping:
            self.count += 1
            return (*self.path, self.count - 1)
        if self.key is None:
            return None
        path, self.key = (*self.path, self.key), None
        return path


class Lines:
    """Lines, counted from 1, by the path of keys and indices that leads to a value."""

    def __init__(self, text: str) -> None:
        """Of the first document of a text. A text that is no YAML has lines up to the fault."""
        found: dict[Path, int] = {}
        repeated: list[tuple[Path, int]] = []
        with suppress(yaml.YAMLError, ValueError):  # the reader of the values tells
            _walk(text, found, repeated)
        self._lines = MappingProxyType(found)
        self.repeated = tuple(repeated)
        """Keys that a mapping has more than once, of which readers keep the last; with their later lines."""

    def of(self, path: Sequence[str | int]) -> int:
        """The line of a value's key, or of the nearest value above it that has one."""
        place = tuple(path)
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def _walk(text: str, found: dict[Path, int], repeated: list[tuple[Path, int]]) -> None:
    stack: list[_Open] = []
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.DocumentEndEvent) or len(found) > MAX_VALUES or len(stack) > MAX_NESTING:
            return
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent) and not _enter(event, stack, found, repeated):
            return


def _enter(
    event: yaml.NodeEvent, stack: list[_Open], found: dict[Path, int], repeated: list[tuple[Path, int]]
) -> bool:
    """Note where a value or key begins; False for a key that is no word, which has no path."""
    line = event.start_mark.line + 1 if event.start_mark else 1
    path: Path | None = stack[-1].next() if stack else ()
    if path is None:
        if not isinstance(event, yaml.ScalarEvent):
            return False
        stack[-1].key = str(event.value)
        place = (*stack[-1].path, str(event.value))
        if place in found:
            repeated.append((place, line))
        found[place] = line
        return True
    found.setdefault(path, line)
    if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        stack.append(_Open(path, isinstance(event, yaml.MappingStartEvent)))
    return True


def meant(word: str, known: Sequence[str]) -> str:
    """`; did you mean …?` where a known word is close, else nothing."""
    close = get_close_matches(word[:100], known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""
