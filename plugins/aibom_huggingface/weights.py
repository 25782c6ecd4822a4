"""Samples of the weights of every part that is present, at depth `weights`.

The module imports numpy: import it where weights are read, not at start-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from aibom.errors import ReadError
from aibom.formats.dequantise import Plain
from aibom.formats.pytorch import Storage, read_storages
from aibom.formats.safetensors import Header
from aibom.formats.sampling import (
    EXPERTS,
    Heads,
    Orientation,
    Place,
    Quantisation,
    Refused,
    StoredTensor,
    Weight,
    kind_of,
    matrices,
    place_of,
    quantisation_of,
    read_quantisation,
    sample,
    weights_of,
)
from aibom.formats.text import JsonValue, as_int, as_str
from aibom.model import Depth, Unknown, WeightKind, WeightSample
from aibom_huggingface.checkpoints import Row
from aibom_huggingface.reading import Reader
from aibom_huggingface.trained import Trained

_SETTINGS: Final = (
    ("quantize_config.json", "gptq"),
    ("quant_config.json", "awq"),
    ("hf_quant_config.json", ""),
)
"""Files of a folder that tell how its weights are quantised, where the configuration does not."""
_TORCH: Final = (".bin", ".pt", ".pth", ".ckpt")
_VECTORS: Final = (".weight", ".bias")
_ALTERNATING: Final = ("gpt_oss",)
"""Model types whose gate and up projections alternate row by row."""


def sample_parts(
    reader: Reader, headers: Mapping[str, Header | ReadError], parts: Iterable[Trained]
) -> Iterator[WeightSample | Unknown]:
    """Samples of all parts, within one budget, and an Unknown for each reason why there are none."""
    tables = _Tables(reader, headers)
    yield from sample(reader.view, (item for part in parts for item in _weights(part, reader, tables)))


def _weights(part: Trained, reader: Reader, tables: _Tables) -> Iterator[Weight | Refused]:
    rows = (row for row in part.rows if (place_of(row.name)[1] or 0) < EXPERTS)
    placed = [place for row in rows if (place := tables.place(row)) is not None]
    tensors = [place for place in placed if isinstance(place, StoredTensor)]
    yield from (replace(place, part=part.part) for place in placed if isinstance(place, Refused))
    if reader.view.depth is Depth.MATRICES:
        yield from _gains(part, tables)
    heads, hidden = _heads(part.level), as_int(part.level.get("hidden_size"))
    settings = quantisation_of(part.config) or _beside(part.folder, reader)
    for item in matrices(reader.view, tensors, settings, Orientation(tensors, hidden)):
        if isinstance(item, Refused):
            yield replace(item, part=part.part)
            continue
        places = {name: tensor.place for name, tensor in item.found.parts.items()}
        yield from weights_of(
            part.part,
            item.name,
            item.found.layout,
            places,
            item.dtype,
            heads=heads,
            stack=item.found.stack,
            sideways=item.sideways,
        )


def _gains(part: Trained, tables: _Tables) -> Iterator[Weight]:
    """Norm gains, each as a matrix of one row: the aligned test folds them into what they scale."""
    for row in part.rows:
        if row.shape is None or len(row.shape) != 1 or kind_of(row.name) is not WeightKind.NORM:
            continue
        tensor = tables.tensor(row)
        if isinstance(tensor, StoredTensor) and row.name.endswith(".weight"):
            size = row.shape[0]
            layout = Plain((1, size), tensor.dtype)
            layer, expert = place_of(row.name)
            yield Weight(
                part.part, row.name, WeightKind.NORM, layout, {"weight": tensor.place}, tensor.dtype,
                layer, expert, 0, 1, 0, size,
            )  # fmt: skip


def _heads(level: Mapping[str, JsonValue]) -> Heads:
    def number(*keys: str) -> int | None:
        return next((value for key in keys if (value := as_int(level.get(key))) and value > 0), None)

    return Heads(
        queries=number("num_attention_heads", "n_head", "num_heads", "encoder_attention_heads"),
        keys=number("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num"),
        width=number("head_dim", "kv_channels"),
        alternating=as_str(level.get("model_type")) in _ALTERNATING,
    )


def _beside(folder: str, reader: Reader) -> Quantisation | None:
    for name, method in _SETTINGS:
        data = reader.mapping(f"{folder}/{name}" if folder else name)
        if data:
            inner = data.get("quantization")
            return read_quantisation(inner if isinstance(inner, dict) else data, method)
    return None


class _Tables:
    """Where each tensor lies; the tables of PyTorch archives are read again for it."""

    def __init__(self, reader: Reader, headers: Mapping[str, Header | ReadError]) -> None:
        self._reader = reader
        self._headers = headers
        self._tables: dict[str, Mapping[str, StoredTensor | Refused] | ReadError] = {}

    def place(self, row: Row) -> StoredTensor | Refused | None:
        """The tensor of a row, why it cannot be read, or None where it is no matrix."""
        if row.shape is not None and len(row.shape) < 2 and row.name.endswith(_VECTORS):
            return None
        return self.tensor(row)

    def tensor(self, row: Row) -> StoredTensor | Refused | None:
        """As `place`, vectors too."""
        if row.path not in self._tables:
            self._tables[row.path] = self._read(row.path)
        table = self._tables[row.path]
        if isinstance(table, ReadError):
            return Refused(row.name, row.path, table.message.removeprefix(f"{row.path}: "))
        return table.get(row.name)

    def _read(self, path: str) -> Mapping[str, StoredTensor | Refused] | ReadError:
        header = self._headers.get(path)
        if isinstance(header, Header):
            return {
                item.name: StoredTensor(
                    item.name,
                    item.dtype,
                    item.shape,
                    item.nbytes,
                    Place(path, header.data_offset + item.offset),
                )
                for item in header.tensors
            }
        if header is not None:
            return header
        if path not in self._reader.view.files:
            return ReadError("the file is not in the target")
        if path.endswith(_TORCH):
            try:
                return _stored(path, read_storages(self._reader.view, path))
            except ReadError as error:
                return error
        return ReadError(f"weights are not sampled from .{path.rpartition('.')[2]}")


def _stored(path: str, storages: Mapping[str, Storage | ReadError]) -> dict[str, StoredTensor | Refused]:
    return {
        name: Refused(name, path, item.message)
        if isinstance(item, ReadError)
        else StoredTensor(name, item.row.dtype, item.row.shape, item.nbytes, Place(path, item.offset))
        for name, item in storages.items()
    }
