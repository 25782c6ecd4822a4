"""Files that together are one model: `name-00001-of-00003.gguf`, as llama.cpp's gguf-split writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aibom.errors import ReadError
from aibom.formats.gguf.header import FIRST_READ, read_headers
from aibom.formats.gguf.model import Gguf, GgufTensor
from aibom.spi import View

SHARD_READ: Final = 16 * 1024
"""Bytes of the first read of a shard past the first, which repeats no metadata."""
_SPLIT: Final = re.compile(r"(?P<name>.+)-(?P<number>\d{5})-of-(?P<total>\d{5})\.gguf", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GgufModel:
    """One model, in one file or in several.

    Attributes:
        name: path without the number of the shard and the extension.
        shards: the headers that were read, in order; the first of them has the metadata.
        files: every file of it in the target, in order, whether it could be read or not.
        missing: number of shards that the names promise and the target lacks.
        errors: (path, error) of files that could not be read.
        problems: how shards and their metadata disagree, one sentence each.
    """

    name: str
    shards: tuple[Gguf, ...]
    files: tuple[str, ...]
    missing: int = 0
    errors: tuple[tuple[str, ReadError], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def head(self) -> Gguf:
        """The header with the metadata."""
        return self.shards[0]

    @property
    def complete(self) -> bool:
        """Whether every tensor table was read."""
        return not self.missing and not self.errors

    def tensors(self) -> Iterator[tuple[Gguf, GgufTensor]]:
        """Every tensor, with the file that holds it."""
        return ((shard, tensor) for shard in self.shards for tensor in shard.tensors)


def read_models(
    view: View, paths: Sequence[str]
) -> tuple[tuple[GgufModel, ...], tuple[tuple[str, ReadError], ...]]:
    """The models in these files, sorted by name, and the errors of files of which no model remains."""
    later = [path for path in paths if _number(path) > 1]
    headers = {
        **read_headers(view, [path for path in paths if path not in set(later)], first_read=FIRST_READ),
        **read_headers(view, later, first_read=SHARD_READ),
    }
    groups: dict[tuple[str, int], dict[int, str]] = {}
    for path in sorted(paths):
        match = _SPLIT.fullmatch(path)
        key = (match["name"], int(match["total"])) if match else (path[: -len(".gguf")], 1)
        groups.setdefault(key, {})[_number(path)] = path
    models: list[GgufModel] = []
    lost: list[tuple[str, ReadError]] = []
    for (name, total), shards in sorted(groups.items()):
        model = _assembled(name, total, shards, headers)
        models += [model] if model.shards else []
        lost += () if model.shards else model.errors
    return tuple(models), tuple(lost)


def _number(path: str) -> int:
    match = _SPLIT.fullmatch(path)
    return int(match["number"]) if match else 1


def _assembled(
    name: str, total: int, paths: Mapping[int, str], headers: Mapping[str, Gguf | ReadError]
) -> GgufModel:
    read: dict[int, Gguf] = {}
    errors: list[tuple[str, ReadError]] = []
    for number, path in sorted(paths.items()):
        header = headers[path]
        if isinstance(header, ReadError):
            errors.append((path, header))
        else:
            read[number] = header
    model = GgufModel(
        name=name,
        shards=tuple(read.values()),
        files=tuple(path for _, path in sorted(paths.items())),
        missing=max(total - len(paths), 0),
        errors=tuple(errors),
    )
    return replace(model, problems=tuple(_problems(model, total, read))) if read and total > 1 else model


def _problems(model: GgufModel, total: int, read: Mapping[int, Gguf]) -> Iterator[str]:
    """Holds `split.*` of the metadata against the files' names."""
    for number, shard in read.items():
        stated, place = shard.integer("split.count"), shard.integer("split.no")
        if stated is not None and stated != total:
            yield f"{shard.path} is one of {stated:,} by its metadata and of {total:,} by its name"
        if place is not None and place != number - 1:
            yield f"{shard.path} is number {place + 1:,} by its metadata and {number:,} by its name"
    promised = model.head.integer("split.tensors.count")
    found = sum(len(shard.tensors) for shard in model.shards)
    if model.complete and promised is not None and promised != found:
        yield f"{promised:,} tensors are promised and {found:,} are in the shards"
