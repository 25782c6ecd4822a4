"""Each named rule: what passes, what fails, and what is left open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from aibom.model import (
    Depth,
    Dossier,
    Evidence,
    Layer,
    Outcome,
    Relation,
    Result,
    Severity,
    Stage,
    ToolPart,
    Unknown,
    Verdict,
)
from aibom.policy import Policy, evaluate
from tests.policy.conftest import HEAD
from tests.policy.dossiers import (
    CORE,
    DOSSIER,
    FROZEN,
    HOME,
    NOWHERE,
    OUTSIDE,
    OWNED,
    UNTESTED,
    VISION,
    finding,
    licence,
    weights,
)

TODAY = date(2026, 12, 1)
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED
UNREAD = Unknown("model.bin", Stage.INSPECTION, "not read")
DENYING = HEAD.replace("profile: kr", "profile: {extends: kr, deny: [CN]}")

IN_QUESTION = replace(weights(VISION, Relation.UNKNOWN, Evidence.E0, OUTSIDE), in_question=True)

Judge = Callable[..., Verdict]


@pytest.fixture
def judge(make_policy: Callable[..., Policy]) -> Judge:
    def run(rules: str, dossier: Dossier, head: str = HEAD, **given: object) -> Verdict:
        return evaluate(dossier, make_policy(rules, head), today=TODAY, **given)  # type: ignore[arg-type]

    return run


def rule(text: str) -> str:
    return f"  - {{id: r, {text}}}\n"


def by_part(verdict: Verdict) -> dict[str | None, Result]:
    return {result.part: result for result in verdict.results}


@pytest.mark.parametrize(
    ("level", "dossier", "outcome"),
    [
        (3, DOSSIER, PASS),
        (2, FROZEN, PASS),
        (3, FROZEN, FAIL),
        (4, DOSSIER, OPEN),
        (3, UNTESTED, OPEN),
        (0, UNTESTED, PASS),
        (1, replace(DOSSIER, origins=(weights(CORE, Relation.VERBATIM, Evidence.E1, OUTSIDE),)), FAIL),
        (3, replace(DOSSIER, origins=(weights(CORE), IN_QUESTION)), OPEN),
    ],
)  # fmt: skip
def test_minimum_level(judge: Judge, level: int, dossier: Dossier, outcome: Outcome) -> None:
    assert judge(rule(f"rule: minimum_level, level: {level}"), dossier).outcome is outcome


@pytest.mark.parametrize(
    ("points", "dossier", "outcome"), [(20, DOSSIER, PASS), (20, UNTESTED, OPEN), (99, FROZEN, FAIL)]
)
def test_minimum_score(judge: Judge, points: int, dossier: Dossier, outcome: Outcome) -> None:
    assert judge(rule(f"rule: minimum_score, points: {points}"), dossier).outcome is outcome


@pytest.mark.parametrize(
    ("asked", "dossier", "outcome"),
    [
        ("maximum_interval_width, points: 80", DOSSIER, PASS),
        ("maximum_interval_width, points: 50", DOSSIER, OPEN),
        ("maximum_interval_width, points: 100", UNTESTED, PASS),
        ("coverage_at_least, points: 24", DOSSIER, PASS),
        ("coverage_at_least, points: 25", DOSSIER, OPEN),
        ("coverage_at_least, points: 70, layers: [weights]", DOSSIER, PASS),
        ("coverage_at_least, points: 70, layers: [weights, data]", DOSSIER, OPEN),
        ("coverage_at_least, points: 1", UNTESTED, OPEN),
    ],
)
def test_what_is_not_known_never_fails(judge: Judge, asked: str, dossier: Dossier, outcome: Outcome) -> None:
    assert judge(rule(f"rule: {asked}"), dossier).outcome is outcome


def test_minimum_evidence_names_each_part_that_lacks_it(judge: Judge) -> None:
    asked = rule("rule: minimum_evidence, evidence: E3, layers: [weights]")
    found = by_part(judge(asked, FROZEN))
    assert set(found) == {"decoder-core"}
    assert found["decoder-core"].outcome is OPEN
    assert "E2" in found["decoder-core"].statement
    of_encoders = rule("rule: minimum_evidence, evidence: E3, layers: [weights], roles: [vision-encoder]")
    assert judge(of_encoders, FROZEN).outcome is PASS


def test_a_rule_on_roles_that_the_model_lacks(judge: Judge) -> None:
    asked = rule("rule: minimum_evidence, evidence: E3, layers: [weights], roles: [audio-encoder]")
    assert judge(asked, DOSSIER).outcome is PASS
    assert judge(asked, replace(DOSSIER, unknowns=(UNREAD,))).outcome is OPEN
    assert judge(asked, replace(DOSSIER, form="CycloneDX 1.6")).outcome is OPEN


@pytest.mark.parametrize(
    ("origin", "outcome"),
    [
        (weights(CORE, Relation.ORIGINAL, Evidence.E2, HOME), PASS),
        (weights(CORE, Relation.DERIVED, Evidence.E2, HOME), PASS),
        (weights(CORE, Relation.ORIGINAL, Evidence.E1, HOME), OPEN),
        (weights(CORE, Relation.INSPIRED, Evidence.E2, OUTSIDE), PASS),
        (weights(CORE, Relation.INSPIRED, Evidence.E2, NOWHERE), PASS),
        (weights(CORE, Relation.INSPIRED, Evidence.E1, OUTSIDE), OPEN),
        (weights(CORE, Relation.ORIGINAL, Evidence.E2, NOWHERE), OPEN),
        (weights(CORE, Relation.VERBATIM, Evidence.E4, NOWHERE), OPEN),
        (weights(CORE, Relation.ADAPTED, Evidence.E1, OUTSIDE), FAIL),
        (weights(CORE, Relation.ORIGINAL, Evidence.E2, OWNED), FAIL),
        (weights(CORE, Relation.UNKNOWN, Evidence.E3, OUTSIDE), OPEN),
        (weights(CORE, Relation.VERBATIM, Evidence.E0, OUTSIDE), OPEN),
    ],
)  # fmt: skip
def test_allowed_relations(judge: Judge, origin: object, outcome: Outcome) -> None:
    dossier = replace(DOSSIER, parts=(CORE,), origins=(origin,))
    asked = rule("rule: allowed_relations, layers: [weights], relations: [inspired]")
    assert judge(asked, dossier).outcome is outcome


@pytest.mark.parametrize(
    ("origin", "outcome"),
    [
        (weights(CORE, Relation.ORIGINAL, Evidence.E2, HOME), PASS),
        (weights(CORE, Relation.INSPIRED, Evidence.E1, OUTSIDE), FAIL),
        (weights(CORE, Relation.UNKNOWN, Evidence.E0, OUTSIDE), OPEN),
        (weights(CORE, Relation.DERIVED, Evidence.E4, NOWHERE), OPEN),
        (weights(CORE, Relation.DERIVED, Evidence.E4, replace(HOME, ultimate_jurisdiction=None)), OPEN),
        (weights(CORE, Relation.DERIVED, Evidence.E4, replace(HOME, ultimate_jurisdiction="CN")), FAIL),
        (replace(weights(CORE, Relation.DERIVED, Evidence.E4), organisations=(OWNED, NOWHERE)), OPEN),
        (weights(CORE, Relation.ORIGINAL, Evidence.E1, OWNED), OPEN),
    ],
)  # fmt: skip
def test_no_denied_origin(judge: Judge, origin: object, outcome: Outcome) -> None:
    dossier = replace(DOSSIER, parts=(CORE,), origins=(origin,))
    assert judge(rule("rule: no_denied_origin, layers: [weights]"), dossier, DENYING).outcome is outcome


def test_contradicting_statements_of_a_document_are_not_known(judge: Judge) -> None:
    asked = rule("rule: allowed_relations, layers: [weights], relations: []")
    both = (weights(CORE), weights(CORE, Relation.VERBATIM, Evidence.E4, OUTSIDE))
    for origins in (both, both[::-1]):
        verdict = judge(asked, replace(DOSSIER, parts=(CORE,), origins=origins))
        assert verdict.outcome is OPEN
        assert "Home" in verdict.results[0].statement and "Outside" in verdict.results[0].statement
    agreed = (weights(CORE, evidence=Evidence.E4), weights(CORE, evidence=Evidence.E1))
    assert judge(asked, replace(DOSSIER, parts=(CORE,), origins=agreed)).outcome is OPEN


@pytest.mark.parametrize(
    ("expressions", "allow", "deny"),
    [
        (["MIT"], PASS, PASS),
        (["GPL-3.0-only"], FAIL, FAIL),
        (["MIT OR GPL-3.0-only"], PASS, PASS),
        (["GPL-3.0-only OR CC-BY-NC-4.0"], FAIL, FAIL),
        (["MIT AND GPL-3.0-only"], FAIL, FAIL),
        (["MIT AND ISC"], FAIL, PASS),
        (["GPL-3.0-only OR (MIT AND Apache-2.0)"], PASS, PASS),
        (["Apache-2.0 WITH LLVM-exception"], PASS, PASS),
        (["GPL-2.0-only WITH Classpath-exception-2.0"], PASS, PASS),
        (["GPL-2.0-only"], FAIL, PASS),
        (["GPL-3.0-only WITH GCC-exception-3.1"], FAIL, FAIL),
        (["CC-BY-NC-SA-4.0"], FAIL, FAIL),
        (["MIT", "GPL-3.0-only"], FAIL, FAIL),
        (["MIT", None], OPEN, OPEN),
        (["MIT OR NOASSERTION"], PASS, PASS),
        (["MIT AND NOASSERTION"], OPEN, OPEN),
        (["GPL-3.0-only AND NOASSERTION"], FAIL, FAIL),
        (["LicenseRef-llama3"], FAIL, PASS),
        (["LicenseRef-unknown"], OPEN, OPEN),
        (["NONE"], FAIL, PASS),
        (["Zork-1.0"], OPEN, OPEN),
        (["MIT OR ("], OPEN, OPEN),
        (["(" * 150 + "MIT" + ")" * 150], OPEN, OPEN),
        ([], OPEN, OPEN),
    ],
)  # fmt: skip
def test_licences_mean_what_their_expressions_say(
    judge: Judge, expressions: list[str | None], allow: Outcome, deny: Outcome
) -> None:
    dossier = replace(DOSSIER, licences=tuple(licence(each) for each in expressions))
    allowed = rule(
        "rule: licence_allow, licences: [MIT, Apache-2.0, GPL-2.0-only WITH Classpath-exception-2.0]"
    )
    denied = rule("rule: licence_deny, licences: [GPL-3.0-only, CC-BY-NC-*]")
    assert judge(allowed, dossier).outcome is allow
    assert judge(denied, dossier).outcome is deny


def test_a_licence_result_names_its_place(judge: Judge) -> None:
    dossier = replace(DOSSIER, licences=(licence("MIT"), licence(None, "my own terms")))
    (result,) = judge(rule("rule: licence_allow, licences: [MIT]"), dossier).results
    assert "my own terms" in result.statement
    assert [(each.path, each.line) for each in result.locators] == [("README.md", 2)]


@pytest.mark.parametrize(
    ("dossier", "outcome"),
    [
        (DOSSIER, PASS),
        (replace(DOSSIER, findings=(finding("s", severity=Severity.MEDIUM),)), PASS),
        (replace(DOSSIER, findings=(finding("s"),)), FAIL),
        (replace(DOSSIER, findings=(finding("s", "decoder-core"),)), PASS),
        (replace(DOSSIER, unknowns=(UNREAD,)), OPEN),
        (replace(DOSSIER, unknowns=(replace(UNREAD, stage=Stage.PROVENANCE),)), PASS),
        (replace(DOSSIER, unknowns=(UNREAD,), findings=(finding("s"),)), FAIL),
        (replace(DOSSIER, form="SPDX 2.3"), OPEN),
        (replace(DOSSIER, form="CycloneDX 1.7", tools=(ToolPart("aibom", "0.1.0"),)), PASS),
        (replace(DOSSIER, parts=()), OPEN),
    ],
)  # fmt: skip
def test_no_security_finding_above(judge: Judge, dossier: Dossier, outcome: Outcome) -> None:
    assert judge(rule("rule: no_security_finding_above, level: medium"), dossier).outcome is outcome


def test_an_accepted_contest_settles_a_security_finding(judge: Judge) -> None:
    dossier = replace(DOSSIER, findings=(finding("s"),))
    asked = rule("rule: no_security_finding_above, level: low")
    for state, outcome in {"open": FAIL, "rejected": FAIL, "accepted": PASS, "superseded": PASS}.items():
        assert judge(asked, dossier, contests={"s": state}).outcome is outcome


def test_no_undeclared_part(judge: Judge) -> None:
    asked = rule("rule: no_undeclared_part")
    hidden = replace(VISION, declared=False)
    assert judge(asked, DOSSIER).outcome is PASS
    verdict = judge(asked, replace(DOSSIER, parts=(CORE, hidden)))
    assert verdict.outcome is FAIL
    assert [result.part for result in verdict.results] == ["vision-encoder"]
    assert judge(asked, replace(DOSSIER, unknowns=(UNREAD,))).outcome is OPEN
    assert judge(asked, replace(DOSSIER, form="CycloneDX 1.5")).outcome is OPEN
    only_core = rule("rule: no_undeclared_part, roles: [decoder-core]")
    assert judge(only_core, replace(DOSSIER, parts=(CORE, hidden))).outcome is PASS


def test_no_unknown_above(judge: Judge) -> None:
    unknown = replace(DOSSIER, unknowns=(UNREAD, replace(UNREAD, stage=Stage.PROVENANCE)))
    assert judge(rule("rule: no_unknown_above, count: 2"), unknown).outcome is PASS
    verdict = judge(rule("rule: no_unknown_above, count: 1"), unknown)
    assert verdict.outcome is OPEN
    assert verdict.results[0].unknowns == unknown.unknowns
    assert judge(rule("rule: no_unknown_above, count: 1, stages: [provenance]"), unknown).outcome is PASS
    assert judge(rule("rule: no_unknown_above, count: 9"), replace(unknown, form="SPDX 3.0")).outcome is OPEN


@pytest.mark.parametrize(
    ("contests", "outcome"),
    [
        ({}, PASS),
        ({"f-1": "rejected"}, PASS),
        ({"f-1": "open"}, OPEN),
        ({"f-1": "accepted"}, FAIL),
        ({"f-9": "open"}, PASS),
    ],
)
def test_contest_states(judge: Judge, contests: dict[str, str], outcome: Outcome) -> None:
    asked = rule("rule: contest_states, states: [rejected, superseded]")
    assert judge(asked, FROZEN, contests=contests).outcome is outcome


TRUTHS = {
    PASS: "rule: minimum_level, level: 0",
    FAIL: "rule: licence_allow, licences: [MIT]",
    OPEN: "rule: coverage_at_least, points: 100",
}


@pytest.mark.parametrize("one", TRUTHS)
@pytest.mark.parametrize("other", TRUTHS)
def test_composed_rules_follow_kleene(judge: Judge, one: Outcome, other: Outcome) -> None:
    dossier = replace(DOSSIER, licences=(licence("GPL-3.0-only"),))
    parts = f"[{{id: a, {TRUTHS[one]}}}, {{id: b, {TRUTHS[other]}}}]"
    rank = {FAIL: 0, OPEN: 1, PASS: 2}
    every = judge(rule(f"rule: all_of, rules: {parts}"), dossier)
    some = judge(rule(f"rule: any_of, rules: {parts}"), dossier)
    assert rank[every.outcome] == min(rank[one], rank[other])
    assert rank[some.outcome] == max(rank[one], rank[other])
    assert [result.rule for result in every.results[0].results] == ["a", "b"]


def test_info_never_fails_a_gate(judge: Judge) -> None:
    verdict = judge(rule("rule: minimum_level, level: 3, severity: info"), FROZEN)
    assert verdict.outcome is PASS
    assert verdict.results[0].outcome is FAIL


def test_why_stands_with_what_does_not_pass(judge: Judge) -> None:
    asked = rule("rule: minimum_level, level: 3, why: Because of the contract.")
    assert judge(asked, FROZEN).results[0].remedy.startswith("Because of the contract.")
    assert judge(asked, DOSSIER).results[0].remedy == ""


def test_ids_are_stable_and_name_the_fault(judge: Judge) -> None:
    asked = rule("rule: allowed_relations, layers: [weights], relations: []")
    ident = by_part(judge(asked, FROZEN))["vision-encoder"].id
    assert by_part(judge(asked, replace(FROZEN, depth=Depth.WEIGHTS)))["vision-encoder"].id == ident
    stronger = replace(FROZEN, origins=(weights(VISION, Relation.VERBATIM, Evidence.E3, OUTSIDE),))
    assert by_part(judge(asked, stronger))["vision-encoder"].id == ident
    other = replace(FROZEN, origins=(weights(VISION, Relation.VERBATIM, Evidence.E4, OWNED),))
    assert by_part(judge(asked, other))["vision-encoder"].id != ident
    assert by_part(judge(asked, UNTESTED))["vision-encoder"].id != ident


def test_a_result_carries_what_could_not_be_read_of_its_part(judge: Judge) -> None:
    core = replace(CORE, files=("model.safetensors",))
    unread = (Unknown("model.safetensors", Stage.INSPECTION, "cut off"), Unknown("x", Stage.SOURCE, "gone"))
    dossier = replace(DOSSIER, parts=(core,), origins=(), unknowns=unread)
    (result,) = judge(rule("rule: minimum_evidence, evidence: E1, layers: [weights]"), dossier).results
    assert result.unknowns == unread[:1]
    assert result.layer is Layer.WEIGHTS
