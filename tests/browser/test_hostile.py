"""Nothing that a repository says runs, loads, leads away or changes the shape of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from aibom.model import Ancestor, Dossier
from aibom.render.html import portfolio_html, report_html
from aibom.sovereignty import load_profile
from tests.analyses import hostile, solar
from tests.browser.conftest import visit
from tests.browser.hostile import TEXTS

KR = load_profile("kr")
SHAPE = """
() => [...document.querySelectorAll("*")].map((node) => [node.tagName, ...node.getAttributeNames()].join())
"""
"""Every element with the names of its attributes, in order, as the browser read them."""


def dossier(text: str) -> Dossier:
    """Every text that a repository, a BOM or a registry of one's own controls is `text`."""
    found = Dossier.of(hostile(text))
    return replace(
        found,
        subject=text,
        revision=text,
        form=text,
        digest=text,
        task=text,
        ancestors=(Ancestor(text, text, text, locator=found.findings[0].locators[0]),),
        findings=(replace(found.findings[0], contest=text, id="f-1", rule=text),),
    )


def report(text: str) -> str:
    return report_html(dossier(text), KR, names={text: text})


def portfolio(text: str) -> str:
    return portfolio_html([dossier(text), Dossier.of(solar())], KR, names={text: text})


def shape(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SHAPE)
    return found


def test_the_corpus_is_large_and_repeats_nothing() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 200


@pytest.mark.parametrize("form", [report, portfolio])
def test_no_text_of_a_repository_is_obeyed(
    form: Callable[[str], str], context: BrowserContext, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(form("text"), "utf-8")
    opened = visit(context, file)
    wanted = shape(opened.page)
    for number, text in enumerate(TEXTS, start=2):
        file.write_bytes(form(text).encode("utf-8", "surrogatepass"))
        opened.page.goto(file.as_uri())
        assert shape(opened.page) == wanted, text[:80]
        assert opened.requests == [file.as_uri()] * number, text[:80]
        assert not opened.console and not opened.dialogs, (text[:80], opened.console, opened.dialogs)
