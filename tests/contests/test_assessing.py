"""What may be entered: states that follow, reasons, and evidence as strong as the finding's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aibom.contests import ContestState, assess, needed, read_log, register, standings, states
from aibom.contests.filing import parse
from aibom.errors import UsageError
from aibom.model import Evidence
from tests.contests.samples import contest, dossier

OPEN, ACCEPTED, REJECTED, SUPERSEDED = ContestState


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "contests.jsonl"


def judge(path: Path, state: ContestState, made: Any = None, **changes: Any) -> None:
    given = {
        "assessor": "A lab",
        "reason": "Repeated it.",
        "date": "2026-11-21",
        "evidence_level": Evidence.E3,
        **changes,
    }
    assess(path, made or contest(), state, **given)


@pytest.mark.parametrize("level", [None, Evidence.E1, Evidence.E2])
def test_evidence_weaker_than_the_findings_does_not_set_it_aside(log: Path, level: Evidence | None) -> None:
    made = contest(rule="code.notice")
    with pytest.raises(UsageError, match="rests on E3"):
        judge(log, ACCEPTED, made, evidence_level=level)
    assert not log.exists()
    judge(log, ACCEPTED, made, evidence_level=Evidence.E3)
    assert states(read_log(log)) == {made.finding: ACCEPTED}


def test_a_contest_that_calls_its_finding_weaker_gains_nothing(log: Path) -> None:
    """The vendor writes contest.json: what it says of the finding's strength is not taken from it."""
    from aibom.contests.filing import _ident

    honest = contest(rule="code.notice")
    forged = replace(honest, strength=Evidence.E1)
    forged = parse(replace(forged, id=_ident(forged)).to_bytes(), "contest.json")
    assert needed(forged) is Evidence.E3
    with pytest.raises(UsageError):
        judge(log, ACCEPTED, forged, evidence_level=Evidence.E1)


def test_rejection_needs_no_evidence(log: Path) -> None:
    judge(log, REJECTED, evidence_level=None)
    assert standings(read_log(log))[0].state is REJECTED


@pytest.mark.parametrize("changes", [{"assessor": ""}, {"reason": " "}, {"date": "soon"}])
def test_an_assessment_has_a_name_a_reason_and_a_day(log: Path, changes: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        judge(log, REJECTED, **changes)


@pytest.mark.parametrize(
    ("first", "then", "allowed"),
    [
        (OPEN, ACCEPTED, True),
        (OPEN, REJECTED, True),
        (OPEN, SUPERSEDED, True),
        (OPEN, OPEN, False),
        (ACCEPTED, REJECTED, True),
        (REJECTED, ACCEPTED, True),
        (ACCEPTED, OPEN, False),
        (ACCEPTED, ACCEPTED, False),
        (ACCEPTED, SUPERSEDED, True),
    ],
)
def test_which_state_follows_which(log: Path, first: ContestState, then: ContestState, allowed: bool) -> None:
    judge(log, first)
    if allowed:
        judge(log, then)
    else:
        with pytest.raises(UsageError, match="cannot become"):
            judge(log, then)
    assert standings(read_log(log))[0].state is (then if allowed else first)


def test_superseded_is_the_end_and_was_something_before(log: Path) -> None:
    with pytest.raises(UsageError, match="not in the log"):
        judge(log, SUPERSEDED)
    judge(log, OPEN)
    judge(log, SUPERSEDED)
    for state in ContestState:
        with pytest.raises(UsageError):
            judge(log, state)


def test_what_takes_its_place_contests_the_same_finding(log: Path) -> None:
    later, other = contest(claim="More."), contest(rule="code.notice")
    for each in (contest(), later, other):
        register(log, each)
    for wrong in (contest().id, other.id, "C-000000000000"):
        with pytest.raises(UsageError):
            judge(log, SUPERSEDED, superseded_by=wrong)
    judge(log, SUPERSEDED, superseded_by=later.id)
    assert states(read_log(log))[later.finding] is OPEN


def test_all_that_was_decided_stays(log: Path) -> None:
    for state in (OPEN, REJECTED, ACCEPTED, SUPERSEDED):
        judge(log, state)
    (standing,) = standings(read_log(log))
    assert [entry.draft.state for entry in standing.history] == [OPEN, REJECTED, ACCEPTED, SUPERSEDED]


def test_the_state_of_a_finding_is_that_of_its_weightiest_contest(log: Path) -> None:
    one, other = contest(), contest(claim="More.")
    judge(log, REJECTED, one)
    judge(log, OPEN, other)
    assert states(read_log(log)) == {one.finding: OPEN}
    judge(log, ACCEPTED, other)
    assert states(read_log(log)) == {one.finding: ACCEPTED}


def test_states_of_another_model_are_not_this_ones(log: Path) -> None:
    other = contest(replace(dossier(), subject="upstage/other"))
    judge(log, ACCEPTED, other)
    assert states(read_log(log), "upstage/solar") == {}
    assert states(read_log(log), "Upstage/Other") == {other.finding: ACCEPTED}
