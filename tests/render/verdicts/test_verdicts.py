"""The forms of a verdict, each held against its schema or against somebody else's reader of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped
from pydantic import BaseModel
from sarif_pydantic import Sarif
from syrupy.assertion import SnapshotAssertion

from aibom.cli.output import text_bytes
from aibom.model import Outcome, ToolPart, Verdict
from aibom.render import json_bytes
from aibom.render.verdicts import junit_xml, sarif_json, summary, verdict_json
from aibom.render.verdicts.markdown import MAX_BYTES
from aibom.render.verdicts.table import verdict_tree
from aibom_schemas import schema
from tests.render.verdicts.made import HOSTILE, RESULTS, hostile, verdict

LEFT_OUT = {"columnKind", "baselineState", "suppressions"}
"""In the standard (3.14.17, 3.27.24, 3.27.23), and not in the library's model of it."""
TOOL = ToolPart("aibom", "1.2.3")
ALL = [verdict(), verdict(RESULTS[0]), verdict(known=("R-2", "R-5")), *map(hostile, HOSTILE)]


def read(log: dict[str, Any]) -> Sarif:
    """As the library reads it, and without a key that the standard has no name for."""
    found = Sarif.model_validate(log)
    assert set(unknown_keys(found)) <= LEFT_OUT
    return found


def unknown_keys(value: Any) -> Any:
    if isinstance(value, BaseModel):
        if type(value).__name__ != "PropertyBag":
            yield from value.model_extra or ()
        for name in type(value).model_fields:
            yield from unknown_keys(getattr(value, name))
    elif isinstance(value, list):
        for each in value:
            yield from unknown_keys(each)


@pytest.mark.parametrize("given", ALL)
def test_json_answers_to_its_schema(given: Verdict) -> None:
    document = json.loads(json_bytes(verdict_json(given)))
    jsonschema.Draft202012Validator(schema("verdict")).validate(document)


def test_every_form_of_one_verdict(snapshot: SnapshotAssertion) -> None:
    assert text_bytes(verdict_tree(verdict())).decode() == snapshot(name="text")
    assert summary(verdict()) == snapshot(name="markdown")
    assert junit_xml(verdict()).decode() == snapshot(name="junit")
    assert json_bytes(sarif_json(verdict(), TOOL)).decode() == snapshot(name="sarif")
    assert json_bytes(verdict_json(verdict())).decode() == snapshot(name="json")


@pytest.mark.parametrize("given", ALL)
def test_sarif_is_read_by_another_implementation(given: Verdict) -> None:
    (run,) = read(json.loads(json_bytes(sarif_json(given, TOOL)))).runs
    assert len(run.results or ()) == sum(item.outcome is not Outcome.PASS for item in given.results)
    for result in run.results or ():
        rules = run.tool.driver.rules or []
        assert rules[result.rule_index].id == result.rule_id


def test_sarif_tells_file_and_line_waiver_and_baseline() -> None:
    results = {
        item["ruleId"]: item for item in sarif_json(verdict(known=("R-2",)), TOOL)["runs"][0]["results"]
    }
    physical = results["no-denied-origin"]["locations"][0]["physicalLocation"]
    assert (physical["artifactLocation"]["uri"], physical["region"]["startLine"]) == ("modeling.py", 5)
    assert results["no-denied-origin"]["baselineState"] == "unchanged"
    related = results["no-denied-origin"]["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"] == "a%20b/%C3%BC.py"
    assert results["licence"]["suppressions"][0]["status"] == "accepted"
    assert (results["weights-known"]["kind"], results["weights-known"]["level"]) == ("open", "none")
    region = results["weights-known"]["locations"][0]["physicalLocation"]["region"]
    assert region == {"byteOffset": 100, "byteLength": 20}
    assert results["either"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "org/name"


def test_junit_counts_failures_and_takes_unknown_for_an_error() -> None:
    (suite,) = JUnitXml.fromstring(junit_xml(verdict()))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (6, 2, 1, 1)
    kinds = {case.name: [type(item) for item in case.result] for case in suite}
    assert kinds["no-denied-origin (remote-code, code)"] == [Failure]
    assert kinds["weights-known (vision-encoder, weights)"] == [Error]
    assert kinds["licence"] == [Skipped]
    assert kinds["level"] == [] and kinds["told"] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    given = hostile(text)
    (suite,) = JUnitXml.fromstring(junit_xml(given))
    assert suite.tests == 1
    shown = text_bytes(verdict_tree(given)).decode()
    assert "\x1b" not in shown and "\u202e" not in shown
    page = summary(given)
    assert page.count("<details>") == page.count("</details>") == 1
    assert page.count("\n| ") == 2  # heading and one row


def test_a_known_failure_does_not_count() -> None:
    assert verdict().outcome is Outcome.FAIL
    assert verdict(known=("R-2", "R-5")).outcome is Outcome.UNDETERMINED
    assert verdict(known=("R-2", "R-3", "R-5")).outcome is Outcome.PASS


def test_a_long_summary_is_cut_and_says_so() -> None:
    page = summary(verdict(*RESULTS * 200))
    assert len(page) <= MAX_BYTES and "The rest is cut off" in page
