"""Declared families: architecture only, part by part, and an encoder's weights in question."""

from __future__ import annotations

from aibom.model import DeclarationKind, Evidence, Inspected, Layer, Relation
from tests.provenance.knowledge import (
    AUDIO,
    CORE,
    EMBEDDING,
    HEAD,
    VISION,
    by_rule,
    names,
    origin,
    says,
    trace,
)

TYPE = DeclarationKind.MODEL_TYPE
CLASS = DeclarationKind.ARCHITECTURE


def test_an_outside_family_adapts_the_architecture_of_the_language_model_alone() -> None:
    found, _ = trace(Inspected((CORE, HEAD, EMBEDDING, VISION), (says(TYPE, "llama", "decoder-core"),)))
    for part in ("decoder-core", "head", "embedding"):
        design = origin(found, part, Layer.ARCHITECTURE)
        assert design is not None
        assert (design.relation, design.evidence) == (Relation.ADAPTED, Evidence.E1)
    assert origin(found, "vision-encoder", Layer.ARCHITECTURE) is None
    assert all(item.layer is Layer.ARCHITECTURE for item in found.origins)


def test_the_root_speaks_for_parts_that_name_no_family_of_their_own() -> None:
    declared = (says(TYPE, "llama"), says(TYPE, "whisper", "audio-encoder"))
    found, _ = trace(Inspected((CORE, AUDIO), declared))
    assert names(origin(found, "decoder-core", Layer.ARCHITECTURE)) == ["meta"]
    assert names(origin(found, "audio-encoder", Layer.ARCHITECTURE)) == ["openai"]


def test_an_own_family_shows_no_origin() -> None:
    found, _ = trace(Inspected((CORE,), (says(TYPE, "solar_open"),)))
    design = origin(found, "decoder-core", Layer.ARCHITECTURE)
    assert design is not None
    assert (design.relation, design.evidence) == (Relation.UNKNOWN, Evidence.E0)
    assert "no origin" in by_rule(found, "declared.own-family")[0].statement


def test_a_sister_organisation_is_the_same_group() -> None:
    found, _ = trace(Inspected((CORE,), (says(TYPE, "hyperclovax"),)), "naver-ai/model")
    assert by_rule(found, "declared.own-family")


def test_two_names_that_disagree_are_both_kept() -> None:
    declared = (says(TYPE, "kimi_k2"), says(CLASS, "DeepseekV3ForCausalLM"))
    found, _ = trace(Inspected((CORE,), declared), "moonshotai/Kimi-K2")
    assert by_rule(found, "declared.own-family") and by_rule(found, "declared.architecture-class")
    design = origin(found, "decoder-core", Layer.ARCHITECTURE)
    assert design is not None and design.relation is Relation.ADAPTED
    assert names(design) == ["deepseek"]
    assert len(design.findings) == 2


def test_an_encoder_of_an_outside_family_is_in_question_and_not_accused() -> None:
    found, _ = trace(Inspected((CORE, VISION), (says(TYPE, "qwen2_5_vl", "vision-encoder"),)))
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None and weights.in_question
    assert (weights.relation, weights.evidence) == (Relation.UNKNOWN, Evidence.E0)
    assert "not tested" in by_rule(found, "declared.encoder-family")[0].statement
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None


def test_an_encoder_of_the_publishers_own_family_is_not_in_question() -> None:
    found, _ = trace(Inspected((CORE, VISION), (says(TYPE, "qwen2_5_vl", "vision-encoder"),)), "Qwen/VL")
    assert origin(found, "vision-encoder", Layer.WEIGHTS) is None


def test_the_core_is_never_put_in_question_by_its_family() -> None:
    found, _ = trace(
        Inspected((CORE, VISION), (says(TYPE, "llama", "decoder-core"), says(CLASS, "LlamaForCausalLM")))
    )
    assert all(item.layer is not Layer.WEIGHTS for item in found.origins)


def test_an_unknown_publisher_leaves_the_family_named() -> None:
    found, _ = trace(Inspected((CORE,), (says(TYPE, "llama"),)), None)
    assert found.publisher is None
    assert names(origin(found, "decoder-core", Layer.ARCHITECTURE)) == ["meta"]


def test_an_unresolved_family_is_unknown_once_per_part_and_never_a_guess() -> None:
    found, unknowns = trace(Inspected((CORE,), (says(TYPE, "novel"), says(CLASS, "NovelForCausalLM"))))
    assert found.findings == ()
    assert [unknown.reason for unknown in unknowns] == [
        "model type 'novel' is in no known architecture family"
    ]


def test_a_class_that_resolves_makes_a_novel_type_no_unknown() -> None:
    _, unknowns = trace(Inspected((CORE,), (says(TYPE, "novel"), says(CLASS, "LlamaForCausalLM"))))
    assert unknowns == ()


def test_a_family_of_nobody_names_nobody() -> None:
    found, unknowns = trace(Inspected((CORE,), (says(TYPE, "encoder-decoder"),)))
    assert (found.findings, unknowns) == ((), ())


def test_a_composed_family_of_the_whole_model_puts_its_encoder_in_question() -> None:
    found, _ = trace(Inspected((CORE, VISION), (says(CLASS, "Qwen2_5_VLForConditionalGeneration"),)))
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None and weights.in_question
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None


def test_a_model_of_timm_names_its_family_with_or_without_a_tag() -> None:
    declared = (says(CLASS, "vit_so400m_patch14_siglip_384.webli", "vision-encoder"),)
    found, _ = trace(Inspected((CORE, VISION), declared))
    assert names(origin(found, "vision-encoder", Layer.ARCHITECTURE)) == ["google"]
    assert origin(found, "decoder-core", Layer.ARCHITECTURE) is None
    (finding,) = by_rule(found, "declared.architecture-class")
    assert "the timm model vit_so400m_patch14_siglip_384.webli" in finding.statement


def test_a_known_name_of_nobody_accuses_nobody() -> None:
    declared = (says(CLASS, "ControlNetModel", "vision-encoder"), says(CLASS, "dla34", "decoder-core"))
    found, unknowns = trace(Inspected((CORE, VISION), declared))
    assert found.origins == () and not by_rule(found, "declared.architecture-class")
    assert not any("no known architecture family" in item.reason for item in unknowns)
