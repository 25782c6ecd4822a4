"""No page leads nowhere."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import PAGES, ROOT, tokens


def headings(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub and the site make them."""
    parsed = tokens(page)
    return {
        re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.content.lower().strip()))
        for opened, title in pairwise(parsed)
        if opened.type == "heading_open"
    }


def links(page: Path) -> list[str]:
    return [
        f"{child.attrs.get('href') or child.attrs.get('src')}"
        for token in tokens(page)
        for child in token.children or ()
        if child.type in {"link_open", "image"}
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_page_and_a_heading(page: Path) -> None:
    for link in links(page):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        if page.parent == ROOT / "docs":
            assert target.is_relative_to(ROOT / "docs"), f"{page.name}: {link} leads out of the site"
        assert not anchor or anchor in headings(target), f"{page.name}: {link} names no heading"


def pages_of(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    items = nav.values() if isinstance(nav, dict) else nav
    return [name for item in items for name in pages_of(item)]


def test_every_page_stands_once_in_the_navigation() -> None:
    config = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    listed = pages_of(config["project"]["nav"])
    assert sorted(listed) == sorted(page.name for page in (ROOT / "docs").glob("*.md"))
