"""Flax checkpoints, with the project's own encoder of MessagePack and Flax' layout of arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


def array(shape: Sequence[int], dtype: str = "float32", width: int = 4) -> msgspec.msgpack.Ext:
    """An array as Flax writes it: an extension that holds shape, type and bytes."""
    count = 1
    for size in shape:
        count *= size
    return msgspec.msgpack.Ext(1, msgspec.msgpack.encode((list(shape), dtype, b"\xaa" * (count * width))))


def chunked(shape: Sequence[int], *pieces: msgspec.msgpack.Ext) -> dict[str, Any]:
    """An array over 1 GiB as Flax cuts it."""
    return {
        "__msgpack_chunked_array__": True,
        "shape": {str(at): size for at, size in enumerate(shape)},
        "chunks": {str(at): piece for at, piece in enumerate(pieces)},
    }


def checkpoint(tree: Mapping[str, Any]) -> bytes:
    """The bytes of a file."""
    return msgspec.msgpack.encode(tree)
