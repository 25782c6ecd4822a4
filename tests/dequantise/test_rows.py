"""Laws of every kind: rows are slices of the whole, bytes are counted, hostile ones do no harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.errors import FormatError, LimitError
from aibom.formats.dequantise import (
    Awq,
    Bnb4,
    DequantizeLinear,
    Extent,
    Ggml,
    Gptq,
    Layout,
    MatMulNBits,
    PackQuantized,
    Plain,
    Scaled,
    Stored,
    decode_rows,
    mxfp4,
    mxfp8,
    nvfp4,
    row_extents,
)
from aibom.formats.dequantise.layout import MAX_VALUES
from tests.dequantise.layouts import INDICES, LAYOUTS, cut, whole, windows

EVERY = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())


@EVERY
@settings(max_examples=10)
@given(data=st.data())
def test_rows_are_a_slice_of_the_whole(layout: Layout, data: st.DataObject) -> None:
    tensors = whole(layout, data.draw(st.integers(0, 2**32 - 1)))
    every = decode_rows(layout, tensors, 0, layout.rows)
    first, stop = data.draw(windows(layout.rows))
    some = decode_rows(layout, cut(layout, tensors, first, stop), first, stop)
    assert every.shape == (layout.rows, layout.columns)
    assert some.dtype == np.float32
    np.testing.assert_array_equal(some, every[first:stop])


@EVERY
def test_all_rows_need_all_bytes_and_no_row_reads_past_them(layout: Layout) -> None:
    for name, extent in row_extents(layout, 0, layout.rows).items():
        assert (extent.offset, extent.nbytes) == (0, layout.parts[name].nbytes)
    for name, extent in row_extents(layout, layout.rows - 1, layout.rows).items():
        assert extent.offset + extent.span <= layout.parts[name].nbytes


@EVERY
@settings(max_examples=10)
@given(data=st.data())
def test_any_bytes_decode_or_are_refused(layout: Layout, data: st.DataObject) -> None:
    first, stop = data.draw(windows(layout.rows))
    extents = row_extents(layout, first, stop)
    sizes = {name: extent.nbytes for name, extent in extents.items()}
    filled = data.draw(
        st.fixed_dictionaries({name: st.binary(max_size=size + 2) for name, size in sizes.items()})
    )
    if data.draw(st.booleans()):
        filled = {name: (filled[name] * size)[:size].ljust(size, b"\xff") for name, size in sizes.items()}
    try:
        values = decode_rows(layout, filled, first, stop)
    except FormatError:
        right = all(len(filled[name]) == size for name, size in sizes.items())
        assert not right or INDICES & sizes.keys()
    else:
        assert values.shape == (stop - first, layout.columns)


@EVERY
def test_scales_without_end_or_number_pass_silently(layout: Layout) -> None:
    for filling in (b"\xff", b"\x7f", b"\x80", b"\x7c", b"\0"):
        tensors = {name: filling * part.nbytes for name, part in layout.parts.items()}
        tensors |= {name: b"\0" * layout.parts[name].nbytes for name in INDICES & tensors.keys()}
        assert decode_rows(layout, tensors, 0, layout.rows).shape == (layout.rows, layout.columns)


@EVERY
def test_a_missing_part_or_byte_is_named(layout: Layout) -> None:
    tensors = whole(layout, 0)
    for name, data in tensors.items():
        with pytest.raises(FormatError, match=f"{name} has .* bytes where .* are needed"):
            decode_rows(layout, {**tensors, name: data[:-1]}, 0, layout.rows)
        with pytest.raises(FormatError, match=f"{name} is missing"):
            decode_rows(layout, {other: tensors[other] for other in tensors if other != name}, 0, layout.rows)


@pytest.mark.parametrize(("first", "stop"), [(-1, 1), (0, 0), (3, 2), (0, 6), (6, 7)])
def test_rows_that_are_not_there(first: int, stop: int) -> None:
    with pytest.raises(FormatError, match="of a matrix of 5"):
        row_extents(Plain((5, 3), "F32"), first, stop)


def test_more_values_than_are_decoded_at_once() -> None:
    layout = Ggml((2, MAX_VALUES), "Q4_0")
    assert row_extents(layout, 1, 2)["weight"] == Extent(MAX_VALUES // 32 * 18, MAX_VALUES // 32 * 18)
    with pytest.raises(LimitError) as caught:
        row_extents(layout, 0, 2)
    assert caught.value.limit == "dequantised-values"


@pytest.mark.parametrize("index", [-1, 8, 2**31 - 1])
@pytest.mark.parametrize("name", ["gptq indexed", "pack-quantized indexed", "matmulnbits indexed"])
def test_an_index_that_names_no_group(name: str, index: int) -> None:
    layout = LAYOUTS[name]
    tensors = whole(layout, 0)
    (part,) = INDICES & tensors.keys()
    tensors[part] = index.to_bytes(4, "little", signed=True) + tensors[part][4:]
    with pytest.raises(FormatError, match="names a group that is not there"):
        decode_rows(layout, tensors, 0, layout.rows)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Plain((), "F32"), "without dimensions"),
        (lambda: Plain((2, 0), "F32"), "empty dimension"),
        (lambda: Plain((2, -3), "F32"), "empty dimension"),
        (lambda: Plain((2**40, 2**40), "F32"), "malformed shape"),
        (lambda: Plain((2, 3), "F6_E2M3"), "no numbers"),
        (lambda: Ggml((2, 32), "Q8_1"), "not decoded"),
        (lambda: Ggml((2, 255), "Q4_K"), "no multiple of 256"),
        (lambda: Gptq((64, 64), 5, 32), "GPTQ of 5 bits"),
        (lambda: Gptq((64, 64), 4, 0), "group size below one"),
        (lambda: Gptq((64, 64), 4, -1), "group size below one"),
        (lambda: Gptq((64, 64), 4, 32, version=3), "version 3"),
        (lambda: Gptq((60, 64), 4, 32), "32-bit words"),
        (lambda: Gptq((64, 48), 3, 16), "32-bit words"),
        (lambda: Gptq((64, 64, 2), 4, 32), "packs matrices"),
        (lambda: Gptq((64, 64), 4, 32, scale="X"), "no numbers"),
        (lambda: Awq((12, 8), 4), "32-bit words"),
        (lambda: Awq((16,), 4), "packs matrices"),
        (lambda: Awq((16, 8), 0), "group size below one"),
        (lambda: Bnb4((4, 4), "nf5"), "not known"),
        (lambda: Bnb4((4, 4), "nf4", 0), "less than two values"),
        (lambda: Bnb4((4, 4), "nf4", 64, nested_block=0), "nested block"),
        (lambda: Scaled((4, 4), "F8_E4M3", (0, 4)), "block without elements"),
        (lambda: Scaled((4, 4), "F8_E4M3", (4, 4), stack=3), "does not divide"),
        (lambda: mxfp4((4, 48)), "no multiple of 32"),
        (lambda: mxfp8((4, 48)), "no multiple of 32"),
        (lambda: nvfp4((4, 24)), "no multiple of 16"),
        (lambda: PackQuantized((4, 4), 3, 4), "of 3 bits"),
        (lambda: PackQuantized((4, 4), 4, 0), "group size below one"),
        (lambda: PackQuantized((4,), 4, 4), "holds matrices"),
        (lambda: DequantizeLinear((4, 4), "I8", axis=2), "axis that is not there"),
        (lambda: DequantizeLinear((4, 4), "I8", axis=-3), "axis that is not there"),
        (lambda: DequantizeLinear((4, 4), "I8", block=2), "blocks without an axis"),
        (lambda: DequantizeLinear((4, 4), "I8", axis=0, block=-2), "blocks without an axis"),
        (lambda: MatMulNBits((4, 32), 3, 32), "of 3 bits"),
        (lambda: MatMulNBits((4, 32), 4, 24), "power of two"),
        (lambda: MatMulNBits((4, 32), 4, 0), "power of two"),
        (lambda: MatMulNBits((4, 32, 2), 4, 32), "packs matrices"),
    ],
)
def test_settings_that_contradict_each_other(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(FormatError, match=message):
        make()


def test_runs_are_cut_out_of_what_covers_them() -> None:
    extent = Stored("I32", (3, 4)).columns(1, 3)
    assert extent == Extent(4, 8, 3, 16)
    assert (extent.nbytes, extent.span, list(extent.runs())) == (24, 40, [(4, 8), (20, 8), (36, 8)])
    data = bytes(range(48))
    assert extent.gather(data[4:44]) == data[4:12] + data[20:28] + data[36:44]
    with pytest.raises(FormatError, match="39 bytes where 40 are needed"):
        extent.gather(data[4:43])
    assert Stored("I32", (3, 4)).rows(1, 2).gather(data[:16]) == data[:16]
