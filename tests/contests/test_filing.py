"""A contest: of a finding that is there, on evidence with digests, the same bytes for the same contest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aibom.contests import Exhibit, exhibit, parse, strength
from aibom.errors import AibomError, DataError, InputError, NotFoundError, UsageError
from aibom.model import Confidence, Evidence, Finding, Layer, Origin, Relation, Signal
from aibom_schemas import schema
from tests.contests.samples import LOG, contest, dossier


def test_a_contest_survives_its_bytes_and_answers_to_the_schema() -> None:
    made = contest(requested=Relation.ORIGINAL, contact="legal@example.org")
    assert parse(made.to_bytes(), "contest.json") == made
    Draft202012Validator(schema("contest")).validate(json.loads(made.to_bytes()))
    Draft202012Validator.check_schema(schema("contest"))
    Draft202012Validator.check_schema(schema("contest-entry"))


def test_the_id_is_of_what_is_claimed_and_not_of_the_day_or_document() -> None:
    first = contest()
    assert first.id == contest(date="2026-12-31").id
    assert first.id == contest(replace(dossier(), digest="e" * 64)).id
    others = [
        contest(claim="Something else."),
        contest(requested=Relation.ORIGINAL),
        contest(evidence=(Exhibit("docs/training.log", "b" * 64),)),
        contest(filed_by="Somebody"),
        contest(rule="declared.encoder-family"),
    ]
    assert len({each.id for each in (first, *others)}) == len(others) + 1


def test_the_order_of_the_evidence_does_not_matter() -> None:
    other = Exhibit("z", "b" * 64)
    assert contest(evidence=(LOG, other)).to_bytes() == contest(evidence=(other, LOG, LOG)).to_bytes()


def test_only_a_finding_that_is_there_is_contested() -> None:
    found = dossier()
    ident = found.findings[0].id
    with pytest.raises(NotFoundError, match=f"did you mean '{ident}'"):
        from aibom.contests import file_contest

        file_contest(found, ident[:-1], claim="x", evidence=(LOG,), filed_by="x", date="2026-11-20")


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": ()},
        {"claim": " \u200b"},
        {"filed_by": ""},
        {"requested": Relation.UNKNOWN},
    ],
)
def test_what_a_contest_needs(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        contest(**changes)


def test_the_day_is_a_day() -> None:
    with pytest.raises(AibomError):
        contest(date="yesterday")


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(claim="other"),
        lambda document: document["finding"].update(evidence="E1", rule="other"),
        lambda document: document.update(evidence=[]),
        lambda document: document.update(more=1),
        lambda document: document.pop("filed"),
        lambda document: document.update(schema="urn:other"),
    ],
)
def test_a_changed_contest_is_refused(change: Any) -> None:
    document = contest().to_json()
    change(document)
    with pytest.raises(DataError):
        parse(json.dumps(document).encode(), "contest.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"{}" + b" " * (1024 * 1024), b"[" * 3000])
def test_what_is_no_contest_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        parse(data, "contest.json")


def test_a_file_of_evidence_is_digested(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"x")
    assert exhibit(str(path)) == Exhibit(path.as_posix(), hashlib.sha256(b"x").hexdigest())
    with pytest.raises(InputError):
        exhibit(str(tmp_path / "nothing"))


def test_a_url_of_evidence_needs_its_digest() -> None:
    assert exhibit(f"https://x.org/a#sha256={'AB' * 32}") == Exhibit("https://x.org/a", "ab" * 32)
    for text in ("https://x.org/a", "https://x.org/a#sha256=12", f"https://a b#sha256={'ab' * 32}"):
        with pytest.raises(UsageError):
            exhibit(text)


def test_a_finding_is_as_strong_as_its_rule() -> None:
    strengths = {item.rule: strength(item) for item in dossier().findings}
    assert strengths["declared.base-model"] is Evidence.E1
    assert strengths["declared.encoder-family"] is Evidence.E1
    assert strengths["code.notice"] is Evidence.E3


def test_a_finding_of_a_rule_that_is_not_known_is_as_strong_as_its_origins() -> None:
    found = Finding("F-1", "other.rule", Signal.WEIGHTS, Confidence.OBSERVED, "x", layer=Layer.WEIGHTS)
    origins = [Origin("core", Layer.WEIGHTS, Relation.DERIVED, Evidence.E4, findings=("F-1",))]
    assert strength(found, origins) is Evidence.E4
    assert strength(found) is Evidence.E1
