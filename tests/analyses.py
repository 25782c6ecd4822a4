"""Two whole analyses in the shape of published cases, and a hostile one, built by hand."""

from __future__ import annotations

from dataclasses import replace

from aibom.model import (
    WHOLE_MODEL,
    Analysis,
    CardFacts,
    Confidence,
    Dataset,
    Declaration,
    DeclarationKind,
    Depth,
    Evidence,
    Fact,
    FileClass,
    FileEntry,
    Finding,
    HubRecord,
    Inspected,
    Layer,
    LayerScore,
    Licence,
    Locator,
    Metric,
    Notice,
    OrganisationRef,
    Origin,
    Part,
    Provenance,
    ReadStats,
    Relation,
    Role,
    Score,
    Severity,
    Signal,
    Stage,
    Statistic,
    Target,
    TargetKind,
    ToolPart,
    Unknown,
)

UPSTAGE = OrganisationRef("upstage", "Upstage", "KR", "KR", "registry: namespace upstage")
ZHIPU = OrganisationRef("zhipu-ai", "Zhipu AI", "CN", "CN", "registry: copyright notice Zhipu AI")
NAVER = OrganisationRef("naver-cloud", "NAVER Cloud", "KR", "KR", "registry: namespace naver-hyperclovax")
ALIBABA = OrganisationRef(
    "alibaba-cloud", "Alibaba Cloud", "SG", "CN", "registry: namespace Qwen (unverified)"
)
NOBODY = OrganisationRef("hub:someone", "someone", None, None, "namespace on the Hub, not in the registry")

TOOLS = (
    ToolPart("aibom", "0.1.0"),
    ToolPart("aibom-plugin", "0.1.0", "Hugging Face repositories."),
)
NOTICE = "# Copyright 2025 The ZhipuAI Inc. team and HuggingFace Inc. team. All rights reserved."


def solar() -> Analysis:
    """Weights untested, code that names another developer, from the Hub."""
    notice = Locator("modeling_solar_open.py", line=3, quote=NOTICE)
    finding = Finding(
        id="f-3b1f0c92a7de",
        rule="code.notice",
        signal=Signal.CODE,
        confidence=Confidence.OBSERVED,
        statement="modeling_solar_open.py names ZhipuAI in a copyright notice; the publisher is Upstage",
        part="remote-code",
        layer=Layer.CODE,
        severity=Severity.MEDIUM,
        alternative="The notice may have been kept from a template that the code no longer follows.",
        contest="The same file without the notice, and the history of its writing.",
        organisations=(ZHIPU,),
        locators=(notice, *(Locator(f"part_{number}.py", line=1) for number in range(4))),
    )
    structure = Finding(
        id="f-77aa01c4e6b2",
        rule="huggingface.index-mismatch",
        signal=Signal.STRUCTURE,
        confidence=Confidence.VERIFIED,
        statement="the index names 2 tensors that no shard holds",
        severity=Severity.LOW,
        statistic=Statistic("missing tensors", 2.0, null=0.0, runner_up=0.5),
        locators=(Locator("model.safetensors.index.json", key="weight_map", offset=8, length=120),),
    )
    core = Part(
        "decoder-core",
        Role.DECODER_CORE,
        "decoder core",
        files=("model-00001-of-00002.safetensors",),
        parameters=12_412_000_000,
        tensors=340,
        declared=True,
        present=True,
        dtypes=(("BF16", 12_400_000_000), ("F32", 12_000_000)),
        facts=(Fact("model_type", "solar_open", Locator("config.json", key="model_type")),),
        locators=(Locator("config.json", key="model_type", quote="solar_open"),),
    )
    experts = replace(core, id="experts", role=Role.EXPERTS, name="128 experts", parameters=90_194_304_000)
    parts = (
        core,
        experts,
        Part("tokenizer", Role.TOKENIZER, "byte-level BPE", ("tokenizer.json",), declared=True, present=True),
        Part("remote-code", Role.REMOTE_CODE, "solar_open", ("modeling_solar_open.py",), present=True),
    )
    origins = (
        Origin(
            "decoder-core", Layer.ARCHITECTURE, Relation.ADAPTED, Evidence.E1, (ZHIPU,), "zai-org/GLM-4.5"
        ),
        Origin("remote-code", Layer.CODE, Relation.ADAPTED, Evidence.E3, (ZHIPU,), findings=(finding.id,)),
        Origin(WHOLE_MODEL, Layer.LICENCE, Relation.ORIGINAL, Evidence.E1, (UPSTAGE,)),
    )
    return Analysis(
        tools=TOOLS,
        target=Target(
            "upstage/Solar-Open-100B",
            TargetKind.HUB,
            "Solar-Open-100B",
            "upstage/Solar-Open-100B",
            "3f2a1c9d5e7b8a6f4c2d1e0f9a8b7c6d5e4f3a2b",
            "https://huggingface.co",
            HubRecord(
                created="2025-12-31T00:00:00Z",
                tags=("moe",),
                base_models=(("finetune", "upstage/base"),),
                security_issues=(("pickle.bin", "suspicious"),),
            ),
        ),
        depth=Depth.HEADERS,
        files=(
            FileEntry("config.json", 1204, "ab" * 32, FileClass.CONFIG),
            FileEntry("modeling_solar_open.py", 31_000, None, FileClass.CODE),
        ),
        inspected=Inspected(
            parts=parts,
            declarations=(
                Declaration(
                    DeclarationKind.MODEL_TYPE,
                    "solar_open",
                    Locator("config.json", key="model_type"),
                    part="decoder-core",
                ),
            ),
            notices=(Notice(("ZhipuAI Inc. team",), NOTICE, notice, "remote-code"),),
            licences=(Licence("solar-open-license", Locator("README.md", line=2), "LicenseRef-solar"),),
            datasets=(Dataset("Korean web text", Locator("README.md", line=5)),),
            card=CardFacts(
                title="Solar Open 100B",
                languages=("ko", "en"),
                metrics=(Metric("accuracy", "0.81", "KMMLU"),),
                facts=(Fact("transformers_version", "4.57.1"), Fact("co2_eq_emissions", float("inf"))),
            ),
        ),
        provenance=Provenance(UPSTAGE, (finding, structure), origins, (UPSTAGE, ZHIPU)),
        score=Score(
            profile="kr",
            profile_digest="0f" * 32,
            profile_date="2026-01-15",
            level=0,
            ceiling=3,
            evidence=Evidence.E0,
            lower=11.25,
            upper=88.5,
            coverage=22.75,
            layers=(
                LayerScore(Layer.WEIGHTS, 35.0, 0.0, 1.0, 0.0),
                LayerScore(Layer.CODE, 10.0, 0.45, 0.55, 0.9),
            ),
            reasons=("The origin of the weights of decoder-core is unknown.", "The data is unknown."),
            home=("KR",),
        ),
        unknowns=(Unknown("model-00002-of-00002.safetensors", Stage.INSPECTION, "the file is not there"),),
        read=ReadStats(14_200_000, 12, 2),
    )


def omni() -> Analysis:
    """A folder whose vision encoder names an outside family; the core is not spoken of."""
    finding = Finding(
        id="f-9c22e0d1b404",
        rule="declared.model-type",
        signal=Signal.DECLARED,
        confidence=Confidence.DECLARED,
        statement="config.json names the family qwen2_5_vl for the vision encoder",
        part="vision-encoder",
        layer=Layer.ARCHITECTURE,
        severity=Severity.HIGH,
        alternative="The architecture may be used with weights that were trained anew.",
        organisations=(ALIBABA,),
        locators=(Locator("config.json", key="vision_config.model_type", quote="qwen2_5_vl"),),
    )
    parts = (
        Part("decoder-core", Role.DECODER_CORE, "decoder core", parameters=7_500_000_000, present=True),
        Part(
            "vision-encoder",
            Role.VISION_ENCODER,
            "qwen2_5_vl vision tower",
            parameters=668_000_000,
            declared=True,
            present=True,
        ),
        Part("audio-encoder", Role.AUDIO_ENCODER, "audio encoder", declared=True),
        Part("onnx-vision", Role.VISION_ENCODER, "ONNX export", present=True, alternative=True),
    )
    origins = (
        Origin("decoder-core", Layer.WEIGHTS, Relation.ORIGINAL, Evidence.E1, (NAVER,)),
        Origin("vision-encoder", Layer.ARCHITECTURE, Relation.VERBATIM, Evidence.E1, (ALIBABA,)),
        Origin(
            "vision-encoder",
            Layer.WEIGHTS,
            Relation.UNKNOWN,
            Evidence.E0,
            (ALIBABA,),
            findings=(finding.id,),
            in_question=True,
        ),
        Origin("audio-encoder", Layer.WEIGHTS, Relation.UNKNOWN, Evidence.E0, (NOBODY,)),
    )
    sample = solar()
    return replace(
        sample,
        target=Target("models/omni", TargetKind.FOLDER, "omni"),
        files=(),
        inspected=Inspected(parts=parts),
        provenance=Provenance(NAVER, (finding,), origins, (ALIBABA, NAVER, NOBODY)),
        score=replace(
            sample.score,
            level=2,
            ceiling=2,
            evidence=Evidence.E1,
            lower=30.0,
            upper=30.2,
            coverage=41.0,
            layers=(),
            reasons=("The weights of vision-encoder are not known to be home-made.",),
        ),
        unknowns=tuple(Unknown(f"shard-{n}", Stage.SOURCE, "could not be read") for n in range(25)),
        read=ReadStats(900, 0, 0),
    )


def hostile(text: str) -> Analysis:
    """Every string that a model can choose is `text`."""
    place = Locator(text, key=text, quote=text)
    organisation = OrganisationRef(text, text, "KR", "US", text)
    finding = Finding(
        id="f-1",
        rule="rule",
        signal=Signal.DECLARED,
        confidence=Confidence.DECLARED,
        statement=text,
        part=text,
        alternative=text,
        organisations=(organisation,),
        statistic=Statistic(text, 1.0, detail=text),
        locators=(place,),
    )
    part = Part(text, Role.OTHER, text, (text,), dtypes=((text, 1),), facts=(Fact(text, text, place),))
    sample = solar()
    return replace(
        sample,
        target=Target(text, TargetKind.FOLDER, text, text, text, text, HubRecord(tags=(text,))),
        inspected=Inspected(
            parts=(part,),
            declarations=(Declaration(DeclarationKind.IMPORT, text, place, text, text),),
            notices=(Notice((text,), text, place),),
            licences=(Licence(text, place, text),),
            datasets=(Dataset(text, place, text, text),),
            card=CardFacts(title=text, tags=(text,), metrics=(Metric(text, text, text, text),)),
        ),
        provenance=Provenance(
            organisation,
            (finding,),
            (Origin(text, Layer.CODE, Relation.DERIVED, Evidence.E1, (organisation,), text, (text,)),),
            (organisation,),
        ),
        score=replace(sample.score, reasons=(text,), profile=text, profile_date=text, home=(text,)),
        unknowns=(Unknown(text, Stage.SOURCE, text),),
    )
