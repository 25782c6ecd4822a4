"""The element types of stored tensors as numbers, and values packed below a byte.

Names are those of safetensors, with I2, U2, I4, U4 for the packed integers of ONNX.
Source of the small floats: OCP 8-bit Floating Point Specification 1.0 and OCP Microscaling Formats 1.0,
as the `ml_dtypes` package implements them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

DTYPES: Final[Mapping[str, np.dtype[Any]]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E4M3FNUZ": np.dtype(ml_dtypes.float8_e4m3fnuz),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "F8_E5M2FNUZ": np.dtype(ml_dtypes.float8_e5m2fnuz),
    "F8_E8M0": np.dtype(ml_dtypes.float8_e8m0fnu),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
}
"""Types of whole bytes; all are little-endian in the formats that are read."""

PACKED: Final[Mapping[str, Floats]] = {
    "I2": np.array([0, 1, -2, -1], np.float32),
    "U2": np.arange(4, dtype=np.float32),
    "I4": np.array([*range(8), *range(-8, 0)], np.float32),
    "U4": np.arange(16, dtype=np.float32),
    "F4": np.arange(16, dtype=np.uint8).view(ml_dtypes.float4_e2m1fn).astype(np.float32),
}
"""Types of less than a byte: what each code stands for. The first element lies in the lowest bits."""

FLOATING: Final = frozenset(name for name in (*DTYPES, *PACKED) if "F" in name)
"""Names of types that are floats."""


def bits_of(dtype: str) -> int | None:
    """Bits of one element, or None where the type is not known."""
    if dtype in PACKED:
        return len(PACKED[dtype]).bit_length() - 1
    return DTYPES[dtype].itemsize * 8 if dtype in DTYPES else None


def unpack(data: Bytes, bits: int) -> Bytes:
    """Codes of `bits` bits (1 to 8) from a stream along the last axis, its lowest bits first.

    Bits that are left over at the end of the axis make no code.
    """
    stream = np.unpackbits(data, axis=-1, bitorder="little")
    count = stream.shape[-1] // bits
    codes = stream[..., : count * bits].reshape(*stream.shape[:-1], count, bits)
    return np.packbits(codes, axis=-1, bitorder="little")[..., 0]
