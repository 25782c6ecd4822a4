"""Settings that a file or configuration may name: refused with one line, or decoded, never a crash."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from aibom.errors import FormatError
from aibom.formats.dequantise import Bnb4, DequantizeLinear, Layout, MatMulNBits, Scaled, decode_rows
from aibom.formats.dequantise.elements import PACKED
from tests.dequantise.layouts import LAYOUTS, whole

SCALED = {
    name: layout
    for name, layout in LAYOUTS.items()
    if "scale" in {field.name for field in fields(layout)} and not isinstance(layout, DequantizeLinear)
}
GROUPED = {name: layout for name, layout in LAYOUTS.items() if hasattr(layout, "group")}


@pytest.mark.parametrize("dtype", PACKED)
@pytest.mark.parametrize("layout", SCALED.values(), ids=SCALED.keys())
def test_scales_packed_below_a_byte(layout: Layout, dtype: str) -> None:
    with pytest.raises(FormatError, match="packed below a byte"):
        replace(layout, scale=dtype)


@pytest.mark.parametrize("dtype", PACKED)
def test_zero_points_packed_below_a_byte(dtype: str) -> None:
    with pytest.raises(FormatError, match="packed below a byte"):
        MatMulNBits((5, 40), 4, 16, zero_points=dtype)


@pytest.mark.parametrize("layout", GROUPED.values(), ids=GROUPED.keys())
def test_groups_beyond_any_tensor(layout: Layout) -> None:
    with pytest.raises(FormatError, match="beyond any tensor"):
        replace(layout, group=2**63)


@pytest.mark.parametrize(
    "make",
    [
        lambda size: Scaled((4, 4), "F8_E4M3", (size, 4)),
        lambda size: Scaled((4, 4), "F8_E4M3", (4, size)),
        lambda size: Bnb4((4, 4), "nf4", size),
        lambda size: Bnb4((4, 4), "nf4", 4, nested_block=size),
        lambda size: DequantizeLinear((4, 4), "I8", axis=0, block=size),
    ],
)
def test_blocks_beyond_any_tensor(make: object) -> None:
    assert callable(make)
    with pytest.raises(FormatError, match="beyond any tensor"):
        make(2**63)
    layout = make(2**40)
    assert decode_rows(layout, whole(layout, 0), 0, 4).shape == (4, 4)
