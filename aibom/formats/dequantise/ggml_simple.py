"""ggml's simple block types: one or two scales over 16 to 256 values.

Source: ggml `ggml-common.h` (block structures) and `ggml-quants.c` (`dequantize_row_*`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aibom.formats.dequantise.elements import DTYPES, Floats, unpack

Blocks = NDArray[Any]
"""Blocks as records, shape (n,)."""


@dataclass(frozen=True, slots=True)
class BlockType:
    """The record of one block, how many values it holds, and how records become (n, values) float32."""

    record: np.dtype[Any]
    values: int
    decode: Callable[[Blocks], Floats]


def block(values: int, fields: str, decode: Callable[[Blocks], Floats]) -> BlockType:
    """A block type from fields as `name:type` or `name:type:count`, in the order they lie."""
    record: list[Any] = []
    for name, kind, *count in (field.split(":") for field in fields.split()):
        record.append((name, kind, (int(count[0]),)) if count else (name, kind))
    return BlockType(np.dtype(record), values, decode)


def scale(blocks: Blocks, name: str = "d") -> Floats:
    """A field with one number for each block, shape (n, 1)."""
    return blocks[name].astype(np.float32)[:, np.newaxis]


def planes(codes: NDArray[np.uint8], bits: int, run: int) -> NDArray[np.uint8]:
    """Codes of `bits` bits from bytes: of each `run` bytes all lowest bits, then all next ones, and so on."""
    shifts = np.arange(0, 8, bits, dtype=np.uint8)[:, np.newaxis]
    spread = codes.reshape(len(codes), -1, 1, run) >> shifts & np.uint8(2**bits - 1)
    return spread.reshape(len(codes), -1)


IQ4: Final = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], np.float32)
"""`kvalues_iq4nl`: what the codes of IQ4_NL and IQ4_XS stand for."""
_FP4_DOUBLED: Final = np.array([0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12], np.float32)
"""`kvalues_mxfp4`: e2m1 times two; the scales are halved for it."""
_POWERS: Final = np.array([1, 3, 9, 27, 81], np.uint8)[:, np.newaxis]


def _q4(blocks: Blocks) -> Floats:
    return planes(blocks["qs"], 4, 16).astype(np.float32)


def _q5(blocks: Blocks) -> Floats:
    return planes(blocks["qs"], 4, 16).astype(np.float32) + unpack(blocks["qh"], 1) * np.float32(16)


def _q4_0(blocks: Blocks) -> Floats:
    return scale(blocks) * (_q4(blocks) - 8)


def _q4_1(blocks: Blocks) -> Floats:
    return scale(blocks) * _q4(blocks) + scale(blocks, "m")


def _q5_0(blocks: Blocks) -> Floats:
    return scale(blocks) * (_q5(blocks) - 16)


def _q5_1(blocks: Blocks) -> Floats:
    return scale(blocks) * _q5(blocks) + scale(blocks, "m")


def _q8(blocks: Blocks) -> Floats:
    return scale(blocks) * blocks["qs"].astype(np.float32)


def _q1_0(blocks: Blocks) -> Floats:
    return scale(blocks) * (unpack(blocks["qs"], 1) * np.float32(2) - 1)


def _tq1_0(blocks: Blocks) -> Floats:
    """Five ternary digits to a byte, as a fraction of 256 whose digits multiplication brings to the top."""
    count = len(blocks)
    runs = [(blocks["qs"][:, :32], 5), (blocks["qs"][:, 32:], 5), (blocks["qh"], 4)]
    digits = [(codes[:, np.newaxis] * _POWERS[:length]).reshape(count, -1) for codes, length in runs]
    ternary = np.concatenate(digits, axis=-1).astype(np.uint16) * np.uint16(3) >> 8
    return scale(blocks) * (ternary.astype(np.float32) - 1)


def _tq2_0(blocks: Blocks) -> Floats:
    return scale(blocks) * (planes(blocks["qs"], 2, 32).astype(np.float32) - 1)


def _mxfp4(blocks: Blocks) -> Floats:
    halved = np.ldexp(np.float32(1), blocks["e"].astype(np.int32) - 128)[:, np.newaxis]
    return halved * _FP4_DOUBLED[planes(blocks["qs"], 4, 16)]


def _nvfp4(blocks: Blocks) -> Floats:
    """Scales are e4m3 without a sign, one for 16 values; the code of not-a-number stands for zero."""
    codes = blocks["d"].astype(np.int32)
    exponent, mantissa = codes >> 3 & 15, codes & 7
    scales = np.ldexp((mantissa + 8 * (exponent > 0)).astype(np.float32), np.maximum(exponent, 1) - 11)
    scales[codes == 0x7F] = 0
    values = _FP4_DOUBLED[planes(blocks["qs"], 4, 8)].reshape(len(blocks), 4, 16)
    result: Floats = (scales[..., np.newaxis] * values).reshape(len(blocks), 64)
    return result


def _iq4_nl(blocks: Blocks) -> Floats:
    return scale(blocks) * IQ4[planes(blocks["qs"], 4, 16)]


def _iq4_xs(blocks: Blocks) -> Floats:
    """Scales of 6 bits for 32 values: four bits in `low`, two in `high`."""
    low, high = unpack(blocks["low"], 4), unpack(blocks["high"], 2)
    scales = scale(blocks) * ((low | high << 4).astype(np.float32) - 32)
    values = IQ4[planes(blocks["qs"], 4, 16)].reshape(len(blocks), 8, 32)
    return (scales[..., np.newaxis] * values).reshape(len(blocks), 256)


def _number(dtype: np.dtype[Any]) -> BlockType:
    return BlockType(np.dtype([("d", dtype)]), 1, scale)


NUMBERS: Final[Mapping[str, BlockType]] = {
    name: _number(DTYPES[name]) for name in ("F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8")
}
"""Types without blocks."""
SIMPLE: Final[Mapping[str, BlockType]] = {
    "Q1_0": block(128, "d:<f2 qs:u1:16", _q1_0),
    "Q4_0": block(32, "d:<f2 qs:u1:16", _q4_0),
    "Q4_1": block(32, "d:<f2 m:<f2 qs:u1:16", _q4_1),
    "Q5_0": block(32, "d:<f2 qh:u1:4 qs:u1:16", _q5_0),
    "Q5_1": block(32, "d:<f2 m:<f2 qh:u1:4 qs:u1:16", _q5_1),
    "Q8_0": block(32, "d:<f2 qs:i1:32", _q8),
    "Q8_K": block(256, "d:<f4 qs:i1:256 sums:<i2:16", _q8),
    "TQ1_0": block(256, "qs:u1:48 qh:u1:4 d:<f2", _tq1_0),
    "TQ2_0": block(256, "qs:u1:64 d:<f2", _tq2_0),
    "MXFP4": block(32, "e:u1 qs:u1:16", _mxfp4),
    "NVFP4": block(64, "d:u1:4 qs:u1:32", _nvfp4),
    "IQ4_NL": block(32, "d:<f2 qs:u1:16", _iq4_nl),
    "IQ4_XS": block(256, "d:<f2 high:u1:2 low:u1:4 qs:u1:128", _iq4_xs),
}
"""By ggml's name of the type."""
