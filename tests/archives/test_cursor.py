"""The cursor gives the bytes of the file at its position, however it got there, and reads few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import FormatError, LimitError
from aibom.formats import cursor as module
from aibom.formats.cursor import Cursor

STEPS = st.lists(
    st.tuples(st.sampled_from(["take", "seek", "skip", "byte"]), st.integers(0, 60)), max_size=30
)


@given(st.binary(min_size=1, max_size=60), st.integers(1, 20), STEPS)
def test_every_read_is_a_slice(data: bytes, window: int, steps: list[tuple[str, int]]) -> None:
    cursor = Cursor(lambda at, length: data[at : at + length], len(data), "c", window=window)
    for step, amount in steps:
        at = cursor.position
        try:
            if step == "take":
                assert cursor.take(amount) == data[at : at + amount]
            elif step == "byte":
                assert cursor.byte() == data[at]
            elif step == "seek":
                cursor.seek(amount)
            else:
                cursor.skip(amount)
        except FormatError:
            assert cursor.position == at
            assert at + (1 if step == "byte" else amount) > len(data) or amount > len(data)


def test_a_file_that_is_shorter_than_promised_is_truncated() -> None:
    cursor = Cursor(lambda at, length: b"abc"[at : at + length], 100, "c")
    assert cursor.take(3) == b"abc"
    with pytest.raises(FormatError, match="truncated"):
        cursor.take(1)


def test_the_bytes_read_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    with pytest.raises(LimitError):
        Cursor(lambda at, length: bytes(length), 1000, "c", window=1).take(101)
    with pytest.raises(LimitError):
        monkeypatch.setattr(module, "MAX_LINE", 5)
        Cursor.of_bytes(b"x" * 50, "c").line()


@given(st.integers(0, 2**64 - 1))
def test_varints(value: int) -> None:
    data, rest = bytearray(), value
    while rest >= 0x80:
        data.append(rest & 0x7F | 0x80)
        rest >>= 7
    assert Cursor.of_bytes(bytes(data) + bytes((rest,)), "c").varint() == value
    with pytest.raises(FormatError):
        Cursor.of_bytes(b"\xff" * 11, "c").varint()
