"""The verification as a CycloneDX document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aibom import bom
from aibom.errors import UsageError
from aibom.model import (
    Confidence,
    Depth,
    Dossier,
    Evidence,
    FileClass,
    FileEntry,
    Finding,
    Layer,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Signal,
    ToolPart,
)
from aibom.verification import RULES, attestation, verify

LAB = OrganisationRef("lab", "Lab", "KR", "KR", "registry")
ZHIPU = OrganisationRef("zhipu", "Zhipu AI", "CN", "CN", "registry")
NOTICE = Locator("modeling.py", line=5, quote="# Copyright 2025 The ZhipuAI Inc. team")
FINDING = Finding(
    "F-1",
    "code.notice",
    Signal.CODE,
    Confidence.OBSERVED,
    "modeling.py names Zhipu AI in a notice",
    part="remote-code",
    layer=Layer.CODE,
    alternative="A notice may outlive the lines that it was written for.",
    locators=(NOTICE,),
)
CODE = Part("remote-code", Role.REMOTE_CODE, "Remote code", declared=True, present=True, locators=(NOTICE,))
FOUND = Dossier(
    form="scan",
    subject="lab/model",
    revision="ab" * 20,
    tools=(ToolPart("aibom", "0.1.0"),),
    depth=Depth.HEADERS,
    publisher=LAB,
    parts=(CODE,),
    files=(FileEntry("modeling.py", 9, "12" * 32, FileClass.CODE),),
    origins=(Origin(CODE.id, Layer.CODE, Relation.ADAPTED, Evidence.E3, (ZHIPU,), findings=("F-1",)),),
    findings=(FINDING,),
)
CLAIMED = replace(
    FOUND,
    form="CycloneDX 1.6",
    digest="cd" * 32,
    parts=(replace(CODE, locators=(Locator("bom.json", key="/metadata/component/components/0"),)),),
    origins=(Origin(CODE.id, Layer.CODE, Relation.ORIGINAL, Evidence.E1, (LAB,)),),
    findings=(),
)


def document(claimed: Dossier = CLAIMED, **options: Any) -> dict[str, Any]:
    return attestation(verify(claimed, FOUND), claimed, FOUND, **options)


def claim_of(made: dict[str, Any], rule: str) -> dict[str, Any]:
    (found,) = [item for item in made["declarations"]["claims"] if f"Rule {rule}," in item["reasoning"]]
    return dict(found)


def row_of(made: dict[str, Any], rule: str) -> dict[str, Any]:
    (attested,) = made["declarations"]["attestations"]
    (found,) = [row for row in attested["map"] if row["requirement"].endswith(f":{rule}")]
    return dict(found)


@pytest.mark.parametrize("spec", bom.SPECS)
def test_it_is_valid_and_clean(spec: str) -> None:
    made = document(spec=spec)
    assert made["specVersion"] == spec
    assert bom.validate(made) == ()
    assert bom.lint(made) == ()


def test_a_contradicted_claim_has_both_sides() -> None:
    made = document()
    claim = claim_of(made, "origins.contradicted")
    pieces = {item["bom-ref"]: item for item in made["declarations"]["evidence"]}
    (vendor,) = [pieces[ref] for ref in claim["evidence"]]
    assert "original, Lab (KR), E1" in vendor["description"]
    assert vendor["data"] == [{"name": "bom.json, /metadata/component/components/0"}]
    counter = [pieces[ref] for ref in claim["counterEvidence"]]
    assert "adapted, Zhipu AI (CN), E3" in counter[0]["description"]
    assert "Innocent explanation: A notice may outlive" in counter[1]["description"]
    assert counter[1]["data"][0] == {
        "name": "modeling.py, line 5",
        "contents": {"attachment": {"contentType": "text/plain", "content": NOTICE.quote}},
    }
    assert claim["target"].endswith("?part=remote-code")
    assert "What settles it" in claim["reasoning"]


def test_conformance_is_one_nought_or_not_determined() -> None:
    made = document(replace(CLAIMED, subject="lab/model", revision=None, files=()))
    assert row_of(made, "identity.repository")["conformance"]["score"] == 1
    contradicted = row_of(made, "origins.contradicted")
    assert contradicted["conformance"]["score"] == 0
    assert contradicted["confidence"]["score"] == 1
    open_row = row_of(made, "files.none-listed")
    assert open_row["conformance"] == {"rationale": "not determined"}
    assert open_row["confidence"]["score"] == 0


def test_every_rule_that_gave_a_result_is_a_requirement() -> None:
    made = document()
    (standard,) = made["definitions"]["standards"]
    named = {item["identifier"]: item["title"] for item in standard["requirements"]}
    rules = {result.rule for result in verify(CLAIMED, FOUND).results}
    assert named == {rule: RULES[rule].compares for rule in rules}


def test_it_names_the_bom_and_the_model() -> None:
    component = document()["metadata"]["component"]
    assert component["purl"] == f"pkg:huggingface/lab/model@{'ab' * 20}"
    assert component["externalReferences"][0]["url"] == f"urn:sha256:{'cd' * 32}"


def test_the_same_input_gives_the_same_bytes_and_a_time_is_written_where_given() -> None:
    assert bom.serialise(document()) == bom.serialise(document())
    assert "timestamp" not in document()["metadata"]
    dated = document(timestamp=datetime(2026, 11, 24, tzinfo=UTC))
    assert dated["metadata"]["timestamp"] == "2026-11-24T00:00:00+00:00"
    assert bom.validate(dated) == ()


def test_other_versions_are_not_written() -> None:
    with pytest.raises(UsageError, match=r"CycloneDX 1\.4"):
        document(spec="1.4")
