"""Lines of values in YAML and JSON texts."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.lines import Lines, meant

TEXT = """\
a: 1
b:
  - x
  - c: {d: 1,
      e: 2}
# a comment
f: [1,
2]
"""


def test_keys_and_items_have_their_lines() -> None:
    lines = Lines(TEXT)
    assert [lines.of(path) for path in (("a",), ("b",), ("b", 0), ("b", 1, "c", "e"), ("f", 1))] == [
        1,
        2,
        3,
        5,
        8,
    ]


def test_what_is_not_there_has_the_line_of_what_holds_it() -> None:
    assert Lines(TEXT).of(("b", 1, "c", "z", 4)) == 4
    assert Lines(TEXT).of(("nothing",)) == 1


def test_json_has_lines_too() -> None:
    assert Lines('{"a": [1,\n {"b": 2}]}').of(("a", 1, "b")) == 2


def test_a_key_that_is_no_word_ends_the_walk() -> None:
    assert Lines("x: 1\n? [a, b]\n: 3\n").of(("x",)) == 1


def test_the_lines_before_a_fault_are_known() -> None:
    assert Lines("a: 1\nb: 2\nc: {]\n").of(("b",)) == 2


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert Lines(text).of(("a", 0)) >= 1


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers(), min_size=1))
def test_each_key_on_a_line_of_its_own(document: dict[str, int]) -> None:
    lines = Lines(json.dumps(document, indent=0))
    assert [lines.of((key,)) for key in document] == list(range(2, len(document) + 2))


def test_a_close_word_is_suggested() -> None:
    assert meant("inital", ("initial", "other")) == "; did you mean 'initial'?"
    assert meant("zzz", ("initial", "other")) == ""


def test_repeated_keys_are_told_with_their_later_lines() -> None:
    lines = Lines("a: 1\nb: {c: 1}\nd:\n  - {c: 1}\n  - {c: 2}\na: 2\n")
    assert lines.repeated == ((("a",), 6),)
    assert Lines('{"a": {"b": 1,\n"b": 2}}').repeated == ((("a", "b"), 2),)
