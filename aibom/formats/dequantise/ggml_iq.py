"""ggml's IQ types: 256 values that are looked up in grids, 4 or 8 at a time.

Source: ggml `ggml-common.h` (block structures, grids) and `ggml-quants.c` (`dequantize_row_iq*`). IQ4_NL
and IQ4_XS have no grid and are in `ggml_simple.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aibom.formats.dequantise.elements import Floats, unpack
from aibom.formats.dequantise.ggml_grids import grid
from aibom.formats.dequantise.ggml_simple import Blocks, BlockType, block, scale

_SEVEN: Final = np.arange(128, dtype=np.uint8)
_SIGNS: Final = _SEVEN | (unpack(_SEVEN[:, np.newaxis], 1).sum(axis=-1) % 2 << 7).astype(np.uint8)
"""`ksigns_iq2xs`: seven signs, and an eighth that makes their number even."""
_DELTA: Final = np.float32(0.125)
"""`IQ1S_DELTA`: how far the values of IQ1 types are moved."""


def _bits(codes: NDArray[Any], shifts: range, width: int) -> NDArray[np.int64]:
    """Codes of `width` bits at the given shifts of each number, along a further axis."""
    found: NDArray[np.int64] = codes.astype(np.int64)[..., np.newaxis] >> np.array(shifts) & (2**width - 1)
    return found


def _signed(signs: NDArray[np.uint8]) -> Floats:
    """1 or -1 for each bit of the signs, along a further axis."""
    return 1 - np.float32(2) * unpack(signs[..., np.newaxis], 1)


def _looked_up(name: str, index: NDArray[Any], signs: Floats, scales: Floats) -> Floats:
    """Grid rows times signs times the scale of their group."""
    values = grid(name)[index].reshape(*scales.shape, -1)
    result: Floats = scales[..., np.newaxis] * values * signs.reshape(values.shape)
    return result.reshape(len(values), 256)


def _iq2_xxs(blocks: Blocks) -> Floats:
    """For 32 values four indices, then four signs of 7 bits with a scale of 4 above them."""
    words = np.ascontiguousarray(blocks["qs"]).reshape(-1, 8, 2)
    index = np.ascontiguousarray(words[..., 0]).view(np.uint8)
    return _looked_up(
        "IQ2_XXS", index, _packed_signs(words[..., 1]), _top_scales(blocks, words[..., 1], 0.25)
    )


def _iq3_xxs(blocks: Blocks) -> Floats:
    words = blocks["scales"]
    return _looked_up("IQ3_XXS", blocks["qs"], _packed_signs(words), _top_scales(blocks, words, 0.5))


def _packed_signs(words: NDArray[Any]) -> Floats:
    return _signed(_SIGNS[_bits(words, range(0, 28, 7), 7)])


def _top_scales(blocks: Blocks, words: NDArray[Any], factor: float) -> Floats:
    result: Floats = scale(blocks) * (np.float32(0.5) + (words >> 28).astype(np.float32)) * np.float32(factor)
    return result


def _nibble_scales(blocks: Blocks) -> Floats:
    """Scales of 4 bits for 16 values."""
    result: Floats = scale(blocks) * (np.float32(0.5) + unpack(blocks["scales"], 4)) * np.float32(0.25)
    return result


def _iq2_xs(blocks: Blocks) -> Floats:
    """Indices of 9 bits with signs of 7 bits above them."""
    signs = _signed(_SIGNS[blocks["qs"] >> 9])
    return _looked_up("IQ2_XS", blocks["qs"] & 511, signs, _nibble_scales(blocks))


def _iq2_s(blocks: Blocks) -> Floats:
    """Indices of 10 bits, the upper two in `qh`; a bit for each sign."""
    index = blocks["qs"] | unpack(blocks["qh"], 2).astype(np.uint16) << 8
    return _looked_up("IQ2_S", index, _signed(blocks["signs"]), _nibble_scales(blocks))


def _iq3_s(blocks: Blocks) -> Floats:
    """Indices of 9 bits, the upper one in `qh`; a bit for each sign; odd scales for 32 values."""
    index = blocks["qs"] | unpack(blocks["qh"], 1).astype(np.uint16) << 8
    scales = scale(blocks) * (1 + np.float32(2) * unpack(blocks["scales"], 4))
    return _looked_up("IQ3_S", index, _signed(blocks["signs"]), scales)


def _shifted(index: NDArray[Any], negative: NDArray[np.bool_], scales: Floats) -> Floats:
    """Grid rows of the IQ1 types, moved up or down, times the scale of their group."""
    moved = grid("IQ1_S")[index].reshape(*negative.shape, -1)
    moved = moved + np.where(negative, -_DELTA, _DELTA)[..., np.newaxis]
    result: Floats = scales[..., np.newaxis] * moved.reshape(*scales.shape, -1)
    return result.reshape(len(scales), 256)


def _iq1_s(blocks: Blocks) -> Floats:
    """For 32 values in `qh`: three upper bits of four indices, a scale of 3 bits, the direction."""
    high = blocks["qh"]
    index = blocks["qs"] | _bits(high, range(0, 12, 3), 3).reshape(len(blocks), -1) << 8
    scales = scale(blocks) * (2 * (high >> 12 & 7) + 1).astype(np.float32)
    return _shifted(index, high >= 0x8000, scales)


def _iq1_m(blocks: Blocks) -> Floats:
    """The scale's four nibbles lie on top of the words of scales of 3 bits, one for 16 values."""
    words, high = blocks["scales"], unpack(blocks["qh"], 4)
    index = blocks["qs"] | (high & 7).astype(np.uint16) << 8
    nibbles = (words >> 12).astype(np.uint16) << np.arange(0, 16, 4, dtype=np.uint16)
    over_all = np.bitwise_or.reduce(nibbles, axis=-1).astype("<u2").view("<f2").astype(np.float32)
    small = _bits(words, range(0, 12, 3), 3).reshape(len(blocks), -1)
    scales: Floats = over_all[:, np.newaxis] * (2 * small + 1).astype(np.float32)
    return _shifted(index, high >= 8, scales)


IQ_QUANTS: Final[Mapping[str, BlockType]] = {
    "IQ1_S": block(256, "d:<f2 qs:u1:32 qh:<u2:8", _iq1_s),
    "IQ1_M": block(256, "qs:u1:32 qh:u1:16 scales:<u2:4", _iq1_m),
    "IQ2_XXS": block(256, "d:<f2 qs:<u4:16", _iq2_xxs),
    "IQ2_XS": block(256, "d:<f2 qs:<u2:32 scales:u1:8", _iq2_xs),
    "IQ2_S": block(256, "d:<f2 qs:u1:32 signs:u1:32 qh:u1:8 scales:u1:8", _iq2_s),
    "IQ3_XXS": block(256, "d:<f2 qs:u1:64 scales:<u4:8", _iq3_xxs),
    "IQ3_S": block(256, "d:<f2 qs:u1:64 qh:u1:8 signs:u1:32 scales:u1:4", _iq3_s),
}
"""By ggml's name of the type."""
