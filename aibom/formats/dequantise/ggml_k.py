"""ggml's K-quants: 256 values in groups of 16 or 32, whose scales are quantised themselves.

Source: ggml `ggml-common.h` (block structures) and `ggml-quants.c` (`dequantize_row_q2_K` to `q6_K`,
`get_scale_min_k4`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aibom.formats.dequantise.elements import Floats
from aibom.formats.dequantise.ggml_simple import Blocks, BlockType, block, planes, scale


def _grouped(scales: Floats, codes: NDArray[Any], minima: Floats | None = None) -> Floats:
    """Codes (n, 256) times the scale of their group, less its minimum."""
    values: Floats = codes.astype(np.float32).reshape(*scales.shape, -1) * scales[..., np.newaxis]
    if minima is not None:
        values -= minima[..., np.newaxis]
    return values.reshape(len(scales), 256)


def _q2_k(blocks: Blocks) -> Floats:
    """Scale and minimum of 16 values in the halves of a byte."""
    scales, minima = blocks["scales"] & 15, blocks["scales"] >> 4
    return _grouped(scale(blocks) * scales, planes(blocks["qs"], 2, 32), scale(blocks, "dmin") * minima)


def _q3_k(blocks: Blocks) -> Floats:
    """Scales of 6 bits: four low ones in 8 bytes, two high ones in 4. A high bit of 0 takes 4 away."""
    low, high = planes(blocks["scales"][:, :8], 4, 8), planes(blocks["scales"][:, 8:], 2, 4)
    scales = (low | high << 4).astype(np.float32) - 32
    codes = planes(blocks["qs"], 2, 32).astype(np.float32) - 4
    return _grouped(scale(blocks) * scales, codes + planes(blocks["high"], 1, 32) * np.float32(4))


def _scales_and_minima(packed: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Eight scales and eight minima of 6 bits in 12 bytes.

    The first four of each lie whole in bytes 0 to 7, whose two top bits are those of the last four; the
    low bits of the last four share bytes 8 to 11.
    """
    first, second, low = packed[:, :4], packed[:, 4:8], packed[:, 8:]
    scales = np.concatenate([first & 63, low & 15 | first >> 6 << 4], axis=-1)
    return scales, np.concatenate([second & 63, low >> 4 | second >> 6 << 4], axis=-1)


def _q4_k(blocks: Blocks) -> Floats:
    scales, minima = _scales_and_minima(blocks["scales"])
    return _grouped(scale(blocks) * scales, planes(blocks["qs"], 4, 32), scale(blocks, "dmin") * minima)


def _q5_k(blocks: Blocks) -> Floats:
    scales, minima = _scales_and_minima(blocks["scales"])
    codes = planes(blocks["qs"], 4, 32) | planes(blocks["qh"], 1, 32) << 4
    return _grouped(scale(blocks) * scales, codes, scale(blocks, "dmin") * minima)


def _q6_k(blocks: Blocks) -> Floats:
    codes = planes(blocks["ql"], 4, 64) | planes(blocks["qh"], 2, 32) << 4
    return _grouped(scale(blocks) * blocks["scales"], codes.astype(np.float32) - 32)


K_QUANTS: Final[Mapping[str, BlockType]] = {
    "Q2_K": block(256, "scales:u1:16 qs:u1:64 d:<f2 dmin:<f2", _q2_k),
    "Q3_K": block(256, "high:u1:32 qs:u1:64 scales:u1:12 d:<f2", _q3_k),
    "Q4_K": block(256, "d:<f2 dmin:<f2 scales:u1:12 qs:u1:128", _q4_k),
    "Q5_K": block(256, "d:<f2 dmin:<f2 scales:u1:12 qh:u1:32 qs:u1:128", _q5_k),
    "Q6_K": block(256, "ql:u1:128 qh:u1:64 scales:i1:16 d:<f2", _q6_k),
}
"""By ggml's name of the type."""
