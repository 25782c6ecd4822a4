"""Scaled floats and integers: FP8 in blocks, MXFP4, NVFP4, against formulas and tables written out."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.formats.dequantise import Plain, Scaled, decode_rows, mxfp4, mxfp8, nvfp4, per_channel, per_tensor
from tests.dequantise import packers

E2M1 = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]
"""OCP Microscaling Formats 1.0, table 5."""


def small_float(code: int, exponent: int, mantissa: int, *, infinite: bool) -> float:
    """A float of 8 bits by the formula of the OCP specification."""
    sign = -1.0 if code >> 7 else 1.0
    power, fraction = code >> mantissa & (2**exponent - 1), code & (2**mantissa - 1)
    bias = 2 ** (exponent - 1) - 1
    if infinite and power == 2**exponent - 1:
        return sign * np.inf if fraction == 0 else np.nan
    if not infinite and code & 0x7F == 0x7F:
        return np.nan
    if power == 0:
        return sign * fraction * 2.0 ** (1 - bias - mantissa)
    return sign * (1 + fraction / 2**mantissa) * 2.0 ** (power - bias)


@pytest.mark.parametrize(
    ("dtype", "exponent", "mantissa", "infinite"), [("F8_E4M3", 4, 3, False), ("F8_E5M2", 5, 2, True)]
)
def test_every_float_of_8_bits(dtype: str, exponent: int, mantissa: int, infinite: bool) -> None:
    found = decode_rows(Plain((1, 256), dtype), {"weight": bytes(range(256))}, 0, 1)
    expected = [small_float(code, exponent, mantissa, infinite=infinite) for code in range(256)]
    np.testing.assert_array_equal(found[0], np.array(expected, np.float32))


def test_every_scale_of_a_power_of_two() -> None:
    found = decode_rows(Plain((1, 256), "F8_E8M0"), {"weight": bytes(range(256))}, 0, 1)
    np.testing.assert_array_equal(
        found[0], np.array([2.0 ** (code - 127) for code in range(255)] + [np.nan], np.float32)
    )


def test_every_float_and_integer_of_4_bits_low_half_first() -> None:
    data = {"weight": packers.nibbles(range(16))}
    assert decode_rows(Plain((1, 16), "F4"), data, 0, 1).tolist() == [E2M1 + [-value for value in E2M1]]
    assert decode_rows(Plain((1, 16), "U4"), data, 0, 1).tolist() == [list(range(16))]
    assert decode_rows(Plain((1, 16), "I4"), data, 0, 1).tolist() == [[*range(8), *range(-8, 0)]]
    assert decode_rows(Plain((1, 4), "I2"), {"weight": b"\xe4"}, 0, 1).tolist() == [[0, 1, -2, -1]]


@pytest.mark.parametrize("stack", [1, 3])
@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), high=st.integers(1, 6), wide=st.integers(1, 8))
def test_blocks(stack: int, seed: int, high: int, wide: int) -> None:
    """Each matrix of the stack has blocks of its own, cut short at the end."""
    numbers = np.random.default_rng(seed)
    values = numbers.normal(size=(stack, 5, 7)).astype(ml_dtypes.float8_e4m3fn)
    scales = numbers.normal(size=(stack, -(-5 // high), -(-7 // wide))).astype(np.float32)
    spread = scales.repeat(high, 1)[:, :5].repeat(wide, 2)[:, :, :7]
    expected = (values.astype(np.float32) * spread).reshape(-1, 7)
    layout = Scaled((5 * stack, 7), "F8_E4M3", (high, wide), stack=stack)
    data = {"weight": values.tobytes(), "scale": scales.tobytes()}
    np.testing.assert_array_equal(decode_rows(layout, data, 0, 5 * stack), expected)


def test_one_scale_and_one_for_each_row() -> None:
    weight = np.array([[1, 2], [3, 4]], ml_dtypes.float8_e5m2).tobytes()
    data = {"weight": weight, "scale": np.float32(0.5).tobytes()}
    assert decode_rows(per_tensor((2, 2), "F8_E5M2"), data, 0, 2).tolist() == [[0.5, 1], [1.5, 2]]
    data = {"weight": weight, "scale": np.array([2, 10], ml_dtypes.bfloat16).tobytes()}
    assert decode_rows(per_channel((2, 2), "F8_E5M2", "BF16"), data, 0, 2).tolist() == [[2, 4], [30, 40]]


def test_mxfp4_by_hand() -> None:
    """Scale 128 is two; the first value of a pair lies in the low half."""
    data = {"weight": b"\xf1" + bytes(15) + b"\x72" + bytes(15), "scale": bytes([128, 126])}
    assert decode_rows(mxfp4((2, 32)), data, 0, 2)[:, :2].tolist() == [[1, -12], [0.5, 3]]
    data = {"weight": np.full(32, 3, ml_dtypes.float8_e4m3fn).tobytes(), "scale": bytes([125])}
    assert decode_rows(mxfp8((1, 32)), data, 0, 1).tolist() == [[0.75] * 32]


def test_nvfp4_by_hand() -> None:
    """The global scale multiplies in modelopt's files and divides in those of compressed-tensors."""
    scale = np.array([1.5], ml_dtypes.float8_e4m3fn).tobytes()
    data = {"weight": b"\x27" + bytes(7), "scale": scale, "global_scale": np.float32(4).tobytes()}
    assert decode_rows(nvfp4((1, 16)), data, 0, 1)[0, :2].tolist() == [36, 6]
    assert decode_rows(nvfp4((1, 16), divides=True), data, 0, 1)[0, :2].tolist() == [2.25, 0.375]
