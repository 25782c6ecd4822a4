"""Which documents are read, what is said of others, and how the subject is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aibom.documents import is_document, read
from aibom.documents.limits import MAX_BYTES
from aibom.errors import FormatError, LimitError
from aibom.model import Dossier, Role

Told = Callable[[Any], Dossier]
MODEL = "machine-learning-model"


def bom(component: object = None, **members: object) -> dict[str, object]:
    metadata = {"component": component} if component is not None else {}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": metadata, **members}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"bomFormat": "CycloneDX"', True),
        (b'\xef\xbb\xbf \n{"components": [', True),
        (b"SPDXVersion: SPDX-2.3\n", True),
        (b"# a comment\nSPDXVersion: SPDX-2.3\n", True),
        (b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6">', True),
        (b'<?xml version="1.0"?><net name="model" version="11">', False),
        (b"GGUF\x03\x00\x00\x00", False),
        (b"\x08\x07\x12\x07pytorch", False),
        (b'\x40\x00\x00\x00\x00\x00\x00\x00{"__metadata__"', False),
        (b"PK\x03\x04", False),
        (b"", False),
    ],
)
def test_documents_are_told_from_models_by_their_first_bytes(head: bytes, expected: bool) -> None:
    assert is_document(head) is expected


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not valid JSON"),
        (b"[]", "no JSON object"),
        (b"{}", "neither CycloneDX, SPDX nor a report"),
        (b'{"bomFormat": "cyclonedx"}', "neither CycloneDX, SPDX nor a report"),
        (b'{"schema": "urn:aibom:schema:report:2"}', "neither CycloneDX, SPDX nor a report"),
        (b'{"@context": "https://schema.org/"}', "neither CycloneDX, SPDX nor a report"),
        (b'{"bomFormat": "CycloneDX",', "not valid JSON"),
        (b'{"bomFormat": "CycloneDX", "x": "\xff\xfe"}', "not valid JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-16"),
        (b'{"bomFormat": "CycloneDX", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested deeper"),
        (b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "XML is not read"),
        (
            b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><bom>&lol2;</bom>',
            "XML is not read",
        ),
        (b"SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n", "tag-value form is not read"),
    ],
)
def test_what_is_not_read_is_refused_in_one_line_with_advice(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        read(data, "some.bom")
    assert caught.value.message.startswith("some.bom: ")
    assert "\n" not in caught.value.message
    assert "JSON" in caught.value.advice


def test_a_document_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(LimitError, match="larger than"):
        read(b"{" + b" " * MAX_BYTES, "large.json")


@pytest.mark.parametrize("version", ["1.4", "1.5", "1.6", "1.7", "2.0"])
def test_every_version_of_cyclonedx_is_read_alike(told: Told, version: str) -> None:
    found = told(bom({"type": MODEL, "group": "org", "name": "name"}, specVersion=version))
    assert (found.form, found.subject, found.unknowns) == (f"CycloneDX {version}", "org/name", ())


@pytest.mark.parametrize(
    ("component", "subject"),
    [
        ({"type": MODEL, "name": "name"}, "name"),
        ({"type": MODEL, "name": "org/name"}, "org/name"),
        ({"type": MODEL, "group": "org", "name": "org/name"}, "org/name"),
        ({"type": MODEL, "name": "Name 7B", "purl": "pkg:huggingface/org/name@main"}, "org/name"),
        ({"type": MODEL, "name": "name", "bom-ref": "pkg:huggingface/org/name@1"}, "org/name"),
        ({"type": "library", "name": "name", "purl": "pkg:huggingface/org/name"}, "org/name"),
        ({"type": "library", "name": "churn", "purl": "pkg:mlflow/churn@3?model_uuid=x"}, "churn"),
        ({"type": MODEL, "name": "a b", "purl": "pkg:huggingface/org/a%20b"}, "org/a b"),
    ],
)
def test_the_subject_has_the_name_of_its_repository(told: Told, component: Any, subject: str) -> None:
    assert told(bom(component)).subject == subject


def test_a_page_of_the_hub_names_the_model_only_where_the_names_agree(told: Told) -> None:
    def named(name: str, url: str) -> str:
        return told(
            bom({"type": MODEL, "name": name, "externalReferences": [{"type": "vcs", "url": url}]})
        ).subject

    assert named("model-x", "https://huggingface.co/org/Model-X/tree/main") == "org/Model-X"
    assert named("model-x", "https://huggingface.co/org/base") == "model-x"
    assert named("model-x", "https://huggingface.co/datasets/org/model-x") == "model-x"
    assert named("model-x", "https://example.org/org/model-x") == "model-x"


def test_of_several_models_the_first_is_the_subject_and_that_is_said(told: Told) -> None:
    components = [
        {"type": "library", "name": "torch"},
        {"type": MODEL, "name": "first"},
        {"type": MODEL, "name": "Second", "purl": "pkg:huggingface/org/text-encoder"},
    ]
    found = told(bom({"type": "application", "name": "service"}, components=components))
    assert found.subject == "first"
    assert [(part.id, part.role) for part in found.parts] == [("second", Role.OTHER)]
    assert found.parts[0].fact("repository") == "org/text-encoder"
    (unknown,) = found.unknowns
    assert unknown.reason == "/components/1: the document describes 2 models; first is taken for its subject"


def test_a_parent_that_is_listed_beside_the_model_is_no_part(told: Told) -> None:
    subject = {
        "type": MODEL,
        "name": "tuned",
        "pedigree": {"ancestors": [{"type": MODEL, "name": "base", "purl": "pkg:huggingface/org/base"}]},
    }
    beside = {"type": MODEL, "name": "base", "purl": "pkg:huggingface/org/base@1"}
    found = told(bom(subject, components=[beside]))
    assert [ancestor.name for ancestor in found.ancestors] == ["org/base"]
    assert found.parts == ()


def test_a_model_that_another_lists_as_descendant_has_it_for_parent(told: Told) -> None:
    base = {
        "type": MODEL,
        "name": "base",
        "pedigree": {"descendants": [{"type": MODEL, "bom-ref": "m", "name": "x"}]},
    }
    found = told(bom({"type": MODEL, "bom-ref": "m", "name": "tuned"}, components=[base]))
    assert [ancestor.name for ancestor in found.ancestors] == ["base"]


def test_a_document_without_a_model_says_so(told: Told) -> None:
    found = told(bom({"type": "application", "name": "service", "supplier": {"name": "Somebody"}}))
    assert (found.subject, found.parts) == ("service", ())
    assert [unknown.reason for unknown in found.unknowns] == [
        "the document describes no machine-learning model"
    ]


@pytest.mark.parametrize(
    ("component", "name", "country", "source"),
    [
        (
            {"manufacturer": {"name": "A", "address": {"country": "KR"}}},
            "A",
            "KR",
            "/metadata/component/manufacturer",
        ),
        ({"manufacturer": {"name": "A", "address": {"country": "South Korea"}}}, "A", None, "manufacturer"),
        ({"publisher": "B", "supplier": {"name": "C"}}, "B", None, "/metadata/component/publisher"),
        ({"authors": [{"name": "D"}], "supplier": {"name": "C"}}, "D", None, "/metadata/component/authors/0"),
        ({"author": "unknown", "supplier": {"name": "C"}}, "C", None, "/metadata/component/supplier"),
    ],
)
def test_the_publisher_stands_with_the_place_that_names_it(
    told: Told, component: Any, name: str, country: str | None, source: str
) -> None:
    found = told(bom({"type": MODEL, "name": "m", **component})).publisher
    assert found is not None
    assert (found.name, found.jurisdiction, found.ultimate_jurisdiction) == (name, country, None)
    assert found.source.startswith("stated at ") and source in found.source


def test_who_supplies_the_document_s_job_is_not_the_model_s_publisher(told: Told) -> None:
    job = {"type": "application", "name": "job", "manufacturer": {"name": "Tool Makers"}}
    found = told(bom(job, components=[{"type": MODEL, "name": "m"}]))
    assert found.publisher is None


def test_of_one_path_with_two_digests_the_first_is_kept_and_both_are_told(told: Told) -> None:
    files = [
        {"type": "file", "name": "a.bin", "hashes": [{"alg": "SHA-256", "content": digit * 64}]}
        for digit in "12"
    ]
    found = told(bom({"type": MODEL, "name": "m", "components": files}))
    assert [file.sha256 for file in found.files] == ["1" * 64]
    assert "two different SHA-256" in found.unknowns[0].reason


def test_a_model_s_own_digest_is_a_file_s_only_where_its_name_is_one(told: Told) -> None:
    hashes = [{"alg": "SHA-256", "content": "a" * 64}]
    single = told(bom({"type": MODEL, "name": "model.gguf", "hashes": hashes}))
    assert [(file.path, file.sha256) for file in single.files] == [("model.gguf", "a" * 64)]
    whole = told(bom({"type": MODEL, "name": "model", "hashes": hashes}))
    assert whole.files == ()
    assert "of which bytes it is, is not said" in whole.unknowns[0].reason


def test_parts_of_one_name_get_ids_of_their_own(told: Told) -> None:
    nested = [{"type": MODEL, "name": "Text encoder"} for _ in range(3)]
    found = told(bom({"type": MODEL, "name": "m", "components": nested}))
    assert [part.id for part in found.parts] == ["text-encoder", "text-encoder#2", "text-encoder#3"]


def test_of_a_repeated_key_the_last_counts() -> None:
    data = b'{"bomFormat": "CycloneDX", "bomFormat": "CycloneDX", "specVersion": "1.4", "specVersion": "1.6"}'
    assert read(data, "twice.json").form == "CycloneDX 1.6"


def test_a_document_is_named_in_one_safe_line() -> None:
    found = read(json.dumps(bom()).encode(), "evil\x1b[31m\nname.json")
    assert {unknown.path for unknown in found.unknowns} == {"evil name.json"}


def test_documentation_names_every_limit() -> None:
    page = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")
    for said in ("64 MiB", "100,000", "200,000", "1,000", "10,000", "20 generations"):
        assert said in page
