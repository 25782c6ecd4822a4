"""Safetensors: the header's tensor table, and the index over shards. No tensor data is read.

Layout: 8 bytes little-endian header length, a JSON header, then the data that offsets count from.
Source of the laws: https://github.com/huggingface/safetensors (README, `tensor.rs`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Annotated

import msgspec

from aibom.errors import FormatError, ReadError
from aibom.formats.lfs import parse_pointer
from aibom.formats.text import clean
from aibom.spi import Range, View

MAX_HEADER = 100_000_000
"""Bytes; the cap of the safetensors library itself."""
MAX_PROBLEMS = 20
"""Broken laws that are listed one by one."""

BITS: Mapping[str, int] = {
    "BOOL": 8,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F8_E4M3": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2": 8,
    "F8_E5M2FNUZ": 8,
    "F8_E8M0": 8,
    "U8": 8,
    "I8": 8,
    "U16": 16,
    "I16": 16,
    "F16": 16,
    "BF16": 16,
    "U32": 32,
    "I32": 32,
    "F32": 32,
    "U64": 64,
    "I64": 64,
    "F64": 64,
    "C64": 64,
}
"""Bits of one element, by the format's own dtype name."""


class Tensor(msgspec.Struct, frozen=True, gc=False):
    """One row of the table.

    `offset` is in bytes from the start of the data area (`Header.data_offset` in the file), `nbytes`
    the bytes taken. `name` is raw: pass it through `clean` before it is shown.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    nbytes: int

    @property
    def elements(self) -> int:
        """Number of elements; 1 for a scalar."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    """The table of one file.

    Attributes:
        tensors: sorted by name.
        metadata: the free text under `__metadata__`.
        data_offset: byte of the file at which the data area begins.
        problems: laws that the file breaks and that do not keep its tensors from being listed, one
            sentence each (data shorter than promised, a hole, an unknown dtype).
    """

    tensors: tuple[Tensor, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    data_offset: int = 0
    problems: tuple[str, ...] = ()


_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class _Row(msgspec.Struct, gc=False):
    dtype: str
    shape: tuple[_Count, ...]
    data_offsets: tuple[_Count, _Count]


class _Entry(msgspec.Struct, gc=False):
    """A row, or the free text, of which nothing is kept here."""

    dtype: str = ""
    shape: tuple[_Count, ...] = ()
    data_offsets: tuple[_Count, _Count] | None = None


class _FreeText(msgspec.Struct, rename={"metadata": "__metadata__"}):
    metadata: dict[str, str] = {}


_ENTRIES = msgspec.json.Decoder(dict[str, _Entry])
_FREE_TEXT = msgspec.json.Decoder(_FreeText)
_TABLE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROW = msgspec.json.Decoder(_Row)
_METADATA = msgspec.json.Decoder(dict[str, str])


def read_headers(
    view: View, paths: Sequence[str], expected: Mapping[str, int] | None = None
) -> dict[str, Header | ReadError]:
    """The header of each file, in the order given: one batch of reads, a second for long headers.

    How much the first batch asks for is what is `expected` of a file (an index tells, see `Index.headers`),
    else `View.read_ahead`, which holds most headers where reads are round trips.

    A file that cannot be read, or breaks a law that makes its table meaningless, has its error as value.
    """
    asked = expected or {}
    first = view.read_many([Range(path, 0, asked.get(path, view.read_ahead)) for path in paths])
    found: dict[str, bytes | ReadError] = dict(zip(paths, first, strict=True))
    rest: dict[str, Range] = {}
    for path, data in found.items():
        if isinstance(data, ReadError):
            continue
        try:
            end = 8 + _length(path, data, _size(view, path))
        except ReadError as error:
            found[path] = error
            continue
        if end > len(data):
            rest[path] = Range(path, len(data), end - len(data))
    second = view.read_many(list(rest.values())) if rest else ()
    for path, more in zip(rest, second, strict=True):
        head = found[path]
        found[path] = head + more if isinstance(head, bytes) and isinstance(more, bytes) else more
    return {path: _parsed(path, data, _size(view, path)) for path, data in found.items()}


def _size(view: View, path: str) -> int | None:
    entry = view.files.get(path)
    return entry.size if entry is not None else None


def _length(path: str, data: bytes, size: int | None) -> int:
    """The header's length as its first 8 bytes say, checked against what is possible."""
    if parse_pointer(data) is not None:
        raise ReadError(f"{path}: a Git-LFS pointer stands where the weights should be")
    if len(data) < 8:
        raise FormatError(f"{path}: too short for a safetensors file")
    length = int.from_bytes(data[:8], "little")
    if length > MAX_HEADER:
        raise FormatError(f"{path}: header of {length:,} bytes; the format allows {MAX_HEADER:,}")
    if size is not None and 8 + length > size:
        raise FormatError(f"{path}: header of {length:,} bytes in a file of {size:,}")
    return length


def _parsed(path: str, data: bytes | ReadError, size: int | None) -> Header | ReadError:
    if isinstance(data, ReadError):
        return data
    try:
        return parse_header(data, path, size=size)
    except ReadError as error:
        return error


def parse_header(data: bytes, path: str, *, size: int | None = None) -> Header:
    """The header that `data`, the first bytes of a file, holds; `size` is that of the whole file.

    Raises:
        FormatError: the header is no valid table.
        ReadError: the bytes are a Git-LFS pointer.
    """
    length = _length(path, data, size)
    body = data[8 : 8 + length]
    if len(body) < length:
        raise FormatError(f"{path}: the file ends inside its header")
    problems: list[str] = []
    metadata, tensors = _sound(body) or _judged(path, body, problems)
    if _repeats(body, len(tensors)):
        problems.append("a tensor name stands twice in the header")
    problems += _layout(path, tensors, None if size is None else size - 8 - length)
    if len(problems) > MAX_PROBLEMS:
        problems = [*problems[:MAX_PROBLEMS], f"{len(problems) - MAX_PROBLEMS} further problems"]
    tensors.sort(key=_NAME)
    return Header(tuple(tensors), metadata, 8 + length, tuple(problems))


_NAME = attrgetter("name")
_PLACE = attrgetter("offset", "nbytes")


def _sound(body: bytes) -> tuple[dict[str, str], list[Tensor]] | None:
    """Free text and rows of a table in which every row is in order; None for any other.

    Most files are sound, and this way takes a third of the time of judging each row by itself.
    """
    try:
        table = _ENTRIES.decode(body)
        metadata = _FREE_TEXT.decode(body).metadata if table.pop("__metadata__", None) else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    tensors = []
    for name, row in table.items():
        bits = BITS.get(row.dtype)
        if row.data_offsets is None or bits is None:
            return None
        begin, end = row.data_offsets
        if math.prod(row.shape) * bits != (end - begin) * 8:
            return None
        tensors.append(Tensor(name, row.dtype, row.shape, begin, end - begin))
    return metadata, tensors


def _judged(path: str, body: bytes, problems: list[str]) -> tuple[dict[str, str], list[Tensor]]:
    """The same row by row, with what is wrong."""
    try:
        table = _TABLE.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: header is no JSON object: {clean(str(error), 120)}") from None
    metadata = _metadata(path, table.pop("__metadata__", None))
    return metadata, [_tensor(path, name, raw, problems) for name, raw in table.items()]


def _metadata(path: str, raw: msgspec.Raw | None) -> dict[str, str]:
    if raw is None:
        return {}
    try:
        return _METADATA.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise FormatError(f"{path}: __metadata__ is no object of strings") from None


def _tensor(path: str, name: str, raw: msgspec.Raw, problems: list[str]) -> Tensor:
    try:
        row = _ROW.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: tensor {clean(name, 120)}: {clean(str(error), 120)}") from None
    begin, end = row.data_offsets
    if begin > end:
        raise FormatError(f"{path}: tensor {clean(name, 120)} ends before it begins")
    tensor = Tensor(name, row.dtype, row.shape, begin, end - begin)
    bits = BITS.get(row.dtype)
    if bits is None:
        problems.append(f"tensor {clean(name, 120)} is of unknown type {clean(row.dtype, 40)}")
    elif tensor.elements * bits != tensor.nbytes * 8:
        raise FormatError(f"{path}: tensor {clean(name, 120)} has not the size of its shape and type")
    return tensor


def _repeats(body: bytes, count: int) -> bool:
    """Whether a name stands twice. A dict keeps the last, so the rows are counted in the text first."""
    if body.count(b'"data_offsets"') <= count:
        return False
    repeats: list[bool] = []
    try:
        json.loads(body, object_pairs_hook=lambda pairs: repeats.append(len(pairs) > len(dict(pairs))))
    except (ValueError, RecursionError):
        return False
    return any(repeats)


def _layout(path: str, tensors: Sequence[Tensor], room: int | None) -> list[str]:
    """Holds offsets against each other and against the `room` bytes of the data area."""
    problems = []
    end = _end_in_order(tensors)
    if end is None:
        end = 0
        for tensor in sorted(tensors, key=_PLACE):
            if tensor.offset < end:
                raise FormatError(f"{path}: tensor {clean(tensor.name, 120)} overlaps the one before it")
            if tensor.offset > end:
                unused = tensor.offset - end
                problems.append(f"{unused:,} unused bytes before tensor {clean(tensor.name, 120)}")
            end = tensor.offset + tensor.nbytes
    if room is not None and room < end:
        problems.append(f"{end:,} bytes of tensor data are promised and {room:,} are there")
    if room is not None and room > end:
        problems.append(f"{room - end:,} bytes follow the last tensor")
    return problems


def _end_in_order(tensors: Sequence[Tensor]) -> int | None:
    """Where the data end if the tensors stand in the order of their data without a hole, else None.

    The safetensors library writes them so, and then there is nothing to sort.
    """
    end = 0
    for tensor in tensors:
        if tensor.offset != end:
            return None
        end += tensor.nbytes
    return end
