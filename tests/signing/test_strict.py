"""JSON that all programs read alike, or none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import FormatError
from aibom.signing.statement import canonical
from aibom.signing.strict import strict_object

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_an_object_comes_back_as_it_was(value: dict[str, Any]) -> None:
    assert canonical(strict_object(json.dumps(value).encode(), "x")) == canonical(value)


@given(
    st.binary(max_size=60)
    | st.text(alphabet='{}[]",:0123456789.eE+-\\u d8NaInfity', max_size=40).map(str.encode)
)
def test_anything_else_is_one_error_or_can_be_written_again(data: bytes) -> None:
    try:
        value = strict_object(data, "x")
    except FormatError as error:
        assert "\n" not in error.message
    else:
        assert strict_object(canonical(value), "x") == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": [{"b": 1, "b": 2}]}',
        '{"a": 1, "\\u0061": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": ' + "9" * 5000 + "}",
        '{"a": "\\ud800"}',
        "[]",
        "",
        '{"a": 1} {}',
        '{"a":' * 300 + "1" + "}" * 300,
    ],
    ids=range(12),
)
def test_what_readers_take_differently_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        strict_object(text.encode(), "x")
