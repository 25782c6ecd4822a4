"""What published implementations are made from; glue, common classes and single edges are no origin."""

from __future__ import annotations

import pytest

from aibom.catalog import Edge, Inheritance, load
from aibom.model import (
    DeclarationKind,
    Inspected,
    Layer,
    Part,
    Provenance,
    Relation,
    Role,
    Target,
    TargetKind,
)
from aibom.provenance import conclude
from aibom.provenance.published_lineage import COMMON, descents
from tests.provenance.knowledge import CORE, HEAD, by_rule, names, origin, says

SHIPPED = load()
EXPERTS = Part("experts", Role.EXPERTS, "Experts", ("model.safetensors",), 500, 9, present=True)
ROUTER = Part("router", Role.ROUTER, "Router", ("model.safetensors",), 50, 2, present=True)


def parents(model_type: str) -> set[tuple[str, str]]:
    found = descents(SHIPPED.inheritance, model_type)
    return {(item.role.value, item.parent) for item in found}


@pytest.mark.parametrize(
    ("model_type", "expected"),
    [
        ("solar_open", {(role, "glm4_moe") for role in ("decoder-core", "experts", "router")}),
        ("axk1", {(role, "deepseek_v3") for role in ("decoder-core", "experts", "router")}),
        ("exaone_moe", {("experts", "deepseek_v3"), ("router", "deepseek_v3")}),
        ("exaone4_5", {("vision-encoder", "qwen2_5_vl")}),
    ],
)
def test_a_family_is_told_part_by_part(model_type: str, expected: set[tuple[str, str]]) -> None:
    assert parents(model_type) == expected


@pytest.mark.parametrize(
    "model_type",
    ["hyperclovax", "hyperclovax_vision_v2", "exaone4", "mistral", "qwen2", "apertus", "gemma2", "afmoe"],
)
def test_glue_and_common_classes_name_no_parent(model_type: str) -> None:
    assert parents(model_type) == set()


def graph(*edges: tuple[str, str]) -> Inheritance:
    return Inheritance(("kid", Edge(f"Kid{name}", parent, f"Old{name}")) for name, parent in edges)


def test_one_edge_proves_nothing_and_attention_with_its_layer_does() -> None:
    assert descents(graph(("Attention", "old")), "kid") == ()
    (found,) = descents(graph(("Attention", "old"), ("DecoderLayer", "old")), "kid")
    assert (found.role, found.parent) == (Role.DECODER_CORE, "old")
    assert descents(graph(("Attention", "old"), ("DecoderLayer", "other")), "kid") == ()


def test_experts_alone_are_the_librarys_way_to_store_them() -> None:
    assert descents(graph(("Experts", "old")), "kid") == ()
    both = descents(graph(("Experts", "old"), ("TopkRouter", "old")), "kid")
    assert {item.role for item in both} == {Role.EXPERTS, Role.ROUTER}


def test_what_a_common_class_lies_under_is_common() -> None:
    names = ("Attention", "DecoderLayer")
    many = [
        (f"family{n}", Edge(f"F{n}{name}", "base", f"Base{name}")) for n in range(COMMON) for name in names
    ]
    thin = [("old", Edge(f"Old{name}", "base", f"Base{name}")) for name in names]
    kid = [("kid", Edge(f"Kid{name}", "old", f"Old{name}")) for name in names]
    assert descents(Inheritance([*thin, *kid]), "kid") != ()
    assert descents(Inheritance([*many, *thin, *kid]), "kid") == ()


def test_a_ring_of_classes_ends() -> None:
    ring = [
        (one, Edge(f"{name}", other, f"{name}"))
        for one, other in (("a", "b"), ("b", "a"))
        for name in ("XAttention", "XLayer")
    ]
    assert [item.parent for item in descents(Inheritance(ring), "a")] == ["b"]


def scanned(model_type: str, repository: str, *parts: Part) -> Provenance:
    inspected = Inspected(parts, (says(DeclarationKind.MODEL_TYPE, model_type),))
    target = Target(repository, TargetKind.FOLDER, "model", repository)
    return conclude(target, (), inspected, catalog=SHIPPED)[0]


def test_solar_opens_architecture_leads_to_zhipu_and_its_weights_to_nobody() -> None:
    found = scanned("solar_open", "upstage/Solar-Open-100B", CORE, EXPERTS, ROUTER, HEAD)
    for part in ("decoder-core", "experts", "router"):
        design = origin(found, part, Layer.ARCHITECTURE)
        assert design is not None
        assert (design.relation, design.evidence, names(design)) == (Relation.ADAPTED, 3, ["zhipu"])
        assert origin(found, part, Layer.WEIGHTS) is None


def test_a_family_never_descends_from_its_own_publisher() -> None:
    found = scanned("solar_open", "zai-org/GLM-Solar", CORE, EXPERTS, ROUTER)
    assert by_rule(found, "architecture.published-lineage") == []


def test_a_port_that_is_older_than_inheriting_moves_no_grade() -> None:
    found = scanned("qwen2_moe", "Qwen/Qwen1.5-MoE", CORE, EXPERTS, ROUTER)
    (port, *_) = by_rule(found, "architecture.library-port")
    assert names(port) == ["mistral"]
    design = origin(found, "decoder-core", Layer.ARCHITECTURE)
    assert design is not None and design.relation is Relation.UNKNOWN
