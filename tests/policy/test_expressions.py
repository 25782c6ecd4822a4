"""Expressions: CEL over the plain view of a model, in which what is not known is absent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import DataError, UsageError
from aibom.model import Dossier, Evidence, FileEntry, OrganisationRef, Outcome, Relation, Severity, Verdict
from aibom.policy import Policy, Rule, evaluate, load_policy
from aibom.policy.case import Case
from aibom.policy.rules import expression as module
from aibom.policy.rules.expression import Expression
from aibom.policy.view import KNOWN_FIELDS, view
from tests.analyses import solar
from tests.policy.conftest import MakePolicy
from tests.policy.dossiers import CORE, DOSSIER, FROZEN, OUTSIDE, UNTESTED, VISION, licence, weights

KR = load_policy("kr-independent")
TODAY = date(2026, 12, 1)
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED


def held(text: str, dossier: Dossier) -> Verdict:
    rule = Rule("own", "expression", Severity.HIGH, Expression(text, "policy.yaml:9"))
    return evaluate(dossier, replace(KR, rules=(rule,)), today=TODAY)


ORIGIN = "model.parts.filter(p, p.trained).all(p, p.origins.weights.standing == 'home')"
NOT_CN = (
    "model.parts.filter(p, p.trained).all(p, p.origins.weights.organisations.all(o, o.jurisdiction != 'CN'))"
)
MIT = "model.licences.exists(l, l.expression == 'MIT')"
ENCODER = "model.parts.exists(p, p.role == 'vision-encoder' && p.origins.weights.evidence >= 4)"
NO_COUNTRY = replace(FROZEN, origins=(weights(CORE), weights(VISION, organisation=OrganisationRef("x", "x"))))


@pytest.mark.parametrize(
    ("text", "dossier", "outcome"),
    [
        ("model.subject == 'lab/model'", DOSSIER, PASS),
        ("model.subject.matches('^other/')", DOSSIER, FAIL),
        (ORIGIN, DOSSIER, PASS),
        (ORIGIN, FROZEN, FAIL),
        (ORIGIN, UNTESTED, OPEN),
        (ORIGIN, replace(FROZEN, origins=FROZEN.origins[1:]), FAIL),
        (ORIGIN, replace(FROZEN, origins=FROZEN.origins[:1]), OPEN),
        (NOT_CN, FROZEN, FAIL),
        (NOT_CN, UNTESTED, OPEN),
        (NOT_CN, NO_COUNTRY, OPEN),
        ("model.score.level >= 3 || model.revision == 'x'", DOSSIER, PASS),
        ("model.score.level >= 3 && model.revision == 'x'", DOSSIER, OPEN),
        ("model.score.level >= 3 && model.revision == 'x'", FROZEN, FAIL),
        ("has(model.revision)", DOSSIER, FAIL),
        (MIT, DOSSIER, OPEN),
        (MIT, replace(DOSSIER, licences=(licence("MIT"),)), PASS),
        ("model.findings.all(f, f.severity != 'high')", replace(DOSSIER, form="SPDX 2.3"), OPEN),
        ("model.findings.all(f, f.severity != 'high')", DOSSIER, PASS),
        ("model.parts.all(p, p.parameters > 0)", DOSSIER, OPEN),
        ("model.parts[7].id == 'x'", DOSSIER, OPEN),
        ("1 / size(model.unknowns) == 1", DOSSIER, OPEN),
        ("model.score.lower > 20", DOSSIER, PASS),
        ("model.score.layers.weights.coverage >= 0.7", DOSSIER, PASS),
        (ENCODER, FROZEN, PASS),
    ],
)  # fmt: skip
def test_what_turns_on_something_unknown_is_undetermined(
    text: str, dossier: Dossier, outcome: Outcome
) -> None:
    assert held(text, dossier).outcome is outcome


def test_what_is_not_known_is_named() -> None:
    (result,) = held("model.revision == 'x'", DOSSIER).results
    assert result.statement == "The expression turns on what is not known: `revision`."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model.sbject == 'x'", "sbject"),
        ("model.parts.all(p, p.rolle == 'x')", "rolle"),
        ("model.parts.all(p, p.id > 3)", "No matching overloads"),
        ("model.subject", "no truth value"),
    ],
)
def test_a_wrong_field_or_type_is_the_policys_fault(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as error:
        held(text, DOSSIER)
    assert error.value.message.startswith("policy.yaml:9: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model.subject ==", "line 1, column 17: Syntax error"),
        ("modle.subject == ''", "undeclared reference to 'modle.subject'"),
        ("model.parts.al(p, true)", "undeclared reference"),
        ("'a' + 1 == 'b'", "no matching overload"),
        ("1 + 1", "gives INT, not true or false"),
        ("(" * 500 + "true" + ")" * 500, "recursion limit"),
    ],
)
def test_a_wrong_expression_is_told_when_the_policy_is_read(
    make_policy: MakePolicy, text: str, said: str
) -> None:
    with pytest.raises(DataError) as error:
        make_policy(f"  - id: own\n    rule: expression\n    expression: >-\n      {text}\n")
    assert ":10: expression: " in error.value.message
    assert said in error.value.message


def test_a_policy_with_an_expression_is_read_and_held(make_policy: MakePolicy) -> None:
    policy = make_policy('  - {id: own, rule: expression, expression: "model.score.level == 3"}\n')
    assert evaluate(DOSSIER, policy, today=TODAY).outcome is PASS
    assert evaluate(FROZEN, policy, today=TODAY).outcome is FAIL


def test_without_the_library_only_policies_with_expressions_are_refused(
    make_policy: MakePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    module._environment.cache_clear()
    with pytest.raises(UsageError, match="not installed") as error:
        make_policy("  - {id: own, rule: expression, expression: 'true'}\n")
    assert "aibom[expressions]" in error.value.advice
    assert load_policy("us-public").rules
    module._environment.cache_clear()


def test_work_over_hostile_data_is_bounded() -> None:
    files = tuple(FileEntry(f"{number}.bin") for number in range(3000))
    text = "model.files.all(a, model.files.all(b, model.files.all(c, a.path + b.path != c.path)))"
    (result,) = held(text, replace(DOSSIER, files=files)).results
    assert result.outcome is OPEN
    assert "budget" in result.statement


def test_regular_expressions_over_hostile_data_take_linear_time() -> None:
    dossier = replace(DOSSIER, subject="a" * 100_000 + "b")
    assert held("model.subject.matches('^(a+)+$')", dossier).outcome is FAIL


@given(st.text(max_size=40), st.integers(-(2**70), 2**70))
def test_no_text_or_number_of_a_model_raises(text: str, number: int) -> None:
    dossier = replace(
        DOSSIER,
        subject=text + "\ud800\x00",
        parts=(replace(CORE, name=text, parameters=number, files=(text + "\udfff",)),),
        origins=(weights(CORE, Relation.ADAPTED, Evidence.E3, OrganisationRef(text, text, text, text)),),
    )
    verdict = held("model.parts.all(p, p.parameters != 0 && p.name == model.subject)", dossier)
    assert verdict.outcome in (FAIL, OPEN, PASS)


def fields(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from fields(each)
    elif isinstance(value, list):
        for each in value:
            yield from fields(each)


def test_every_field_of_the_view_is_a_known_one() -> None:
    seen = set(fields(view(Case.of(Dossier.of(solar()), "p", KR.profile))))
    assert seen <= KNOWN_FIELDS
    assert len(seen) > 40


def test_the_view_of_a_model_has_nothing_but_plain_values() -> None:
    def plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(type(key) is str and plain(each) for key, each in value.items())
        return all(map(plain, value)) if type(value) is list else type(value) in (str, int, float, bool)

    assert plain(view(Case.of(Dossier.of(solar()), "p", KR.profile)))
    assert plain(view(Case.of(replace(FROZEN, publisher=OUTSIDE), "p", KR.profile, contests={"f-1": "open"})))


def test_a_policy_is_not_changed_by_its_use() -> None:
    policy: Policy = KR
    evaluate(FROZEN, policy, today=TODAY)
    assert policy == load_policy("kr-independent")
