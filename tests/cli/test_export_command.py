"""`aibom export`: forms, on a BOM and on a target."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from aibom import bom
from aibom.cli.export import FORMS
from aibom_schemas import schema
from tests import samples
from tests.cli.conftest import Cli, Library


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "rich.cdx.json"
    path.write_bytes(bom.serialise(bom.build(samples.rich())))
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_as_json_fits_its_schema(cli: Cli, document: Path, form: str) -> None:
    done = cli("export", document, "--form", form, "-f", "json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, schema("elements"))
    assert answer["vocabulary"]["id"] == form
    assert sum(answer["counts"].values()) == len(answer["elements"])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", ["markdown", "table"])
def test_every_form_for_readers(cli: Cli, document: Path, form: str, shape: str) -> None:
    done = cli("export", document, "--form", form, "-f", shape)
    assert done.exit_code == 0
    assert "Acme" in done.stdout


def test_markdown_of_g7_is_the_default_and_goes_to_a_file(cli: Cli, document: Path, tmp_path: Path) -> None:
    page = tmp_path / "g7.md"
    done = cli("export", document, "-o", page)
    assert (done.exit_code, done.stdout) == (0, "")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# G7 Software Bill of Materials for AI")
    assert "| MDL-01 | Model name | found | Acme-VL-7B |" in text
    assert text == cli("export", "-", stdin=document.read_bytes()).stdout


def test_a_target_is_scanned_first(cli: Cli, library: Library) -> None:
    done = cli("export", "upstage/Solar-Open-100B", "--revision", "main", "--quiet", "-f", "table")
    assert done.exit_code == 0
    ((target, options),) = library.calls
    assert (target, options["revision"]) == ("upstage/Solar-Open-100B", "main")
    assert "elements" in done.stdout


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b"{}", b'{"bomFormat": "SPDX"}', b'{"spdxVersion": "SPDX-2.3"}']
)
def test_what_is_no_cyclonedx_document_is_an_input_error(cli: Cli, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(data)
    done = cli("export", path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "advice: " in done.stderr


def test_a_file_that_cannot_be_written_is_refused_before_the_scan(
    cli: Cli, library: Library, tmp_path: Path
) -> None:
    done = cli("export", "org/model", "-o", tmp_path / "none" / "x.md")
    assert (done.exit_code, library.calls) == (2, [])


def test_an_unknown_form_is_a_usage_error(cli: Cli, document: Path) -> None:
    assert cli("export", document, "--form", "g8").exit_code == 2
