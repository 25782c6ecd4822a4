"""Reports for people: complete, self-contained, in two languages, and deaf to what a repository says."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from aibom import reporting
from aibom.model import Dossier, Unknown
from aibom.render.badge import badge_svg
from aibom.render.html import LANGUAGES, portfolio_html, report_html
from aibom.render.markdown import card_markdown, report_markdown
from aibom.render.portfolio import csv_bytes, row, xlsx_bytes
from aibom.sovereignty import load_profile
from tests.analyses import hostile, omni, solar
from tests.gate.conftest import boms, models, of, run  # noqa: F401 - fixtures
from tests.render.verdicts.made import HOSTILE

KR = load_profile("kr")
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
SOLAR, OMNI = Dossier.of(solar()), Dossier.of(omni())


class Structure(HTMLParser):
    """Tags with their attributes' names, in order; texts apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.targets: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        given = dict(attrs)
        self.targets.add(given.get("id") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")


def catalogue(lang: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((files("aibom.render.html.messages") / f"{lang}.json").read_bytes())
    return found


def test_every_language_has_every_text_with_the_same_gaps() -> None:
    english = catalogue("en")
    for lang in LANGUAGES:
        texts = catalogue(lang)
        assert texts.keys() == english.keys()
        for key, text in texts.items():
            assert text.strip()
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_every_text_is_used_and_none_is_missing() -> None:
    folder = Path(str(files("aibom.render.html")))
    sources = "".join(path.read_text() for path in folder.rglob("*.*") if path.suffix in (".py", ".html"))
    for key in catalogue("en"):
        family = key.rpartition(".")[0]
        assert f'"{key}"' in sources or f'"{family}." ~' in sources or f'f"{family}.' in sources, key


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dossier", [SOLAR, OMNI])
def test_a_page_holds_every_finding_and_loads_nothing(dossier: Dossier, lang: str) -> None:
    page = report_html(dossier, KR, lang=lang)
    found = Structure(page)
    for finding in dossier.findings:
        assert f'id="{finding.id}"' in page
    assert {link.removeprefix("#") for link in found.links} <= found.targets
    names = {name for _, attributes in found.tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} | ({"style", "src", "srcset"} & names)
    assert "default-src &#39;none&#39;" in page and "script-src &#39;none&#39;" in page
    assert not re.search(r"https?://", page.replace("http://www.w3.org/2000/svg", ""))


def test_the_same_input_gives_the_same_page() -> None:
    assert report_html(SOLAR, KR) == report_html(SOLAR, KR)
    assert portfolio_html([SOLAR, OMNI], KR) == portfolio_html([SOLAR, OMNI], KR)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_repository_says_changes_no_structure(text: str) -> None:
    plain, other = Dossier.of(hostile("text")), Dossier.of(hostile(text))
    pages = [report_html(item, KR) for item in (plain, other)]
    assert Structure(pages[0]).tags == Structure(pages[1]).tags
    pages = [portfolio_html([item, SOLAR], KR) for item in (plain, other)]
    assert Structure(pages[0]).tags == Structure(pages[1]).tags
    ET.fromstring(badge_svg(replace(other.score, profile=text)))
    for page in (report_markdown(other, KR), card_markdown(other, KR)):
        shown = {tag for tag, _ in Structure(MARKDOWN.render(page)).tags}
        assert not shown & {"a", "script", "img", "iframe", "style"}


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    dossier = replace(
        SOLAR,
        subject="=HYPERLINK(1)",
        unknowns=(Unknown("x", SOLAR.unknowns[0].stage, "y"),) if SOLAR.unknowns else (),
    )
    rows = [row(dossier, SOLAR.score), row(OMNI, OMNI.score)]
    cells = list(csv.reader(io.StringIO(csv_bytes(rows).decode("utf-8-sig"))))
    assert cells[1][0] == "'=HYPERLINK(1)" and len(cells) == 3
    assert all(len(line) == len(cells[0]) for line in cells)
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(rows))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"HYPERLINK" in book.read("xl/sharedStrings.xml")
    assert xlsx_bytes(rows) == xlsx_bytes(rows)


def test_every_form_by_the_command(boms: dict[str, Path], models: dict[str, Path], tmp_path: Path) -> None:  # noqa: F811
    bom = boms["hyperclova-x"]
    for name in ("r.html", "r.md", "r.csv", "r.xlsx"):
        assert run("report", bom, "-o", tmp_path / name).exit_code == 0
    of_model = run("report", models["hyperclova-x"], *of("hyperclova-x"), "--lang", "ko")
    assert of_model.exit_code == 0 and 'lang="ko"' in of_model.stdout and "네이버클라우드" in of_model.stdout
    several = run("report", *boms.values(), "-o", tmp_path / "p.html")
    assert several.exit_code == 0
    assert all(f">{name}" in (tmp_path / "p.html").read_text() for name in ("upstage/Solar-Open-shape",))
    assert run("report", *boms.values(), "-f", "markdown").exit_code == 2
    assert run("badge", bom).stdout.startswith("<svg ")
    assert run("card", bom).stdout.startswith("## Bill of materials")


def test_what_cannot_be_read_leaves_an_older_report(tmp_path: Path) -> None:
    report = tmp_path / "r.html"
    report.write_text("older")
    broken = tmp_path / "b.json"
    broken.write_text("{")
    result = run("report", broken, "-o", report)
    assert result.exit_code == 4 and report.read_text() == "older"


def test_a_large_report_stays_small() -> None:
    finding = SOLAR.findings[0]
    many = tuple(replace(finding, id=f"F-{number:012x}") for number in range(500))
    files_ = tuple(replace(SOLAR.files[0], path=f"f{number}.bin") for number in range(2_000))
    page = report_html(replace(SOLAR, findings=many, files=files_), KR)
    assert len(page.encode()) < 2_000_000
    several: list[Any] = [replace(OMNI, subject=f"org/model-{number}") for number in range(50)]
    assert len(portfolio_html(several, KR).encode()) < 5_000_000


def test_names_of_organisations_in_korean() -> None:
    assert reporting.names("ko")["naver-cloud"] == "네이버클라우드"
    assert reporting.names("en") == {}


def test_duties_stand_beside_the_licences() -> None:
    duty = replace(
        SOLAR.findings[0], rule="licence.duty-attribution", statement="The licence asks for a notice."
    )
    page = report_html(replace(SOLAR, findings=(duty,)), KR)
    assert f'<a href="#{duty.id}">The licence asks for a notice.</a>' in page
    assert "Duties and restrictions" not in report_html(SOLAR, KR)
