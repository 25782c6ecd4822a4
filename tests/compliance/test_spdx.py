"""SPDX 3.0.1: valid by schema and bindings, the same bytes each time, and nothing in it that nobody said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import spdx_python_model
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension

from aibom import documents
from aibom.bom import serialise
from aibom.compliance import spdx
from aibom.errors import UsageError
from aibom.model import (
    Analysis,
    Declaration,
    DeclarationKind,
    Fact,
    FileEntry,
    Licence,
    Locator,
    Origin,
    Relation,
    Unknown,
)
from tests import analyses, samples
from tests.compliance.spdx_schema import validator

Json = dict[str, Any]
PLACE = Locator("README.md", line=1)


class SpdxFile(SingleFileSnapshotExtension):
    """A snapshot is the file that a user would get."""

    file_extension = "spdx.json"


def made(analysis: Analysis, **options: Any) -> Json:
    """A reproducible document, after the checks that each one passes."""
    document = spdx(analysis, **{"reproducible": True, **options})
    assert [error.message for error in validator().iter_errors(document)] == []
    _, read = spdx_python_model.load_data(document)
    assert read.link() == set()
    assert len(read.objects) == len(document["@graph"])
    return document


def elements(document: Json, kind: str) -> list[Json]:
    return [item for item in document["@graph"] if item["type"] == kind]


def ident(element: Json) -> str:
    return str(element["spdxId"]).partition("#")[2]


def relations(document: Json) -> dict[tuple[str, str], tuple[list[str], Json]]:
    """(from, type) to the names of the other ends, and the relationship."""
    return {
        (item["from"].partition("#")[2], item["relationshipType"]): (
            [end.partition("#")[2] or end.rpartition("/")[2] for end in item["to"]],
            item,
        )
        for item in elements(document, "Relationship")
    }


def model(document: Json) -> Json:
    (found,) = [item for item in document["@graph"] if item.get("spdxId", "").endswith("#model")]
    return found


@pytest.mark.parametrize(
    "sample", [*samples.ALL.values(), analyses.solar, analyses.omni], ids=lambda f: f.__name__
)
def test_every_document_is_valid_and_comes_out_the_same(sample: Callable[[], Analysis]) -> None:
    assert serialise(made(sample())) == serialise(made(sample()))


@settings(max_examples=25)
@given(st.text(st.characters(codec=None), max_size=30))
def test_no_text_of_a_model_breaks_the_document(text: str) -> None:
    serialise(made(analyses.hostile(text)))


def test_complete_document(snapshot: SnapshotAssertion) -> None:
    assert serialise(made(samples.rich())) == snapshot(extension_class=SpdxFile)


def test_the_time_is_the_one_that_is_given_asked_for_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def created(**options: Any) -> Json:
        (found,) = elements(made(samples.minimal(), **options), "CreationInfo")
        return found

    assert created()["created"] == "1970-01-01T00:00:00Z"
    assert "left out" in created()["comment"]
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    assert created(timestamp=moment)["created"] == "2026-01-02T03:04:05Z"
    assert "comment" not in created(timestamp=moment)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert created()["created"] == "1970-01-02T00:00:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(UsageError):
        spdx(samples.minimal())


def test_without_reproducible_the_time_is_the_present() -> None:
    (found,) = elements(spdx(samples.minimal()), "CreationInfo")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(found["created"])).total_seconds() < 60


def test_another_content_has_another_namespace() -> None:
    one, other = made(samples.rich()), made(replace(samples.rich(), unknowns=()))
    assert model(one)["spdxId"] != model(other)["spdxId"]


def test_everything_that_is_named_is_there() -> None:
    document = made(samples.rich())
    known = {item.get("spdxId") for item in document["@graph"]}
    (whole,) = elements(document, "SpdxDocument")
    assert set(whole["element"]) == known - {None, whole["spdxId"]}
    (sbom,) = elements(document, "software_Sbom")
    assert sbom["rootElement"] == [model(document)["spdxId"]]


def test_files_carry_their_digest_or_say_that_it_is_not_known() -> None:
    files = (
        FileEntry("a", 1, "ab" * 32),
        FileEntry("b"),
        FileEntry("c", 2, "cd" * 32, lfs_pointer=True),
        FileEntry("d", 1, "no digest"),
    )
    document = made(replace(samples.minimal(), files=files))
    found = {item["name"]: item for item in elements(document, "software_File")}
    assert found["a"]["verifiedUsing"] == [{"type": "Hash", "algorithm": "sha256", "hashValue": "ab" * 32}]
    assert "pointer" in found["c"]["comment"]
    for name in ("b", "d"):
        assert "verifiedUsing" not in found[name]
        assert "not known" in found[name]["comment"]


def test_what_the_ai_profile_demands_and_nobody_says_is_named_and_the_profile_not_claimed() -> None:
    (whole,) = elements(made(samples.minimal()), "SpdxDocument")
    assert "ai" not in whole["profileConformance"]
    assert "releaseTime, suppliedBy, downloadLocation, packageVersion" in whole["comment"]


def released() -> Analysis:
    """The rich sample with a release date, and without the ancestors, of which less is known."""
    sample = samples.rich()
    card = replace(sample.inspected.card, facts=(Fact("release_date", "2026-01-15"),))
    return replace(
        sample,
        inspected=replace(sample.inspected, card=card, declarations=()),
        provenance=replace(sample.provenance, origins=()),
    )


def test_the_ai_profile_is_claimed_where_all_is_said() -> None:
    document = made(released())
    (whole,) = elements(document, "SpdxDocument")
    assert "ai" in whole["profileConformance"]
    assert "mandatory" not in whole["comment"]
    for package in elements(document, "ai_AIPackage"):
        assert package["releaseTime"] == "2026-01-15T00:00:00Z"
        assert package["software_primaryPurpose"] == "model"


@pytest.mark.parametrize("text", ["2026", "soon", "2026-13-01", "2026-01-15T00:00", ""])
def test_a_release_date_that_is_none_is_left_out(text: str) -> None:
    sample = released()
    card = replace(sample.inspected.card, facts=(Fact("release_date", text),))
    document = made(replace(sample, inspected=replace(sample.inspected, card=card)))
    assert "releaseTime" not in model(document)


def test_values_that_nobody_gave_are_no_assertion_or_absent() -> None:
    package = model(made(samples.minimal()))
    assert package["ai_autonomyType"] == "noAssertion"
    assert package["ai_useSensitivePersonalInformation"] == "noAssertion"
    absent = {"ai_domain", "ai_limitation", "ai_energyConsumption", "ai_safetyRiskAssessment", "suppliedBy"}
    assert not absent & package.keys()


def test_datasets_are_told_by_purpose_and_silence_is_no_assertion() -> None:
    found = relations(made(samples.rich()))
    assert "dataset/HuggingFaceFW/fineweb" in found["model", "trainedOn"][0]
    assert found["model", "testedOn"][0] == ["dataset/HuggingFaceFW/fineweb"]
    assert found["model", "trainedOn"][1]["completeness"] == "noAssertion"
    silent = relations(made(samples.minimal()))
    assert silent["model", "trainedOn"][0] == ["NoAssertionElement"]
    assert ("model", "testedOn") not in silent


def licensed(*licences: Licence) -> dict[tuple[str, str], tuple[list[str], Json]]:
    sample = samples.minimal()
    return relations(made(replace(sample, inspected=replace(sample.inspected, licences=licences))))


def test_licences_are_declared_or_concluded() -> None:
    found = licensed(
        Licence("apache-2.0", PLACE, "Apache-2.0"),
        Licence("MIT License", PLACE, "MIT", carried=True),
    )
    assert found["model", "hasDeclaredLicense"][0] == ["licence/Apache-2.0"]
    assert found["model", "hasConcludedLicense"][0] == ["licence/MIT"]


@pytest.mark.parametrize(
    "licence",
    [
        Licence("our own terms", PLACE),
        Licence("our own terms", PLACE, "our own terms"),
        Licence("x", PLACE, "MIT WITH AdditionRef-x"),
    ],
    ids=str,
)
def test_words_that_are_no_expression_are_no_assertion_and_stand_beside_it(licence: Licence) -> None:
    ends, relation = licensed(licence)["model", "hasDeclaredLicense"]
    assert ends == ["expandedlicensing_NoAssertionLicense"]
    assert licence.name in relation["comment"]


def test_a_licence_outside_the_list_is_named_and_its_text_not_made_up() -> None:
    sample = samples.minimal()
    licences = (Licence("llama3.1", PLACE, "LicenseRef-llama3.1"),)
    document = made(replace(sample, inspected=replace(sample.inspected, licences=licences)))
    assert relations(document)["model", "hasDeclaredLicense"][0] == ["licence/LicenseRef-llama3.1"]
    (expression,) = elements(document, "simplelicensing_LicenseExpression")
    (text,) = elements(document, "simplelicensing_SimpleLicensingText")
    (entry,) = expression["simplelicensing_customIdToUri"]
    assert (entry["key"], entry["value"]) == ("LicenseRef-llama3.1", text["spdxId"])
    assert text["simplelicensing_licenseText"] == "The text of this licence is not in this document."


def test_no_licence_and_one_that_says_nothing_are_no_assertion() -> None:
    for licences in ((), (Licence("other", PLACE),)):
        found = licensed(*licences)
        for kind in ("hasDeclaredLicense", "hasConcludedLicense"):
            ends, relation = found["model", kind]
            assert ends == ["expandedlicensing_NoAssertionLicense"]
            assert "comment" not in relation


def test_descent_is_declared_or_shown_by_weights_and_a_leaked_name_is_none() -> None:
    sample = samples.minimal()
    declarations = (
        Declaration(DeclarationKind.BASE_MODEL, "org/base", PLACE, relation="finetune"),
        Declaration(DeclarationKind.NAME_OR_PATH, "org/leaked", PLACE),
    )
    document = made(replace(sample, inspected=replace(sample.inspected, declarations=declarations)))
    ends, relation = relations(document)["model", "descendantOf"]
    assert ends == ["ancestor/org/base"]
    assert relation["comment"] == "Declared as finetune in README.md (E1)."
    (ancestor,) = [item for item in document["@graph"] if "#ancestor/" in item.get("spdxId", "")]
    assert ancestor["software_packageUrl"] == "pkg:huggingface/org/base"


@pytest.mark.parametrize("relation", Relation)
def test_weights_of_no_known_origin_assert_no_descent(relation: Relation) -> None:
    sample = samples.minimal()
    origins = tuple(
        replace(origin, upstream="org/base", relation=relation)
        for origin in samples.rich().provenance.origins
    )
    document = made(replace(sample, provenance=replace(sample.provenance, origins=origins)))
    asserted = any(kind == "descendantOf" for _, kind in relations(document))
    assert asserted == (relation in (Relation.ADAPTED, Relation.DERIVED, Relation.VERBATIM))


def test_what_has_no_field_is_annotated() -> None:
    document = made(samples.rich())
    statements = {ident(item): item["statement"] for item in elements(document, "Annotation")}
    assert "level 2" in statements["annotation/score"]
    assert "EleutherAI, Zhipu AI" in statements["annotation/origin/decoder-core/architecture"]
    assert "Or else" in statements["annotation/finding/f-code"]


def test_a_country_stands_only_beside_its_source() -> None:
    sample = samples.rich()
    publisher = sample.provenance.publisher
    assert publisher
    unsourced = replace(sample.provenance, publisher=replace(publisher, source=""))
    (stated,) = [item for item in elements(made(sample), "Organization") if item["name"] == publisher.name]
    (bare,) = [
        item
        for item in elements(made(replace(sample, provenance=unsourced)), "Organization")
        if item["name"] == publisher.name
    ]
    assert "Registered in KR. " in stated["comment"]
    assert "comment" not in bare


def test_a_part_that_is_one_file_is_that_file_and_others_contain_theirs() -> None:
    found = relations(made(samples.rich()))
    inside = set(found["model", "contains"][0])
    assert "file/modeling_acme.py" in inside
    assert "part/remote-code" not in inside
    assert "file/model-00001-of-00002.safetensors" not in inside
    assert "file/model-00001-of-00002.safetensors" in found["part/decoder-core", "contains"][0]


def test_what_was_not_seen_makes_the_contents_incomplete_and_is_told() -> None:
    sample = samples.rich()
    unknowns = tuple(replace(sample.unknowns[0], path=f"shard-{number}") for number in range(300))
    document = made(replace(sample, unknowns=unknowns))
    assert relations(document)["model", "contains"][1]["completeness"] == "incomplete"
    (whole,) = elements(document, "SpdxDocument")
    assert "shard-0: " in whole["comment"]
    assert "And 100 more" in whole["comment"]
    seen = relations(made(replace(sample, unknowns=tuple[Unknown, ...]())))
    assert seen["model", "contains"][1]["completeness"] == "noAssertion"


def test_numbers_that_are_none_are_left_out() -> None:
    sample = samples.rich()
    facts = (Fact("hyperparameter:a", float("nan")), Fact("hyperparameter:b", 3), Fact("other", 1))
    parts = tuple(replace(part, facts=facts) for part in sample.inspected.parts)
    document = made(replace(sample, inspected=replace(sample.inspected, parts=parts)))
    entries = [item.get("ai_hyperparameter") for item in elements(document, "ai_AIPackage")]
    assert [{"type": "DictionaryEntry", "key": "b", "value": "3"}] in entries
    assert all(entry is None or [each["key"] for each in entry] == ["b"] for entry in entries)


def test_origins_of_one_layer_are_all_told() -> None:
    origins: tuple[Origin, ...] = samples.rich().provenance.origins
    found = elements(made(samples.rich()), "Annotation")
    assert sum("annotation/origin" in ident(item) for item in found) == len(origins)


def test_our_reader_of_spdx_finds_in_it_what_was_written() -> None:
    analysis = samples.rich()
    dossier = documents.read(serialise(made(analysis)), "model.spdx.json")
    assert (dossier.form, dossier.subject) == ("SPDX 3.0.1", analysis.target.repository)
    assert dossier.revision == analysis.target.revision
    assert {(file.path, file.sha256) for file in dossier.files} == {
        (file.path, file.sha256) for file in analysis.files
    }
    assert {item.name for item in dossier.ancestors} == {"Qwen/Qwen2.5-VL-7B-Instruct"}
    assert {"Apache-2.0", "Apache-2.0 OR MIT"} == {item.expression for item in dossier.licences}
