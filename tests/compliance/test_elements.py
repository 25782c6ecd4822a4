"""The vocabularies, and documents held against them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom import bom
from aibom.compliance import GPAI, VOCABULARIES, Status, elements, gpai_form
from aibom.compliance.places import Step, parse
from aibom.compliance.vocabularies.g7 import G7
from aibom.questionnaire import sections
from aibom.render.elements import elements_json, elements_markdown, elements_rows
from tests import samples
from tests.bom.documents import resolve
from tests.compliance.minimal import CASES, NOT_ENOUGH

HELD_BY_RICH = 34
ALL = (*VOCABULARIES.values(), GPAI)


def test_g7_has_its_fifty_elements() -> None:
    counts: dict[str, int] = {}
    for element in G7.elements:
        counts[element.ident.partition("-")[0]] = counts.get(element.ident.partition("-")[0], 0) + 1
    assert counts == {"MD": 10, "SLP": 9, "MDL": 13, "DP": 10, "INF": 2, "SP": 4, "KPI": 2}


@pytest.mark.parametrize("vocabulary", ALL, ids=lambda vocabulary: vocabulary.ident)
def test_every_vocabulary_is_whole(vocabulary: Any) -> None:
    idents = [element.ident for element in vocabulary.elements]
    assert len(set(idents)) == len(idents)
    asked = {f"{section.key}.{question.key}" for section in sections() for question in section.questions}
    for element in vocabulary.elements:
        assert element.how.endswith(".") and element.supply and element.name and element.cluster
        assert set(element.questions) <= asked
        for place in element.places:
            parse(place.where)


def test_places_outside_the_language_are_refused() -> None:
    for wrong in ("name", "nowhere:name", "model:", "model:a{}", "model:a//b"):
        with pytest.raises(ValueError, match=r"no (place|step)"):
            parse(wrong)


@pytest.mark.parametrize(("ident", "document", "status", "value", "pointer"), CASES)
def test_each_element_is_found_where_it_stands(
    ident: str, document: Any, status: str, value: str, pointer: str
) -> None:
    answer = elements(document).answer(ident)
    assert answer.status == status
    assert (answer.found[0].value, answer.found[0].pointer) == (value, pointer)
    assert resolve(document, pointer) in (value, int(value) if value.isdigit() else value)


def test_every_element_has_a_case_and_is_missing_in_an_empty_document() -> None:
    assert {ident for ident, *_ in CASES} == {element.ident for element in G7.elements}
    assert {answer.status for answer in elements({}).answers} == {Status.MISSING}


@pytest.mark.parametrize(("ident", "document"), NOT_ENOUGH)
def test_what_says_nothing_is_missing(ident: str, document: Any) -> None:
    assert elements(document).answer(ident).status is Status.MISSING


def test_how_many_components_have_an_element_is_told() -> None:
    files = [{"type": "file", "name": "a", "hashes": [{"alg": "SHA-256", "content": "ab"}]}, {"type": "file"}]
    answer = elements({"components": files}).answer("MDL-07")
    assert (answer.held, answer.of, answer.count) == (1, 2, 1)


def test_values_are_bounded_and_weights_come_first() -> None:
    def file(number: int, kind: str) -> dict[str, Any]:
        return {
            "type": "file",
            "hashes": [{"alg": "SHA-256", "content": f"{number:02}" * 100}],
            "properties": [{"name": "aibom:file:kind", "value": kind}],
        }

    document = {"components": [*(file(n, "config") for n in range(9)), file(9, "weights")]}
    answer = elements(document).answer("MDL-07")
    assert (len(answer.found), answer.count) == (5, 10)
    assert answer.found[0].value.startswith("0909")
    assert all(len(found.value) <= 120 for found in answer.found)


def test_licences_that_the_texts_show_come_before_declared_ones() -> None:
    licences = [
        {"license": {"id": "MIT", "acknowledgement": "declared"}},
        {"license": {"id": "Apache-2.0", "acknowledgement": "concluded"}},
    ]
    answer = elements({"metadata": {"component": {"licenses": licences}}}).answer("MDL-12")
    assert [(found.value, found.status) for found in answer.found] == [
        ("Apache-2.0", "present"),
        ("MIT", "declared"),
    ]


OWASP = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:job-1",
    "version": 1,
    "metadata": {
        "timestamp": "2025-01-01T00:00:00",
        "tools": {"components": [{"type": "application", "name": "aibom-generator", "version": "1.0.0"}]},
        "component": {"type": "application", "name": "acme/model", "version": "1.0"},
    },
    "components": [
        {
            "type": "machine-learning-model",
            "name": "model",
            "purl": "pkg:huggingface/acme/model@1.0",
            "supplier": {"name": "acme"},
            "description": "No description available",
            "modelCard": {"considerations": {"useCases": "text-generation"}},
        }
    ],
    "dependencies": [{"ref": "gone", "dependsOn": ["pkg:generic/gone"]}],
}
"""In the shape of a well-known generator: the subject is the job, a list is a string, refs dangle."""


def test_another_tools_document_is_read_as_it_stands() -> None:
    report = elements(OWASP)
    assert (report.subject, report.version, report.document) == ("acme/model", "1.0", "CycloneDX 1.6")
    held = {answer.element.ident for answer in report.answers if answer.status is not Status.MISSING}
    assert {"MD-02", "MD-03", "MD-04", "MD-06", "MD-07", "MD-09", "MD-10", "SLP-01", "SLP-02"} <= held
    assert not held & {"MDL-06", "MDL-07", "MDL-12", "SLP-09", "DP-01"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
_NAMES = sorted(
    {
        step.key
        for vocabulary in ALL
        for element in vocabulary.elements
        for place in element.places
        for step in parse(place.where)[1]
        if step.key != "*"
    }
)
NEAR = st.recursive(
    st.text() | st.integers() | st.floats() | st.sampled_from(["data", "file", "device", "weights"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*_NAMES, "type", "data", "alg"]), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(JSON | NEAR)
def test_no_document_raises(document: Any) -> None:
    for vocabulary in ALL:
        report = elements(document, vocabulary)
        elements_json(report)
        elements_rows(report)
        elements_markdown(report).encode()
        for answer in report.answers:
            for found in answer.found:
                resolve(document, found.pointer)
    gpai_form(document).encode()


def test_a_deep_and_a_wide_document_are_read_within_bounds() -> None:
    deep: dict[str, Any] = {"type": "library", "name": "x"}
    for _ in range(500):
        deep = {"type": "library", "name": "x", "components": [deep]}
    report = elements({"components": [deep, *({"type": "data", "name": "d"} for _ in range(5_000))]})
    assert report.answer("INF-01").count == 50
    assert report.answer("DP-01").of == 5_000


def test_a_cyclic_value_ends() -> None:
    component: dict[str, Any] = {"type": "library", "name": "x"}
    component["components"] = [component]
    assert elements({"components": [component]}).answer("INF-01").status is Status.PRESENT


def test_our_own_bom_of_a_rich_model() -> None:
    document = bom.build(samples.rich())
    report = elements(document)
    for answer in report.answers:
        for found in answer.found:
            assert str(resolve(document, found.pointer)).startswith(found.value.rstrip("…"))
    assert len(report.of(Status.PRESENT)) + len(report.of(Status.DECLARED)) == HELD_BY_RICH


def _nested(steps: tuple[Step, ...]) -> Any:
    """The smallest value that the steps lead into."""
    if not steps:
        return "x"
    step, inner = steps[0], _nested(steps[1:])
    if step.values and step.wanted and isinstance(inner, dict):
        inner[step.member or ""] = step.values[0].replace("*", "x")
    return [inner] if step.key == "*" else {step.key: inner}


@pytest.mark.parametrize("vocabulary", ALL, ids=lambda vocabulary: vocabulary.ident)
def test_every_place_is_one_that_cyclonedx_has(vocabulary: Any) -> None:
    """The schema refuses members that it does not know; that one is too short a document is no matter."""
    for element in vocabulary.elements:
        for place in element.places:
            scope, steps = parse(place.where)
            inner = _nested(steps)
            shapes = {
                "document": [inner],
                "model": [{"metadata": {"component": inner}}],
                "datasets": [{"components": [inner]}, _inline(inner)],
            }
            problems = [
                bom.validate(each | {"specVersion": "1.7"})
                for each in shapes.get(scope, [{"components": [inner]}])
            ]
            assert any(
                all("dditional properties" not in each.message for each in found) for found in problems
            ), place.where


def _inline(dataset: dict[str, Any]) -> dict[str, Any]:
    parameters = {"datasets": [dataset | {"type": "dataset"}]}
    return {"metadata": {"component": {"modelCard": {"modelParameters": parameters}}}}
