"""The index over weight shards: `*.safetensors.index.json`, and the same beside other formats.

`pytorch_model.bin.index.json`, `tf_model.h5.index.json` and `flax_model.msgpack.index.json` have its form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

import msgspec

from aibom.errors import FormatError, ReadError
from aibom.formats.paths import is_safe
from aibom.formats.text import MAX_JSON, as_dict, as_int, clean, parse_json, read_bytes, utf8
from aibom.spi import View

LEAST_HEADER = 512
"""Bytes of a header beside its entries: length, metadata, padding."""
ENTRY = 104
"""Bytes of an entry beside its name: type, three dimensions, offsets of twelve digits."""
MAX_EXPECTED = 8 << 20
"""Bytes that an index can make a reader ask for before the header itself tells its length."""


@dataclass(frozen=True, slots=True)
class Index:
    """Which shard holds which tensor.

    Attributes:
        weight_map: tensor name to shard path in the target (the index's own folder put before it).
        total_size: bytes of all tensors as the index promises them, or None.
        path: the index file.
    """

    weight_map: dict[str, str]
    total_size: int | None = None
    path: str = ""

    @property
    def shards(self) -> tuple[str, ...]:
        """Every shard that the index names, sorted."""
        return tuple(sorted(set(self.weight_map.values())))

    @property
    def headers(self) -> dict[str, int]:
        """The bytes that each shard's header takes at most, but for unusual metadata and shapes."""
        sizes: dict[str, int] = {}
        for name, shard in self.weight_map.items():
            sizes[shard] = sizes.get(shard, LEAST_HEADER) + len(name) + ENTRY
        return {shard: min(size, MAX_EXPECTED) for shard, size in sorted(sizes.items())}


class IndexProblemKind(StrEnum):
    """How index and shards disagree."""

    UNSAFE_SHARD = "unsafe-shard"
    MISSING_SHARD = "missing-shard"
    MISSING_TENSORS = "missing-tensors"
    EXTRA_TENSORS = "extra-tensors"
    TOTAL_SIZE = "total-size"


@dataclass(frozen=True, slots=True)
class IndexProblem:
    """One disagreement; `path` is the shard it is about, or the index."""

    kind: IndexProblemKind
    statement: str
    path: str


@dataclass(frozen=True, slots=True)
class Held:
    """What one shard holds.

    Attributes:
        names: of its tensors, in the words of the index.
        nbytes: bytes of all of them, least and most: those that share their bytes counted once, and each
            for itself, since writers of indexes do either; None where an element type is not known.
    """

    names: frozenset[str]
    nbytes: tuple[int, int] | None


class _File(msgspec.Struct):
    weight_map: dict[str, str]
    metadata: msgspec.Raw = msgspec.Raw(b"null")


_FILE = msgspec.json.Decoder(_File)


def read_index(view: View, path: str) -> Index:
    """Reads an index; shard names are resolved against its folder.

    Raises:
        LimitError, ReadError: as `read_bytes`.
        FormatError: no JSON, or `weight_map` is no object of strings.
    """
    data = utf8(read_bytes(view, path, limit=MAX_JSON), path)
    try:
        file = _FILE.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: no weight index: {clean(str(error), 120)}") from None
    names = file.weight_map
    metadata = as_dict(parse_json(bytes(file.metadata), path))
    folder = PurePosixPath(path).parent
    resolved = {name: _resolve(folder, name) for name in set(names.values())}
    weight_map = {tensor: resolved[shard] for tensor, shard in sorted(names.items())}
    return Index(weight_map, as_int(metadata.get("total_size")), path)


def _resolve(folder: PurePosixPath, name: str) -> str:
    """The shard's path in the target; a name that leaves it is kept as written."""
    return str(folder / name) if is_safe(name.removeprefix("./")) else name


def check_index(index: Index, shards: Mapping[str, Held | ReadError]) -> tuple[IndexProblem, ...]:
    """Holds an index against what its shards hold; sorted by path and kind.

    A shard whose table could not be read is left alone: nothing is known of its tensors.
    """
    promised: dict[str, set[str]] = defaultdict(set)
    for tensor, shard in index.weight_map.items():
        promised[shard].add(tensor)
    problems: list[IndexProblem] = []
    for shard, names in promised.items():
        problems += _check_shard(shard, names, shards)
    problems += _check_total(index, shards)
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.kind)))


def _check_shard(
    shard: str, names: set[str], shards: Mapping[str, Held | ReadError]
) -> Iterable[IndexProblem]:
    if not is_safe(shard):
        statement = "the index names a shard outside the repository"
        yield IndexProblem(IndexProblemKind.UNSAFE_SHARD, statement, clean(shard))
        return
    held = shards.get(shard)
    if held is None:
        statement = f"the index places {_count(names)} in a shard that is not there"
        yield IndexProblem(IndexProblemKind.MISSING_SHARD, statement, clean(shard))
    elif isinstance(held, Held):
        if absent := names - held.names:
            statement = f"the index names {_count(absent)} that the shard does not hold"
            yield IndexProblem(IndexProblemKind.MISSING_TENSORS, statement, shard)
        if extra := held.names - names:
            statement = f"the shard holds {_count(extra)} that the index does not place there"
            yield IndexProblem(IndexProblemKind.EXTRA_TENSORS, statement, shard)


def _check_total(index: Index, shards: Mapping[str, Held | ReadError]) -> Iterable[IndexProblem]:
    read = [shards.get(shard) for shard in index.shards]
    known = [held.nbytes for held in read if isinstance(held, Held) and held.nbytes]
    if index.total_size is None or len(known) < len(read):
        return
    least, most = sum(size for size, _ in known), sum(size for _, size in known)
    if not least <= index.total_size <= most:
        statement = f"the index promises {index.total_size:,} bytes of tensors; the shards hold {most:,}"
        yield IndexProblem(IndexProblemKind.TOTAL_SIZE, statement, index.path)


def _count(names: Collection[str]) -> str:
    first = clean(min(names), 120)
    return f"tensor {first}" if len(names) == 1 else f"{len(names):,} tensors ({first}, …)"
