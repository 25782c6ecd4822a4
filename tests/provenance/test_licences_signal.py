"""Licences: whose terms, on what ground, and what is said where declaration and text disagree."""

from __future__ import annotations

import pytest

from aibom.model import (
    WHOLE_MODEL,
    Confidence,
    DeclarationKind,
    Evidence,
    Inspected,
    Layer,
    Licence,
    Locator,
    Relation,
)
from tests.provenance.knowledge import CORE, by_rule, names, origin, says, trace

DECLARED = Licence("apache-2.0", Locator("README.md", key="license"), "Apache-2.0")
CARRIED = Licence("LICENSE", Locator("LICENSE"), "Apache-2.0", carried=True)
LLAMA_TEXT = Licence("Llama 3.1 Community License", Locator("LICENSE"), "LicenseRef-Llama-3.1", carried=True)


@pytest.mark.parametrize(("licence", "evidence"), [(DECLARED, Evidence.E1), (CARRIED, Evidence.E3)])
def test_a_standard_licence_of_a_known_publisher_is_its_own(licence: Licence, evidence: Evidence) -> None:
    found = origin(trace(Inspected((CORE,), licences=(licence,)))[0], WHOLE_MODEL, Layer.LICENCE)
    assert found is not None and (found.relation, found.evidence) == (Relation.ORIGINAL, evidence)
    assert names(found) == ["upstage"]


def test_an_unknown_publisher_grants_nothing() -> None:
    found = origin(trace(Inspected((CORE,), licences=(DECLARED,)), None)[0], WHOLE_MODEL, Layer.LICENCE)
    assert found is not None and found.relation is Relation.UNKNOWN


def test_a_redistributor_grants_nothing() -> None:
    found = origin(
        trace(Inspected((CORE,), licences=(DECLARED,)), "unsloth/x")[0], WHOLE_MODEL, Layer.LICENCE
    )
    assert found is not None and found.relation is Relation.UNKNOWN


def test_terms_of_a_parent_may_remain() -> None:
    inspected = Inspected((CORE,), (says(DeclarationKind.BASE_MODEL, "Qwen/Qwen2-7B"),), licences=(DECLARED,))
    found = origin(trace(inspected)[0], WHOLE_MODEL, Layer.LICENCE)
    assert found is not None and found.relation is Relation.UNKNOWN


@pytest.mark.parametrize(
    "name",
    ["llama3.1", "LicenseRef-Llama-3.1", "Llama 3 Community License", "fair-noncommercial-research-license"],
)
def test_an_organisations_own_licence_is_told_by_its_name(name: str) -> None:
    licence = Licence(name, Locator("README.md", key="license"))
    found = origin(trace(Inspected((CORE,), licences=(licence,)))[0], WHOLE_MODEL, Layer.LICENCE)
    assert found is not None and (found.relation, found.evidence) == (Relation.VERBATIM, Evidence.E1)
    assert names(found) == ["meta"]


def test_an_organisation_under_its_own_terms_is_original() -> None:
    found = origin(
        trace(Inspected((CORE,), licences=(LLAMA_TEXT,)), "meta-llama/x")[0], WHOLE_MODEL, Layer.LICENCE
    )
    assert found is not None and found.relation is Relation.ORIGINAL


def test_terms_nobody_knows_stay_unknown() -> None:
    other = Licence("other", Locator("README.md", key="license"))
    found, _ = trace(Inspected((CORE,), licences=(other,)))
    assert [item.rule for item in found.findings] == ["licence.unresolved"]


def test_a_text_that_contradicts_the_card_is_said_and_both_are_kept() -> None:
    found, _ = trace(Inspected((CORE,), licences=(DECLARED, LLAMA_TEXT)))
    (contradiction,) = by_rule(found, "licence.contradiction")
    assert contradiction.confidence is Confidence.CONTRADICTED
    assert {locator.path for locator in contradiction.locators} == {"README.md", "LICENSE"}
    assert by_rule(found, "licence.own-declared") and by_rule(found, "licence.outside-carried")
    terms = origin(found, WHOLE_MODEL, Layer.LICENCE)
    assert terms is not None and terms.relation is Relation.VERBATIM


@pytest.mark.parametrize(
    ("card", "text"),
    [
        ("Apache-2.0", "Apache-2.0"),
        ("GPL-3.0-only", "GPL-3.0-or-later"),
        ("MIT OR Apache-2.0", "MIT"),
        ("Apache-2.0", "LicenseRef-unknown"),
    ],
)
def test_what_can_be_one_licence_is_no_contradiction(card: str, text: str) -> None:
    pair = (
        Licence(card, Locator("README.md"), card),
        Licence(text, Locator("LICENSE"), text, carried=True),
    )
    assert by_rule(trace(Inspected((CORE,), licences=pair))[0], "licence.contradiction") == []


def test_a_licence_of_one_part_speaks_for_no_model() -> None:
    licence = Licence("mit", Locator("tokenizer/LICENSE"), "MIT", carried=True, part="tokenizer")
    found, _ = trace(Inspected((CORE,), licences=(licence,)))
    assert found.findings and found.origins == ()
