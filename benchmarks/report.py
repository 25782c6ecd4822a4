"""How large reports are and how fast a browser opens them: 2,000 files with 500 findings, and 50 models."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import sync_playwright

from aibom.model import Dossier
from aibom.render.html import portfolio_html, report_html
from aibom.sovereignty import load_profile
from tests.analyses import omni, solar

LIMITS = {"report": (2_000_000, 1.0), "portfolio": (5_000_000, None)}


def pages() -> dict[str, str]:
    """A large report and a large portfolio."""
    kr, one, other = load_profile("kr"), Dossier.of(solar()), Dossier.of(omni())
    findings = tuple(replace(one.findings[0], id=f"F-{number:012x}") for number in range(500))
    files = tuple(replace(one.files[0], path=f"f{number}.bin") for number in range(2_000))
    models = [replace(other, subject=f"org/model-{number}") for number in range(50)]
    return {
        "report": report_html(replace(one, findings=findings, files=files), kr),
        "portfolio": portfolio_html(models, kr),
    }


def main() -> int:
    """1 where a limit is passed."""
    chromium, failed = shutil.which("chromium"), False
    if chromium is None:
        print("chromium is not installed")
        return 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, text in pages().items():
            file = Path(folder) / f"{name}.html"
            file.write_text(text, "utf-8")
            size, (most, slowest) = file.stat().st_size, LIMITS[name]
            times = []
            for _ in range(5):
                page = browser.new_context(offline=True).new_page()
                start = time.perf_counter()
                page.goto(file.as_uri(), wait_until="load")
                page.evaluate("document.body.getBoundingClientRect().height")
                times.append(time.perf_counter() - start)
            median = sorted(times)[2]
            limit = f" (limit {slowest:g} s)" if slowest else ""
            print(f"{name}: {size / 1e6:.2f} MB (limit {most / 1e6:g} MB), opens in {median:.2f} s{limit}")
            failed |= size > most or (slowest is not None and median > slowest)
        browser.close()
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
