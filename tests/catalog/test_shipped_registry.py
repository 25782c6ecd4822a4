"""The shipped registry is consistent, honest about what was verified, and knows what it must."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib.resources import files

import pytest

from aibom.catalog import Boilerplate, OrganisationKind, lint_organisations, load, shipped_registry
from aibom.catalog.countries import COUNTRIES

REGISTRY = load().organisations


def test_the_linter_finds_nothing() -> None:
    assert lint_organisations(shipped_registry()) == ()


def test_the_data_says_what_it_is_and_is_as_recorded() -> None:
    folder = files("aibom.catalog") / "data"
    data = (folder / "organisations.json").read_bytes()
    recorded = (folder / "SHA256SUMS").read_text("utf-8")
    assert f"{hashlib.sha256(data).hexdigest()}  organisations.json" in recorded
    assert {"schema", "source", "licence", "released"} <= shipped_registry()["header"].keys()


def test_there_are_enough_entries_each_with_what_it_rests_on() -> None:
    assert len(REGISTRY.all) >= 150
    for entry in REGISTRY.all:
        for claim in (
            *entry.names,
            *entry.hub_namespaces,
            *entry.github,
            *entry.jurisdictions,
            *entry.parents,
        ):
            assert claim.sources, (entry.id, claim)
            if not claim.verified:
                assert claim.sources == ("unverified: working knowledge",)


def test_the_codes_are_the_249_of_iso_3166() -> None:
    assert len(COUNTRIES) == 249


def test_every_korean_organisation_of_the_contest_has_a_korean_name() -> None:
    for ident in ("upstage", "naver-cloud", "sk-telecom", "lg-ai-research", "nc-ai"):
        entry = REGISTRY.get(ident)
        assert entry is not None
        assert any(name.lang == "ko" for name in entry.names)


@pytest.mark.parametrize(
    ("holder", "ident"),
    [
        ("The ZhipuAI Inc. team", "zhipu"),
        ("Zhipu AI", "zhipu"),
        ("ZhipuAI Inc.", "zhipu"),
        ("The Qwen team, Alibaba Group", "alibaba-qwen"),
        ("The Qwen Team", "alibaba-qwen"),
        ("Alibaba Group", "alibaba-group"),
        ("Upstage", "upstage"),
        ("업스테이지", "upstage"),
        ("Deepseek AI", "deepseek"),
        ("DeepSeek-AI", "deepseek"),
        ("The LG AI Research", "lg-ai-research"),
        ("LG AI연구원", "lg-ai-research"),
        ("SK Telecom", "sk-telecom"),
        ("SK텔레콤", "sk-telecom"),
        ("NAVER CLOUD Corp.", "naver-cloud"),
        ("네이버클라우드", "naver-cloud"),
        ("NAVER Corp.", "naver"),
        ("Meta Platforms, Inc. and affiliates", "meta"),
        ("THL A29 Limited", "tencent"),
        ("Technology Innovation Institute (TII)", "tii"),
    ],
)
def test_holders_as_they_stand_in_notices(holder: str, ident: str) -> None:
    found = REGISTRY.by_name(holder)
    assert found is not None
    assert found.id == ident


COMMON = "Yi Step Seed Spark 360 DNA Tri Luxia Phi Granite Command Aya H K2 Falcon IDEA swift Hermes Ling"


@pytest.mark.parametrize("word", COMMON.split())
def test_a_common_word_accuses_nobody(word: str) -> None:
    assert REGISTRY.by_name(word) is None
    assert REGISTRY.by_name(f"{word} Inc.") is None


def test_a_team_named_after_a_common_word_must_be_named_in_full() -> None:
    found = REGISTRY.by_name("the Falcon authors")
    assert found is not None
    assert found.id == "tii"


@pytest.mark.parametrize(
    ("holder", "tier"),
    [
        ("The HuggingFace Inc. team", Boilerplate.ALWAYS),
        ("HuggingFace Inc. team", Boilerplate.ALWAYS),
        ("The HuggingFace Team", Boilerplate.ALWAYS),
        ("Hugging Face", Boilerplate.ALWAYS),
        ("EleutherAI", Boilerplate.DERIVED),
        ("The Google AI Language Team Authors", Boilerplate.DERIVED),
        ("NVIDIA CORPORATION", Boilerplate.DERIVED),
        ("NVIDIA CORPORATION & AFFILIATES", Boilerplate.DERIVED),
        ("Google LLC", None),
        ("The ZhipuAI Inc. team", None),
        ("Upstage", None),
        ("Somebody", None),
    ],
)
def test_porting_boilerplate(holder: str, tier: Boilerplate | None) -> None:
    assert REGISTRY.boilerplate(holder) is tier
    assert REGISTRY.is_boilerplate(holder) is (tier is not None)


@pytest.mark.parametrize(
    ("hub_id", "ident", "seat", "ultimate"),
    [
        ("Qwen/Qwen2.5-VL-7B-Instruct", "alibaba-qwen", "CN", "CN"),
        ("upstage/Solar-Open-100B", "upstage", "KR", "KR"),
        ("naver-hyperclovax/HyperCLOVAX-SEED-Think-32B", "naver-cloud", "KR", "KR"),
        ("zai-org/GLM-4.5", "zhipu", "CN", "CN"),
        ("google-bert/bert-base-uncased", "google", "US", "US"),
        ("deepmind/language-perceiver", "deepmind", "GB", "US"),
        ("naver/splade", "naver-labs-europe", "FR", "KR"),
        ("bigscience/bloom", "bigscience", "multi", "multi"),
        ("nreimers/MiniLM-L6-H384-uncased", "nreimers", None, None),
    ],
)
def test_owners_of_repositories(hub_id: str, ident: str, seat: str | None, ultimate: str | None) -> None:
    found = REGISTRY.resolve(hub_id)
    assert (found.id, found.jurisdiction, found.ultimate_jurisdiction) == (ident, seat, ultimate)


def test_a_release_before_an_acquisition_is_not_the_buyers() -> None:
    assert REGISTRY.resolve("Deci/DeciLM-7B", date(2023, 12, 12)).ultimate_jurisdiction == "IL"
    assert REGISTRY.resolve("Deci/DeciLM-7B", date(2024, 6, 1)).ultimate_jurisdiction == "US"


@pytest.mark.parametrize(
    "namespace", ["unsloth", "TheBloke", "bartowski", "mlx-community", "RedHatAI", "llava-hf"]
)
def test_redistributors_are_told_apart(namespace: str) -> None:
    found = REGISTRY.by_namespace(namespace)
    assert found is not None
    entry = REGISTRY.get(found.id)
    assert entry is not None
    assert entry.kind is OrganisationKind.REDISTRIBUTOR
