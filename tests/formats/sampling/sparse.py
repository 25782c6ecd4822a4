"""Checkpoints of any size of which only headers exist: data is made up where it is read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

import numpy as np

from aibom.errors import ReadError
from aibom.formats.safetensors import BITS
from aibom.model import Depth, FileEntry
from aibom.spi import Range
from aibom.testing import MemoryView

Table = Mapping[str, tuple[str, Sequence[int]]]


class SparseView(MemoryView):
    """A view of small files, and of safetensors files whose data are random normal BF16 numbers."""

    def __init__(self, small: Mapping[str, bytes], tables: Mapping[str, Table]) -> None:
        headers = {path: header(table) for path, table in tables.items()}
        super().__init__(
            {**small, **{path: head for path, (head, _) in headers.items()}}, depth=Depth.WEIGHTS
        )
        self._ends = {path: len(head) + size for path, (head, size) in headers.items()}
        self._heads = {path: len(head) for path, (head, _) in headers.items()}
        for path, size in self._ends.items():
            self.mark(path, size=size)
        self.sampled = 0
        """Bytes read behind headers."""

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(entry.size or 0 for entry in self.files.values())

    @property
    def entries(self) -> Mapping[str, FileEntry]:
        return self.files

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        head = self._heads.get(path)
        if head is None or offset < head:
            data = super().read(path, offset, length)
            if head is None or length is None or offset + length <= head:
                return data
            return data  # a header that is shorter than the first read: the rest is left out
        if length is None or offset + length > self._ends[path]:
            raise ReadError(f"{path}: a read past its end")
        self.reads.append((path, offset, length))
        self.sampled += length
        return made_up(offset, length)

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        return [self.read(item.path, item.offset, item.length) for item in ranges]


def made_up(offset: int, length: int) -> bytes:
    """Random BF16 numbers; the same for the same offset and length."""
    numbers = np.random.default_rng(offset).normal(size=length // 2 + 1).astype(np.float32)
    return (numbers.view(np.uint32) >> 16).astype("<u2").tobytes()[:length]


def header(table: Table) -> tuple[bytes, int]:
    """The header of a safetensors file, and the bytes of its data."""
    rows: dict[str, object] = {}
    end = 0
    for name, (dtype, shape) in table.items():
        size = math.prod(shape) * BITS[dtype] // 8
        rows[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [end, end + size]}
        end += size
    body = json.dumps(rows).encode()
    return len(body).to_bytes(8, "little") + body, end
