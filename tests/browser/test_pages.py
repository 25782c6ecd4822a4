"""Reports in a real browser: quiet, accessible, fitting every width and paper, usable by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import PICTURES, visit
from tests.end_to_end.test_examples import NAMES

EXAMPLES = (*sorted(NAMES), "portfolio")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (375, 1024, 1920)

LAYOUT = """
() => {
  for (const node of document.querySelectorAll(".finding")) node.style.contentVisibility = "visible";
  const wide = document.documentElement.clientWidth;
  const seen = (node) => node.checkVisibility({opacityProperty: true});
  const boxes = (query) =>
    [...document.querySelectorAll(query)].filter(seen).map((node) => [node, node.getBoundingClientRect()]);
  const style = (node, around) => node.closest(around) && getComputedStyle(node.closest(around));
  const scrolls = (node) => style(node, ".scroll")?.overflowX === "auto";
  const name = (node) => `${node.tagName}.${node.className}: ${node.textContent.trim().slice(0, 40)}`;
  const troubles = [];
  if (document.documentElement.scrollWidth > wide) troubles.push("wider than the window");
  for (const [node, box] of boxes("body *")) {
    if (node.closest(".skip") || node.closest("svg") || scrolls(node) || !box.width) continue;
    if (style(node, "thead")?.position === "absolute") continue;
    if (box.right > wide + 1 || box.left < -1) troubles.push(`outside: ${name(node)}`);
    const over = node.clientWidth && node.scrollWidth > node.clientWidth + 1;
    if (over && style(node, "*").overflowX === "hidden") troubles.push(`clipped: ${name(node)}`);
  }
  for (const query of ["section", ".stage", ".part", ".finding", ".matrix td", "dd, dt", ".tags span"]) {
    const all = boxes(query).filter(([, box]) => Math.min(box.width, box.height) > 1);
    for (let i = 1; i < all.length; i++) {
      const [[, a], [node, b]] = [all[i - 1], all[i]];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1.5 && down > 1.5) troubles.push(`overlaps: ${name(node)}`);
    }
  }
  return troubles;
}
"""
"""What of a page lies outside it, is cut off or covers what stands beside it."""


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations", TAGS
    )
    return [
        f"{item['id']}: {node['html'][:200]} {node['failureSummary']}"
        for item in found
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_page_opens_from_its_file_and_asks_for_nothing(
    name: str, lang: str, pages: dict[str, Path], context: BrowserContext
) -> None:
    opened = visit(context, pages[f"{name}.{lang}"])
    opened.page.wait_for_load_state("load")
    assert opened.quiet(), (opened.console, opened.requests, opened.dialogs)
    assert opened.page.locator("html").get_attribute("lang") == lang
    assert opened.page.locator("h1").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_axe_finds_nothing(name: str, theme: str, pages: dict[str, Path], context: BrowserContext) -> None:
    for width in WIDTHS[:2]:
        page = visit(context, pages[f"{name}.en"], color_scheme=theme).page
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["hyperclova-x", "solar-open", "portfolio"])
def test_nothing_is_clipped_or_covered_at_any_width(
    name: str, lang: str, pages: dict[str, Path], context: BrowserContext
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page = visit(context, pages[f"{name}.{lang}"], color_scheme=theme).page
        for width in (320, *WIDTHS):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(LAYOUT) == [], width
            page.screenshot(path=PICTURES / f"{name}.{lang}.{theme}.{width}.png", full_page=True)


@pytest.mark.parametrize("name", ["hyperclova-x", "portfolio"])
def test_paper_holds_all_in_dark_ink(name: str, pages: dict[str, Path], context: BrowserContext) -> None:
    """A4 less its margins: 182 mm, or 269 mm for the portfolio, at 96 units an inch."""
    page = visit(context, pages[f"{name}.en"], media="print", color_scheme="dark").page
    page.set_viewport_size({"width": 1017 if name == "portfolio" else 688, "height": 900})
    assert page.evaluate(LAYOUT) == []
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.pdf(path=PICTURES / f"{name}.en.pdf", prefer_css_page_size=True)


def focused(page: Page) -> str:
    found: str = page.evaluate(
        "document.activeElement.matches('body') ? '' : document.activeElement.outerHTML.slice(0, 80)"
    )
    return found


def test_findings_are_reached_by_keyboard_alone(pages: dict[str, Path], context: BrowserContext) -> None:
    page = visit(context, pages["solar-open.en"]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "findings"
    page.keyboard.press("Tab")
    summary = page.locator("summary:focus")
    assert summary.count() == 1 and page.locator(".group").first.get_attribute("open") is not None
    page.keyboard.press("Enter")
    assert page.locator(".group").first.get_attribute("open") is None
    page.keyboard.press("Enter")
    assert page.locator(".group").first.get_attribute("open") is not None


def test_every_stop_of_the_keyboard_shows_where_it_is(
    pages: dict[str, Path], context: BrowserContext
) -> None:
    page = visit(context, pages["solar-open.en"]).page
    parts, cells, stops = 0, 0, 0
    while page.keyboard.press("Tab") or focused(page):
        stops += 1
        style = page.evaluate(
            "((s) => s.outlineStyle + s.outlineWidth)(getComputedStyle(document.activeElement))"
        )
        assert style == "solid3px" or "skip" in focused(page), focused(page)
        parts += page.evaluate("document.activeElement.classList.contains('part')")
        cells += page.evaluate("Boolean(document.activeElement.closest('.matrix'))")
        assert stops < 200
    assert parts == page.locator(".part").count() and cells == page.locator(".matrix a").count()


def test_a_cell_leads_to_its_evidence(pages: dict[str, Path], context: BrowserContext) -> None:
    page = visit(context, pages["solar-open.en"]).page
    link = page.locator(".matrix a").first
    link.focus()
    page.keyboard.press("Enter")
    finding = page.locator(".finding:target")
    assert finding.count() == 1 and finding.is_visible()


def test_a_portfolio_is_sorted_and_filtered_by_keyboard(
    pages: dict[str, Path], context: BrowserContext
) -> None:
    page = visit(context, pages["portfolio.en"]).page
    count, rows = len(NAMES), page.locator("#table tbody tr")
    page.keyboard.press("Tab")
    page.keyboard.type("Hyperclova-X")
    assert page.locator("#shown").text_content() == f"1 of {count} shown"
    assert rows.filter(visible=True).count() == 1
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    assert page.locator("#shown").text_content() == f"{count} of {count} shown"
    button = page.locator("#table thead button").nth(3)

    def known() -> list[float]:
        cells = page.locator("#table tbody td:nth-child(4)").all()
        return [float(cell.get_attribute("data-value") or "") for cell in cells]

    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#table th[aria-sort]").count() == 1
    assert page.locator("#table th").nth(3).get_attribute("aria-sort") == "ascending"
    assert known() == sorted(known()) and len(set(known())) > 1
    page.keyboard.press("Space")
    assert page.locator("#table th").nth(3).get_attribute("aria-sort") == "descending"
    assert known() == sorted(known(), reverse=True)
