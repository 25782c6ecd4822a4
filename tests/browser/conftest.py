"""Debian's Chromium, driven by Playwright, with nothing to reach but files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from aibom import reporting
from tests.end_to_end.test_examples import NAMES, build
from tests.gate.conftest import ORGANISATIONS

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = Path(__file__).parents[2] / "build" / "pages"


@dataclass
class Opened:
    """A page and all that it did beyond showing itself."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def quiet(self) -> bool:
        """Nothing was asked for but the file itself, nothing reported, nothing asked of the user."""
        return not self.console and not self.dialogs and len(self.requests) == 1


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(offline=True)
    yield made
    made.close()


def visit(context: BrowserContext, file: Path, **media: Any) -> Opened:
    """A file opened, with what it does told; whatever is no file is refused before it leaves."""
    page = context.new_page()
    opened = Opened(page)
    page.on("console", lambda message: opened.console.append(message.text))
    page.on("pageerror", lambda error: opened.console.append(str(error)))
    page.on("request", lambda request: opened.requests.append(request.url))
    page.on("dialog", lambda dialog: (opened.dialogs.append(dialog.message), dialog.dismiss()))
    page.route(
        "**/*", lambda route: route.continue_() if route.request.url == file.as_uri() else route.abort()
    )
    if media:
        page.emulate_media(**media)
    page.goto(file.as_uri())
    return opened


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each example's report, and the portfolio of all, in both languages, by name and language."""
    folder = tmp_path_factory.mktemp("pages")
    models, made = build(folder / "models"), {}
    for lang in ("en", "ko"):
        for name, model in models.items():
            made[f"{name}.{lang}"] = folder / f"{name}.{lang}.html"
            made[f"{name}.{lang}"].write_bytes(
                reporting.report(
                    str(model), lang=lang, alias=NAMES[name], organisations=ORGANISATIONS, offline=True
                )
            )
        made[f"portfolio.{lang}"] = folder / f"portfolio.{lang}.html"
        made[f"portfolio.{lang}"].write_bytes(
            reporting.report(*map(str, models.values()), lang=lang, organisations=ORGANISATIONS, offline=True)
        )
    return made
