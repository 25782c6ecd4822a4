"""The cases that must come out right, as far as declared facts and notices reach."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spdx_python_model
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import aibom
from aibom.api import Report
from aibom.bom import serialise
from aibom.compliance import spdx
from aibom.model import Evidence, Finding, Layer, Origin, Relation, Role
from tests.compliance.spdx_schema import validator

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples"))

from build import build  # noqa: E402
from repositories import EXAMPLES  # noqa: E402

NAMES = {example.name: example.repository for example in EXAMPLES}


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(tmp_path_factory.mktemp("examples"))


@pytest.fixture(scope="session")
def scan(examples: dict[str, Path]) -> Any:
    @cache
    def run(name: str, profile: str = "kr") -> Report:
        return aibom.generate(
            str(examples[name]),
            alias=NAMES[name],
            organisations=ROOT / "examples" / "organisations.json",
            profile=profile,
            offline=True,
        )

    return run


def origins(report: Report, layer: Layer, part: str | None = None) -> list[Origin]:
    return [
        origin
        for origin in report.analysis.provenance.origins
        if origin.layer is layer and (part is None or origin.part == part)
    ]


def names(found: list[Origin]) -> set[str]:
    return {organisation.id for origin in found for organisation in origin.organisations}


def findings(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spec", ["1.6", "1.7"])
def test_every_bom_passes_the_strict_validator_and_the_linter(scan: Any, name: str, spec: str) -> None:
    report = scan(name)
    document = report.to_cyclonedx(spec)
    version = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}[spec]
    assert JsonStrictValidator(version).validate_str(serialise(document).decode()) is None
    assert [problem for problem in aibom.lint(document) if problem.severity == "error"] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_spdx_document_is_valid_by_schema_and_bindings(scan: Any, name: str) -> None:
    document = spdx(scan(name).analysis, reproducible=True)
    assert [error.message for error in validator().iter_errors(document)] == []
    assert spdx_python_model.load_data(document)[1].link() == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_input_gives_the_same_bytes(scan: Any, examples: dict[str, Path], name: str) -> None:
    again = aibom.generate(
        str(examples[name]),
        alias=NAMES[name],
        organisations=ROOT / "examples" / "organisations.json",
        offline=True,
    )
    first = serialise(scan(name).to_cyclonedx(reproducible=True))
    assert first == serialise(again.to_cyclonedx(reproducible=True))


@pytest.mark.parametrize("name", NAMES)
def test_parameters_sum_to_the_checkpoint(scan: Any, examples: dict[str, Path], name: str) -> None:
    counted = sum(part.parameters or 0 for part in scan(name).parts if not part.alternative)
    stored = 0
    for path in examples[name].rglob("*.safetensors"):
        data = path.read_bytes()
        stored += (len(data) - 8 - int.from_bytes(data[:8], "little")) // 2
    assert counted == stored


def test_solar_shape_quotes_the_notice_and_leaves_weights_alone(scan: Any) -> None:
    report = scan("solar-open")
    (notice,) = [item for item in findings(report, "code.notice") if "zhipu" in str(item.organisations)]
    (locator,) = notice.locators
    assert locator.path == "modeling_solar_open.py"
    assert locator.line == 5
    assert "The ZhipuAI Inc. team" in (locator.quote or "")
    assert notice.alternative and notice.contest
    (code,) = origins(report, Layer.CODE, "remote-code")
    assert "zhipu" in names([code])
    assert code.relation is Relation.ADAPTED
    assert all(origin.relation is Relation.UNKNOWN for origin in origins(report, Layer.WEIGHTS))
    assert "zhipu" not in names(origins(report, Layer.WEIGHTS))
    assert report.score.level == 0
    for part in ("decoder-core", "experts", "router"):
        (design,) = origins(report, Layer.ARCHITECTURE, part)
        assert (design.relation, design.evidence) == (Relation.ADAPTED, Evidence.E3)
        assert names([design]) == {"zhipu"}
    assert report.score.ceiling == 3


def test_k_exaone_shape_is_told_part_by_part(scan: Any) -> None:
    report = scan("k-exaone")
    for part in ("experts", "router"):
        (design,) = origins(report, Layer.ARCHITECTURE, part)
        assert (design.relation, names([design])) == (Relation.ADAPTED, {"deepseek"})
    (core,) = origins(report, Layer.ARCHITECTURE, "decoder-core")
    assert core.relation is Relation.UNKNOWN
    assert names([core]) == {"lg-ai-research"}
    assert "deepseek" not in names(origins(report, Layer.WEIGHTS))


def test_hyperclova_shape_names_the_encoders_and_not_the_core(scan: Any) -> None:
    report = scan("hyperclova-x")
    assert names(origins(report, Layer.ARCHITECTURE, "vision-encoder")) == {"alibaba-qwen"}
    assert names(origins(report, Layer.ARCHITECTURE, "audio-encoder")) == {"openai"}
    for part in ("vision-encoder", "audio-encoder"):
        (weights,) = origins(report, Layer.WEIGHTS, part)
        assert weights.relation is Relation.UNKNOWN
        assert weights.in_question
    core = [origin for origin in report.analysis.provenance.origins if origin.part == "decoder-core"]
    assert not names(core) & {"alibaba-qwen", "openai"}
    assert report.score.level is not None and report.score.level <= 2
    assert report.score.ceiling == 2


def test_ax_k1_shape_names_the_family_of_its_code(scan: Any) -> None:
    report = scan("ax-k1")
    assert "deepseek" in names(origins(report, Layer.CODE))
    (design,) = origins(report, Layer.ARCHITECTURE, "decoder-core")
    assert (design.relation, names([design])) == (Relation.ADAPTED, {"deepseek"})
    assert "deepseek" not in names(origins(report, Layer.WEIGHTS))
    roles = {part.role for part in report.parts}
    assert {Role.DECODER_CORE, Role.EXPERTS, Role.ROUTER, Role.HEAD, Role.TOKENIZER} <= roles
    assert any(part.id == "head-mtp" for part in report.parts)


def test_fine_tune_is_level_1(scan: Any) -> None:
    report = scan("fine-tune")
    assert report.score.level == 1
    assert report.score.ceiling == 1
    (core,) = origins(report, Layer.WEIGHTS, "decoder-core")
    assert (core.relation, core.evidence, core.upstream) == (
        Relation.DERIVED,
        Evidence.E1,
        "meta-llama/Llama-3.1-8B",
    )


def test_plain_original_accuses_nobody(scan: Any) -> None:
    report = scan("plain-original")
    assert report.score.level == 0
    assert report.score.ceiling == 4 or report.score.ceiling == 3
    outside = {
        organisation.id
        for origin in report.analysis.provenance.origins
        if origin.relation is not Relation.UNKNOWN
        for organisation in origin.organisations
    }
    assert outside <= {"hanbit-lab"}


def test_diffusion_pipeline_has_its_parts(scan: Any) -> None:
    report = scan("diffusion")
    roles = {part.role for part in report.parts}
    assert {Role.TEXT_ENCODER, Role.DENOISER, Role.VAE, Role.TOKENIZER} <= roles


@pytest.mark.parametrize("name", NAMES)
def test_neutral_profile_gives_origins_and_no_grade(scan: Any, name: str) -> None:
    score = scan(name, "neutral").score
    assert (score.level, score.ceiling, score.lower, score.upper) == (None, None, 0, 100)
