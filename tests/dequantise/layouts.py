"""One small layout of every kind, and the tensors that hold it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import strategies as st

from aibom.formats.dequantise import (
    GGML_TYPES,
    Awq,
    Bnb4,
    DequantizeLinear,
    Ggml,
    GlobalScale,
    Gptq,
    Layout,
    MatMulNBits,
    PackQuantized,
    Plain,
    Scaled,
    int8,
    mxfp4,
    mxfp8,
    nvfp4,
    per_channel,
    per_tensor,
    row_extents,
)
from aibom.formats.dequantise.elements import DTYPES, PACKED

INDICES = frozenset({"g_idx", "weight_g_idx"})

LAYOUTS: Mapping[str, Layout] = {
    **{f"ggml {kind}": Ggml((5, 2 * block.values), kind) for kind, block in GGML_TYPES.items()},
    **{f"plain {dtype}": Plain((5, 3), dtype) for dtype in (*DTYPES, *PACKED)},
    **{f"gptq {bits} bits": Gptq((64, 64), bits, 32) for bits in (2, 3, 4, 8)},
    "gptq indexed": Gptq((64, 32), 4, 8, indexed=True),
    "gptq version 2": Gptq((64, 32), 3, 32, version=2),
    "awq": Awq((24, 12), 4),
    "awq of a short last group": Awq((16, 10), 4, scale="BF16"),
    "bitsandbytes int8": int8((5, 7)),
    "nf4": Bnb4((5, 13), "nf4", 16),
    "fp4": Bnb4((5, 64), "fp4", 64),
    "nf4 nested": Bnb4((9, 13), "nf4", 8, nested_block=4, nested_offset=0.25),
    "fp8 blocks": Scaled((10, 7), "F8_E4M3", (4, 3)),
    "fp8 blocks of stacked experts": Scaled((10, 7), "F8_E5M2", (4, 3), "BF16", stack=2),
    "fp8 per tensor": per_tensor((5, 7), "F8_E4M3"),
    "fp8 per channel": per_channel((5, 7), "F8_E4M3", "BF16"),
    "mxfp4": mxfp4((5, 64)),
    "mxfp8": mxfp8((5, 64)),
    "nvfp4 of modelopt": nvfp4((5, 32)),
    "nvfp4 of compressed-tensors": nvfp4((5, 32), divides=True),
    "global scale": Scaled((5, 3), "F4", (2, 2), global_scale=GlobalScale.MULTIPLIES),
    **{f"pack-quantized {bits} bits": PackQuantized((5, 12), bits, 4) for bits in (2, 4, 8)},
    "pack-quantized asymmetric": PackQuantized((19, 20), 4, 8, asymmetric=True),
    "pack-quantized indexed": PackQuantized((19, 20), 8, 8, asymmetric=True, indexed=True, scale="F32"),
    "qdq per tensor": DequantizeLinear((5, 3), "I8", zero_point=True),
    "qdq rows": DequantizeLinear((5, 3, 2), "U4", axis=0, zero_point=True),
    "qdq columns": DequantizeLinear((5, 3), "I4", axis=-1, zero_point=True),
    "qdq middle axis": DequantizeLinear((5, 3, 3), "U2", axis=1, zero_point=True),
    "qdq blocks of rows": DequantizeLinear((7, 3), "U4", axis=0, block=2, zero_point=True),
    "qdq blocks of columns": DequantizeLinear((5, 7), "I2", axis=1, block=2, zero_point=True),
    "qdq blocks of a middle axis": DequantizeLinear((5, 5, 3), "U4", axis=1, block=2, zero_point=True),
    "qdq floats": DequantizeLinear((5, 3), "F8_E4M3", axis=0, zero_point=True, scale="F16"),
    "qdq fp4": DequantizeLinear((5, 6), "F4", axis=1, block=3),
    "qdq of a vector": DequantizeLinear((9,), "I32"),
    **{f"matmulnbits {bits} bits": MatMulNBits((5, 40), bits, 16, zero_points="U8") for bits in (2, 4, 8)},
    "matmulnbits without zero points": MatMulNBits((5, 40), 4, 32),
    "matmulnbits with float zero points": MatMulNBits((5, 40), 4, 32, zero_points="F16", scale="F16"),
    "matmulnbits indexed": MatMulNBits((5, 40), 4, 16, zero_points="U8", indexed=True),
}


def whole(layout: Layout, seed: int) -> dict[str, bytes]:
    """Every stored tensor in full: random bytes, and indices of groups that are there."""
    numbers = np.random.default_rng(seed)
    found = {name: numbers.bytes(part.nbytes) for name, part in layout.parts.items()}
    for name in INDICES & found.keys():
        rows, columns = layout.parts["weight_scale" if name == "weight_g_idx" else "scales"].shape
        groups = rows if isinstance(layout, Gptq) else columns
        found[name] = numbers.integers(0, groups, layout.columns).astype("<i4").tobytes()
    return found


def cut(layout: Layout, tensors: Mapping[str, bytes], first: int, stop: int) -> dict[str, bytes]:
    """The runs that the rows need, as a reader of ranges would take them."""
    return {
        name: b"".join(tensors[name][offset : offset + length] for offset, length in extent.runs())
        for name, extent in row_extents(layout, first, stop).items()
    }


@st.composite
def windows(draw: st.DrawFn, rows: int) -> tuple[int, int]:
    """Rows first to stop that a matrix has."""
    first = draw(st.integers(0, rows - 1))
    return first, draw(st.integers(first + 1, rows))
