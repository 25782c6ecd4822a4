"""Text of a document makes no markup, link or row in the pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from aibom.compliance import elements, gpai_form
from aibom.render.elements import elements_markdown

HOSTILE = (
    "[click](https://evil.example)",
    "![x](https://evil.example/p.png)",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "https://evil.example/login",
    "a | b | c",
    "# heading",
    "`code` *bold* ~~gone~~",
    "back\\slash | and `tick",
    "&lt;b&gt;",
    "line\n\n## another",
    "- item",
    "[x]: https://evil.example",
)
PARSER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
MARKUP = {"link_open", "image", "html_inline", "html_block", "s_open"}


def document(text: str) -> dict[str, Any]:
    licence = {"license": {"name": text}}
    return {
        "bomFormat": text,
        "specVersion": text,
        "metadata": {
            "tools": [{"name": text, "version": text}],
            "component": {
                "name": text,
                "version": text,
                "description": text,
                "manufacturer": {"name": text},
                "licenses": [licence],
                "pedigree": {"ancestors": [{"name": text}]},
            },
        },
    }


def tokens(page: str) -> list[Token]:
    found = PARSER.parse(page)
    return [*found, *(child for token in found for child in token.children or ())]


def shape(page: str) -> list[str]:
    """Kinds of all tokens but text; a break of GitHub's mentions is a comment, and no markup."""
    return [
        token.type
        for token in tokens(page)
        if token.type not in ("text", "text_special") and token.content != "<!-- -->"
    ]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("make", [lambda held: elements_markdown(elements(held)), gpai_form])
def test_hostile_names_make_no_markup(make: Any, text: str) -> None:
    assert shape(make(document(text))) == shape(make(document("harmless")))


@given(st.text(min_size=3).filter(lambda text: text.strip() != ""))
def test_no_name_makes_a_link_or_an_element(text: str) -> None:
    for page in (elements_markdown(elements(document(text))), gpai_form(document(text))):
        assert not {token.type for token in tokens(page) if token.content != "<!-- -->"} & MARKUP
