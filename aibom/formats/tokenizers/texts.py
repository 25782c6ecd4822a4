"""A column of texts: their UTF-8 bytes one after the other, and where each ends.

A vocabulary as Python strings is hundreds of thousands of small objects, and every pass over them waits for
memory; as two arrays all passes are vectorised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint64]

HASHED = 256
"""Bytes of a text that its hash is taken of, beside its length; tokens of real vocabularies are shorter."""
_PIECE = 50_000
"""Strings that are encoded at a time."""
_FACTOR = np.uint64(0x00000100000001B3)
"""The 64-bit prime of FNV: http://www.isthe.com/chongo/tech/comp/fnv/."""


def mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64, in which every bit moves all others; no two values become one.

    Source: https://prng.di.unimi.it/splitmix64.c.
    """
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def distinct(values: Hashes) -> Hashes:
    """Sorted, each once; some 20 times faster than `np.unique`, which hashes numbers before it sorts them."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


_BYTES = mixed(np.arange(1, 257, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
"""A 64-bit word for each byte: the first 256 numbers of SplitMix64 from seed 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """`data` holds all bytes; text number i are those from `ends[i - 1]` (0 for the first) to `ends[i]`."""

    data: Bytes
    ends: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """From strings; lone surrogates, which stand for bytes that are no UTF-8, are kept."""
        data, lengths = bytearray(), np.zeros(len(texts), np.int64)
        for start in range(0, len(texts), _PIECE):
            encoded = [text.encode("utf-8", "surrogatepass") for text in texts[start : start + _PIECE]]
            lengths[start : start + _PIECE] = np.fromiter(map(len, encoded), np.int64, len(encoded))
            data += b"".join(encoded)
        return cls(np.frombuffer(data, np.uint8), np.cumsum(lengths))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, index: int) -> str:
        start = int(self.ends[index - 1]) if index else 0
        return self.data[start : self.ends[index]].tobytes().decode("utf-8", "surrogatepass")

    @property
    def starts(self) -> Places:
        """Where each begins."""
        return np.concatenate([np.zeros(1, np.int64), self.ends])[:-1]

    def chosen(self, mask: NDArray[np.bool_]) -> Texts:
        """Those that are marked, in the order they have."""
        lengths = np.diff(self.ends, prepend=0)
        return Texts(self.data[np.repeat(mask, lengths)], np.cumsum(lengths[mask]))

    def ordered(self, order: Places) -> Texts:
        """All of them in this order."""
        data, starts, ends = self.data.tobytes(), self.starts[order].tolist(), self.ends[order].tolist()
        joined = b"".join([data[start:end] for start, end in zip(starts, ends, strict=True)])
        return Texts(np.frombuffer(joined, np.uint8), np.cumsum(np.diff(self.ends, prepend=0)[order]))

    def hashes(self) -> Hashes:
        """64 bits of each text: FNV-1a over a 64-bit word for each byte, from the length on, then mixed.

        Well mixed and the same on every machine; no proof against one who makes texts to collide.
        """
        starts, lengths = self.starts, np.diff(self.ends, prepend=0)
        order = np.argsort(-np.minimum(lengths, HASHED), kind="stable")
        starts, lengths = starts[order], lengths[order]
        state = lengths.astype(np.uint64)
        live = len(state)
        for at in range(int(min(lengths.max(initial=0), HASHED))):
            live = int(np.count_nonzero(lengths[:live] > at))
            state[:live] = (state[:live] ^ _BYTES[self.data[starts[:live] + at]]) * _FACTOR
        values = np.empty_like(state)
        values[order] = mixed(state)
        return values
