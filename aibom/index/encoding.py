"""A record as one safetensors file, and back. Of every record there is exactly one form.

`__metadata__` holds one canonical JSON text under the key `aibom` (`index-record.schema.json`); sample
number n lies in the tensors `codes.n` and `scales.n`. The digest of a record is the SHA-256 of the file.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from aibom.errors import FormatError, LimitError
from aibom.formats.safetensors.header import Tensor, parse_header
from aibom.formats.text import clean
from aibom.index.record import Record, RecordedModel, RecordedPart
from aibom.model import Locator, ShapePrint, TokenizerPrint, WeightKind, WeightSample

if TYPE_CHECKING:
    import jsonschema_rs

SCHEMA = "urn:aibom:schema:index-record:1"
KEY = "aibom"
"""Key of the free text in the safetensors metadata that holds the description."""
MAX_BYTES = 32 << 20
"""Bytes of a record; one of a large model takes about 2 MiB."""
MAX_HEADER = 8 << 20
"""Bytes of a record's header; real ones take some 100 KiB."""

_BEGINNING = f'{{"__metadata__":{{"{KEY}":'.encode()
_INT8, _FLOAT32 = "I8", "F32"


class _Sample(msgspec.Struct, frozen=True):
    """All of a WeightSample but its values."""

    part: str
    name: str
    kind: WeightKind
    layer: int | None
    expert: int | None
    shape: tuple[int, int]
    dtype: str
    rows: tuple[int, int]
    columns: int
    digest: str
    rms: float
    locator: Locator | None


class _Description(msgspec.Struct, frozen=True):
    """The JSON text."""

    tool: str
    model: RecordedModel
    parts: tuple[RecordedPart, ...]
    samples: tuple[_Sample, ...]
    tokenizers: tuple[TokenizerPrint, ...]
    shapes: tuple[ShapePrint, ...]


def is_record(head: bytes) -> bool:
    """Whether a file that begins so claims to be a record; `decode` tells whether it is one."""
    return head[8 : 8 + len(_BEGINNING)] == _BEGINNING


def digest_of(data: bytes) -> str:
    """The digest by which a record is known: SHA-256 of its file, in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def encode(record: Record) -> bytes:
    """The file of a record: equal records give equal bytes.

    Scales come before codes, so that every tensor lies on a multiple of its element's size.
    """
    description = {"schema": SCHEMA} | msgspec.to_builtins(
        _Description(
            record.tool,
            record.model,
            record.parts,
            tuple(
                _Sample(*(getattr(item, name) for name in _Sample.__struct_fields__))
                for item in record.samples
            ),
            record.tokenizers,
            record.shapes,
        )
    )
    table: dict[str, Any] = {"__metadata__": {KEY: _canonical(description)}}
    end = 0
    data = []
    for number, item in enumerate(record.samples):
        end = _enter(table, f"scales.{number:05}", _FLOAT32, [item.rows[1]], item.scales, end)
        data.append(item.scales)
    for number, item in enumerate(record.samples):
        end = _enter(table, f"codes.{number:05}", _INT8, [item.rows[1], item.columns], item.codes, end)
        data.append(item.codes)
    header = json.dumps(table, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return b"".join((len(header).to_bytes(8, "little"), header, *data))


def _enter(table: dict[str, Any], name: str, dtype: str, shape: list[int], data: bytes, begin: int) -> int:
    end = begin + len(data)
    table[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    return end


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def decode(data: bytes, where: str) -> Record:
    """The record that a file holds, with everything about it checked; `where` names it in errors.

    Raises:
        LimitError: it is larger than a record may be.
        FormatError: it is no record, or not in the one form that `encode` gives.
    """
    if len(data) > MAX_BYTES:
        raise LimitError(f"{where}: {len(data):,} bytes, over {MAX_BYTES:,}", limit="index_record_bytes")
    if int.from_bytes(data[:8], "little") > MAX_HEADER:
        raise LimitError(f"{where}: its header is over {MAX_HEADER:,} bytes", limit="index_record_header")
    header = parse_header(data, where, size=len(data))
    if header.problems:
        raise FormatError(f"{where}: {header.problems[0]}")
    if header.metadata.keys() != {KEY}:
        raise FormatError(f"{where}: no record of a model", advice="Take one from `aibom index export`.")
    told = _described(header.metadata[KEY], where)
    _require_known_parts(told, where)
    _require_a_day(told.model.released, where)
    tensors = {item.name: item for item in header.tensors}
    values = memoryview(data)[header.data_offset :]
    samples = tuple(
        _sample(item, *_values(number, item, tensors, values, where), where)
        for number, item in enumerate(told.samples)
    )
    record = Record(told.model, told.tool, told.parts, samples, told.tokenizers, told.shapes)
    if encode(record) != data:
        raise FormatError(f"{where}: not in the one form that a record has")
    return record


def _described(text: str, where: str) -> _Description:
    try:
        document = msgspec.json.decode(text)
        for error in _validator().iter_errors(document):
            place = "/".join(str(step) for step in error.instance_path)
            raise FormatError(f"{where}: breaks the schema at /{place}: {clean(error.message, 200)}")
        return msgspec.convert(document, _Description)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"{where}: its description is not valid: {clean(str(error), 200)}") from error


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs

    from aibom_schemas import schema

    return jsonschema_rs.Draft202012Validator(schema("index-record"), offline=True)


def _require_known_parts(told: _Description, where: str) -> None:
    known = {part.id for part in told.parts}
    if len(known) != len(told.parts):
        raise FormatError(f"{where}: two parts have one id")
    groups = (told.samples, told.tokenizers, told.shapes)
    for named in (item.part for group in groups for item in group):
        if named not in known:
            raise FormatError(f"{where}: {clean(named, 80)} is none of its parts")


def _require_a_day(day: str | None, where: str) -> None:
    try:
        date.fromisoformat(day or "1970-01-01")
    except ValueError as error:
        raise FormatError(f"{where}: {day} is no day") from error


def _values(
    number: int, item: _Sample, tensors: dict[str, Tensor], values: memoryview, where: str
) -> tuple[bytes, bytes]:
    """(codes, scales) of one sample."""
    found = []
    for name, dtype, shape in (
        (f"codes.{number:05}", _INT8, (item.rows[1], item.columns)),
        (f"scales.{number:05}", _FLOAT32, (item.rows[1],)),
    ):
        tensor = tensors.get(name)
        if tensor is None or (tensor.dtype, tensor.shape) != (dtype, shape):
            raise FormatError(f"{where}: {name} is not there, or of another type or shape")
        found.append(bytes(values[tensor.offset : tensor.offset + tensor.nbytes]))
    return found[0], found[1]


def _sample(item: _Sample, codes: bytes, scales: bytes, where: str) -> WeightSample:
    if item.rows[0] + item.rows[1] > item.shape[0] or item.columns > item.shape[1]:
        raise FormatError(f"{where}: the block of {clean(item.name, 80)} reaches beyond its matrix")
    if not all(math.isfinite(scale) and scale >= 0 for (scale,) in struct.iter_unpack("<f", scales)):
        raise FormatError(f"{where}: {clean(item.name, 80)} has a scale that is no positive number")
    return WeightSample(
        item.part,
        item.name,
        item.kind,
        item.layer,
        item.expert,
        item.shape,
        item.dtype,
        item.rows,
        item.columns,
        codes,
        scales,
        item.digest,
        item.rms,
        item.locator,
    )
