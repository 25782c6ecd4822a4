"""Waivers, baselines, and the clock that they are held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from aibom.errors import DataError, UsageError
from aibom.model import Evidence, Outcome, Relation, Severity, Verdict, Waiver
from aibom.policy import Policy, evaluate, load_policy, load_waivers
from tests.policy.conftest import HEAD, MakePolicy
from tests.policy.dossiers import CORE, DOSSIER, FROZEN, OUTSIDE, UNTESTED, VISION, weights

TODAY = date(2026, 12, 1)
OWN = "  - {id: own, rule: allowed_relations, layers: [weights], relations: [], severity: high}\n"


@pytest.fixture
def policy(make_policy: MakePolicy) -> Policy:
    return make_policy(OWN)


def waiver(finding: str, expires: str = "2026-12-31") -> Waiver:
    return Waiver(finding, "replaced in the next release", "J. Doe", expires)


def fault(policy: Policy) -> str:
    (result,) = evaluate(FROZEN, policy, today=TODAY).results
    return result.id


def rules(verdict: Verdict) -> list[tuple[str, Outcome]]:
    return [(result.rule, result.outcome) for result in verdict.results]


def test_a_waiver_of_the_result_is_shown_and_counts_as_a_pass(policy: Policy) -> None:
    verdict = evaluate(FROZEN, policy, today=TODAY, waivers=(waiver(fault(policy)),))
    assert verdict.outcome is Outcome.PASS
    assert rules(verdict) == [("own", Outcome.WAIVED)]
    assert verdict.results[0].waiver == waiver(fault(policy))


def test_a_finding_is_waived_where_all_that_the_result_rests_on_are(policy: Policy) -> None:
    one = evaluate(FROZEN, policy, today=TODAY, waivers=(waiver("f-1"),))
    assert one.outcome is Outcome.FAIL
    both = evaluate(FROZEN, policy, today=TODAY, waivers=(waiver("f-1"), waiver("f-2", "2026-12-02")))
    assert both.outcome is Outcome.PASS
    assert both.results[0].waiver == waiver("f-2", "2026-12-02")


def test_the_last_day_still_holds_and_the_next_fails_with_a_result_of_its_own(policy: Policy) -> None:
    ident = fault(policy)
    held = evaluate(FROZEN, policy, today=TODAY, waivers=(waiver(ident, "2026-12-01"),))
    assert held.outcome is Outcome.PASS
    late = evaluate(FROZEN, policy, today=TODAY, waivers=(waiver(ident, "2026-11-30"),))
    assert late.outcome is Outcome.FAIL
    assert rules(late) == [("own", Outcome.FAIL), ("waiver-expired", Outcome.FAIL)]
    assert late.results[0].waiver == replace(waiver(ident, "2026-11-30"), expired=True)
    assert "2026-11-30" in late.results[1].statement


def test_an_expired_waiver_fails_even_where_its_cause_is_gone(policy: Policy) -> None:
    verdict = evaluate(DOSSIER, policy, today=TODAY, waivers=(waiver("r-gone", "2020-01-01"),))
    assert verdict.outcome is Outcome.FAIL


def test_an_unknown_id_is_told_and_fails_nothing(policy: Policy) -> None:
    verdict = evaluate(DOSSIER, policy, today=TODAY, waivers=(waiver("r-nothing"),))
    assert verdict.outcome is Outcome.PASS
    assert rules(verdict)[-1] == ("waiver-unmatched", Outcome.UNDETERMINED)
    assert verdict.results[-1].severity is Severity.INFO
    assert "r-nothing" in verdict.results[-1].statement


def test_what_is_undetermined_is_never_waived(policy: Policy) -> None:
    open_ids = [result.id for result in evaluate(UNTESTED, policy, today=TODAY).results]
    verdict = evaluate(UNTESTED, policy, today=TODAY, waivers=tuple(map(waiver, open_ids)))
    assert verdict.outcome is Outcome.UNDETERMINED


def test_a_waiver_of_one_origin_is_none_of_another(policy: Policy) -> None:
    elsewhere = replace(OUTSIDE, id="elsewhere", name="Elsewhere")
    other = replace(
        FROZEN, origins=(weights(CORE), weights(VISION, Relation.VERBATIM, Evidence.E4, elsewhere))
    )
    assert evaluate(other, policy, today=TODAY, waivers=(waiver(fault(policy)),)).outcome is Outcome.FAIL


def test_a_waiver_inside_of_a_composed_rule_counts(make_policy: MakePolicy) -> None:
    composed = make_policy("  - id: all\n    rule: all_of\n    rules:\n    " + OWN.strip() + "\n")
    (result,) = evaluate(FROZEN, composed, today=TODAY).results
    (child,) = [each for each in result.results if each.outcome is Outcome.FAIL]
    waived = evaluate(FROZEN, composed, today=TODAY, waivers=(waiver(child.id),))
    assert waived.outcome is Outcome.PASS
    assert rules(waived) == [("all", Outcome.PASS)]


def test_a_baseline_counts_what_is_new_alone(policy: Policy) -> None:
    known = fault(policy)
    assert evaluate(FROZEN, policy, today=TODAY, baseline=[known]).outcome is Outcome.PASS
    worse = replace(
        FROZEN, origins=(*FROZEN.origins[1:], weights(CORE, Relation.DERIVED, Evidence.E1, OUTSIDE))
    )
    verdict = evaluate(worse, policy, today=TODAY, baseline=[known])
    assert verdict.outcome is Outcome.FAIL
    assert verdict.known == (known,)


def test_what_was_undetermined_and_fails_now_is_new(policy: Policy) -> None:
    before = [result.id for result in evaluate(UNTESTED, policy, today=TODAY).results]
    assert evaluate(UNTESTED, policy, today=TODAY, baseline=before).outcome is Outcome.PASS
    assert evaluate(FROZEN, policy, today=TODAY, baseline=before).outcome is Outcome.FAIL


def test_a_composed_rule_is_known_where_its_faults_are(make_policy: MakePolicy) -> None:
    composed = make_policy("  - id: all\n    rule: all_of\n    rules:\n    " + OWN.strip() + "\n")
    (result,) = evaluate(FROZEN, composed, today=TODAY).results
    known = [result.id, *(each.id for each in result.results)]
    assert evaluate(FROZEN, composed, today=TODAY, baseline=known).outcome is Outcome.PASS
    assert evaluate(FROZEN, composed, today=TODAY, baseline=known[:1]).outcome is Outcome.FAIL


def test_a_clock_before_the_policy_is_told_and_no_waiver_can_be_judged(policy: Policy) -> None:
    past = date(2001, 1, 1)
    alone = evaluate(DOSSIER, policy, today=past)
    assert alone.outcome is Outcome.PASS
    assert rules(alone)[-1] == ("clock", Outcome.UNDETERMINED)
    assert "2001-01-01" in alone.results[-1].statement
    with_waiver = evaluate(FROZEN, policy, today=past, waivers=(waiver(fault(policy)),))
    assert with_waiver.outcome is Outcome.UNDETERMINED


def test_a_policy_of_the_future_is_told(make_policy: MakePolicy) -> None:
    policy = make_policy(OWN, HEAD.replace("2026-01-01", "2999-01-01"))
    assert rules(evaluate(DOSSIER, policy, today=TODAY))[-1] == ("clock", Outcome.UNDETERMINED)


GOOD = """\
waivers:
  - finding: r-1
    reason: replaced in the next release
    approver: J. Doe
    expires: 2026-12-31
"""


def test_waivers_are_read_from_yaml_and_json(tmp_path: Path) -> None:
    as_yaml = tmp_path / "w.yaml"
    as_yaml.write_text(GOOD)
    as_json = tmp_path / "w.json"
    as_json.write_text(
        '{"waivers": [{"finding": "r-1", "reason": "replaced in the next release",\n'
        '\t"approver": "J. Doe", "expires": "2026-12-31"}]}'
    )
    assert load_waivers(as_yaml) == load_waivers(as_json) == (waiver("r-1"),)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("reason: replaced in the next release", "reason: ' '", 3, "reason"),
        ("    approver: J. Doe\n", "", 2, "approver"),
        ("2026-12-31", "2026-02-30", 5, "expires"),
        ("2026-12-31", "soon", 5, "expires"),
        ("approver:", "aprover:", 4, 'unknown key "aprover"; did you mean'),
        ("finding: r-1", "finding: ''", 2, "finding"),
    ],
)
def test_a_waiver_lacks_nothing(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(DataError) as error:
        load_waivers(path)
    assert error.value.message.startswith(f"{path}:{line}: ")
    assert said in error.value.message


def test_nothing_is_waived_twice(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(GOOD + GOOD.split("\n", 1)[1])
    with pytest.raises(DataError, match=r':6: "r-1" is waived twice'):
        load_waivers(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load_waivers(tmp_path / "none.yaml")


def test_the_shipped_policies_take_waivers_too() -> None:
    policy = load_policy("kr-independent")
    failed = [
        each.id for each in evaluate(FROZEN, policy, today=TODAY).results if each.outcome is Outcome.FAIL
    ]
    assert len(failed) == 2
    verdict = evaluate(FROZEN, policy, today=TODAY, waivers=tuple(map(waiver, failed)))
    assert verdict.outcome is Outcome.PASS
