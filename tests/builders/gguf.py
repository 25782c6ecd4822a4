"""GGUF files as bytes, sound or broken, in both byte orders: what the gguf package cannot write."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aibom.formats.gguf import TENSOR_TYPES, ValueType
from aibom.formats.gguf.types import NUMBERS

NUMBER_OF = {kind.name: number for number, kind in TENSOR_TYPES.items()}


@dataclass(frozen=True)
class Typed:
    """A value of a stated type; `element` is that of an array's elements."""

    kind: ValueType
    value: object
    element: ValueType | None = None


Given: TypeAlias = "bool | int | float | str | Sequence[object] | Typed"


def array(element: ValueType, values: Sequence[object]) -> Typed:
    """An array whose elements have a stated type; nested ones are `Typed` arrays."""
    return Typed(ValueType.ARRAY, values, element)


@dataclass(frozen=True)
class Row:
    """A row of the tensor table; `shape` outermost first. What is None is put in as the law has it."""

    name: str
    shape: Sequence[int]
    type: str | int = "F32"
    offset: int | None = None


def gguf(
    metadata: Mapping[str, Given] | Sequence[tuple[str, Given]] = (),
    tensors: Iterable[Row] = (),
    *,
    version: int = 3,
    big_endian: bool = False,
    alignment: int = 32,
    counts: tuple[int, int] | None = None,
    data: bool = True,
) -> bytes:
    """A file; `counts` claims other numbers of tensors and keys; without `data` it ends with its header."""
    order = ">" if big_endian else "<"
    pairs = list(metadata.items() if isinstance(metadata, Mapping) else metadata)
    rows = list(tensors)
    out = bytearray(b"GGUF" + struct.pack(order + "IQQ", version, *(counts or (len(rows), len(pairs)))))
    for key, value in pairs:
        out += _string(key, order) + _pair(value, order)
    end = 0
    for row in rows:
        number = NUMBER_OF[row.type] if isinstance(row.type, str) else row.type
        offset = end if row.offset is None else row.offset
        out += _string(row.name, order) + struct.pack(order + "I", len(row.shape))
        out += b"".join(struct.pack(order + "Q", size) for size in reversed(row.shape))
        out += struct.pack(order + "IQ", number, offset)
        end = max(end, offset + _size(row.shape, number))
        end += -end % alignment
    if data:
        out += bytes(-len(out) % alignment) + bytes(end)
    return bytes(out)


def _size(shape: Sequence[int], number: int) -> int:
    kind = TENSOR_TYPES.get(number)
    return math.prod(shape) // kind.block * kind.size if kind else 0


def _string(text: object, order: str) -> bytes:
    data = text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogateescape")
    return struct.pack(order + "Q", len(data)) + data


def _pair(value: Given, order: str) -> bytes:
    typed = value if isinstance(value, Typed) else _guessed(value)
    return struct.pack(order + "I", typed.kind) + _value(typed, order)


def _guessed(value: object) -> Typed:
    """As gguf's own writer guesses types."""
    if isinstance(value, bool):
        return Typed(ValueType.BOOL, value)
    if isinstance(value, int):
        return Typed(ValueType.UINT32 if value >= 0 else ValueType.INT32, value)
    if isinstance(value, float):
        return Typed(ValueType.FLOAT32, value)
    if isinstance(value, str | bytes):
        return Typed(ValueType.STRING, value)
    items = list(value)  # type: ignore[call-overload]
    return array(_guessed(items[0]).kind if items else ValueType.INT32, items)


def _value(typed: Typed, order: str) -> bytes:
    if typed.kind is ValueType.STRING:
        return _string(typed.value, order)
    if typed.kind is ValueType.ARRAY:
        items = list(typed.value)  # type: ignore[call-overload]
        element = typed.element or ValueType.INT32
        head = struct.pack(order + "IQ", element, len(items))
        if element in NUMBERS:
            return head + struct.pack(f"{order}{len(items)}{NUMBERS[element][0]}", *items)
        nested = (item if isinstance(item, Typed) else Typed(element, item) for item in items)
        return head + b"".join(_value(item, order) for item in nested)
    return struct.pack(order + NUMBERS[typed.kind][0], typed.value)


def decoder(layers: int = 2, width: int = 64, vocabulary: int = 96, type: str = "Q8_0") -> list[Row]:
    """The table of a small dense language model."""
    rows = [Row("token_embd.weight", (vocabulary, width), type)]
    for layer in range(layers):
        rows.append(Row(f"blk.{layer}.attn_norm.weight", (width,)))
        rows += [
            Row(f"blk.{layer}.{name}.weight", (width, width), type)
            for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
        ]
    return [*rows, Row("output_norm.weight", (width,)), Row("output.weight", (vocabulary, width), type)]
