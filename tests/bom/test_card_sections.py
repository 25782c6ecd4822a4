"""What a card says beyond its front matter, in the fields that CycloneDX has for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aibom import bom
from aibom.model import Analysis, Dataset, Fact, FileClass, Locator
from tests import samples
from tests.bom.documents import library_accepts, properties
from tests.samples.common import file

DATA_TEXT = "Filtered text of fineweb, and licensed books."
FACTS = (
    Fact("card:users", "People who search."),
    Fact("card:intended-uses", "Search in Korean."),
    Fact("card:limitations", "It is slow."),
    Fact("card:ethics", "It repeats stereotypes."),
    Fact("card:out-of-scope", "No decisions on persons."),
    Fact("card:training-data", DATA_TEXT),
    Fact("card:training-procedure", "Ten epochs."),
    Fact("hardware", "8 x H100"),
    Fact("carbon_emitted", "3 t"),
    Fact("training:learning_rate", "1e-4"),
    Fact("requirement:torch", "2.9.0"),
    Fact("requirement:numpy", ">=2"),
    Fact("requirement:transformers", "4.50.0"),
    Fact("reference:use-policy", "https://acme.example/policy"),
    Fact("reference:security-contact", "SECURITY.md"),
)


def analysis(*facts: Fact) -> Analysis:
    rich = samples.rich()
    card = replace(rich.inspected.card, facts=(*rich.inspected.card.facts, *facts))
    files = (*rich.files, file("SECURITY.md", FileClass.OTHER))
    return replace(rich, inspected=replace(rich.inspected, card=card), files=files)


@pytest.fixture(params=["1.6", "1.7"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return bom.build(analysis(*FACTS), spec=request.param)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert bom.validate(document) == ()
    assert library_accepts(document)
    assert [problem for problem in bom.lint(document) if problem.severity == "error"] == []


def test_sections_stand_where_cyclonedx_has_a_field(document: dict[str, Any]) -> None:
    card = document["metadata"]["component"]["modelCard"]
    considerations = card["considerations"]
    assert considerations["users"] == ["People who search."]
    assert considerations["useCases"] == ["Search in Korean."]
    assert considerations["technicalLimitations"] == ["It is slow."]
    assert considerations["ethicalConsiderations"] == [{"name": "It repeats stereotypes."}]
    environment = properties(considerations["environmentalConsiderations"])
    assert environment["aibom:fact:carbon_emitted"] == ["3 t"]
    named = properties(card)
    assert named["aibom:card:out-of-scope"] == ["No decisions on persons."]
    assert named["aibom:card:training-procedure"] == ["Ten epochs."]
    assert named["aibom:fact:training:learning_rate"] == ["1e-4"]
    assert not [
        name for name in named if ":card:users" in name or "requirement" in name or "reference" in name
    ]


def test_a_dataset_that_the_section_speaks_of_is_described_by_it(document: dict[str, Any]) -> None:
    datasets = {each["name"]: each for each in document["components"] if each["type"] == "data"}
    fineweb = datasets["HuggingFaceFW/fineweb"]
    assert fineweb["description"] == DATA_TEXT
    assert fineweb["data"][0]["governance"] == {"custodians": [{"organization": {"name": "HuggingFaceFW"}}]}
    assert fineweb["data"][0]["contents"] == {"url": "https://huggingface.co/datasets/HuggingFaceFW/fineweb"}
    in_house = datasets["an in-house corpus"]
    assert "description" not in in_house
    assert in_house["data"] == [{"type": "dataset", "name": "an in-house corpus"}]


def test_a_short_name_within_another_word_is_not_spoken_of() -> None:
    given = analysis(Fact("card:training-data", "Books and websites, chosen by hand."))
    sets = (
        Dataset("c4", Locator("README.md")),
        Dataset("book", Locator("README.md")),
        Dataset("an", Locator("x")),
    )
    document = bom.build(replace(given, inspected=replace(given.inspected, datasets=sets)))
    described = [each for each in document["components"] if each["type"] == "data" and "description" in each]
    assert described == []


def test_hardware_is_a_device_of_the_training(document: dict[str, Any]) -> None:
    (formula,) = document["formulation"]
    assert formula["components"] == [{"type": "device", "bom-ref": "hardware:1", "name": "8 x H100"}]


def test_requirements_are_libraries_with_pinned_versions_only(document: dict[str, Any]) -> None:
    software = {
        each["name"]: each for each in document["components"] if each["type"] in ("framework", "library")
    }
    assert {name: (each["type"], each.get("version")) for name, each in software.items()} == {
        "numpy": ("library", None),
        "torch": ("library", "2.9.0"),
        "transformers": ("framework", "4.57.1"),
    }
    assert software["torch"]["purl"] == "pkg:pypi/torch@2.9.0"


def test_policies_are_references(document: dict[str, Any]) -> None:
    pages = {each.get("comment"): each for each in document["metadata"]["component"]["externalReferences"]}
    assert pages["Acceptable use policy"]["url"] == "https://acme.example/policy"
    assert pages["Security policy"]["type"] == "security-contact"
    assert pages["Security policy"]["url"].endswith(f"/blob/{samples.COMMIT}/SECURITY.md")


def test_a_policy_of_a_folder_is_named_by_its_path() -> None:
    minimal = samples.minimal()
    card = replace(minimal.inspected.card, facts=(Fact("reference:security-contact", "a b:c/SECURITY.md"),))
    document = bom.build(replace(minimal, inspected=replace(minimal.inspected, card=card)))
    (page,) = document["metadata"]["component"]["externalReferences"]
    assert page["url"] == "a%20b%3Ac/SECURITY.md"
    assert bom.validate(document) == ()


def test_nothing_said_leaves_nothing() -> None:
    document = bom.build(samples.minimal())
    assert "formulation" not in document
    assert "considerations" not in document["metadata"]["component"].get("modelCard", {})
