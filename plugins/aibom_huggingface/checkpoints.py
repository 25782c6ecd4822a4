"""Which weight files make up a checkpoint, and the tensor tables that were read from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aibom.errors import ReadError
from aibom.formats.paths import is_safe
from aibom.formats.safetensors import Header, Held, Index, read_headers
from aibom.formats.text import clean
from aibom.model import Depth, Locator, Observation, Stage, Unknown
from aibom.spi import View
from aibom_huggingface.archives import ARCHIVES, Table, read_table
from aibom_huggingface.indexes import Key, index_problems, read_indexes

OPAQUE = (".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".npz", ".nemo", ".pdparams", ".tflite")
"""Weight formats beside safetensors; the tables of those in `archives.ARCHIVES` are read."""

_AMBIGUOUS = (".bin", ".npz", ".tflite")
"""Endings that other data have too; they count only where the name speaks of a model."""
_WEIGHT_WORDS = re.compile(
    r"(?:^|[_.-])(?:model|weights?|consolidated|adapter|pytorch|diffusion|tf|flax|checkpoint|params|lora)",
    re.IGNORECASE,
)
_TRAINING_STATE = re.compile(
    r"(?:^|/)(?:training_args|optimizer|scheduler|scaler|rng_state\w*|random_states\w*|global_step\w*)(?:\.\w+$|/)"
)
_WHOLE_MODEL = re.compile(
    r"(?:pytorch_|diffusion_pytorch_|tf_|flax_)?model\b.*|consolidated\b.*|weights?\b.*|adapter_model\b.*"
)
_REST = "*"
"""The stem under which weight files of names of their own are grouped, where their tables are not read."""

_SHARD = re.compile(r"(?P<stem>.+?)[-_.](?P<number>\d{1,6})-of-(?P<total>\d{1,6})(?P<rest>\.[\w.]+)$")


@dataclass(frozen=True, slots=True)
class Row:
    """One tensor. `dtype`, `elements` and `shape` are None where they are not known."""

    name: str
    path: str
    dtype: str | None = None
    elements: int | None = None
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The weight files of one serialisation in one folder.

    Attributes:
        folder: path of the folder, empty for the root.
        stem: file name without shard number and extension (`model`, `consolidated`).
        files: weight files, sorted, whether read or not.
        rows: the tensor table, sorted by name.
        readable: the table is complete: no tensor of this checkpoint can be missing from `rows`.
        index: the index file, or None.
    """

    folder: str
    stem: str
    files: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    readable: bool = False
    index: str | None = None

    @property
    def form(self) -> str:
        """The ending of its files."""
        named = self.files[0] if self.files else (self.index or "").rpartition(".index")[0]
        return named.rpartition(".")[2].lower()

    @property
    def names(self) -> frozenset[str]:
        """Every tensor name."""
        return frozenset(row.name for row in self.rows)


@dataclass(frozen=True, slots=True)
class Tables:
    """All checkpoints of a target, with what could not be read and what does not fit together.

    `headers` are the safetensors headers by path, at depth `weights` alone: they tell where tensors lie.
    """

    checkpoints: tuple[Checkpoint, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    observations: tuple[Observation, ...] = ()
    headers: Mapping[str, Header | ReadError] = field(default_factory=dict)


def read_tables(view: View) -> Tables:
    """Reads every tensor table: indexes, then all safetensors headers in one batch, then archives."""
    grouped = _grouped(view.files)
    if view.depth is Depth.METADATA:
        return _untouched(grouped)
    indexes, unknowns = read_indexes(view)
    for key in indexes:
        grouped.setdefault(key, [])
    tensors = sorted(path for paths in grouped.values() for path in paths if path.endswith(".safetensors"))
    expected = {path: size for index in indexes.values() for path, size in index.headers.items()}
    headers = read_headers(view, [path for path in tensors if not view.files[path].lfs_pointer], expected)
    tables = {path: _table(header) for path, header in headers.items()}
    checkpoints: list[Checkpoint] = []
    for (folder, stem, form), paths in sorted(grouped.items()):
        if form in ARCHIVES:
            tables |= {path: read_table(view, path) for path in paths if not view.files[path].lfs_pointer}
        elif form != "safetensors":
            unknowns.append(_unread(paths, f"tensor table not read from .{form}"))
            checkpoints.append(Checkpoint(folder, stem, tuple(sorted(paths))))
            continue
        index = indexes.get((folder, stem, form))
        checkpoint, missing = _assembled(folder, stem, tuple(sorted(paths)), index, tables)
        checkpoints.append(checkpoint)
        unknowns += missing
    observations = (*_header_problems(headers), *index_problems(indexes.values(), tables, view))
    kept = headers if view.depth.samples else {}
    return Tables(tuple(checkpoints), tuple(unknowns), observations, kept)


def _grouped(paths: Mapping[str, object]) -> dict[Key, list[str]]:
    """The files of each checkpoint."""
    grouped: dict[Key, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        form = name.rpartition(".")[2].lower()
        opaque = _is_opaque(path, name, form)
        if form != "safetensors" and not opaque:
            continue
        shard = _SHARD.fullmatch(name)
        stem = shard["stem"] if shard else name.rpartition(".")[0]
        if opaque and form not in ARCHIVES and not names_whole_model(stem):
            stem = _REST
        grouped.setdefault((folder, stem, form), []).append(path)
    return grouped


def _is_opaque(path: str, name: str, form: str) -> bool:
    if f".{form}" not in OPAQUE or _TRAINING_STATE.search(path):
        return False
    return f".{form}" not in _AMBIGUOUS or _WEIGHT_WORDS.search(name) is not None


def names_whole_model(stem: str) -> bool:
    """Whether a weight file's name says no more than that it is the model."""
    return _WHOLE_MODEL.fullmatch(stem) is not None


def _untouched(grouped: Mapping[Key, Sequence[str]]) -> Tables:
    checkpoints = [
        Checkpoint(folder, stem, tuple(sorted(paths))) for (folder, stem, _), paths in sorted(grouped.items())
    ]
    unknowns = [
        Unknown(item.files[0], Stage.INSPECTION, "tensor table not read at depth metadata")
        for item in checkpoints
    ]
    return Tables(tuple(checkpoints), tuple(unknowns))


def _unread(paths: Sequence[str], reason: str) -> Unknown:
    more = f" (and of {len(paths) - 1} further shards)" if len(paths) > 1 else ""
    return Unknown(min(paths), Stage.INSPECTION, reason + more)


def _table(header: Header | ReadError) -> Table:
    if isinstance(header, ReadError):
        return Table(error=header)
    rows = tuple((item.name, item.dtype, item.elements) for item in header.tensors)
    total = sum(item.nbytes for item in header.tensors)
    return Table(
        rows,
        shapes={item.name: item.shape for item in header.tensors},
        held=Held(frozenset(item.name for item in header.tensors), (total, total)),
    )


def _assembled(
    folder: str,
    stem: str,
    paths: tuple[str, ...],
    index: Index | None,
    tables: Mapping[str, Table],
) -> tuple[Checkpoint, list[Unknown]]:
    read = {path: tables[path].rows for path in paths if path in tables and not tables[path].error}
    rows = [
        Row(name, path, dtype, elements, tables[path].shapes.get(name))
        for path in paths
        if path in tables
        for name, dtype, elements in tables[path].rows
    ]
    if index is not None:
        unread = {shard for shard in index.shards if shard not in read and is_safe(shard)}
        listed = {(row.name, row.path) for row in rows}
        named = {item for item in index.weight_map.items() if item[1] in unread}
        rows += [Row(name, shard) for name, shard in named - listed]
    missing = list(_missing_tables(paths, tables))
    readable = bool(rows) and (index is not None or not missing)
    ordered = tuple(sorted(rows, key=lambda row: (row.name, row.path)))
    return Checkpoint(folder, stem, paths, ordered, readable, index.path if index else None), missing


def _missing_tables(paths: Sequence[str], tables: Mapping[str, Table]) -> Iterator[Unknown]:
    """Tables of these shards that could not be read, and shards that their names promise."""
    for path in paths:
        if path in tables and (error := tables[path].error):
            yield Unknown(path, Stage.INSPECTION, clean(error.message.removeprefix(f"{path}: ")))
    if pointers := [path for path in paths if path not in tables]:
        yield _unread(pointers, "a Git-LFS pointer stands where the weights should be; tensor table not read")
    shards = [match for path in paths if (match := _SHARD.fullmatch(path.rpartition("/")[2]))]
    promised = max((int(match["total"]) for match in shards), default=0)
    if len(shards) < promised:
        yield Unknown(
            min(paths), Stage.INSPECTION, f"{len(shards)} of {promised:,} shards are here; the rest unread"
        )


def _header_problems(headers: Mapping[str, Header | ReadError]) -> tuple[Observation, ...]:
    return tuple(
        Observation("huggingface.header-problem", f"{path}: {problem}", locators=(Locator(path),))
        for path, header in headers.items()
        if isinstance(header, Header)
        for problem in header.problems
    )
