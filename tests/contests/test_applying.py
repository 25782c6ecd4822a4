"""Contests applied: accepted ones move their own layer, open ones show beside it, nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibom.contests import Contest, Contested, ContestState, Log, apply, assess, read_log, register
from aibom.model import Confidence, DeclarationKind, Dossier, Evidence, Layer, Origin, Relation, Severity
from aibom.provenance import RULES
from tests.contests.samples import DERIVED, ENCODER, KR, contest, dossier, finding
from tests.provenance.knowledge import CORE, says


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "contests.jsonl"


def accept(path: Path, made: Contest, level: Evidence = Evidence.E3) -> None:
    assess(
        path,
        made,
        ContestState.ACCEPTED,
        assessor="A lab",
        reason="Repeated it.",
        date="2026-11-21",
        evidence_level=level,
    )


def applied(found: Dossier, path: Path) -> Contested:
    return apply(found, read_log(path), KR)


def origin(found: Dossier, part: str, layer: Layer) -> Origin:
    (one,) = (item for item in found.origins if (item.part, item.layer) == (part, layer))
    return one


def test_without_contests_nothing_changes() -> None:
    found = dossier()
    contested = apply(found, Log(), KR)
    assert contested.dossier == found
    assert contested.score == contested.granted == contested.unapplied


def test_an_accepted_contest_moves_the_origin_that_rests_on_its_finding(log: Path) -> None:
    found = dossier(DERIVED, parts=(CORE,), notices=())
    accept(log, contest(found, requested=Relation.ORIGINAL))
    contested = applied(found, log)
    before, after = (origin(each, "decoder-core", Layer.WEIGHTS) for each in (found, contested.dossier))
    assert (before.relation, before.evidence) == (Relation.DERIVED, Evidence.E1)
    assert (after.relation, after.evidence) == (Relation.ORIGINAL, Evidence.E3)
    assert [each.id for each in after.organisations] == ["upstage"]
    assert set(before.findings) < set(after.findings)
    assert (contested.unapplied.level, contested.score.level) == (1, 3)
    assert contested.score == contested.granted


def test_a_superseded_finding_stays_and_says_so(log: Path) -> None:
    found = dossier()
    ident = finding(found, "code.notice")
    accept(log, contest(found, "code.notice"))
    contested = applied(found, log)
    after = {item.id: item for item in contested.dossier.findings}
    assert {item.id for item in found.findings} < set(after)
    assert contested.superseded == (ident,)
    assert after[ident].confidence is Confidence.CONTRADICTED
    assert after[ident].severity is Severity.INFO
    assert after[ident].statement == next(item.statement for item in found.findings if item.id == ident)
    (added,) = (item for item in after.values() if item.rule == "contest.accepted")
    assert ident in added.statement and "A lab" in added.statement and "E3" in added.statement
    assert added.locators[0].quote == f"sha256:{'a' * 64}"


def test_a_finding_that_is_withdrawn_leaves_the_layer_unknown(log: Path) -> None:
    found = dossier()
    accept(log, contest(found, "code.notice"))
    code = origin(applied(found, log).dossier, "remote-code", Layer.CODE)
    assert (code.relation, code.evidence, code.organisations) == (Relation.UNKNOWN, Evidence.E0, ())


def test_an_open_contest_changes_nothing_but_the_other_score(log: Path) -> None:
    found = dossier(DERIVED, parts=(CORE,), notices=())
    register(log, contest(found, requested=Relation.ORIGINAL))
    contested = applied(found, log)
    assert contested.dossier == found
    assert contested.score == contested.unapplied
    assert contested.granted.lower > contested.score.lower
    weights = next(item for item in contested.granted.layers if item.layer is Layer.WEIGHTS)
    assert weights.lower == pytest.approx(0.4)


@pytest.mark.parametrize("state", [ContestState.REJECTED, ContestState.SUPERSEDED])
def test_a_contest_that_came_to_nothing_changes_nothing(log: Path, state: ContestState) -> None:
    found = dossier()
    register(log, contest(found, requested=Relation.ORIGINAL))
    assess(
        log, contest(found, requested=Relation.ORIGINAL), state, assessor="x", reason="y", date="2026-11-21"
    )
    contested = applied(found, log)
    assert contested.dossier == found and contested.granted == contested.unapplied
    assert [each.state for each in contested.standings] == [state]


def test_what_nobody_contested_still_stands(log: Path) -> None:
    """Two findings behind one origin: to set one aside leaves what the other says."""
    found = dossier(DERIVED, says(DeclarationKind.BASE_MODEL, "openai/gpt-oss"), parts=(CORE,), notices=())
    ident = next(item.id for item in found.findings if "Qwen" in item.statement)
    made = replace(contest(dossier(DERIVED, parts=(CORE,), notices=()), requested=Relation.ORIGINAL))
    assert made.finding == ident
    accept(log, made)
    weights = origin(applied(found, log).dossier, "decoder-core", Layer.WEIGHTS)
    assert weights.relation is Relation.DERIVED
    assert [each.id for each in weights.organisations] == ["openai"]


def test_a_part_in_question_stays_in_question_until_that_is_contested_too(log: Path) -> None:
    found = dossier(ENCODER, says(DeclarationKind.NAME_OR_PATH, "Qwen/Qwen2.5-VL-7B", "vision-encoder"))
    accept(log, contest(found, "declared.encoder-parent", requested=Relation.ORIGINAL))
    weights = origin(applied(found, log).dossier, "vision-encoder", Layer.WEIGHTS)
    assert weights.in_question and weights.relation is Relation.UNKNOWN
    accept(log, contest(found, "declared.encoder-family", requested=Relation.ORIGINAL))
    contested = applied(found, log)
    weights = origin(contested.dossier, "vision-encoder", Layer.WEIGHTS)
    assert not weights.in_question and weights.relation is Relation.ORIGINAL
    assert contested.unapplied.ceiling == 2 and contested.score.ceiling == 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"revision": "b" * 40}, "it is about commit"),
        ({"findings": ()}, "the finding is not made here"),
    ],
)
def test_a_contest_of_something_else_is_left_out_and_told(
    log: Path, changes: dict[str, Any], reason: str
) -> None:
    found = dossier()
    accept(log, contest(found, requested=Relation.ORIGINAL))
    contested = applied(replace(found, **changes), log)
    ((_, said),) = contested.left_out
    assert reason in said
    assert contested.score == contested.unapplied


def test_a_contest_of_another_model_is_not_this_ones(log: Path) -> None:
    accept(log, contest(replace(dossier(), subject="upstage/other")))
    contested = applied(dossier(), log)
    assert contested.standings == () and contested.left_out == ()


def test_a_finding_that_rests_on_more_here_is_not_set_aside(log: Path) -> None:
    """The same finding id with a rule that is not known here, under an origin of stronger evidence."""
    found = dossier()
    ident = finding(found, "declared.base-model")
    renamed = replace(
        found,
        findings=tuple(
            replace(item, rule="other.rule") if item.id == ident else item for item in found.findings
        ),
    )
    from aibom.contests import file_contest
    from tests.contests.samples import LOG

    made = file_contest(renamed, ident, claim="x", evidence=(LOG,), filed_by="x", date="2026-11-20")
    accept(log, made, Evidence.E1)
    stronger = replace(
        renamed, origins=tuple(replace(item, evidence=Evidence.E4) for item in renamed.origins)
    )
    assert applied(renamed, log).left_out == ()
    ((_, said),) = applied(stronger, log).left_out
    assert said == "the finding rests on E4 here"


RELATIONS = st.sampled_from([None, Relation.ORIGINAL, Relation.INSPIRED, Relation.ADAPTED])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["declared.base-model", "declared.encoder-family", "code.notice"]), RELATIONS
        )
    ),
    st.booleans(),
)
def test_contests_move_only_the_layers_that_they_are_about(
    tmp_path_factory: pytest.TempPathFactory, contested: list[tuple[str, Relation | None]], accepted: bool
) -> None:
    found = dossier()
    path = tmp_path_factory.mktemp("log") / "contests.jsonl"
    path.touch()
    for rule, requested in dict.fromkeys(contested):
        made = contest(found, rule, requested=requested)
        if accepted:
            accept(path, made)
        else:
            register(path, made)
    result = applied(found, path)
    layers = {RULES[rule].layer for rule, _ in contested}
    for score in (result.score, result.granted):
        for before, after in zip(result.unapplied.layers, score.layers, strict=True):
            assert before == after or before.layer in layers
        assert score.lower <= score.upper
    assert {item.id for item in found.findings} <= {item.id for item in result.dossier.findings}
