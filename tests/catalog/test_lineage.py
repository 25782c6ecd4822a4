"""The shipped lineage: well formed, as recorded, and right about what is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from aibom.catalog import Family, Lineage, load
from aibom_schemas import schema

CATALOG = load()
LINEAGE = CATALOG.lineage
DATA = files("aibom.catalog") / "data"


FILES = ["lineage", "lineage_vllm", "lineage_sglang", "lineage_diffusers", "lineage_timm"]


@pytest.mark.parametrize("name", FILES)
def test_the_data_is_what_was_recorded_and_meets_its_schema(name: str) -> None:
    data = (DATA / f"{name}.json").read_bytes()
    recorded = dict(line.split()[::-1] for line in (DATA / "SHA256SUMS").read_text("utf-8").splitlines())
    assert hashlib.sha256(data).hexdigest() == recorded[f"{name}.json"]
    document = json.loads(data)
    jsonschema_rs.validator_for(schema("lineage"), validate_formats=True).validate(document)
    assert document["header"]["licence"] == "Apache-2.0"


def test_the_page_on_it_gives_its_numbers() -> None:
    count = json.loads((DATA / "lineage.json").read_bytes())["header"]["count"]
    page = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text("utf-8")
    assert (
        f"Of {count['families']} families, {count['families_with_organisation']} have an organisation of the "
        f"registry; of {count['types']} model types, {count['types_with_organisation']}."
    ) in page


def test_every_organisation_is_in_the_registry_and_no_name_stands_twice() -> None:
    types = [name for family in LINEAGE.all for name in (family.model_type, *family.subtypes)]
    classes = [name for family in LINEAGE.all for name in family.classes]
    modules = [name for family in LINEAGE.all for name in family.modules]
    for names in (types, classes, modules):
        assert len(names) == len(set(names))
    for family in LINEAGE.all:
        known = family.organisation and CATALOG.organisations.get(family.organisation)
        assert known or family.organisation is None or family.organisation.startswith("hub:")


def test_most_types_have_an_organisation() -> None:
    families = json.loads((DATA / "lineage.json").read_bytes())["families"]
    known = [family for family in families if family.get("organisation", "hub:")[:4] != "hub:"]
    assert len(families) >= 600
    assert len(known) / len(families) > 0.95


@pytest.mark.parametrize(
    ("model_type", "organisation", "country"),
    [
        ("qwen2_5_vl", "alibaba-qwen", "CN"),
        ("qwen2_5_vl_vision", "alibaba-qwen", "CN"),
        ("whisper", "openai", "US"),
        ("gpt2", "openai", "US"),
        ("clip_vision_model", "openai", "US"),
        ("siglip_vision_model", "google", "US"),
        ("bert", "google", "US"),
        ("distilbert", "huggingface", "US"),
        ("llama", "meta", "US"),
        ("vitdet", "meta", "US"),
        ("segformer", "nvidia", "US"),
        ("mixtral", "mistral", "FR"),
        ("deepseek_v3", "deepseek", "CN"),
        ("kimi_k2", "moonshot", "CN"),
        ("glm4_moe", "zhipu", "CN"),
        ("chatglm", "zhipu", "CN"),
        ("got_ocr2", "stepfun", "CN"),
        ("solar_open", "upstage", "KR"),
        ("hyperclovax", "naver-cloud", "KR"),
        ("hyperclovax_vision_v2", "naver-cloud", "KR"),
        ("axk1", "sk-telecom", "KR"),
        ("AXK1", "sk-telecom", "KR"),
        ("exaone", "lg-ai-research", "KR"),
        ("exaone4", "lg-ai-research", "KR"),
        ("exaone4_5", "lg-ai-research", "KR"),
        ("exaone_moe", "lg-ai-research", "KR"),
    ],
)
def test_known_families(model_type: str, organisation: str, country: str) -> None:
    family = LINEAGE.family(model_type)
    assert family is not None
    assert family.organisation == organisation
    assert CATALOG.organisations.ref(organisation).jurisdiction == country
    assert family.basis


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        ("Step1ForCausalLM", "stepfun"),
        ("InternS1ProForConditionalGeneration", "shanghai-ai-lab"),
        ("FluxTransformer2DModel", "bfl"),
        ("GlmImageTransformer2DModel", "zhipu"),
        ("UNet2DConditionModel", "compvis"),
        ("ControlNetModel", None),
        ("ChromaTransformer2DModel", None),
        ("K2HorizonForCausalLM", "mbzuai"),
    ],
)
def test_classes_that_other_libraries_know(name: str, organisation: str | None) -> None:
    family = LINEAGE.family_of_class(name)
    assert family is not None and family.basis
    assert family.organisation == organisation


@pytest.mark.parametrize(
    ("name", "model_type"),
    [
        ("vit_base_patch16_siglip_224", "siglip"),
        ("timm/vit_so400m_patch14_siglip_384.webli", "siglip"),
        ("vit_large_patch14_reg4_dinov2.lvd142m", "dinov2"),
        ("vit_base_patch16_clip_224.openai", "clip"),
        ("eva02_enormous_patch14_clip_224", "timm/eva/baai"),
        ("mobilenetv5_300m_enc", "gemma3n"),
        ("dla34", "timm/dla"),
    ],
)
def test_models_of_timm(name: str, model_type: str) -> None:
    family = LINEAGE.family_of_network(name)
    assert family is not None
    assert family.model_type == model_type
    assert LINEAGE.family_of_network("vit") is None


def test_a_draft_of_another_model_is_no_family() -> None:
    assert LINEAGE.family_of_class("Eagle3LlamaForCausalLM") is None
    assert LINEAGE.family_of_class("TransformersForCausalLM") is None


def test_what_a_later_family_adds_belongs_to_the_earlier_one() -> None:
    first, second = Family("a", "x", classes=("A",)), Family("a", None, classes=("B",), networks=("a_1",))
    lineage = Lineage([first, second])
    assert lineage.all == (first,)
    assert lineage.family_of_class("B") is lineage.family_of_network("a_1.tag") is first


@pytest.mark.parametrize("model_type", ["vlm", "auto", "nothing", ""])
def test_a_type_that_says_nothing_is_nobodys(model_type: str) -> None:
    assert LINEAGE.family(model_type) is None


@pytest.mark.parametrize("model_type", ["encoder-decoder", "vision-text-dual-encoder", "timm_wrapper"])
def test_a_wrapper_has_no_developer(model_type: str) -> None:
    family = LINEAGE.family(model_type)
    assert family is not None
    assert family.organisation is None


def test_a_converter_is_not_a_developer() -> None:
    converters = {
        "community-conversions",
        "hub:hf-internal-testing",
        "hub:bzantium",
        "hub:itazap",
        "hub:yonigozlan",
    }
    assert not [family.model_type for family in LINEAGE.all if family.organisation in converters]


@pytest.mark.parametrize(
    ("name", "model_type"),
    [
        ("DeepseekV3ForCausalLM", "deepseek_v3"),
        ("DeepseekV3MoE", "deepseek_v3"),
        ("Qwen2_5_VLForConditionalGeneration", "qwen2_5_vl"),
        ("HCXVisionV2ForCausalLM", "hyperclovax_vision_v2"),
        ("CLIPTextModel", "clip"),
        ("FluxTransformer2DModel", "FluxTransformer2DModel"),
    ],
)
def test_classes(name: str, model_type: str) -> None:
    family = LINEAGE.family_of_class(name)
    assert family is not None
    assert family.model_type == model_type


@pytest.mark.parametrize(
    ("module", "model_type"),
    [
        ("configuration_deepseek", "deepseek"),
        ("modeling_glm4_moe", "glm4_moe"),
        ("modeling_glm4_moe.py", "glm4_moe"),
        ("remote/modeling_glm4_moe.py", "glm4_moe"),
        ("transformers.models.deepseek_v3.modeling_deepseek_v3", "deepseek_v3"),
        ("modeling_glm4_moe_patched", "glm4_moe"),
        ("modeling_llama_patched", "llama"),
        ("tokenization_qwen", "qwen"),
    ],
)
def test_modules_that_name_a_family(module: str, model_type: str) -> None:
    family = LINEAGE.family_of_module(module)
    assert family is not None
    assert family.model_type == model_type


@pytest.mark.parametrize(
    "module",
    [
        "modeling_beam_search",
        "modeling_bit",
        "modeling_vit_tiny",
        "modeling_encoder_decoder",
        "utils",
        "llama",
        "",
    ],
)
def test_modules_that_name_nobody(module: str) -> None:
    assert LINEAGE.family_of_module(module) is None


def test_the_longest_distinctive_piece_wins() -> None:
    families = [Family(name, "a", modules=(name,)) for name in ("plain", "v2", "v2_moe", "listed")]
    lineage = Lineage(families, ["listed"])

    def named(module: str) -> str | None:
        found = lineage.family_of_module(module)
        return found.model_type if found else None

    assert named("modeling_v2_moe_mine") == "v2_moe"
    assert named("modeling_v2_mine") == "v2"
    assert named("modeling_v2mine") is None
    assert named("modeling_listed_mine") == "listed"
    assert named("modeling_plain_mine") is None


WITHOUT_A_FAMILY = {"deepseek_ref"}
"""Model types of the field kit that a serving project made up for its tests."""


@pytest.mark.field
def test_every_config_of_the_field_kit_resolves(field: Path) -> None:
    unknown = set()
    for path in sorted(field.rglob("*.json")):
        if path.stat().st_size > 1_000_000 or "onnx" in path.parts[-2]:
            continue
        try:
            content = json.loads(path.read_text("utf-8", "replace"))
        except ValueError:
            continue
        unknown.update(name for name in _declared(content, "model_type") if LINEAGE.family(name) is None)
        unknown.update(
            name for name in _declared(content, "architectures") if not LINEAGE.family_of_class(name)
        )
    assert unknown == WITHOUT_A_FAMILY


def _declared(content: Any, key: str) -> Iterator[str]:
    if isinstance(content, list):
        for item in content:
            yield from _declared(item, key)
    elif isinstance(content, dict):
        value = content.get(key)
        named = value if isinstance(value, list) else [value]
        yield from (name for name in named if isinstance(name, str))
        for item in content.values():
            yield from _declared(item, key)
