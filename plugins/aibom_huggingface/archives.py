"""Tensor tables of checkpoints that are no safetensors: PyTorch, Flax, NumPy and HDF5, never loaded.

The inspector of archives, which judges what a load would run, shares what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aibom.errors import ReadError
from aibom.formats.hdf5 import read_hdf5_file
from aibom.formats.msgpack import read_msgpack
from aibom.formats.numpyfile import read_arrays
from aibom.formats.pytorch import read_checkpoint
from aibom.formats.safetensors import BITS, Held
from aibom.formats.tables import Row
from aibom.spi import View, once


@dataclass(frozen=True, slots=True)
class Table:
    """The tensors of one file by name, dtype and elements, and why the table is not whole, or None.

    `shapes` holds the shape of each tensor by name, where the format's names are those of PyTorch; `held`
    is what an index over shards is compared with.
    """

    rows: tuple[tuple[str, str, int], ...] = ()
    error: ReadError | None = None
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    held: Held = field(default=Held(frozenset(), None))


def read_table(view: View, path: str) -> Table:
    """The table of one file by its ending, one of `ARCHIVES`; names as PyTorch would give them."""
    form = path.rpartition(".")[2].lower()
    try:
        rows, error = _READERS[form](view, path)
    except ReadError as failure:
        return Table(error=failure)
    rename = torch_name if form in _OTHER_FRAMEWORKS else str
    listed = tuple(_untied(rows, rename))
    error = error or (None if listed else ReadError(f"{path}: no tensor is listed in it"))
    return Table(listed, error, held=_held(rows, (name for name, _, _ in listed)))


def _torch(view: View, path: str) -> tuple[Collection[Row], ReadError | None]:
    found = once(view, read_checkpoint, path)
    return found.model_rows, found.error


def _flax(view: View, path: str) -> tuple[Collection[Row], ReadError | None]:
    return once(view, read_msgpack, path), None


def _numpy(view: View, path: str) -> tuple[Collection[Row], ReadError | None]:
    found = once(view, read_arrays, path)
    return found.rows, found.error


def _hdf5(view: View, path: str) -> tuple[Collection[Row], ReadError | None]:
    found = once(view, read_hdf5_file, path)
    partly = f"{path}: {len(found.unread)} groups were not walked" if found.unread else ""
    rows = [row for row in found.rows if not row.name.startswith(("optimizer_weights", "optimizer/"))]
    return rows, ReadError(partly) if partly else None


_READERS: Final[dict[str, Callable[[View, str], tuple[Collection[Row], ReadError | None]]]] = {
    "bin": _torch,
    "pt": _torch,
    "pth": _torch,
    "ckpt": _torch,
    "msgpack": _flax,
    "npz": _numpy,
    "h5": _hdf5,
}
ARCHIVES: Final = frozenset(_READERS)
"""Endings, without the dot, of the formats that are read here."""
_OTHER_FRAMEWORKS: Final = frozenset({"msgpack", "h5"})


def _untied(rows: Iterable[Row], rename: Callable[[str], str]) -> Iterable[tuple[str, str, int]]:
    """Every name; of tensors that share their bytes only the first counts its elements."""
    seen: set[tuple[str, tuple[int, ...]]] = set()
    for row in rows:
        key = (row.storage or f"={row.name}", row.shape)
        yield rename(row.name), row.dtype, 0 if key in seen else row.elements
        seen.add(key)


def _held(rows: Collection[Row], names: Iterable[str]) -> Held:
    if any(row.dtype not in BITS for row in rows):
        return Held(frozenset(names), None)
    each = [(row.storage or f"={row.name}", row.elements * BITS[row.dtype] // 8) for row in rows]
    once: dict[str, int] = {}
    for storage, size in each:
        once[storage] = max(size, once.get(storage, 0))
    return Held(frozenset(names), (sum(once.values()), sum(size for _, size in each)))


_LEAVES: Final = {
    "kernel": "weight",
    "scale": "weight",
    "embedding": "weight",
    "embeddings": "weight",
    "gamma": "weight",
    "beta": "bias",
}


def torch_name(name: str) -> str:
    """A Flax or TensorFlow name in PyTorch's words: `params.encoder.layer.0.kernel`, `layer_._0/gamma:0`.

    Source: `transformers/modeling_flax_pytorch_utils.py`, `transformers/modeling_tf_pytorch_utils.py`.
    """
    path = re.sub(r":\d+$", "", name).replace("_._", "/").replace("/", ".")
    pieces = path.removeprefix("params.").split(".")
    return ".".join([*pieces[:-1], _LEAVES.get(pieces[-1], pieces[-1])])


def index_name(name: str, form: str) -> str:
    """A tensor's name in an index as `read_table` gives it for files of that format.

    An index over TensorFlow's shards has the model's name before that of each variable, and they have not
    (`tf_shard_checkpoint` and `save_pretrained` in `transformers/modeling_tf_utils.py`).
    """
    if form == "h5" and "model." not in name and "/" in name:
        name = name.partition("/")[2]
    return torch_name(name) if form in _OTHER_FRAMEWORKS else name
