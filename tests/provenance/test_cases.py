"""The cases that must come out right, from inspection to score, as far as declarations and notices reach."""

from __future__ import annotations

from dataclasses import replace

from aibom.model import (
    DeclarationKind,
    Evidence,
    HubRecord,
    Inspected,
    Layer,
    OrganisationRef,
    Origin,
    Part,
    Provenance,
    Reference,
    Relation,
    Role,
    Score,
)
from aibom.sovereignty import assess, load_profile
from tests.provenance.knowledge import (
    AUDIO,
    CODE,
    CORE,
    EMBEDDING,
    HEAD,
    TOKENIZER,
    VISION,
    by_rule,
    inherits,
    names,
    notice,
    origin,
    reference,
    says,
    trace,
)

KR = load_profile("kr")
TYPE = DeclarationKind.MODEL_TYPE
EXPERTS = Part("experts", Role.EXPERTS, "Experts", ("model.safetensors",), 5000, 96, present=True)


def judge(inspected: Inspected, repository: str | None) -> tuple[Provenance, Score]:
    found, _ = trace(inspected, repository)
    return found, assess(inspected.parts, found.origins, KR)


def trained_here(found: Provenance, inspected: Inspected, publisher: OrganisationRef | None) -> Score:
    """The score once tests of the weights have shown them to be the publisher's own, at E2."""
    assert publisher is not None
    tested = tuple(
        Origin(part.id, Layer.WEIGHTS, Relation.ORIGINAL, Evidence.E2, (publisher,))
        for part in inspected.parts
        if part.role.trained
    )
    others = tuple(item for item in found.origins if item.layer is not Layer.WEIGHTS)
    return assess(inspected.parts, tested + others, KR)


def test_solar_open() -> None:
    inspected = Inspected(
        (CORE, EXPERTS, HEAD, EMBEDDING, TOKENIZER, CODE),
        (says(TYPE, "solar_open"), says(DeclarationKind.ARCHITECTURE, "SolarOpenForCausalLM")),
        (notice("The ZhipuAI Inc. team", "HuggingFace Inc. team", line=5), notice("Upstage AI", line=2)),
    )
    found, score = judge(inspected, "upstage/Solar-Open-100B")
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and code.relation is Relation.ADAPTED
    assert names(code) == ["zhipu"]
    (quoted,) = by_rule(found, "code.notice")
    assert (quoted.locators[0].path, quoted.locators[0].line) == ("modeling_x.py", 5)
    assert all(item.layer is not Layer.WEIGHTS for item in found.origins)
    assert (score.level, score.ceiling, score.evidence) == (0, 3, Evidence.E0)
    tested = trained_here(found, inspected, found.publisher)
    assert (tested.level, tested.evidence) == (3, Evidence.E2)


def test_hyperclova_x() -> None:
    inspected = Inspected(
        (CORE, HEAD, EMBEDDING, VISION, AUDIO, TOKENIZER),
        (
            says(TYPE, "vlm"),
            says(TYPE, "hyperclovax", "decoder-core"),
            says(TYPE, "qwen2_5_vl", "vision-encoder"),
            says(TYPE, "whisper", "audio-encoder"),
        ),
    )
    found, score = judge(inspected, "naver-hyperclovax/HyperCLOVAX-SEED-Omni")
    for part, who in (("vision-encoder", "alibaba-qwen"), ("audio-encoder", "openai")):
        assert names(origin(found, part, Layer.ARCHITECTURE)) == [who]
        weights = origin(found, part, Layer.WEIGHTS)
        assert weights is not None and weights.relation is Relation.UNKNOWN and weights.in_question
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None
    assert names(origin(found, "decoder-core", Layer.ARCHITECTURE)) == ["naver-cloud"]
    assert (score.level, score.ceiling) == (0, 2)
    assert any("vision-encoder" in reason and "not tested" in reason for reason in score.reasons)


def test_hyperclova_x_with_an_encoder_that_is_equal_bit_by_bit() -> None:
    parent = "Qwen/Qwen2.5-VL-7B-Instruct"
    inspected = Inspected(
        (CORE, VISION),
        (
            says(TYPE, "qwen2_5_vl", "vision-encoder"),
            says(DeclarationKind.NAME_OR_PATH, parent, "vision-encoder"),
        ),
    )
    older = reference(parent, "2025-01-26T09:26:37.000Z", vision__safetensors="e1")

    def lookup(hub_id: str) -> Reference | None:
        return older if hub_id == parent else None

    hub = HubRecord(created="2025-12-29T00:00:00.000Z")
    digests = {"vision.safetensors": "e1", "model.safetensors": "own"}
    found, _ = trace(inspected, "naver-hyperclovax/X", hub=hub, digests=digests, lookup=lookup)
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence, weights.in_question) == (
        Relation.VERBATIM,
        Evidence.E4,
        False,
    )
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None
    assert found.publisher is not None
    core = Origin("decoder-core", Layer.WEIGHTS, Relation.ORIGINAL, Evidence.E2, (found.publisher,))
    score = assess(inspected.parts, (*found.origins, core), KR)
    assert (score.level, score.ceiling) == (2, 2)


def test_ax_k1() -> None:
    inspected = Inspected(
        (CORE, EXPERTS, HEAD, CODE),
        (
            says(TYPE, "AXK1"),
            says(DeclarationKind.IMPORT, "transformers.models.deepseek_v3.modeling_deepseek_v3"),
            inherits("DeepseekV3ForCausalLM"),
        ),
        (notice("SK Telecom"),),
    )
    found, score = judge(inspected, "skt/A.X-K1")
    for part, layer in (("decoder-core", Layer.ARCHITECTURE), ("remote-code", Layer.CODE)):
        adapted = origin(found, part, layer)
        assert adapted is not None and adapted.relation is Relation.ADAPTED
        assert names(adapted) == ["deepseek"]
    assert all(item.layer is not Layer.WEIGHTS for item in found.origins)
    assert (score.level, score.ceiling) == (0, 3)
    tested = trained_here(found, inspected, found.publisher)
    assert (tested.level, tested.ceiling, tested.evidence) == (3, 3, Evidence.E2)


def test_a_fine_tune_of_an_outside_model() -> None:
    base = says(DeclarationKind.BASE_MODEL, "meta-llama/Llama-3.1-8B", relation="finetune")
    inspected = Inspected((CORE, HEAD, TOKENIZER), (base, says(TYPE, "llama")))
    _, score = judge(inspected, "upstage/tuned")
    assert (score.level, score.ceiling, score.evidence) == (1, 1, Evidence.E1)
    assert score.reasons[0].startswith(
        "decoder-core, head: weights derived from meta-llama/Llama-3.1-8B of Meta (US)"
    )


def test_nothing_known() -> None:
    _, score = judge(Inspected((CORE, HEAD, TOKENIZER)), None)
    assert (score.level, score.lower, score.upper, score.coverage) == (0, 0, 100, 0)


def test_the_same_model_under_the_home_of_its_origin() -> None:
    base = says(DeclarationKind.BASE_MODEL, "meta-llama/Llama-3.1-8B")
    inspected = Inspected((CORE,), (base,))
    found, _ = trace(inspected, "upstage/tuned")
    assert assess(inspected.parts, found.origins, load_profile("us")).ceiling == 4
    assert assess(inspected.parts, found.origins, replace(KR, home=("US",))).level == 0
