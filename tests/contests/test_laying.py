"""Contests in a BOM: a claim each, our finding against it, valid, lint-clean, and nothing taken away."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from aibom import bom, documents
from aibom.contests import (
    Contest,
    ContestState,
    Exhibit,
    apply,
    assess,
    file_contest,
    lay,
    read_log,
    register,
)
from aibom.errors import FormatError, UsageError
from aibom.model import Dossier, Evidence
from tests import samples
from tests.contests.samples import KR

EVIL = "<script>alert(1)</script>\u202e\x1b[31m"


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    return bom.build(samples.rich(), reproducible=True)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "contests.jsonl"


def dossier(document: dict[str, Any]) -> Dossier:
    return documents.read(bom.serialise(document), "bom.json")


def contest(document: dict[str, Any], number: int = 0, claim: str = "It is our own.") -> Contest:
    found = dossier(document)
    evidence = (Exhibit("https://example.org/log", "a" * 64), Exhibit("docs/log.txt", "b" * 64))
    return file_contest(
        found, found.findings[number].id, claim=claim, evidence=evidence, filed_by=EVIL, date="2026-11-20"
    )


def accept(path: Path, made: Contest) -> None:
    given = {"assessor": "A lab", "reason": EVIL, "date": "2026-11-21", "evidence_level": Evidence.E4}
    assess(path, made, ContestState.ACCEPTED, **given)  # type: ignore[arg-type]


def laid(document: dict[str, Any], path: Path) -> dict[str, Any]:
    return lay(document, apply(dossier(document), read_log(path), KR))


def problems(document: dict[str, Any]) -> set[str]:
    found = (*bom.validate(document), *bom.lint(document))
    return {f"{each.rule} {each.message}" for each in found if each.severity != "info"}


def test_each_contest_is_a_claim_with_our_finding_against_it(built: dict[str, Any], log: Path) -> None:
    first, other = contest(built), contest(built, 1)
    accept(log, first)
    register_later(log, other)
    before = copy.deepcopy(built)
    document = laid(built, log)
    assert built == before
    assert problems(document) <= problems(built)
    claims = {claim["bom-ref"]: claim for claim in document["declarations"]["claims"]}
    ours, theirs = claims[f"claim:{first.finding}"], claims[f"contest:{first.id}"]
    assert theirs["target"] == ours["target"]
    assert theirs["predicate"] == "It is our own."
    assert theirs["counterEvidence"] == ours["evidence"]
    assert ours["counterEvidence"] == theirs["evidence"]
    assert "counterEvidence" not in claims[f"claim:{other.finding}"]
    assert "Accepted on E4 by the assessor A lab on 2026-11-21" in theirs["reasoning"]
    assert claims[f"contest:{other.id}"]["reasoning"].endswith("Open.")
    evidence = {piece["bom-ref"]: piece for piece in document["declarations"]["evidence"]}
    contents = [evidence[ref]["data"][0]["contents"] for ref in theirs["evidence"]]
    assert {content["attachment"]["content"] for content in contents} == {
        f"sha256:{'a' * 64}",
        f"sha256:{'b' * 64}",
    }
    assert {content.get("url") for content in contents} == {"https://example.org/log", None}
    assert len(document["annotations"]) == 2
    assert not {"\u202e", "\x1b"} & set(json.dumps(document, ensure_ascii=False))


def register_later(path: Path, made: Contest) -> None:
    assess(path, made, ContestState.OPEN, assessor=made.filed_by, reason="filed", date="2026-11-21")


def test_the_score_stands_with_and_without_contests(built: dict[str, Any], log: Path) -> None:
    accept(log, contest(built))
    document = laid(built, log)
    properties = document["metadata"]["component"]["properties"]
    named = {each["name"]: each["value"] for each in properties}
    scores = [named[f"aibom:contest:score:{name}"] for name in ("without", "accepted", "granted")]
    assert all("profile kr" in score for score in scores)
    assert named["aibom:contest:log"] == read_log(log).head
    before = {each["name"] for each in built["metadata"]["component"]["properties"]}
    assert before <= set(named)


def test_nothing_that_stands_there_is_changed_but_the_version(built: dict[str, Any], log: Path) -> None:
    accept(log, contest(built))
    document = laid(built, log)
    assert document["version"] == built.get("version", 1) + 1
    assert document["serialNumber"] == built["serialNumber"]
    for key in ("components", "dependencies", "compositions", "citations"):
        assert document.get(key) == built.get(key)
    for claim, after in zip(
        built["declarations"]["claims"], document["declarations"]["claims"], strict=False
    ):
        assert {key: after[key] for key in claim} == claim


def test_laying_again_says_the_same_and_later_what_the_log_says_then(
    built: dict[str, Any], log: Path
) -> None:
    made = contest(built)
    register(log, made)
    once = laid(built, log)
    again = laid(once, log)
    assert {**again, "version": 0} == {**once, "version": 0}
    accept(log, made)
    later = laid(again, log)
    assert len(later["annotations"]) == 1
    assert problems(later) <= problems(built)
    assert {**later, "version": 0} == {**laid(built, log), "version": 0}


def test_the_claims_of_the_bom_are_read_back_as_before(built: dict[str, Any], log: Path) -> None:
    accept(log, contest(built))
    assert dossier(laid(built, log)).findings == dossier(built).findings


def test_a_contest_that_the_log_lacks_is_not_dropped(
    built: dict[str, Any], log: Path, tmp_path: Path
) -> None:
    register(log, contest(built))
    document = laid(built, log)
    other = tmp_path / "other.jsonl"
    register(other, contest(built, 1))
    with pytest.raises(UsageError, match="which the log does not"):
        laid(document, other)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"specVersion": "1.5", "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json"}, UsageError),
        ({"declarations": 3}, FormatError),
        ({"bomFormat": "x"}, FormatError),
    ],
)
def test_what_cannot_hold_contests_is_refused(
    built: dict[str, Any], log: Path, changes: dict[str, Any], error: type[Exception]
) -> None:
    register(log, contest(built))
    contested = apply(dossier(built), read_log(log), KR)
    with pytest.raises(error):
        lay({**built, **changes}, contested)


def test_a_signed_bom_is_not_broken(built: dict[str, Any], log: Path) -> None:
    register(log, contest(built))
    signature = {"algorithm": "ES256", "value": "abc"}
    with pytest.raises(UsageError, match="signature"):
        lay({**built, "signature": signature}, apply(dossier(built), read_log(log), KR))
