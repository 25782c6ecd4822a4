"""Flax checkpoints."""

from __future__ import annotations

from aibom.formats.msgpack import read_msgpack
from aibom.spi import View, once
from aibom_archives.described import Described


def describe(view: View, path: str) -> Described:
    """One `.msgpack` file.

    Raises:
        ReadError: the file is no map of arrays, or cannot be read.
    """
    return Described(form="flax msgpack", rows=once(view, read_msgpack, path))
