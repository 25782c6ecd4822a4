"""A repository that documents itself well: at least 38 of the 50 elements, and the reports of it."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension

from aibom import bom
from aibom.compliance import GPAI, NTIA, Status, elements, gpai_form
from aibom.render.elements import elements_json, elements_markdown
from tests import samples
from tests.bom.documents import library_accepts, resolve


class Page(SingleFileSnapshotExtension):
    """A snapshot is the page that a reader gets."""

    file_extension = "md"


def test_at_least_38_of_50_elements(documented_bom: dict[str, Any]) -> None:
    report = elements(documented_bom)
    held = len(report.of(Status.PRESENT)) + len(report.of(Status.DECLARED))
    assert len(report.answers) == 50
    assert held >= 38
    missing = {answer.element.ident for answer in report.of(Status.MISSING)}
    assert missing == {
        "MD-01", "MD-05", "SLP-06", "SLP-07", "DP-05", "DP-07", "DP-08", "DP-10", "SP-01", "SP-02", "SP-04",
        "KPI-01",
    }  # fmt: skip


def test_the_bom_stays_valid(documented_bom: dict[str, Any]) -> None:
    assert bom.validate(documented_bom) == ()
    assert library_accepts(documented_bom)
    assert [problem for problem in bom.lint(documented_bom) if problem.severity == "error"] == []


def test_nothing_is_invented(documented_bom: dict[str, Any]) -> None:
    """The card's placeholders, its code and what it does not say are no values."""
    text = str(documented_bom)
    assert "More Information Needed" not in text
    assert "from transformers import pipeline" not in text
    assert "energyConsumptions" not in text


@pytest.mark.parametrize("name", ["documented", "rich"])
def test_report_for_readers(
    name: str, documented_bom: dict[str, Any], snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1768435200")
    document = documented_bom if name == "documented" else bom.build(samples.rich(), reproducible=True)
    page = elements_markdown(elements(document)).encode()
    assert page == snapshot(extension_class=Page)


def test_the_form(documented_bom: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert gpai_form(documented_bom).encode() == snapshot(extension_class=Page)


def test_the_form_names_what_the_model_depends_on(documented_bom: dict[str, Any]) -> None:
    answer = elements(documented_bom, GPAI).answer("1.6")
    assert "google-bert/bert-base-multilingual-cased finetune" in {found.value for found in answer.found}
    assert {found.status for found in answer.found} == {Status.DECLARED}


def test_json(documented_bom: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert elements_json(elements(documented_bom, NTIA)) == snapshot


def test_a_vendors_answers_fill_what_a_repository_cannot_show(answered_bom: dict[str, Any]) -> None:
    report = elements(answered_bom)
    missing = {answer.element.ident for answer in report.of(Status.MISSING)}
    assert missing == {"MD-05", "DP-05", "DP-10", "SP-04", "KPI-01"}
    flow = report.answer("SLP-06")
    (found,) = flow.found
    assert (found.value, found.label, flow.status) == (
        "Text goes to the server and back.",
        "use.data_flow",
        Status.DECLARED,
    )
    assert resolve(answered_bom, found.pointer) == found.value


def test_answers_enter_the_form(answered_bom: dict[str, Any]) -> None:
    form = elements(answered_bom, GPAI)
    assert {answer.element.ident for answer in form.of(Status.MISSING)} == {"8.2"}
    assert form.answer("1.5").found[0].text == "governance.eu_released: 2026-04-01"


def test_an_ancestor_is_found_only_with_evidence() -> None:
    with_evidence = elements(bom.build(samples.rich()), GPAI).answer("1.6")
    assert [(found.status, found.text) for found in with_evidence.found][:3] == [
        ("present", "pkg:huggingface/Qwen/Qwen2.5-VL-7B-Instruct"),
        ("present", "Qwen2.5-VL-7B-Instruct"),
        ("present", "binary-analysis: the vision encoder matches that of Qwen2.5-VL bit for bit"),
    ]
    claimed = {"metadata": {"component": {"pedigree": {"ancestors": [{"name": "base"}]}}}}
    assert elements(claimed, GPAI).answer("1.6").status is Status.DECLARED
