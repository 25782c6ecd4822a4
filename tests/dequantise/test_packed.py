"""GPTQ, AWQ, bitsandbytes, compressed-tensors: what an own packer wrote comes back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.formats.dequantise import Awq, Bnb4, Gptq, PackQuantized, decode_rows, int8
from aibom.formats.dequantise.bitsandbytes import FP4, NF4
from tests.dequantise import packers

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@settings(max_examples=20)
@given(seed=SEEDS, indexed=st.booleans())
def test_gptq(bits: int, version: int, seed: int, indexed: bool) -> None:
    numbers = np.random.default_rng(seed)
    codes, zeros = numbers.integers(0, 2**bits, (32, 64)), numbers.integers(0, 2**bits, (4, 32))
    scales = numbers.normal(size=(4, 32)).astype(np.float16)
    groups = numbers.permutation(np.arange(64) // 16) if indexed else np.arange(64) // 16
    data = packers.gptq(codes, zeros, bits, version) | {"scales": scales.tobytes()}
    data |= {"g_idx": groups.astype("<i4").tobytes()}
    found = decode_rows(Gptq((32, 64), bits, 16, indexed=indexed, version=version), data, 0, 32)
    expected = (codes - zeros[groups].T) * scales[groups].T.astype(np.float32)
    np.testing.assert_array_equal(found, expected.astype(np.float32))


def test_gptq_by_hand() -> None:
    """Eight codes 0 to 7 make the word 0x76543210; zero point 8 is stored as 7 by version 1."""
    data = {
        "qweight": np.full((1, 8), 0x76543210, "<i4").tobytes(),
        "qzeros": np.full((1, 1), 0x77777777, "<i4").tobytes(),
        "scales": np.full((1, 8), 0.5, "<f2").tobytes(),
    }
    found = decode_rows(Gptq((8, 8), 4, 8), data, 0, 8)
    assert found[3].tolist() == [-4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5]
    assert decode_rows(Gptq((8, 8), 4, 8, version=2), data, 0, 8)[0, 0] == -3.5


@settings(max_examples=20)
@given(seed=SEEDS)
def test_awq(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    codes, zeros = numbers.integers(0, 16, (16, 12)), numbers.integers(0, 16, (3, 16))
    scales = numbers.normal(size=(3, 16)).astype(np.float16)
    data = packers.awq(codes, zeros) | {"scales": scales.tobytes()}
    expected = (codes - np.repeat(zeros, 4, 0).T) * np.repeat(scales, 4, 0).T.astype(np.float32)
    np.testing.assert_array_equal(decode_rows(Awq((16, 12), 4), data, 0, 16), expected.astype(np.float32))


def test_awq_by_hand() -> None:
    """Output features 0 to 7 lie in the nibbles 0, 4, 1, 5, 2, 6, 3, 7 of a word."""
    data = {
        "qweight": np.array([0x76543210], "<i4").tobytes(),
        "qzeros": bytes(4),
        "scales": np.ones(8, "<f2").tobytes(),
    }
    assert decode_rows(Awq((8, 1), 1), data, 0, 8)[:, 0].tolist() == [0, 4, 1, 5, 2, 6, 3, 7]


@pytest.mark.parametrize("bits", [2, 4, 8])
@settings(max_examples=20)
@given(seed=SEEDS, asymmetric=st.booleans(), indexed=st.booleans())
def test_pack_quantized(bits: int, seed: int, asymmetric: bool, indexed: bool) -> None:
    numbers, half = np.random.default_rng(seed), 2 ** (bits - 1)
    codes, zeros = numbers.integers(-half, half, (10, 20)), numbers.integers(-half, half, (10, 5))
    scales = numbers.normal(size=(10, 5)).astype(np.float32)
    groups = numbers.permutation(np.arange(20) // 4) if indexed else np.arange(20) // 4
    data = packers.pack_quantized(codes, zeros, bits) | {"weight_scale": scales.tobytes()}
    data |= {"weight_g_idx": groups.astype("<i4").tobytes()}
    layout = PackQuantized((10, 20), bits, 4, asymmetric=asymmetric, indexed=indexed, scale="F32")
    centred = (codes - zeros[:, groups]) if asymmetric else codes
    expected = centred.astype(np.float32) * scales[:, groups]
    np.testing.assert_array_equal(decode_rows(layout, data, 0, 10), expected)


def test_pack_quantized_by_hand() -> None:
    """compressed-tensors stores -8 as 0, so that the word 0xFEDCBA98 holds 0 to 7."""
    data = {"weight_packed": (0xFEDCBA98).to_bytes(4, "little"), "weight_scale": np.float32(2).tobytes()}
    found = decode_rows(PackQuantized((1, 8), 4, 8, scale="F32"), data, 0, 1)
    assert found.tolist() == [[0, 2, 4, 6, 8, 10, 12, 14]]


@pytest.mark.parametrize(("kind", "table"), [("nf4", NF4), ("fp4", FP4)])
@settings(max_examples=20)
@given(seed=SEEDS, nested=st.booleans())
def test_bitsandbytes_of_4_bits(kind: str, table: np.ndarray, seed: int, nested: bool) -> None:
    numbers = np.random.default_rng(seed)
    codes = numbers.integers(0, 16, 7 * 13)
    blocks = np.arange(7 * 13) // 8
    data = {"weight": packers.nibbles(codes, high_first=True)}
    if nested:
        inner, over = numbers.integers(0, 256, 12, np.uint8), numbers.uniform(size=3).astype(np.float32)
        steps = np.sort(numbers.uniform(-1, 1, 256)).astype(np.float32)
        maxima = steps[inner] * np.repeat(over, 5)[:12] + np.float32(0.25)
        data |= {
            "absmax": inner.tobytes(),
            "nested_absmax": over.tobytes(),
            "nested_quant_map": steps.tobytes(),
        }
    else:
        maxima = numbers.uniform(size=12).astype(np.float32)
        data |= {"absmax": maxima.tobytes()}
    layout = Bnb4((7, 13), kind, 8, nested_block=5 if nested else None, nested_offset=0.25)
    expected = (table[codes] * maxima[blocks]).reshape(7, 13)
    np.testing.assert_array_equal(decode_rows(layout, data, 0, 7), expected)


def test_bitsandbytes_by_hand() -> None:
    """The high half of a byte comes first. NF4 runs from -1 to 1 with 0 at code 7; FP4's 3 is its largest."""
    data = {"weight": b"\x0f\x70", "absmax": np.float32(4).tobytes()}
    assert decode_rows(Bnb4((2, 2), "nf4"), data, 0, 2).tolist() == [[-4, 4], [0, -4]]
    data = {"weight": b"\x3b\x08", "absmax": np.float32(4).tobytes()}
    assert decode_rows(Bnb4((2, 2), "fp4"), data, 0, 2).tolist() == [[4, -4], [0, 0]]
    data = {"weight": b"\x7f\x81", "scale": np.float32(4).tobytes()}
    assert decode_rows(int8((1, 2)), data, 0, 1).tolist() == [[4, -4]]
