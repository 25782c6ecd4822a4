"""What counts as a URL is one for the schema of a BOM too."""

from __future__ import annotations

import re

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.urls import PATTERN, is_url

CHECK = jsonschema_rs.Draft7Validator(
    {"type": "string", "format": "iri-reference"}, validate_formats=True, offline=True
)


@given(st.from_regex(re.compile(PATTERN, re.ASCII), fullmatch=True))
def test_every_url_is_one_for_the_schema(url: str) -> None:
    assert CHECK.is_valid(url)


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://a.org:8080/x%20y?q=1#top", "https://arxiv.org/abs/2401.00001"]
)
def test_urls(url: str) -> None:
    assert is_url(url)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "ftp://x.org",
        "https://a b",
        "https://x.org/%zz",
        "https://user@x.org",
        "https://x/\n",
        "https://x.org/" + "a" * 1000,
        "https://x.org/#a#b",
        "javascript:alert(1)",
        "https://x.org/<b>",
    ],
)
def test_no_urls(text: str) -> None:
    assert not is_url(text)
