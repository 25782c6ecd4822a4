"""The mapping from analysis to document, block by block."""

from dataclasses import replace

import pytest

from aibom import bom
from aibom.model import Confidence, Licence, Locator, Role
from tests import samples
from tests.bom.documents import components, part, properties, walk

ROOT = "pkg:huggingface/acme/Acme-VL-7B@0123456"


@pytest.fixture(scope="module")
def document():
    return bom.build(samples.rich())


@pytest.fixture(scope="module")
def model(document):
    return document["metadata"]["component"]


# ML-BOM guide


def test_the_model_is_the_subject_with_the_guides_names(model):
    assert model["type"] == "machine-learning-model"
    assert model["bom-ref"] == ROOT
    assert model["purl"] == f"pkg:huggingface/acme/Acme-VL-7B@{samples.COMMIT}"
    assert (model["group"], model["name"], model["version"]) == ("acme", "Acme-VL-7B", samples.COMMIT)
    assert model["manufacturer"]["name"] == "Acme AI"
    assert model["manufacturer"]["address"] == {"country": "KR"}
    assert model["supplier"]["name"] == "Hugging Face"


def test_every_file_is_nested_with_purl_and_sha256(document, model):
    found = components(document)
    for file in samples.rich().files:
        component = found[f"{ROOT}#{file.path}"]
        assert component in list(walk(model))
        assert component["type"] == "file"
        assert component["purl"] == f"{model['purl']}#{file.path}"
        hashes = [{"alg": "SHA-256", "content": file.sha256}] if file.sha256 else None
        assert component.get("hashes") == hashes


def test_tokenizer_and_chat_template_are_marked_components(document):
    tokenizer, template = part(document, "tokenizer"), part(document, "chat-template")

    assert tokenizer["type"] == "data"
    assert tokenizer["data"] == [{"type": "configuration", "name": "Tokenizer"}]
    assert properties(tokenizer)["cdx:ai-ml:model:tokenizer"] == ["true"]
    assert properties(tokenizer)["cdx:ai-ml:tokenizer:hyperparameter:vocab_size"] == ["151936"]
    assert template["type"] == "file"
    assert template["hashes"]
    assert properties(template)["cdx:ai-ml:model:template:chat"] == ["true"]


def test_datasets_are_data_components_referenced_from_the_card(document, model):
    refs = [entry["ref"] for entry in model["modelCard"]["modelParameters"]["datasets"]]
    found = components(document)

    assert [found[ref]["name"] for ref in refs] == ["HuggingFaceFW/fineweb", "an in-house corpus"]
    assert {found[ref]["type"] for ref in refs} == {"data"}
    assert {found[ref]["data"][0]["type"] for ref in refs} == {"dataset"}
    assert properties(found[refs[0]])["aibom:dataset:purpose"] == ["evaluation", "training"]


def test_the_guides_property_names_are_used(model):
    card = properties(model["modelCard"])

    assert properties(model)["cdx:ai-ml:model:modality"] == ["image", "text"]
    assert card["cdx:ai-ml:model:language"] == ["en", "ko"]
    assert card["aibom:language"] == ["yue"]
    assert card["cdx:ai-ml:model:parameter:count"] == ["7.67B"]


def test_official_property_names_are_those_of_the_taxonomy(document):
    names = {entry["name"] for c in components(document).values() for entry in c.get("properties", ())}
    official = {name for name in names if name.startswith("cdx:")}

    assert official == {
        "cdx:ai-ml:model:modality",
        "cdx:ai-ml:model:template:chat",
        "cdx:ai-ml:model:tokenizer",
        "cdx:ai-ml:tokenizer:hyperparameter:vocab_size",
    }


# Parts and cards


def test_trained_parts_are_models_with_cards_of_their_own(document):
    core, vision = part(document, "decoder-core"), part(document, "vision-encoder")

    assert core["type"] == vision["type"] == "machine-learning-model"
    assert vision["modelCard"]["modelParameters"] == {"architectureFamily": "qwen2_5_vl"}
    assert properties(core["modelCard"])["cdx:ai-ml:model:hyperparameter:hidden_size"] == ["4096"]
    assert properties(core["modelCard"])["aibom:fact:tie_word_embeddings"] == ["false"]
    assert properties(core)["aibom:dtype"] == ["BF16 6999000000", "F32 1000000"]


def test_remote_code_shows_place_licence_and_copyright(document):
    code = part(document, "remote-code")

    assert code["type"] == "file"
    assert code["hashes"][0]["content"] == samples.sha(samples.CODE)
    assert code["evidence"]["copyright"] == [{"text": "Copyright 2025 The ZhipuAI Inc. team"}]
    assert code["evidence"]["occurrences"] == [
        {"location": samples.CODE, "line": 3, "additionalContext": "# Copyright 2025 The ZhipuAI Inc. team"}
    ]
    assert code["evidence"]["licenses"] == [{"license": {"id": "Apache-2.0", "acknowledgement": "concluded"}}]


def test_code_of_several_files_stays_one_part_over_them():
    analysis = samples.rich()
    parts = tuple(
        replace(p, files=(samples.CODE, "config.json")) if p.role is Role.REMOTE_CODE else p
        for p in analysis.inspected.parts
    )
    document = bom.build(replace(analysis, inspected=replace(analysis.inspected, parts=parts)))
    needs = {entry["ref"]: entry.get("dependsOn") for entry in document["dependencies"]}

    assert part(document, "remote-code")["bom-ref"] == f"{ROOT}?part=remote-code"
    assert needs[f"{ROOT}?part=remote-code"] == [f"{ROOT}#config.json", f"{ROOT}#{samples.CODE}"]


def test_the_card_carries_what_was_published(model):
    card = model["modelCard"]

    assert card["modelParameters"]["task"] == "image-text-to-text"
    assert card["modelParameters"]["inputs"] == [{"format": "image"}, {"format": "text"}]
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [
        {"type": "accuracy", "value": "71.3", "slice": "question-answering, MMLU"}
    ]
    (emission,) = card["considerations"]["environmentalConsiderations"]["properties"]
    assert emission == {"name": "aibom:fact:co2_eq_emissions", "value": "120 kg"}


def test_the_framework_is_a_component_with_its_version(document):
    framework = components(document)["framework:transformers"]

    assert framework["type"] == "framework"
    assert framework["purl"] == "pkg:pypi/transformers@4.57.1"


def test_a_part_that_is_named_and_absent_says_so(document):
    audio = properties(part(document, "audio-encoder"))

    assert audio["aibom:part:declared"] == ["true"]
    assert audio["aibom:part:present"] == ["false"]
    assert audio["aibom:disclosure"] == ["unknown"]


def test_withheld_is_told_apart_from_unknown():
    analysis = samples.rich()
    finding = replace(analysis.provenance.findings[0], part="audio-encoder", confidence=Confidence.WITHHELD)
    document = bom.build(replace(analysis, provenance=replace(analysis.provenance, findings=(finding,))))

    assert properties(part(document, "audio-encoder"))["aibom:disclosure"] == ["withheld"]


# Identity


def test_a_folder_gets_no_package_url():
    document = bom.build(samples.minimal())

    assert document["metadata"]["component"]["bom-ref"] == "model:tiny"
    assert not any("purl" in component for component in components(document).values())
    assert "supplier" not in document["metadata"]["component"]


def test_another_hub_is_not_taken_for_hugging_face():
    analysis = samples.rich()
    target = replace(analysis.target, endpoint="https://hub.example")
    model = bom.build(replace(analysis, target=target))["metadata"]["component"]

    assert "supplier" not in model
    assert {"type": "vcs", "url": "https://hub.example/acme/Acme-VL-7B"} in model["externalReferences"]


def test_an_unknown_namespace_gets_a_name_and_no_country():
    model = bom.build(samples.finetune())["metadata"]["component"]

    assert model["manufacturer"] == {"bom-ref": "organisation:hub:somebody", "name": "somebody"}
    assert "aibom:manufacturer:country" not in properties(model)


def test_a_community_has_no_country_in_its_address():
    analysis = samples.rich()
    provenance = replace(analysis.provenance, publisher=samples.COMMUNITY)
    model = bom.build(replace(analysis, provenance=provenance))["metadata"]["component"]

    assert "address" not in model["manufacturer"]
    assert properties(model)["aibom:manufacturer:country"] == ["multi"]


def test_a_digest_that_is_none_is_not_written():
    analysis = samples.minimal()
    (file,) = analysis.files
    document = bom.build(replace(analysis, files=(replace(file, sha256=samples.COMMIT),)))

    assert "hashes" not in components(document)["model:tiny#model.safetensors"]


# Licences


def licences(*found: Licence, spec: str):
    analysis = samples.minimal()
    document = bom.build(replace(analysis, inspected=replace(analysis.inspected, licences=found)), spec=spec)
    return document["metadata"]["component"]


HERE = Locator("README.md", line=1)


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
def test_a_licence_is_an_id_an_expression_or_a_name(spec):
    assert licences(Licence("apache-2.0", HERE, "Apache-2.0"), spec=spec)["licenses"] == [
        {"license": {"id": "Apache-2.0", "acknowledgement": "declared"}}
    ]
    assert licences(Licence("both", HERE, "MIT OR Apache-2.0"), spec=spec)["licenses"] == [
        {"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"}
    ]
    assert licences(Licence("llama3.1", HERE, "LicenseRef-llama3.1", carried=True), spec=spec)[
        "licenses"
    ] == [{"license": {"name": "llama3.1", "acknowledgement": "concluded"}}]


def test_an_expression_beside_an_id_becomes_a_name_in_1_6_only():
    both = (Licence("mit", HERE, "MIT"), Licence("x", HERE, "MIT OR Zlib", carried=True))

    assert licences(*both, spec="1.7")["licenses"][1] == {
        "expression": "MIT OR Zlib",
        "acknowledgement": "concluded",
    }
    assert licences(*both, spec="1.6")["licenses"][1] == {
        "license": {"name": "MIT OR Zlib", "acknowledgement": "concluded"}
    }


def test_other_is_no_licence():
    model = licences(Licence("other", HERE), spec="1.7")

    assert "licenses" not in model
    assert properties(model)["aibom:licence:declared"] == ["other"]
