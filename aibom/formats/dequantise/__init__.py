"""Quantised weights as numbers: some rows at a time, from the bytes that these need and no others.

`row_extents` says which bytes of each stored tensor a range of rows needs, `decode_rows` turns them into
float32. A `Layout` describes the matrix; docs/quantisation.md lists the kinds. The package imports numpy:
import it where weights are read, not at start-up.
"""

from aibom.formats.dequantise.awq import Awq
from aibom.formats.dequantise.bitsandbytes import Bnb4, int8
from aibom.formats.dequantise.compressed import PackQuantized
from aibom.formats.dequantise.ggml import BIG_ENDIAN_TYPES, GGML_TYPES, Ggml
from aibom.formats.dequantise.gptq import Gptq
from aibom.formats.dequantise.layout import Extent, Layout, Stored, decode_rows, row_extents
from aibom.formats.dequantise.onnx import DequantizeLinear, MatMulNBits
from aibom.formats.dequantise.plain import Plain
from aibom.formats.dequantise.scaled import (
    GlobalScale,
    Scaled,
    mxfp4,
    mxfp8,
    nvfp4,
    per_channel,
    per_tensor,
)

__all__ = [
    "BIG_ENDIAN_TYPES",
    "GGML_TYPES",
    "Awq",
    "Bnb4",
    "DequantizeLinear",
    "Extent",
    "Ggml",
    "GlobalScale",
    "Gptq",
    "Layout",
    "MatMulNBits",
    "PackQuantized",
    "Plain",
    "Scaled",
    "Stored",
    "decode_rows",
    "int8",
    "mxfp4",
    "mxfp8",
    "nvfp4",
    "per_channel",
    "per_tensor",
    "row_extents",
]
