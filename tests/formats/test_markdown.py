"""Escaped text, rendered by somebody else's Markdown parser, is the text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aibom.formats.markdown import escape
from aibom.formats.text import clean
from tests.render.verdicts.made import HOSTILE

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def shown(source: str) -> str:
    """The text of the page; the break in a mention is a comment and shows nothing."""
    page = PARSER.render(source).replace("<!-- -->", "").strip()
    found = re.fullmatch(r"<p>(.*)</p>", page, re.DOTALL)
    assert found is not None, page
    assert "<" not in found[1] and ">" not in found[1], page
    return html.unescape(found[1])


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_reads_as_itself(text: str) -> None:
    if clean(text):
        assert shown(escape(text)) == clean(text)


@given(st.text(alphabet="<>&;#*_`[]()!|\\~-+=0123456789.:/@w \n", max_size=40))
def test_marks_read_as_themselves(text: str) -> None:
    if clean(text):
        assert shown(escape(text)) == clean(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_read_as_themselves(text: str) -> None:
    assert shown(escape(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("https://evil.example", "https\\://evil.example"),
        ("see www.evil.example", "see www\\.evil.example"),
        ("mail a@b.example", "mail a@<!-- -->b.example"),
        ("thanks @someone", "thanks @<!-- -->someone"),
        ("fixes #12", "fixes \\#<!-- -->12"),
    ],
)
def test_nothing_becomes_a_link_or_a_mention_by_itself(text: str, source: str) -> None:
    assert escape(text) == source
