"""From a stored tensor and those beside it to the layout of one matrix, by the habits of each library."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError
from aibom.formats.dequantise import (
    Awq,
    Bnb4,
    Gptq,
    Layout,
    PackQuantized,
    Plain,
    Scaled,
    int8,
    mxfp4,
    nvfp4,
)
from aibom.formats.sampling.settings import Quantisation
from aibom.formats.sampling.weight import Place
from aibom.formats.text import as_dict, as_float, as_int, as_list, as_str

FLOATS: Final = frozenset({"F64", "F32", "F16", "BF16"})
SMALL_FLOATS: Final = frozenset({"F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ"})
_POWERS: Final = frozenset({"U8", "F8_E8M0"})
"""How scales that are powers of two are stored."""
_ALIKE: Final = {"F4": "U8", "F8_E8M0": "U8"}
"""Types that files without a word for them store as bytes."""
MAX_STATE: Final = 4096
"""Bytes of the settings that bitsandbytes keeps beside a matrix; real ones have under 300."""


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor of a file's table, row-major; `nbytes` are those that it takes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    nbytes: int
    place: Place


@dataclass(frozen=True, slots=True)
class Found:
    """The layout of a matrix, and the stored tensor of each of its parts."""

    layout: Layout
    parts: Mapping[str, StoredTensor]
    stack: int = 1


Beside = Mapping[str, StoredTensor]
"""The tensors beside a main one, by the ending that follows its stem."""


def plain(main: StoredTensor, stacked: bool) -> Found:
    """Numbers as they are: a matrix, a convolution (its further dimensions are inputs), a stack."""
    stack, shape = _flat(main.shape, stacked)
    return _held(Plain(shape, main.dtype), {"weight": main}, stack)


def scaled(main: StoredTensor, scale: StoredTensor, stacked: bool, settings: Quantisation) -> Found:
    """Numbers of 8 bits with a scale for all, for each row or column, or for each block."""
    stack, shape = _flat(main.shape, stacked)
    if len(main.shape) != (3 if stacked else 2):
        raise FormatError("a scaled tensor that is no matrix")
    high, wide = shape[0] // stack, shape[1]
    block = _block(high, wide, _grid(scale.shape, stack), settings)
    kind = scale.dtype
    if block == (1, 32) and scale.dtype in _POWERS:
        kind = "F8_E8M0"
    elif scale.dtype not in FLOATS and scale.dtype != "F8_E8M0":
        raise FormatError(f"scales of type {scale.dtype}")
    return _held(Scaled(shape, main.dtype, block, kind, stack), {"weight": main, "scale": scale}, stack)


def _grid(shape: tuple[int, ...], stack: int) -> tuple[int, int]:
    """Rows and columns of the scales of one matrix."""
    sizes = shape[1:] if stack > 1 and shape[:1] == (stack,) else shape
    if len(sizes) > 2:
        raise FormatError("scales of more than two dimensions")
    return (sizes[0] if sizes else 1), (sizes[1] if len(sizes) > 1 else 1)


def _block(high: int, wide: int, grid: tuple[int, int], settings: Quantisation) -> tuple[int, int]:
    """Rows and columns that share a scale: what the number of scales leaves no doubt of, else as stated."""
    if grid[0] in (1, high) and grid[1] in (1, wide):
        return (1 if grid[0] == high else high), (1 if grid[1] == wide else wide)
    if grid[0] == high and grid[1] * 32 == wide:
        return 1, 32
    block = settings.block or ((1, settings.group) if settings.group and settings.group > 0 else None)
    if block is None:
        raise FormatError("scales for blocks whose size is not stated")
    if grid != (-(-high // block[0]), -(-wide // block[1])):
        raise FormatError("not as many scales as the stated blocks need")
    return block


def llm_int8(main: StoredTensor, scale: StoredTensor) -> Found:
    """bitsandbytes: a maximum for each row."""
    return _held(int8(_matrix(main)), {"weight": main, "scale": scale})


def four_bits(main: StoredTensor, scale: StoredTensor, over: StoredTensor | None, divides: bool) -> Found:
    """e2m1 in pairs along the last dimension: NVFP4 with a scale over all, MXFP4 without."""
    stack, (rows, columns) = _flat(main.shape, len(main.shape) == 3)
    if over is not None:
        layout = nvfp4((rows, columns * 2), divides=divides)
        return _held(layout, {"weight": main, "scale": scale, "global_scale": over}, stack)
    if scale.dtype not in _POWERS:
        raise FormatError(f"4-bit numbers with scales of type {scale.dtype}")
    return _held(mxfp4((rows, columns * 2)), {"weight": main, "scale": scale}, stack)


def gpt_oss(blocks: StoredTensor, scales: StoredTensor) -> Found:
    """MXFP4 as gpt-oss stores it: (experts, outputs, blocks of 32 inputs, 16 bytes)."""
    if len(blocks.shape) != 4 or blocks.shape[3] != 16:
        raise FormatError("blocks of another shape")
    experts, outputs, groups, _ = blocks.shape
    return _held(mxfp4((experts * outputs, groups * 32)), {"weight": blocks, "scale": scales}, experts)


def gptq(beside: Beside, settings: Quantisation) -> Found:
    """AutoGPTQ, GPTQModel. How many bits a code has shows in the zero points."""
    qweight, qzeros, scales = (beside[key] for key in ("qweight", "qzeros", "scales"))
    if settings.form not in ("", "gptq", "gptq_v2"):
        raise FormatError("GPTQ in a form that is not read")
    outputs, groups = qweight.shape[1], scales.shape[0]
    bits = settings.bits or 32 * qzeros.shape[1] // max(outputs, 1)
    inputs = 32 * qweight.shape[0] // max(bits, 1)
    group = settings.group if settings.group and settings.group > 0 else -(-inputs // max(groups, 1))
    indexed = "g_idx" in beside and not settings.ordered
    version = 2 if settings.form == "gptq_v2" else 1
    layout = Gptq((outputs, inputs), bits, group, indexed, version, scales.dtype)
    return _held(layout, {part: beside[part] for part in layout.parts if part in beside})


def awq(beside: Beside, settings: Quantisation) -> Found:
    """AutoAWQ, layout `gemm`."""
    qweight, scales = beside["qweight"], beside["scales"]
    if settings.form not in ("", "gemm"):
        raise FormatError("AWQ in a form that is not read")
    inputs, groups = qweight.shape[0], scales.shape[0]
    group = settings.group if settings.group and settings.group > 0 else -(-inputs // max(groups, 1))
    layout = Awq((qweight.shape[1] * 8, inputs), group, scales.dtype)
    return _held(layout, {part: beside[part] for part in layout.parts if part in beside})


def pack_quantized(beside: Beside, settings: Quantisation) -> Found:
    """compressed-tensors, integers of 2, 4 or 8 bits in words."""
    packed, scale = beside["_packed"], beside["_scale"]
    if settings.bits not in (2, 4, 8):
        raise FormatError("packed integers whose width is not stated")
    rows, columns = packed.shape[0], packed.shape[1] * (32 // settings.bits)
    groups = scale.shape[1] if len(scale.shape) == 2 else 1
    group = settings.group if settings.group and settings.group > 0 else -(-columns // max(groups, 1))
    layout = PackQuantized(
        (rows, columns),
        settings.bits,
        group,
        asymmetric="_zero_point" in beside,
        indexed="_g_idx" in beside,
        scale=scale.dtype,
    )
    endings = {"weight_packed": "_packed", "weight_scale": "_scale"}
    endings |= {"weight_zero_point": "_zero_point", "weight_g_idx": "_g_idx"}
    return _held(layout, {p: beside[endings[p]] for p in layout.parts})


def bnb4(main: StoredTensor, beside: Beside, state: bytes) -> Found:
    """bitsandbytes, NF4 or FP4; `state` is the JSON text that the library stores beside the matrix."""
    try:
        data = as_dict(json.loads(state))
    except (ValueError, RecursionError):
        raise FormatError("settings of bitsandbytes that are no JSON") from None
    shape = tuple(size for item in as_list(data.get("shape")) if (size := as_int(item)) is not None)
    if len(shape) != 2 or min(shape) < 1:
        raise FormatError("settings of bitsandbytes without a shape")
    layout = Bnb4(
        shape,
        as_str(data.get("quant_type")) or "",
        as_int(data.get("blocksize")) or 64,
        as_int(data.get("nested_blocksize")) if ".nested_absmax" in beside else None,
        as_float(data.get("nested_offset")) or 0.0,
    )
    stored = {"weight": main} | {ending.removeprefix("."): item for ending, item in beside.items() if ending}
    return _held(layout, {part: stored[part] for part in layout.parts if part in stored})


def _flat(shape: tuple[int, ...], stacked: bool) -> tuple[int, tuple[int, int]]:
    """(matrices, two dimensions): a stack's go one over the other, a convolution's become inputs."""
    if stacked:
        return shape[0], (shape[0] * shape[1], math.prod(shape[2:]))
    return 1, (shape[0], math.prod(shape[1:]))


def _matrix(tensor: StoredTensor) -> tuple[int, int]:
    if len(tensor.shape) != 2:
        raise FormatError("a quantised tensor that is no matrix")
    return tensor.shape[0], tensor.shape[1]


def _held(layout: Layout, parts: Mapping[str, StoredTensor], stack: int = 1) -> Found:
    """The layout, held against the tensors' own types and sizes."""
    for part, promised in layout.parts.items():
        stored = parts.get(part)
        if stored is None:
            raise FormatError(f"{part} is missing")
        alike = _ALIKE.get(promised.dtype, promised.dtype) == _ALIKE.get(stored.dtype, stored.dtype)
        if not alike or promised.nbytes != stored.nbytes:
            raise FormatError(f"{part} is not as large as its matrix needs, or of another type")
    return Found(layout, parts, stack)
