"""From bytes to the header of a GGUF file: metadata and tensor table. Tensor data is never parsed.

Layout: magic, version, counts, key-value pairs, tensor rows, padding, data. Source of the laws:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from aibom.errors import FormatError, LimitError, ReadError
from aibom.formats.gguf.arrays import numbers_of
from aibom.formats.gguf.cursor import HeaderCursor
from aibom.formats.gguf.layout import check_layout
from aibom.formats.gguf.model import Gguf, GgufArray, GgufTensor, Value
from aibom.formats.gguf.types import NUMBERS, TENSOR_TYPES, TensorType, ValueType
from aibom.formats.lfs import parse_pointer
from aibom.formats.values import clean
from aibom.spi import Range, View

FIRST_READ: Final = 256 * 1024
"""Bytes of the first read: the metadata of a model up to its vocabulary."""
VERSIONS: Final = (2, 3)
MAX_KEYS: Final = 65_536
"""Key-value pairs; real files have under 200."""
MAX_TENSORS: Final = 65_536
"""Rows of the tensor table; the largest real models have about 3,000 of them."""
MAX_NAME: Final = 65_535
"""Bytes of a key (the format's own bound) and of a tensor name."""
MAX_TEXT: Final = 1024 * 1024
"""Bytes of a string that is kept; a longer one is passed over."""
MAX_STRINGS: Final = 4_000_000
"""Strings in all arrays together; the largest real vocabularies with their merges have 800,000."""
MAX_KEPT: Final = 1024
"""Elements of an array that is kept; longer ones (tokens, scores, merges) are passed over."""
MAX_NESTED: Final = 4096
"""Arrays inside arrays, all together; no known writer nests them at all."""
MAX_DEPTH: Final = 4
"""Levels of arrays."""
MAX_DIMENSIONS: Final = 4
"""Dimensions of a tensor in ggml."""
MAX_PROBLEMS: Final = 20
"""Broken laws that are listed one by one."""
_LEAST_PAIR: Final = 8 + 4 + 1
_LEAST_ROW: Final = 8 + 4 + 4 + 8
_USUAL_ROW: Final = 56


def read_headers(
    view: View, paths: Sequence[str], *, first_read: int = FIRST_READ
) -> dict[str, Gguf | ReadError]:
    """The header of each file, in the order given: one batch of first reads, then what is still needed.

    A file that cannot be read, or breaks a law that makes its table meaningless, has its error as value.
    """
    found = view.read_many([Range(path, 0, first_read) for path in paths])
    return {path: _parsed(view, path, data, first_read) for path, data in zip(paths, found, strict=True)}


def read_header(view: View, path: str) -> Gguf:
    """The header of one file.

    Raises:
        FormatError: no GGUF file, of another version, or truncated.
        LimitError: more of anything than real files have; `limit` names it.
        ReadError: the file cannot be read, or is a Git-LFS pointer.
    """
    found = read_headers(view, [path])[path]
    if isinstance(found, ReadError):
        raise found
    return found


def _parsed(view: View, path: str, first: bytes | ReadError, wanted: int) -> Gguf | ReadError:
    if isinstance(first, ReadError):
        return first
    if parse_pointer(first) is not None:
        return ReadError(f"{path}: a Git-LFS pointer stands where the weights should be")
    cursor = HeaderCursor.of_file(view, path, head=first)
    if len(first) < wanted:
        cursor.size = len(first)
    try:
        return _Reader(cursor, path).read()
    except ReadError as error:
        return error


class _Reader:
    """Walks one header."""

    def __init__(self, cursor: HeaderCursor, path: str) -> None:
        self._cursor = cursor
        self._path = path
        self._problems: list[str] = []
        self._strings = 0
        self._nested = 0

    def read(self) -> Gguf:
        version, rows, pairs = self._counts()
        metadata = self._metadata(pairs)
        tensors = self._tensors(rows)
        alignment = self._alignment(metadata)
        start = self._cursor.position
        data_offset = start + -start % alignment
        problems = self._problems + check_layout(tensors, data_offset, self._cursor.size, alignment)
        if len(problems) > MAX_PROBLEMS:
            problems = [*problems[:MAX_PROBLEMS], f"{len(problems) - MAX_PROBLEMS} further problems"]
        return Gguf(
            path=self._path,
            version=version,
            big_endian=self._cursor.big_endian,
            metadata=metadata,
            tensors=tuple(tensors),
            alignment=alignment,
            data_offset=data_offset,
            problems=tuple(problems),
        )

    def _counts(self) -> tuple[int, int, int]:
        cursor = self._cursor
        if cursor.take(4) != b"GGUF":
            raise FormatError(f"{self._path}: no GGUF file: it does not begin with GGUF")
        version = cursor.u32()
        if version and version & 0xFFFF == 0:
            cursor.big_endian = True
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in VERSIONS:
            raise FormatError(f"{self._path}: GGUF of version {version}; 2 and 3 are read")
        rows, pairs = cursor.u64(), cursor.u64()
        if rows > MAX_TENSORS:
            raise self._limit(f"{rows:,} tensors", "tensors")
        if pairs > MAX_KEYS:
            raise self._limit(f"{pairs:,} metadata keys", "metadata keys")
        if rows * _LEAST_ROW + pairs * _LEAST_PAIR > cursor.left:
            raise cursor.error("it promises more tensors and keys than fit in the file")
        return version, rows, pairs

    def _limit(self, what: str, limit: str) -> LimitError:
        return LimitError(f"{self._path}: {what}, more than a GGUF file has", limit=limit)

    def _name(self) -> str:
        length = self._cursor.u64()
        if length > MAX_NAME:
            raise self._cursor.error(f"a name of {length:,} bytes")
        data = self._cursor.take(length)
        return data.decode("utf-8", "replace")

    def _metadata(self, pairs: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for _ in range(pairs):
            key = self._name()
            value = self._value(self._type())
            if key in found:
                self._problems.append(f"the metadata key {clean(key, 80)} stands twice")
            found.setdefault(key, value)
        return found

    def _type(self) -> ValueType:
        number = self._cursor.u32()
        try:
            return ValueType(number)
        except ValueError:
            raise self._cursor.error(f"a value of unknown type {number}") from None

    def _value(self, kind: ValueType) -> Value:
        if kind is ValueType.STRING:
            return self._text()
        if kind is ValueType.ARRAY:
            return self._array(1)
        data = self._cursor.take(NUMBERS[kind][1])
        return numbers_of(data, kind, 1, big_endian=self._cursor.big_endian)[0]

    def _text(self) -> str | GgufArray:
        length = self._cursor.u64()
        if length <= MAX_TEXT:
            return self._cursor.take(length).decode("utf-8", "replace")
        offset = self._cursor.position
        self._cursor.skip(length)
        return GgufArray(ValueType.UINT8, length, offset, length, None)

    def _array(self, depth: int) -> GgufArray:
        element, count = self._type(), self._cursor.u64()
        offset = self._cursor.position
        values: tuple[bool | int | float, ...] | tuple[bytes, ...] | tuple[GgufArray, ...] | None = None
        if element is ValueType.STRING:
            self._strings += count
            if self._strings > MAX_STRINGS:
                raise self._limit(f"{self._strings:,} strings", "strings")
            kept = self._cursor.strings(count, keep=count <= MAX_KEPT)
            values = None if kept is None else tuple(kept)
        elif element is ValueType.ARRAY:
            values = self._arrays(count, depth)
        elif count <= MAX_KEPT:
            data = self._cursor.take(count * NUMBERS[element][1])
            values = numbers_of(data, element, count, big_endian=self._cursor.big_endian)
        else:
            self._cursor.skip(count * NUMBERS[element][1])
        return GgufArray(element, count, offset, self._cursor.position - offset, values)

    def _arrays(self, count: int, depth: int) -> tuple[GgufArray, ...]:
        self._nested += count
        if depth >= MAX_DEPTH:
            raise self._limit(f"arrays nested in {depth + 1} levels", "nesting")
        if self._nested > MAX_NESTED:
            raise self._limit(f"{self._nested:,} nested arrays", "nested arrays")
        return tuple(self._array(depth + 1) for _ in range(count))

    def _tensors(self, rows: int) -> list[GgufTensor]:
        tensors: list[GgufTensor] = []
        names: set[str] = set()
        start = self._cursor.position
        for done in range(rows):
            mean = (self._cursor.position - start) / done if done else _USUAL_ROW
            self._cursor.expect(int(mean * (rows - done)))
            tensor = self._tensor()
            if tensor.name in names:
                self._problems.append(f"the tensor name {clean(tensor.name, 80)} stands twice")
            names.add(tensor.name)
            tensors.append(tensor)
        return tensors

    def _tensor(self) -> GgufTensor:
        cursor = self._cursor
        name, dimensions = self._name(), cursor.u32()
        if dimensions > MAX_DIMENSIONS:
            raise cursor.error(f"tensor {clean(name, 80)} has {dimensions:,} dimensions")
        shape = tuple(cursor.u64() for _ in range(dimensions))[::-1]
        number, offset = cursor.u32(), cursor.u64()
        elements = math.prod(shape)
        if elements >= 1 << 63:
            self._problems.append(f"tensor {clean(name, 80)} has more elements than 63 bits count")
            elements = 0
        kind = TENSOR_TYPES.get(number)
        if kind is None:
            self._problems.append(f"tensor {clean(name, 80)} is of unknown type {number}")
            return GgufTensor(name, f"type-{number}", shape, elements, offset, None)
        return GgufTensor(name, kind.name, shape, elements, offset, self._bytes(name, kind, shape, elements))

    def _bytes(self, name: str, kind: TensorType, shape: Sequence[int], elements: int) -> int:
        """Bytes of a tensor; each row is made of whole blocks."""
        if (shape[-1] if shape else 1) % kind.block:
            self._problems.append(
                f"tensor {clean(name, 80)} has rows that are no whole blocks of {kind.name}"
            )
        return -(-elements // kind.block) * kind.size

    def _alignment(self, metadata: Mapping[str, Value]) -> int:
        """`general.alignment`, a power of two; 32 where there is none."""
        value = metadata.get("general.alignment", 32)
        if isinstance(value, int) and 0 < value <= 1 << 30 and value & (value - 1) == 0:
            return int(value)
        self._problems.append("general.alignment is no power of two; 32 was taken")
        return 32
