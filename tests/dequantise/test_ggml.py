"""ggml's types against the gguf package."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize, quantize
from gguf.scripts.gguf_convert_endian import byteswap_tensors
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.errors import FormatError
from aibom.formats.dequantise import BIG_ENDIAN_TYPES, GGML_TYPES, Ggml, decode_rows
from aibom.formats.gguf.types import TENSOR_TYPES

ALONE = {"F64", "I8", "I16", "I32", "I64", "Q1_0", "Q8_K"}
"""Types that the gguf package sizes and does not decode."""
CHECKED = sorted(GGML_TYPES.keys() - ALONE)


def test_what_is_decoded_is_what_files_hold() -> None:
    unread = {kind.name for kind in TENSOR_TYPES.values()} - GGML_TYPES.keys()
    assert unread == {"Q8_1", "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8"}
    for kind in TENSOR_TYPES.values():
        if kind.name in GGML_TYPES:
            block = GGML_TYPES[kind.name]
            assert (block.values, block.record.itemsize) == (kind.block, kind.size)
            assert GGML_QUANT_SIZES[GGMLQuantizationType[kind.name]] == (kind.block, kind.size)


@pytest.mark.parametrize("kind", CHECKED)
@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_block_decodes_as_the_package_decodes_it(kind: str, seed: int) -> None:
    layout = Ggml((3, 2 * GGML_TYPES[kind].values), kind)
    data = np.random.default_rng(seed).integers(0, 256, layout.parts["weight"].shape, np.uint8)
    with np.errstate(all="ignore"):
        expected = dequantize(data, GGMLQuantizationType[kind]).astype(np.float32)
    np.testing.assert_array_equal(decode_rows(layout, {"weight": data.tobytes()}, 0, 3), expected)


@pytest.mark.parametrize(
    "kind", ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "TQ1_0", "TQ2_0", "MXFP4", "BF16", "F16"]
)
def test_what_the_package_quantises_comes_back(kind: str) -> None:
    values = np.random.default_rng(5).uniform(-1, 1, (4, 512)).astype(np.float32)
    data = quantize(values, GGMLQuantizationType[kind])
    found = decode_rows(Ggml((4, 512), kind), {"weight": data.tobytes()}, 0, 4)
    np.testing.assert_array_equal(found, dequantize(data, GGMLQuantizationType[kind]))
    assert np.corrcoef(found.ravel(), values.ravel())[0, 1] > 0.8


def test_types_that_the_package_does_not_decode() -> None:
    """ggml-quants.c: Q8_K is d·q with d as float32; Q1_0 is d for a bit that is set, else -d."""
    scale, codes = np.float32(0.5), np.arange(-128, 128, dtype=np.int8)
    block = scale.tobytes() + codes.tobytes() + b"\xaa" * 32
    found = decode_rows(Ggml((1, 256), "Q8_K"), {"weight": block}, 0, 1)
    np.testing.assert_array_equal(found[0], codes * scale)
    block = np.float16(0.5).tobytes() + b"\x05" + b"\0" * 15
    found = decode_rows(Ggml((1, 128), "Q1_0"), {"weight": block}, 0, 1)
    assert found[0].tolist() == [0.5, -0.5, 0.5] + [-0.5] * 125


@pytest.mark.parametrize(
    ("kind", "code"), [("F64", "<f8"), ("I64", "<i8"), ("I32", "<i4"), ("I16", "<i2"), ("I8", "i1")]
)
def test_numbers_without_blocks(kind: str, code: str) -> None:
    data = np.array([[1, -2, 3]], code).tobytes()
    assert decode_rows(Ggml((1, 3), kind), {"weight": data}, 0, 1).tolist() == [[1, -2, 3]]


BLOCKS = {kind.name: swap for kind, swap in byteswap_tensors.items()}
"""What the package's own converter does to one block."""


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_blocks_of_the_other_byte_order(kind: str) -> None:
    block = GGML_TYPES[kind]
    layout = Ggml((3, 2 * block.values), kind)
    data = np.random.default_rng(7).integers(0, 256, 6 * block.record.itemsize, np.uint8)
    swapped = SimpleNamespace(data=data.copy())
    for at in range(0, len(data), block.record.itemsize):
        BLOCKS[kind](swapped, at)
    other = Ggml(layout.shape, kind, big_endian=True)
    found = decode_rows(other, {"weight": swapped.data.tobytes()}, 0, 3)
    np.testing.assert_array_equal(found, decode_rows(layout, {"weight": data.tobytes()}, 0, 3))


@pytest.mark.parametrize(
    ("kind", "code"),
    [("F64", ">f8"), ("F32", ">f4"), ("F16", ">f2"), ("I64", ">i8"), ("I16", ">i2"), ("I8", "i1")],
)
def test_numbers_of_the_other_byte_order(kind: str, code: str) -> None:
    data = np.array([[1, -2, 3]], code).tobytes()
    assert decode_rows(Ggml((1, 3), kind, big_endian=True), {"weight": data}, 0, 1).tolist() == [[1, -2, 3]]


def test_bfloat16_of_the_other_byte_order() -> None:
    data = bytes.fromhex("3f80 c000")
    assert decode_rows(Ggml((1, 2), "BF16", big_endian=True), {"weight": data}, 0, 1).tolist() == [[1, -2]]


@pytest.mark.parametrize("kind", sorted(GGML_TYPES.keys() - BIG_ENDIAN_TYPES))
def test_blocks_whose_other_byte_order_is_not_laid_down_are_refused(kind: str) -> None:
    assert kind not in BLOCKS
    with pytest.raises(FormatError, match=f"big-endian blocks of {kind}"):
        Ggml((1, 512), kind, big_endian=True)
