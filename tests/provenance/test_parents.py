"""Declared parents: named, bounded to what they speak for, and never taken for a country unasked."""

from __future__ import annotations

import pytest

from aibom.model import WHOLE_MODEL, DeclarationKind, Evidence, HubRecord, Inspected, Layer, Relation
from tests.provenance.knowledge import (
    ADAPTER,
    CORE,
    HEAD,
    TOKENIZER,
    VISION,
    by_rule,
    names,
    origin,
    says,
    trace,
)

BASE = DeclarationKind.BASE_MODEL
PATH = DeclarationKind.NAME_OR_PATH


def test_a_base_model_covers_trained_parts_and_no_adapter() -> None:
    found, unknowns = trace(
        Inspected((CORE, HEAD, ADAPTER), (says(BASE, "Qwen/Qwen2-7B", relation="finetune"),))
    )
    for part in ("decoder-core", "head"):
        derived = origin(found, part, Layer.WEIGHTS)
        assert derived is not None
        assert (derived.relation, derived.evidence, derived.upstream) == (
            Relation.DERIVED,
            Evidence.E1,
            "Qwen/Qwen2-7B",
        )
        assert names(derived) == ["alibaba-qwen"]
    assert origin(found, "adapter", Layer.WEIGHTS) is None
    assert unknowns == ()
    assert "finetune" in by_rule(found, "declared.base-model")[0].statement


def test_a_redistributor_is_named_and_is_no_origin() -> None:
    found, _ = trace(Inspected((CORE,), (says(BASE, "unsloth/Qwen2-7B-bnb-4bit"),)))
    derived = origin(found, "decoder-core", Layer.WEIGHTS)
    assert derived is not None
    assert (derived.organisations, derived.upstream) == ((), "unsloth/Qwen2-7B-bnb-4bit")
    assert "redistributor" in by_rule(found, "declared.base-model")[0].statement


def test_several_base_models_name_all_developers_and_no_single_upstream() -> None:
    merged = (says(BASE, "Qwen/A", relation="merge"), says(BASE, "meta-llama/B", relation="merge"))
    derived = origin(trace(Inspected((CORE,), merged))[0], "decoder-core", Layer.WEIGHTS)
    assert names(derived) == ["alibaba-qwen", "meta"]
    assert derived is not None and derived.upstream is None


def test_the_hub_and_the_card_naming_one_parent_give_one_finding_with_both_places() -> None:
    hub = HubRecord(base_models=(("finetune", "Qwen/Qwen2-7B"),))
    found, _ = trace(Inspected((CORE,), (says(BASE, "Qwen/Qwen2-7B"),)), hub=hub)
    (finding,) = by_rule(found, "declared.base-model")
    assert [locator.path for locator in finding.locators] == ["README.md", "hub:baseModels"]
    assert "finetune" in finding.statement


def test_the_repository_itself_is_no_parent() -> None:
    own = (says(BASE, "Upstage/Solar"), says(PATH, "upstage/solar"))
    assert trace(Inspected((CORE,), own))[0].findings == ()


def test_a_parent_of_the_same_publisher_is_its_own_work() -> None:
    found, _ = trace(Inspected((CORE,), (says(BASE, "upstage/base"),)))
    assert names(origin(found, "decoder-core", Layer.WEIGHTS)) == ["upstage"]


def test_a_leaked_parent_moves_no_grade() -> None:
    found, _ = trace(Inspected((CORE,), (says(PATH, "nreimers/MiniLM"),)))
    leaked = origin(found, "decoder-core", Layer.WEIGHTS)
    assert leaked is not None
    assert (leaked.relation, leaked.upstream, leaked.in_question) == (
        Relation.UNKNOWN,
        "nreimers/MiniLM",
        False,
    )
    assert names(leaked) == ["hub:nreimers"]
    assert by_rule(found, "declared.name-or-path")[0].alternative


def test_an_encoder_fetched_from_an_outside_model_is_in_question() -> None:
    tower = says(PATH, "openai/clip-vit-large", "vision-encoder")
    found, _ = trace(Inspected((CORE, VISION), (tower,)))
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None and weights.in_question and weights.relation is Relation.UNKNOWN


def test_a_base_does_not_speak_for_an_encoder_of_a_third_party() -> None:
    declared = (
        says(BASE, "meta-llama/Llama-3-8B"),
        says(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", "vision-encoder"),
    )
    found, _ = trace(Inspected((CORE, VISION), declared))
    assert names(origin(found, "decoder-core", Layer.WEIGHTS)) == ["meta"]
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None and weights.relation is Relation.UNKNOWN


def test_a_base_of_the_encoders_family_speaks_for_the_encoder_too() -> None:
    declared = (
        says(BASE, "Qwen/Qwen2.5-VL-7B"),
        says(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", "vision-encoder"),
    )
    weights = origin(trace(Inspected((CORE, VISION), declared))[0], "vision-encoder", Layer.WEIGHTS)
    assert weights is not None and weights.relation is Relation.DERIVED and not weights.in_question


def test_an_adapter_alone_makes_the_model_derive_from_its_base() -> None:
    base = says(DeclarationKind.ADAPTER_BASE, "Qwen/Qwen2-7B", "adapter")
    found, _ = trace(Inspected((ADAPTER,), (base,)))
    assert origin(found, "adapter", Layer.WEIGHTS) is None
    whole = origin(found, WHOLE_MODEL, Layer.WEIGHTS)
    assert whole is not None and whole.relation is Relation.DERIVED


@pytest.mark.parametrize("value", ["./out/checkpoint-10", "a/b/c", "../x/y", "D:\\models/x", "", "two words"])
def test_what_is_no_repository_id_is_unknown_and_no_origin(value: str) -> None:
    found, unknowns = trace(Inspected((CORE,), (says(BASE, value),)))
    assert found.origins == ()
    assert [unknown.path for unknown in unknowns] == ["README.md"]


def test_a_name_without_namespace_names_nobody() -> None:
    found, _ = trace(Inspected((CORE,), (says(BASE, "bert-base-uncased"),)))
    (organisation,) = by_rule(found, "declared.base-model")[0].organisations
    assert organisation.jurisdiction is None


def test_a_gated_repository_of_metadata_alone_still_has_its_parent() -> None:
    hub = HubRecord(base_models=(("finetune", "meta-llama/Llama-3-8B"),))
    found, _ = trace(Inspected(), hub=hub)
    assert names(origin(found, WHOLE_MODEL, Layer.WEIGHTS)) == ["meta"]


def test_a_tokenizers_leaked_parent_speaks_of_the_tokenizer_alone() -> None:
    found, _ = trace(Inspected((CORE, TOKENIZER), (says(PATH, "Qwen/Qwen2-7B", "tokenizer"),)))
    (only,) = found.origins
    assert (only.part, only.layer, only.relation) == ("tokenizer", Layer.TOKENIZER, Relation.UNKNOWN)
