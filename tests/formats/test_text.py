"""Text and JSON: bounded reads, strict decoding, safe display."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError, ReadError
from aibom.formats import text
from aibom.formats.text import clean, line_of, parse_json, read_bytes, read_files, read_json, read_text
from aibom.sources.memory import MemoryView
from tests.builders.lfs import pointer

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_a_file_of_a_gigabyte_is_not_read() -> None:
    view = MemoryView({"config.json": b"{}"})
    view.mark("config.json", size=2**30)
    with pytest.raises(LimitError) as caught:
        read_json(view, "config.json")
    assert caught.value.limit == "file size"
    assert view.reads == []


def test_a_file_of_unknown_size_is_read_up_to_the_limit() -> None:
    view = MemoryView({"a": b"x" * 50})
    view.mark("a", size=None)
    with pytest.raises(LimitError):
        read_bytes(view, "a", limit=20)
    assert view.reads == [("a", 0, 21)]
    assert read_bytes(view, "a", limit=50) == b"x" * 50


def test_one_bad_file_does_not_lose_the_rest() -> None:
    view = MemoryView({"a": b"1", "b": b"22222", "c": pointer(10), "e": b""})
    found = read_files(view, ["a", "b", "c", "d", "e"], limit=300)
    assert (found["a"], found["b"], found["e"]) == (b"1", b"22222", b"")
    assert isinstance(found["c"], ReadError)
    assert "Git-LFS pointer" in found["c"].message
    assert isinstance(found["d"], ReadError)


def test_byte_order_mark_is_dropped_and_bad_bytes_are_replaced() -> None:
    view = MemoryView({"a.md": b"\xef\xbb\xbfcaf\xe9 \xed\x95\x9c"})
    assert read_text(view, "a.md") == "caf\ufffd 한"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_are_refused_with_their_name(encoding: str) -> None:
    view = MemoryView({"config.json": "{}".encode(encoding)})
    with pytest.raises(FormatError, match="UTF-16"):
        read_json(view, "config.json")


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 300 + b"]" * 300,
        b"[NaN," + b"[" * 100_000,
    ],
)
def test_deep_nesting_is_a_format_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_json(data, "x.json")


def test_nesting_is_allowed_up_to_the_limit() -> None:
    depth = text.MAX_NESTING
    assert parse_json(b"[" * depth + b"]" * depth, "x")
    with pytest.raises(FormatError, match="nested deeper"):
        parse_json(b"[" * (depth + 1) + b"]" * (depth + 1), "x")


def test_many_flat_members_are_not_deep() -> None:
    assert parse_json(b"[" + b"{}," * 5000 + b"{}]", "x")


def test_values_that_python_writes_into_configurations_are_read() -> None:
    value = parse_json(b'{"limit": [0.0, Infinity, -Infinity, NaN, 1e999], "NaN": "NaN"}', "x")
    limit = text.as_list(text.as_dict(value)["limit"])
    assert limit[:3] == [0.0, math.inf, -math.inf]
    assert [text.as_float(item) for item in limit] == [0.0, None, None, None, None]


def test_of_a_repeated_key_the_last_counts() -> None:
    assert parse_json(b'{"a": 1, "a": 2}', "x") == {"a": 2}


@pytest.mark.parametrize(
    "data", [b"", b"{", b"nope", b'"\\ud800"', b'[NaN, "\\ud800"]', b"\xff", b"1" * 5000]
)
def test_invalid_json_names_the_file(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"folder/x\.json"):
        parse_json(data, "folder/x.json")


@given(json_values)
def test_json_round_trips(value: object) -> None:
    assert parse_json(json.dumps(value).encode(), "x") == value


@given(st.binary())
def test_any_bytes_give_a_value_or_an_error_of_ours(data: bytes) -> None:
    with contextlib.suppress(AibomError):
        parse_json(data, "x")


def test_converters_give_nothing_for_other_types() -> None:
    assert text.as_int(True) is None
    assert text.as_int(2.0) == 2
    assert text.as_int(2.5) is None
    assert text.as_int(2**70) is None
    assert text.as_int(float("nan")) is None
    assert text.as_float(10**400) is None
    assert text.as_float(1) == 1.0
    assert text.as_float(False) is None
    assert text.as_bool(1) is None
    assert text.as_bool(False) is False
    assert text.as_str(1) is None
    assert text.as_list("ab") == []
    assert text.as_dict([1]) == {}
    assert text.strings("a") == ("a",)
    assert text.strings(["a", 1, None, "b"]) == ("a", "b")
    assert text.strings({"a": 1}) == ()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain 한국어", "plain 한국어"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]0;title\x07x", "x"),
        ("a\u202egpj.exe\u2066", "agpj.exe"),
        ("ze\u200bro \ufeffwidth\u2060", "zero width"),
        ("two\nlines\r\n\tof\u2028text", "two lines of text"),
        ("c1 \x9b1mx\x85y \x7f", "c1 x y"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("filler \u3164 x", "filler x"),
        ("nul\x00", "nul"),
    ],
)
def test_clean_leaves_one_visible_line(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(2, 100))
def test_clean_is_printable_bounded_and_settled(raw: str, limit: int) -> None:
    shown = clean(raw, limit)
    assert len(shown) <= limit
    assert not any(
        ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u2066\u200f" for char in shown
    )
    assert clean(shown, limit) == shown
    shown.encode()


def test_clean_shows_that_it_cut() -> None:
    assert clean("a" * 500) == "a" * 399 + "…"


def test_line_of_counts_from_one() -> None:
    assert line_of("a\nbb\ncb", "cb") == 3
    assert line_of("a", "z") is None
