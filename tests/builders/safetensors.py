"""Safetensors files as bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from aibom.formats.safetensors.header import BITS


def safetensors(
    tensors: Mapping[str, tuple[str, Sequence[int]]],
    *,
    metadata: Mapping[str, str] | None = None,
    data: bool = True,
) -> bytes:
    """A valid file: name to (dtype, shape), laid out in the order given; zeros as data, or none."""
    table: dict[str, object] = {} if metadata is None else {"__metadata__": dict(metadata)}
    end = 0
    for name, (dtype, shape) in tensors.items():
        begin, end = end, end + math.prod(shape) * BITS[dtype] // 8
        table[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}
    return raw_safetensors(table, end if data else 0)


def raw_safetensors(header: object, room: int = 0, *, length: int | None = None) -> bytes:
    """A file with any header, or text as header, the length given or its true one, and `room` zeros."""
    body = header.encode() if isinstance(header, str) else json.dumps(header).encode()
    return (len(body) if length is None else length).to_bytes(8, "little") + body + bytes(room)


def index(weight_map: Mapping[str, str], total_size: int | None = None) -> bytes:
    """A weight index."""
    metadata = {} if total_size is None else {"total_size": total_size}
    return json.dumps({"metadata": metadata, "weight_map": dict(weight_map)}).encode()
