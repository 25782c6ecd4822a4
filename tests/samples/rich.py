"""A vision-language model of the Hub, with all that can be found."""

from __future__ import annotations

from dataclasses import replace

from aibom.model import (
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
    Licence,
    Locator,
    Metric,
    Notice,
    Origin,
    Part,
    Provenance,
    ReadStats,
    Relation,
    Role,
    Severity,
    Signal,
    Stage,
    Statistic,
    Target,
    TargetKind,
    Unknown,
)
from tests.samples.common import ACME, ALIBABA, COMMIT, COMMUNITY, HUB, TOOLS, ZHIPU, file, score, sha

CODE = "modeling_acme.py"
_NOTICE = Locator(CODE, line=3, quote="# Copyright 2025 The ZhipuAI Inc. team")
_BASE = Locator("README.md", line=4, key="base_model", quote="base_model: Qwen/Qwen2.5-VL-7B-Instruct")
_VISION = Locator("config.json", line=12, key="vision_config.model_type", quote="qwen2_5_vl")


def _files() -> tuple[FileEntry, ...]:
    return (
        file("LICENSE", FileClass.LICENCE),
        file("README.md", FileClass.CARD),
        file("chat_template.jinja", FileClass.CHAT_TEMPLATE),
        file("config.json", FileClass.CONFIG),
        file(CODE, FileClass.CODE),
        FileEntry("model-00001-of-00002.safetensors", 5_000_000_000, sha("one"), FileClass.WEIGHTS),
        FileEntry("model-00002-of-00002.safetensors", 4_000_000_000, None, FileClass.WEIGHTS),
        file("tokenizer.json", FileClass.TOKENIZER),
    )


def _parts() -> tuple[Part, ...]:
    weights = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    return (
        Part(
            "audio-encoder",
            Role.AUDIO_ENCODER,
            "Audio encoder",
            declared=True,
            locators=(Locator("config.json", line=30, key="audio_config"),),
        ),
        Part(
            "chat-template",
            Role.CHAT_TEMPLATE,
            "Chat template",
            ("chat_template.jinja",),
            present=True,
            facts=(Fact("reasoning", True),),
            locators=(Locator("chat_template.jinja", line=1),),
        ),
        Part(
            "decoder-core",
            Role.DECODER_CORE,
            "Decoder core",
            weights,
            7_000_000_000,
            339,
            declared=True,
            present=True,
            dtypes=(("BF16", 6_999_000_000), ("F32", 1_000_000)),
            facts=(
                Fact("model_type", "acme", Locator("config.json", line=2)),
                Fact("hyperparameter:hidden_size", 4096),
                Fact("tie_word_embeddings", False),
            ),
            locators=(Locator("config.json", line=2, key="model_type", quote="acme"),),
        ),
        Part("remote-code", Role.REMOTE_CODE, "Remote code", (CODE,), declared=True, present=True),
        Part(
            "tokenizer",
            Role.TOKENIZER,
            "Tokenizer",
            ("tokenizer.json",),
            present=True,
            facts=(Fact("vocab_size", 151936), Fact("kind", "BPE")),
        ),
        Part(
            "vision-encoder",
            Role.VISION_ENCODER,
            "Vision encoder",
            weights[:1],
            670_000_000,
            390,
            declared=True,
            present=True,
            facts=(Fact("model_type", "qwen2_5_vl"),),
            locators=(_VISION,),
        ),
    )


def _inspected() -> Inspected:
    return Inspected(
        parts=_parts(),
        declarations=(
            Declaration(
                DeclarationKind.BASE_MODEL, "Qwen/Qwen2.5-VL-7B-Instruct", _BASE, relation="finetune"
            ),
            Declaration(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", _VISION, part="vision-encoder"),
        ),
        notices=(
            Notice(("ZhipuAI Inc.",), "Copyright 2025 The ZhipuAI Inc. team", _NOTICE, part="remote-code"),
            Notice(("Acme AI",), "Copyright 2026 Acme AI", Locator("LICENSE", line=1)),
        ),
        licences=(
            Licence("apache-2.0", Locator("README.md", line=2), "Apache-2.0"),
            Licence("LICENSE", Locator("LICENSE", line=1), "Apache-2.0 OR MIT", carried=True),
            Licence("other", Locator("README.md", line=3)),
            Licence("Apache License", Locator(CODE, line=5), "Apache-2.0", carried=True, part="remote-code"),
        ),
        datasets=(
            Dataset("HuggingFaceFW/fineweb", Locator("README.md", line=8), "HuggingFaceFW/fineweb"),
            Dataset(
                "HuggingFaceFW/fineweb", Locator("README.md", line=9), "HuggingFaceFW/fineweb", "evaluation"
            ),
            Dataset("an in-house corpus", Locator("README.md", line=10)),
        ),
        card=CardFacts(
            title="Acme VL",
            description="A model that sees, by Acme.",
            task="image-text-to-text",
            library="transformers",
            architecture_family="acme",
            architecture="AcmeForConditionalGeneration",
            languages=("en", "ko", "yue"),
            tags=("arxiv:2501.01234", "vision"),
            inputs=("image", "text"),
            outputs=("text",),
            metrics=(Metric("accuracy", "71.3", "MMLU", "question-answering"),),
            facts=(Fact("transformers_version", "4.57.1"), Fact("co2_eq_emissions", "120 kg")),
        ),
    )


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "f-code",
            "R2",
            Signal.CODE,
            Confidence.OBSERVED,
            "modeling_acme.py carries a copyright notice that names Zhipu AI",
            part="remote-code",
            layer=Layer.CODE,
            severity=Severity.MEDIUM,
            alternative="a notice may stay in a file that was rewritten",
            contest="show the history of the file",
            organisations=(ZHIPU,),
            locators=(_NOTICE,),
        ),
        Finding(
            "f-contra",
            "R7",
            Signal.STRUCTURE,
            Confidence.CONTRADICTED,
            "the card names a parent whose hidden size differs",
            locators=(_BASE,),
        ),
        Finding(
            "f-weights",
            "R5",
            Signal.WEIGHTS,
            Confidence.VERIFIED,
            "the vision encoder matches that of Qwen2.5-VL bit for bit",
            part="vision-encoder",
            layer=Layer.WEIGHTS,
            severity=Severity.HIGH,
            organisations=(ALIBABA,),
            statistic=Statistic("equal tensors", 390.0, 0.0, 0.0, "of 390"),
            locators=(Locator("model-00001-of-00002.safetensors", offset=8, length=1024),),
        ),
    )


def _origins() -> tuple[Origin, ...]:
    return (
        Origin("decoder-core", Layer.WEIGHTS, Relation.ORIGINAL, Evidence.E1, (ACME,), in_question=True),
        Origin("decoder-core", Layer.ARCHITECTURE, Relation.ADAPTED, Evidence.E3, (COMMUNITY, ZHIPU)),
        Origin(
            "remote-code", Layer.CODE, Relation.ADAPTED, Evidence.E3, (ZHIPU,), "zai-org/GLM-4.5", ("f-code",)
        ),
        Origin("vision-encoder", Layer.ARCHITECTURE, Relation.VERBATIM, Evidence.E3, (ALIBABA,)),
        Origin(
            "vision-encoder",
            Layer.WEIGHTS,
            Relation.VERBATIM,
            Evidence.E4,
            (ALIBABA,),
            "Qwen/Qwen2.5-VL-7B-Instruct",
            ("f-weights",),
        ),
        Origin("model", Layer.DATA, Relation.UNKNOWN, Evidence.E0),
        Origin("model", Layer.GOVERNANCE, Relation.ORIGINAL, Evidence.E2, (ACME,)),
    )


def rich() -> Analysis:
    """A vision-language model of the Hub with a foreign encoder, remote code, findings and unknowns."""
    return Analysis(
        tools=TOOLS,
        target=Target(
            ref="acme/Acme-VL-7B",
            kind=TargetKind.HUB,
            name="Acme-VL-7B",
            repository="acme/Acme-VL-7B",
            revision=COMMIT,
            endpoint=HUB,
            hub=HubRecord(
                created="2026-01-02T03:04:05.000Z",
                modified="2026-01-15T00:00:00.000Z",
                gated="auto",
                task="image-text-to-text",
                library="transformers",
                tags=("safetensors",),
                security_issues=(("model-00001-of-00002.safetensors", "suspicious"),),
            ),
        ),
        depth=Depth.HEADERS,
        files=_files(),
        inspected=_inspected(),
        provenance=Provenance(ACME, _findings(), _origins(), (ACME, ALIBABA, COMMUNITY, ZHIPU)),
        score=score(),
        unknowns=(
            Unknown("model-00002-of-00002.safetensors", Stage.SOURCE, "the server gave no digest"),
            Unknown("tokenizer_config.json", Stage.INSPECTION, "not valid JSON"),
        ),
        read=ReadStats(1_234_567, 12, 7),
    )


def crowd(count: int) -> Analysis:
    """A model of the Hub with `count` files."""
    files = tuple(file(f"part-{number:05}/weights.safetensors", FileClass.WEIGHTS) for number in range(count))
    return replace(rich(), files=files, unknowns=())
