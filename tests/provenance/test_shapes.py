"""Shapes: a shortlist that corroborates, puts silent encoders in question, and never speaks of weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aibom.catalog import load
from aibom.formats.shapeprint import shape_print, similarity
from aibom.model import (
    DeclarationKind,
    HubRecord,
    Inspected,
    Layer,
    Part,
    Provenance,
    Relation,
    Role,
    ShapePrint,
    Target,
    TargetKind,
)
from aibom.provenance import conclude
from aibom.provenance.shape_match import Verdict, match_shapes
from tests.provenance.knowledge import CORE, VISION, by_rule, names, origin, says

SHIPPED = load()
KNOWN = SHIPPED.signatures


def signature(model_type: str, role: Role) -> ShapePrint:
    group = next(group for group in KNOWN.of(role) if model_type in group.model_types)
    return ShapePrint(role.value, group.entries)


def scanned(
    *prints: ShapePrint,
    declared: tuple[str, str] | None = None,
    repository: str = "someone/model",
    created: str | None = None,
) -> Provenance:
    said = (says(DeclarationKind.MODEL_TYPE, *declared),) if declared else ()
    hub = HubRecord(created=created) if created else None
    target = Target(repository, TargetKind.FOLDER, "model", repository, hub=hub)
    return conclude(target, (), Inspected((CORE, VISION), said, prints=prints), catalog=SHIPPED)[0]


LLAMA = signature("llama", Role.DECODER_CORE)
QWEN = signature("qwen2_5_vl", Role.VISION_ENCODER)


def test_a_llama_shaped_core_resembles_a_group_and_names_nobody() -> None:
    found = scanned(LLAMA)
    (finding,) = by_rule(found, "architecture.resembles")
    assert "group of families (llama, mistral" in finding.statement
    assert finding.organisations == ()
    assert finding.statistic is not None and finding.statistic.runner_up is not None
    assert found.origins == ()


def test_a_core_is_never_put_in_question_by_its_shapes() -> None:
    found = scanned(signature("qwen2_5_vl", Role.VISION_ENCODER), LLAMA)
    assert all(item.part != "decoder-core" for item in found.origins)


def test_declared_families_are_corroborated() -> None:
    found = scanned(LLAMA, declared=("llama", "decoder-core"))
    design = origin(found, "decoder-core", Layer.ARCHITECTURE)
    assert design is not None
    assert (design.relation, design.evidence, names(design)) == (Relation.ADAPTED, 3, ["meta"])
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None


def test_a_declared_family_of_other_shapes_is_not_corroborated() -> None:
    found = scanned(LLAMA, declared=("bert", "decoder-core"))
    assert by_rule(found, "architecture.corroborates-declared") == []


def test_ones_own_family_is_no_origin() -> None:
    found = scanned(LLAMA, declared=("llama", "decoder-core"), repository="meta-llama/Llama-4")
    assert by_rule(found, "architecture.corroborates-declared") == []


def test_a_silent_encoder_is_put_in_question_by_its_shapes() -> None:
    found = scanned(QWEN, LLAMA, repository="naver-hyperclovax/X")
    (finding,) = by_rule(found, "architecture.matches-encoder")
    assert names(finding) == ["alibaba-qwen"]
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence, weights.in_question) == (Relation.UNKNOWN, 0, True)


@pytest.mark.parametrize(("created", "count"), [("2020-01-01T00:00:00Z", 0), ("2026-01-01T00:00:00Z", 1)])
def test_only_an_older_family_puts_an_encoder_in_question(created: str, count: int) -> None:
    found = scanned(QWEN, LLAMA, repository="naver-hyperclovax/X", created=created)
    assert len(by_rule(found, "architecture.matches-encoder")) == count


def test_an_encoder_that_many_developers_share_names_none() -> None:
    found = scanned(signature("siglip", Role.VISION_ENCODER), LLAMA)
    assert by_rule(found, "architecture.matches-encoder") == []


def test_renamed_tensors_give_no_claim() -> None:
    renamed = tuple((f"own.{pattern}", sizes) for pattern, sizes in LLAMA.entries)
    match = match_shapes(replace(LLAMA, entries=renamed), Role.DECODER_CORE, KNOWN)
    assert match.verdict is Verdict.DIFFERENT
    assert scanned(replace(LLAMA, entries=renamed)).findings == ()


def test_too_few_tensors_cannot_be_told() -> None:
    few = replace(LLAMA, entries=LLAMA.entries[:2])
    assert match_shapes(few, Role.DECODER_CORE, KNOWN).verdict is Verdict.INDETERMINATE


def test_similarity_is_symmetric_and_one_for_equals() -> None:
    weights = KNOWN.weights(Role.VISION_ENCODER)
    other = signature("siglip", Role.VISION_ENCODER).entries
    assert similarity(QWEN.entries, QWEN.entries, weights) == 1.0
    assert similarity(QWEN.entries, other, weights) == similarity(other, QWEN.entries, weights) < 0.5


def experts(config: dict[str, Any]) -> ShapePrint:
    """The experts' tensors that a published configuration gives."""
    wide, narrow, layer = config["hidden_size"], config["moe_intermediate_size"], "model.layers.#.mlp."
    scopes = (f"{layer}experts.#.", f"{layer}shared_experts.")
    tensors = [
        (f"{scope}{name}_proj.weight", (wide, narrow) if name == "down" else (narrow, wide))
        for scope in scopes
        for name in ("gate", "up", "down")
    ]
    return shape_print("experts", tensors)


@pytest.mark.field
def test_published_solar_resembles_glm_in_architecture_and_says_nothing_of_weights(field: Path) -> None:
    path = field / "sionic-ai__solar-vs-glm/origin/out_solar_vs_glm45/00_config_compare.json"
    published = json.loads(path.read_text("utf-8"))
    solar, glm = (published[side]["config_summary"] for side in ("A", "B"))
    match = match_shapes(experts(solar), Role.EXPERTS, KNOWN)
    assert match.verdict is Verdict.RESEMBLES
    assert {"solar_open", "glm4_moe"} <= set(match.model_types)
    assert experts(solar).entries == experts(glm).entries
    part = Part("experts", Role.EXPERTS, "Experts", present=True)
    said = (says(DeclarationKind.MODEL_TYPE, solar["model_type"]),)
    target = Target("upstage/Solar-Open-100B", TargetKind.FOLDER, "model", "upstage/Solar-Open-100B")
    found, _ = conclude(target, (), Inspected((part,), said, prints=(experts(solar),)), catalog=SHIPPED)
    assert by_rule(found, "architecture.resembles")
    assert all(item.layer is not Layer.WEIGHTS for item in found.origins)
