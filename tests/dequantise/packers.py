"""Writers of the packed layouts, by arithmetic on whole numbers; the decoders go by bits instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)
"""AutoAWQ's `order_map`: which output feature each code of a word belongs to."""


def stream(codes: Iterable[int], bits: int) -> bytes:
    """Codes one after the other, lowest bits first, padded to whole 32-bit words."""
    numbers = [int(code) for code in codes]
    packed = sum(code << position * bits for position, code in enumerate(numbers))
    return packed.to_bytes(-(-len(numbers) * bits // 32) * 4, "little")


def words(rows: Sequence[Iterable[int]], bits: int) -> NDArray[np.int32]:
    """Each row as a stream; shape (rows, words)."""
    return np.stack([np.frombuffer(stream(row, bits), "<i4") for row in rows])


def gptq(codes: NDArray[np.int64], zeros: NDArray[np.int64], bits: int, version: int) -> dict[str, bytes]:
    """Codes (out, in) and zero points (groups, out)."""
    stored = (zeros - 1) % 2**bits if version == 1 else zeros
    return {"qweight": words(list(codes), bits).T.tobytes(), "qzeros": words(list(stored), bits).tobytes()}


def awq(codes: NDArray[np.int64], zeros: NDArray[np.int64]) -> dict[str, bytes]:
    """Codes (out, in) and zero points (groups, out)."""

    def ordered(rows: NDArray[np.int64]) -> bytes:
        shuffled = rows.reshape(len(rows), -1, 8)[:, :, list(AWQ_ORDER)].reshape(len(rows), -1)
        return words(list(shuffled), 4).tobytes()

    return {"qweight": ordered(codes.T), "qzeros": ordered(zeros)}


def pack_quantized(codes: NDArray[np.int64], zeros: NDArray[np.int64], bits: int) -> dict[str, bytes]:
    """Signed codes (out, in) and signed zero points (out, groups)."""
    middle = 2 ** (bits - 1)
    return {
        "weight_packed": words(list(codes + middle), bits).tobytes(),
        "weight_zero_point": words(list(zeros.T + middle), bits).T.tobytes(),
    }


def nibbles(codes: Iterable[int], *, high_first: bool = False) -> bytes:
    """Codes of 4 bits in pairs."""
    numbers = [int(code) for code in codes]
    numbers += [0] * (len(numbers) % 2)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return bytes(first << 4 | second if high_first else first | second << 4 for first, second in pairs)
