"""The published cases under `kr-independent`: what is known, what is not, and which part is named."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import aibom
from aibom.model import (
    Dossier,
    Evidence,
    Finding,
    Layer,
    OrganisationRef,
    Origin,
    Outcome,
    Relation,
    Result,
    Verdict,
)
from aibom.policy import evaluate, load_policy
from aibom.provenance.subjects import trained
from tests.policy.dossiers import finding

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples"))

from build import build  # noqa: E402
from repositories import EXAMPLES  # noqa: E402

TODAY = date(2026, 12, 1)
QWEN = OrganisationRef("alibaba-qwen", "Alibaba Cloud (Qwen)", "CN", "CN", "registry")


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dossier]:
    folders = build(tmp_path_factory.mktemp("examples"))
    names = ("solar-open", "hyperclova-x", "ax-k1", "fine-tune", "plain-original")
    return {
        example.name: Dossier.of(
            aibom.generate(
                str(folders[example.name]),
                alias=example.repository,
                organisations=ROOT / "examples" / "organisations.json",
                profile="neutral",
                offline=True,
            ).analysis
        )
        for example in EXAMPLES
        if example.name in names
    }


def own_weights(dossier: Dossier, relation: Relation = Relation.ORIGINAL) -> Dossier:
    """As a test of the weights leaves it that finds no outside model in any part: the publisher's own, E2."""
    assert dossier.publisher is not None
    others = tuple(origin for origin in dossier.origins if origin.layer is not Layer.WEIGHTS)
    own = tuple(
        Origin(part.id, Layer.WEIGHTS, relation, Evidence.E2, (dossier.publisher,))
        for part in trained(dossier.parts)
    )
    return replace(dossier, origins=others + own)


def with_origin(dossier: Dossier, origin: Origin, findings: Iterable[Finding] = ()) -> Dossier:
    """The same with one origin put in the place of what was known."""
    kept = tuple(each for each in dossier.origins if (each.part, each.layer) != (origin.part, origin.layer))
    return replace(dossier, origins=(*kept, origin), findings=(*dossier.findings, *findings))


def held(dossier: Dossier) -> Verdict:
    return evaluate(dossier, load_policy("kr-independent"), today=TODAY)


def failures(verdict: Verdict) -> list[Result]:
    return [result for result in verdict.results if result.outcome is Outcome.FAIL]


@pytest.mark.parametrize("name", ["solar-open", "ax-k1"])
def test_outside_code_and_design_break_nothing_and_untested_weights_pass_nothing(
    dossiers: dict[str, Dossier], name: str
) -> None:
    before = held(dossiers[name])
    assert before.outcome is Outcome.UNDETERMINED
    assert failures(before) == []
    after = held(own_weights(dossiers[name]))
    assert after.outcome is Outcome.PASS
    assert after.score is not None and after.score.level == 3
    outside = [origin for origin in dossiers[name].origins if origin.layer is Layer.CODE]
    assert any(each.jurisdiction == "CN" for origin in outside for each in origin.organisations)


def test_solar_says_what_settles_each_part(dossiers: dict[str, Dossier]) -> None:
    results = [result for result in held(dossiers["solar-open"]).results if result.rule == "own-weights"]
    parts = {part.id for part in trained(dossiers["solar-open"].parts)}
    assert {result.part for result in results} == parts
    assert all("--depth weights --index" in result.remedy for result in results)
    assert all("aibom questionnaire" in result.remedy for result in results)


def test_hyperclova_is_undetermined_before_its_weights_are_tested(dossiers: dict[str, Dossier]) -> None:
    verdict = held(dossiers["hyperclova-x"])
    assert verdict.outcome is Outcome.UNDETERMINED
    assert failures(verdict) == []
    encoder = next(each for each in verdict.results if each.part == "vision-encoder")
    assert "Alibaba Cloud (Qwen) (CN)" in encoder.statement
    assert "not known" in encoder.statement


def test_hyperclova_with_its_encoder_fails_and_names_the_part_alone(dossiers: dict[str, Dossier]) -> None:
    frozen = Origin(
        "vision-encoder", Layer.WEIGHTS, Relation.VERBATIM, Evidence.E4, (QWEN,), findings=("f-vision",)
    )
    dossier = with_origin(
        own_weights(dossiers["hyperclova-x"]), frozen, [finding("f-vision", "vision-encoder")]
    )
    verdict = held(dossier)
    assert verdict.outcome is Outcome.FAIL
    part, level = failures(verdict)
    assert part.part == "vision-encoder"
    assert part.layer is Layer.WEIGHTS
    assert part.statement == ("vision-encoder: weights verbatim from Alibaba Cloud (Qwen) (CN), evidence E4.")
    assert [each.id for each in part.findings] == ["f-vision"]
    assert "E4" in part.remedy
    assert "vision-encoder" in level.statement
    assert "decoder-core" not in "".join(each.statement for each in failures(verdict))


def test_a_fine_tune_fails_on_its_own_declaration(dossiers: dict[str, Dossier]) -> None:
    verdict = held(dossiers["fine-tune"])
    assert verdict.outcome is Outcome.FAIL
    assert {result.part for result in failures(verdict) if result.part} >= {"decoder-core"}
    assert any("Meta" in result.statement for result in failures(verdict))


def test_weights_that_started_from_an_outside_model_are_not_initialised(
    dossiers: dict[str, Dossier],
) -> None:
    retrained = Origin("decoder-core", Layer.WEIGHTS, Relation.ADAPTED, Evidence.E3, (QWEN,))
    assert held(with_origin(own_weights(dossiers["ax-k1"]), retrained)).outcome is Outcome.FAIL


def test_nothing_known_is_undetermined(dossiers: dict[str, Dossier]) -> None:
    nothing = Dossier(form="scan", subject="lab/model")
    assert held(nothing).outcome is Outcome.UNDETERMINED
    assert held(replace(dossiers["plain-original"], origins=())).outcome is Outcome.UNDETERMINED
    assert held(dossiers["plain-original"]).outcome is Outcome.UNDETERMINED


def test_a_declaration_in_the_vendors_favour_is_not_enough(dossiers: dict[str, Dossier]) -> None:
    declared = own_weights(dossiers["ax-k1"])
    weak = tuple(
        replace(each, evidence=Evidence.E1) if each.layer is Layer.WEIGHTS else each
        for each in declared.origins
    )
    assert held(replace(declared, origins=weak)).outcome is Outcome.UNDETERMINED


def test_the_verdict_says_that_it_is_not_official(dossiers: dict[str, Dossier]) -> None:
    policy = load_policy("kr-independent")
    verdict = held(dossiers["ax-k1"])
    assert "not an official assessment" in verdict.title
    assert verdict.notes.startswith("Not official.")
    assert (verdict.kind, verdict.against, verdict.against_digest) == ("check", policy.id, policy.digest)
    assert verdict.subject == dossiers["ax-k1"].subject


def test_the_score_of_a_document_is_not_trusted(dossiers: dict[str, Dossier]) -> None:
    dossier = dossiers["ax-k1"]
    assert dossier.score is not None
    boast = replace(dossier, score=replace(dossier.score, level=4, ceiling=4, lower=100, upper=100))
    assert held(boast) == held(dossier)
