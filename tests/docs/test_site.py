"""The documentation site builds strictly, and its pages load nothing from elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

LOADED = re.compile(r"<(?:script|img|iframe|source)\b[^>]*\ssrc=[\"']?(?!data:)([^\"'\s>]+)", re.IGNORECASE)
LINKED = re.compile(
    r"<link\b[^>]*\srel=[\"']?(?!canonical|next|prev)[^>]*?\shref=[\"']?([^\"'\s>]+)", re.IGNORECASE
)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    return tmp_path


def test_it_builds_and_needs_no_network(sources: Path) -> None:
    done = build(sources)
    assert done.returncode == 0, done.stdout + done.stderr
    site = sources / "build" / "site"
    built = {page.stem for page in site.glob("*.html")} - {"index", "404"}
    assert built == {page.stem for page in (sources / "docs").glob("*.md")} - {"README"}
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = LOADED.findall(text) + LINKED.findall(text)
        assert loaded
        assert [url for url in loaded if re.match(r"(https?:)?//", url)] == [], page.name


def test_a_broken_link_fails_it(sources: Path) -> None:
    with (sources / "docs" / "gate.md").open("a", encoding="utf-8") as page:
        page.write("\n[gone](gone.md)\n")
    assert build(sources).returncode != 0
