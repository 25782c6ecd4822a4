from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.catalog import RegistryProblem, lint_organisations

from .registries import document, entry, name, namespace, parent, seat


def test_a_sound_registry_has_no_problem() -> None:
    assert lint_organisations(document(entry("one", parents=[parent("two")]), entry("two"))) == ()


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([entry("a"), entry("a", names=[name("Other")])], RegistryProblem("a", "id 'a' also stands at a")),
        (
            [entry("a", hub_namespaces=[namespace("X")]), entry("b", hub_namespaces=[namespace("x")])],
            RegistryProblem("b", "Hub namespace 'x' also stands at a"),
        ),
        (
            [entry("a", names=[name("Acme Inc.")]), entry("b", names=[name("The ACME Corp. team")])],
            RegistryProblem("b", "name 'acme' also stands at a"),
        ),
        ([entry("a", names=[name("T", "team")])], RegistryProblem("a", "no legal name and no brand")),
        (
            [entry("a", names=[name("Step", "brand", generic=True)])],
            RegistryProblem("a", "no legal name and no brand"),
        ),
        ([entry("a", names=[name("...")])], RegistryProblem("a", "a name without a letter or digit")),
        ([entry("a", jurisdictions=[seat("XX")])], RegistryProblem("a", "XX is no ISO 3166-1 alpha-2 code")),
        (
            [entry("a", jurisdictions=[seat("FR") | {"sources": []}])],
            RegistryProblem("a", "country FR without a source"),
        ),
        (
            [entry("a", jurisdictions=[seat("FR", to="2020-01-01", **{"from": "2020-01-02"})])],
            RegistryProblem("a", "from 2020-01-02 is after to 2020-01-01"),
        ),
        ([entry("a", parents=[parent("b")])], RegistryProblem("a", "parent b is not in the registry")),
        (
            [entry("a", parents=[parent("a")])],
            RegistryProblem("a", "is its own parent, directly or through others"),
        ),
    ],
)
def test_each_mistake_is_found_alone(entries: list[dict[str, Any]], problem: RegistryProblem) -> None:
    assert lint_organisations(document(*entries)) == (problem,)


def test_a_cycle_through_others_is_found_at_each_of_them() -> None:
    entries = [
        entry("a", parents=[parent("b")]),
        entry("b", parents=[parent("c")]),
        entry("c", parents=[parent("a")]),
    ]
    assert [problem.id for problem in lint_organisations(document(*entries))] == ["a", "b", "c"]


def test_a_brand_and_the_same_legal_name_of_one_entry_are_no_duplicate() -> None:
    assert lint_organisations(document(entry("a", names=[name("Acme Inc."), name("Acme", "brand")]))) == ()


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        (None, ""),
        ([], ""),
        ({"version": 2, "organisations": []}, ""),
        (document(entry("a", kind="cartel")), "a"),
        (document(entry("a") | {"extra": 1}), "a"),
        (document(entry("Not An Id")), "Not An Id"),
        (document(entry("a", jurisdictions=[seat("France")])), "a"),
        (document(entry("a", jurisdictions=[seat("FR", to="2020-13-01")])), "a"),
        (document(entry("a", jurisdictions=[seat("FR", to="2023-02-30")])), "a"),
        (document(entry("a", jurisdictions=[seat("FR", to="0000-01-01")])), "a"),
        (document(entry("a", names=[])), "a"),
        (document(entry("a", names=[{"text": "A", "kind": "legal"}])), "a"),
        ({"version": 1, "organisations": ["a"]}, ""),
    ],
)
def test_what_breaks_the_schema_is_told_with_its_entry(broken: Any, where: str) -> None:
    problems = lint_organisations(broken)
    assert problems
    assert {problem.id for problem in problems} == {where}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
FIELDS = ("id", "kind", "names", "hub_namespaces", "identifiers", "jurisdictions", "parents", "note")


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3), JSON)
def test_any_json_is_linted_without_an_error(changes: dict[str, Any], anything: Any) -> None:
    for content in (anything, {"version": 1, "organisations": anything}, document(entry("a") | changes)):
        assert all(isinstance(problem, RegistryProblem) for problem in lint_organisations(content))


def test_a_schema_problem_is_one_safe_line() -> None:
    (problem,) = lint_organisations(document(entry("a", kind="\x1b[31mred\n" + "x" * 10_000)))
    assert len(problem.message) <= 400
    assert problem.message.isprintable()
