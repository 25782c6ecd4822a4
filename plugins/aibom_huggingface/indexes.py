"""Indexes over the shards of a checkpoint, whatever its format, held against the tables of the shards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from aibom.errors import ReadError
from aibom.formats.safetensors import (
    Held,
    Index,
    IndexProblem,
    IndexProblemKind,
    check_index,
    read_index,
)
from aibom.formats.text import clean
from aibom.model import Locator, Observation, Severity, Stage, Unknown
from aibom.spi import View
from aibom_huggingface.archives import Table, index_name

INDEX_FILES: Final = tuple(
    f"**/*.{form}.index{variant}.json"
    for form in ("safetensors", "bin", "h5", "msgpack")
    for variant in ("", ".*")
)
"""As transformers and diffusers name them, with the variant (`fp16`) before the last ending."""
_NAME: Final = re.compile(
    r"(?P<stem>.+)\.(?P<form>safetensors|bin|h5|msgpack)\.index(?:\.(?P<variant>.+))?\.json"
)

Key = tuple[str, str, str]
"""Folder, stem and format of a checkpoint: what its shards share."""


def read_indexes(view: View) -> tuple[dict[Key, Index], list[Unknown]]:
    """Every index, its tensors named as the tables of its format name them, and those that are broken."""
    found: dict[Key, Index] = {}
    unknowns: list[Unknown] = []
    for path in view.glob(*INDEX_FILES):
        folder, _, name = path.rpartition("/")
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        stem = match["stem"] + (f".{match['variant']}" if match["variant"] else "")
        try:
            index = read_index(view, path)
        except ReadError as error:
            unknowns.append(Unknown(path, Stage.INSPECTION, clean(error.message)))
            continue
        renamed = {index_name(tensor, match["form"]): shard for tensor, shard in index.weight_map.items()}
        found[folder, stem, match["form"]] = replace(index, weight_map=renamed)
    return found, unknowns


def index_problems(
    indexes: Iterable[Index], tables: Mapping[str, Table], view: View
) -> Iterator[Observation]:
    """Indexes held against their shards. A pointer's table is not known, so it is left alone."""
    shards: dict[str, Held | ReadError] = {
        path: ReadError(path) for path, entry in view.files.items() if entry.lfs_pointer
    }
    shards |= {path: table.error or table.held for path, table in tables.items()}
    for index in indexes:
        problems = check_index(index, shards)
        missing = [item for item in problems if item.kind is IndexProblemKind.MISSING_SHARD]
        if missing:
            yield _observed(index, "missing-shard", _missing(missing))
        for item in problems:
            if item.kind is not IndexProblemKind.MISSING_SHARD:
                yield _observed(index, item.kind.value, f"{clean(item.path, 120)}: {item.statement}.")


def _missing(problems: Sequence[IndexProblem]) -> str:
    names = ", ".join(clean(item.path, 80) for item in problems[:4]) + (", …" if len(problems) > 4 else "")
    return f"The index places tensors in {len(problems)} shard(s) that are not there: {names}."


def _observed(index: Index, kind: str, statement: str) -> Observation:
    severity = Severity.MEDIUM if kind == IndexProblemKind.UNSAFE_SHARD.value else Severity.LOW
    place = Locator(index.path, key="weight_map")
    return Observation(f"huggingface.index-{kind}", statement, severity=severity, locators=(place,))
