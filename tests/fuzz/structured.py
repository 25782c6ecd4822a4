"""Damage within the structure: protobuf messages and JSON values that still parse, and say something else."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, TypeAlias

from tests.builders.onnx import varint

Message: TypeAlias = "list[list[Any]]"
"""Fields as [number, wire type, value]; the value is an int, bytes, or a message."""

NUMBERS = (0, 1, 127, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**63, 2**64 - 1)
WIDTHS = {1: 8, 5: 4}
MAX_GROWN = 8
"""Lists and objects of a value that are grown, and members of each of them."""
VALUES: tuple[Any, ...] = (None, True, -1, 2**31, 2**63, 2**64, 1e308, 0.5, "", "x" * 5_000, "../x", [], {})


def protobuf(draw: random.Random, data: bytearray) -> None:
    """Changes a field of a message anywhere in the tree; lengths stay true."""
    tree = _parsed(bytes(data))
    if not tree:
        return
    places = list(_messages(tree))
    for _ in range(draw.randint(1, 3)):
        _change(draw, draw.choice(places))
    data[:] = _written(tree)


def text(draw: random.Random, data: bytearray) -> None:
    """Changes a member of a JSON value anywhere in the tree; the text stays JSON."""
    try:
        root = [json.loads(data)]
    except (ValueError, RecursionError):
        return
    for _ in range(draw.randint(1, 3)):
        filled = [item for item in _containers(root) if item]
        if filled:
            _alter(draw, draw.choice(filled))
    data[:] = json.dumps(root[0]).encode() if root else b""


def grown_protobuf(data: bytes, size: int) -> Iterator[bytes]:
    """Messages of about `size` bytes: one field anywhere in the tree, so often; each kind once."""
    tree = _parsed(data) or []
    seen = set[tuple[int, ...]]()
    for path, fields, at in list(_places(tree)):
        if path not in seen:
            seen.add(path)
            repeats = size // max(len(_written([fields[at]])), 1)
            fields[at:at] = [fields[at]] * repeats
            yield _written(tree)[:size]
            del fields[at : at + repeats]


def grown_text(data: bytes, size: int) -> Iterator[bytes]:
    """JSON of about `size` bytes: a list or object with so many members, or a member that became a list."""
    root = json.loads(data)
    for holder in [item for item in _containers(root) if item][:MAX_GROWN]:
        for key in list(holder if isinstance(holder, dict) else range(len(holder)))[-MAX_GROWN:]:
            value = holder[key]
            repeats = size // (len(json.dumps(value)) + 12)
            holder[key] = [value] * repeats
            yield json.dumps(root).encode()
            holder[key] = value
        if isinstance(holder, dict):
            holder.update({f"{key}{number}": value for number in range(repeats)})
        else:
            holder.extend([value] * repeats)
        yield json.dumps(root).encode()
        for _ in range(repeats):
            holder.popitem() if isinstance(holder, dict) else holder.pop()


def _parsed(data: bytes, depth: int = 0) -> Message | None:
    """The fields; None for what is no message."""
    fields: Message = []
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        number, wire = key >> 3, key & 7
        value: Any
        if wire == 0:
            value, at = _number(data, at)
        elif wire in (1, 2, 5):
            length, at = _number(data, at) if wire == 2 else (WIDTHS[wire], at)
            value, at = data[at : at + length], at + length
            if wire == 2 and depth < 12 and (inner := _parsed(value, depth + 1)):
                value = inner
        else:
            return None
        if not number or at > len(data):
            return None
        fields.append([number, wire, value])
    return fields


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at
    return 0, len(data) + 1


def _written(fields: Message) -> bytes:
    out = bytearray()
    for number, wire, value in fields:
        out += varint(number << 3 | wire)
        body = _written(value) if isinstance(value, list) else value
        if isinstance(body, int):
            out += varint(body % 2**64)
        else:
            out += (varint(len(body)) if wire == 2 else b"") + body
    return bytes(out)


def _messages(fields: Message) -> Iterator[Message]:
    yield fields
    for _, _, value in fields:
        if isinstance(value, list):
            yield from _messages(value)


def _places(fields: Message, above: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Message, int]]:
    """Every field: the numbers on the way to it, the message that holds it, and its place there."""
    for at, (number, _, value) in enumerate(fields):
        yield (*above, number), fields, at
        if isinstance(value, list):
            yield from _places(value, (*above, number))


def _change(draw: random.Random, fields: Message) -> None:
    if not fields:
        return
    at = draw.randrange(len(fields))
    number, wire, value = fields[at]
    match draw.randrange(7):
        case 0:
            del fields[at]
        case 1:
            fields[at:at] = [list(fields[at])] * draw.choice((1, 3, 200))
        case 2:
            fields[at] = [draw.randint(1, 30), wire, value]
        case 3:
            fields[at] = [number, 0, draw.choice(NUMBERS)]
        case 4:
            fields[at] = [number, 2, draw.choice((b"", b"\xff" * 9, b"x" * 300, b"\x80" * 20, b"../x"))]
        case 5:
            for _ in range(draw.choice((1, 5, 110))):
                fields[at] = [number, 2, [fields[at]]]
        case _:
            draw.shuffle(fields)


def _containers(root: Any) -> Iterator[Any]:
    pending = [root]
    while pending:
        item = pending.pop()
        if isinstance(item, (list, dict)):
            yield item
            pending.extend(item.values() if isinstance(item, dict) else item)


def _alter(draw: random.Random, holder: Any) -> None:
    key = draw.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    match draw.randrange(5):
        case 0:
            del holder[key]
        case 1:
            holder[key] = draw.choice(VALUES)
        case 2:
            for _ in range(draw.choice((1, 3, 150))):
                holder[key] = [holder[key]] if draw.random() < 0.5 else {"a": holder[key]}
        case 3:
            holder[key] = [holder[key]] * draw.choice((0, 2, 50))
        case _:
            if isinstance(holder, dict):
                holder[draw.choice(("", "a", "\u202e", "__metadata__", "x" * 300))] = holder[key]
            else:
                holder.insert(key, draw.choice(VALUES))
