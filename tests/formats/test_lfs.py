"""Git-LFS pointers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.lfs import Pointer, parse_pointer
from tests.builders.lfs import pointer


def test_a_pointer_gives_digest_and_size() -> None:
    assert parse_pointer(pointer(19989343, "87" * 32)) == Pointer("87" * 32, 19989343)


def test_extensions_and_windows_line_ends_are_tolerated() -> None:
    data = pointer(7).replace(b"oid", b"ext-0-foo sha256:" + b"c" * 64 + b"\noid").replace(b"\n", b"\r\n")
    assert parse_pointer(data) == Pointer("ab" * 32, 7)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"version https://git-lfs.github.com/spec/v1\n",
        b"version https://example.org/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 1\n",
        b"../../tokenizer.model",
        pointer(1) + b" " * 1024,
    ],
)
def test_other_content_is_no_pointer(data: bytes) -> None:
    assert parse_pointer(data) is None


@given(st.binary())
def test_any_bytes_are_judged(data: bytes) -> None:
    assert parse_pointer(data) is None or b"git-lfs" in data or b"hawser" in data
