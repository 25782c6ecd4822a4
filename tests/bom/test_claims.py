"""What the document claims: descent, findings, score, completeness; and that hostile text stays text."""

import re
from dataclasses import replace

import pytest

from aibom import bom
from aibom.model import Evidence, Layer, Origin, Relation
from tests import samples
from tests.bom.documents import components, part, properties, resolve

ROOT = "pkg:huggingface/acme/Acme-VL-7B@0123456"


@pytest.fixture(scope="module")
def document():
    return bom.build(samples.rich())


@pytest.fixture(scope="module")
def model(document):
    return document["metadata"]["component"]


def with_origins(*origins: Origin, base=samples.rich):
    """A sample whose only origins are these."""
    analysis = base()
    return replace(analysis, provenance=replace(analysis.provenance, origins=origins))


# Descent


def test_a_proven_origin_is_an_ancestor_with_evidence(document):
    (ancestor,) = part(document, "vision-encoder")["pedigree"]["ancestors"]
    (identity,) = ancestor["evidence"]["identity"]

    assert ancestor["purl"] == "pkg:huggingface/Qwen/Qwen2.5-VL-7B-Instruct"
    assert identity["confidence"] == 0.98
    assert identity["methods"][0]["technique"] == "binary-analysis"
    assert ancestor["manufacturer"] == {"name": "Alibaba Cloud", "address": {"country": "CN"}}
    assert properties(ancestor)["aibom:manufacturer:ultimate-country"] == ["KY"]


def test_only_the_encoder_has_a_pedigree(document):
    owners = [ref for ref, component in components(document).items() if "pedigree" in component]

    assert owners == [f"{ROOT}?part=vision-encoder"]


@pytest.mark.parametrize(
    ("layer", "relation", "evidence"),
    [
        (Layer.WEIGHTS, Relation.DERIVED, Evidence.E1),
        (Layer.WEIGHTS, Relation.DERIVED, Evidence.E2),
        (Layer.WEIGHTS, Relation.ADAPTED, Evidence.E4),
        (Layer.WEIGHTS, Relation.UNKNOWN, Evidence.E4),
        (Layer.ARCHITECTURE, Relation.VERBATIM, Evidence.E4),
        (Layer.CODE, Relation.DERIVED, Evidence.E4),
        (Layer.TOKENIZER, Relation.VERBATIM, Evidence.E4),
    ],
)
def test_an_unproven_origin_or_another_layer_is_no_ancestor(layer, relation, evidence):
    origin = Origin("decoder-core", layer, relation, evidence, (samples.ZHIPU,), "zai-org/GLM-4.5")
    document = bom.build(with_origins(origin))

    assert "pedigree" not in part(document, "decoder-core")
    assert properties(part(document, "decoder-core"))[f"aibom:origin:{layer}:upstream"] == ["zai-org/GLM-4.5"]


@pytest.mark.parametrize(
    ("ident", "layer"),
    [("tokenizer", Layer.TOKENIZER), ("remote-code", Layer.CODE), ("model", Layer.WEIGHTS)],
)
def test_each_part_descends_by_its_own_substance(ident, layer):
    origin = Origin(ident, layer, Relation.VERBATIM, Evidence.E4, (samples.ZHIPU,), "zai-org/GLM-4.5")
    document = bom.build(with_origins(origin))
    owner = document["metadata"]["component"] if ident == "model" else part(document, ident)

    assert [a["name"] for a in owner["pedigree"]["ancestors"]] == ["GLM-4.5"]
    assert bom.validate(document) == ()


def test_a_model_is_never_its_own_ancestor():
    origin = Origin("model", Layer.WEIGHTS, Relation.VERBATIM, Evidence.E4, upstream="acme/Acme-VL-7B")

    assert "pedigree" not in bom.build(with_origins(origin))["metadata"]["component"]


def test_a_declared_parent_is_a_property_and_a_claim(document, model):
    claims = {claim["bom-ref"]: claim for claim in document["declarations"]["claims"]}

    assert properties(model)["aibom:declared-ancestor"] == ["Qwen/Qwen2.5-VL-7B-Instruct"]
    assert "pedigree" not in model
    assert claims["claim:declared-1"]["evidence"] == ["evidence:declared-1:1"]
    assert claims["claim:declared-1"]["counterEvidence"] == ["evidence:f-contra:1"]


def test_origins_are_properties_with_their_source(document):
    code = properties(part(document, "remote-code"))

    assert code["aibom:origin:code:organisation"] == ["Zhipu AI"]
    assert code["aibom:origin:code:country"] == ["CN"]
    assert code["aibom:origin:code:relation"] == ["adapted"]
    assert code["aibom:origin:code:evidence"] == ["E3"]
    assert code["aibom:origin:code:stage"] == ["developed"]
    assert code["aibom:origin:code:source"] == ["Zhipu AI: registry: notice name (unverified)"]
    assert code["aibom:origin:code:finding"] == ["claim:f-code"]


# Declarations


def test_each_finding_is_a_claim_with_evidence_down_to_the_line(document):
    claims = {claim["bom-ref"]: claim for claim in document["declarations"]["claims"]}
    evidence = {piece["bom-ref"]: piece for piece in document["declarations"]["evidence"]}
    claim = claims["claim:f-code"]
    piece = evidence[claim["evidence"][0]]

    assert claim["target"] == part(document, "remote-code")["bom-ref"]
    assert claim["predicate"] == "modeling_acme.py carries a copyright notice that names Zhipu AI"
    assert "Innocent explanation: a notice may stay in a file that was rewritten." in claim["reasoning"]
    assert piece["description"] == "modeling_acme.py, line 3"
    assert piece["data"][0]["contents"]["attachment"]["content"] == "# Copyright 2025 The ZhipuAI Inc. team"
    assert piece["data"][0]["contents"]["url"].endswith(f"/blob/{samples.COMMIT}/modeling_acme.py#L3")
    assert evidence["evidence:f-weights:2"]["description"].startswith("equal tensors = 390; null 0")


def test_the_score_attests_its_lower_bound_and_keeps_the_interval(document, model):
    (attestation,) = document["declarations"]["attestations"]
    overall = attestation["map"][0]
    named = properties(model)

    assert overall["conformance"]["score"] == 0.215
    assert overall["confidence"]["score"] == 0.3825
    assert named["aibom:score:lower"] == ["21.50"]
    assert named["aibom:score:upper"] == ["83.25"]
    assert named["aibom:score:level"] == ["2"]
    assert named["aibom:score:profile-digest"] == [samples.sha("kr")]
    assert len(attestation["map"]) == 9


def test_the_profile_is_a_standard_with_requirements_and_levels(document):
    (standard,) = document["definitions"]["standards"]

    assert {each["identifier"] for each in standard["requirements"]} == {"overall", *Layer}
    assert [each["identifier"] for each in standard["levels"]] == ["0", "1", "2", "3", "4"]


def test_without_a_home_nothing_is_graded():
    document = bom.build(samples.minimal())
    named = properties(document["metadata"]["component"])

    assert "declarations" not in document
    assert "aibom:score:lower" not in named
    assert named["aibom:score:coverage"] == ["0.00"]


# Completeness


def test_compositions_tell_complete_incomplete_and_unknown_apart(document):
    groups = {each["aggregate"]: each["assemblies"] for each in document["compositions"]}

    assert ROOT in groups["incomplete"]
    assert f"{ROOT}?part=audio-encoder" in groups["incomplete"]
    assert f"{ROOT}?part=decoder-core" in groups["incomplete"]
    assert f"{ROOT}?part=vision-encoder" in groups["complete"]
    assert f"{ROOT}#model-00002-of-00002.safetensors" in groups["unknown"]


def test_a_model_without_unknowns_is_complete():
    document = bom.build(samples.minimal())

    assert document["compositions"] == [
        {"aggregate": "complete", "assemblies": ["model:tiny", "model:tiny?part=decoder-core"]}
    ]


@pytest.mark.parametrize(
    "change", [{"parameters": None}, {"files": ("model.safetensors", "gone.safetensors")}]
)
def test_a_part_that_was_not_wholly_read_is_incomplete(change):
    analysis = samples.minimal()
    parts = (replace(analysis.inspected.parts[0], **change),)
    document = bom.build(replace(analysis, inspected=replace(analysis.inspected, parts=parts)))

    assert {"aggregate": "incomplete", "assemblies": ["model:tiny?part=decoder-core"]} in document[
        "compositions"
    ]


def test_unknowns_are_listed(document):
    assert properties(document["metadata"])["aibom:unknown"] == [
        "inspection: tokenizer_config.json: not valid JSON",
        "source: model-00002-of-00002.safetensors: the server gave no digest",
    ]


def test_every_component_has_a_dependencies_entry(document):
    entries = [entry["ref"] for entry in document["dependencies"]]

    assert sorted(entries) == sorted(components(document))
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in document["dependencies"]}
    reached, stack = set(), [ROOT]
    while stack:
        ref = stack.pop()
        reached.add(ref)
        stack += [each for each in needs[ref] if each not in reached]
    assert reached == set(entries)


@pytest.mark.parametrize("timestamp", [True, False])
def test_citations_resolve_and_say_who(timestamp, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    document = bom.build(samples.rich(), reproducible=not timestamp)
    refs = {citation["attributedTo"] for citation in document["citations"]}

    assert refs == {"organisation:acme", *(["tool:aibom@0.1.0"] if timestamp else [])}
    for citation in document["citations"]:
        for pointer in citation["pointers"]:
            assert resolve(document, pointer)


def test_citations_are_of_1_7():
    assert "citations" not in bom.build(samples.rich(), spec="1.6")


def test_tools_are_listed_with_their_versions(document):
    tools = {tool["name"]: tool["version"] for tool in document["metadata"]["tools"]["components"]}

    assert tools == {"aibom": "0.1.0", "aibom-huggingface": "0.1.0"}
    assert document["metadata"]["lifecycles"] == [{"phase": "post-build"}]


# Hostile input


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
def test_hostile_text_is_made_safe_and_placeholders_are_absent(spec):
    document = bom.build(samples.hostile(), spec=spec)
    text = bom.serialise(document).decode()

    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)
    assert "No description available" not in text
    assert "TODO" not in text
    assert [p for p in bom.lint(document) if p.severity == "error"] == []


def test_paths_that_clean_alike_stay_apart():
    analysis = samples.minimal()
    files = (samples.file("a\u202eb"), samples.file("ab"))
    document = bom.build(replace(analysis, files=files))

    assert {"model:tiny#a%E2%80%AEb", "model:tiny#ab"} <= set(components(document))


def test_two_thousand_files_are_all_there():
    document = bom.build(samples.crowd(2000))

    assert len([c for c in components(document).values() if c["type"] == "file"]) == 2000 + 2
    assert bom.validate(document) == ()
