"""Analyses built by hand, for tests of everything downstream of the scan."""

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

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HUB = "https://huggingface.co"
TOOLS = (ToolPart("aibom", "0.1.0", "The core"), ToolPart("aibom-huggingface", "0.1.0"))

ACME = OrganisationRef("acme", "Acme AI", "KR", "KR", "registry: namespace acme (verified)")
ALIBABA = OrganisationRef("alibaba", "Alibaba Cloud", "CN", "KY", "registry: namespace Qwen (unverified)")
ZHIPU = OrganisationRef("zhipu", "Zhipu AI", "CN", "CN", "registry: notice name (unverified)")
COMMUNITY = OrganisationRef("eleuther", "EleutherAI", "multi", "multi", "registry: namespace EleutherAI")
STRANGER = OrganisationRef("hub:somebody", "somebody", source="Hub namespace, not in the registry")


def sha(seed: str) -> str:
    """A digest of the right shape, different for each seed."""
    import hashlib

    return hashlib.sha256(seed.encode()).hexdigest()


def file(path: str, kind: FileClass = FileClass.OTHER, size: int = 100) -> FileEntry:
    """A file with a digest of its own."""
    return FileEntry(path, size, sha(path), kind)


NO_SCORE = Score(
    profile="neutral",
    profile_digest=sha("neutral"),
    profile_date="2026-01-15",
    level=None,
    ceiling=None,
    evidence=Evidence.E0,
    lower=0.0,
    upper=100.0,
    coverage=0.0,
)


def score() -> Score:
    """Level 2 under the Korean profile, with every layer."""
    weights = (35, 15, 10, 10, 10, 10, 5, 5)
    return Score(
        profile="kr",
        profile_digest=sha("kr"),
        profile_date="2026-01-15",
        level=2,
        ceiling=2,
        evidence=Evidence.E1,
        lower=21.5,
        upper=83.25,
        coverage=38.25,
        layers=tuple(
            LayerScore(layer, float(weight), 0.2, 0.8, 0.4)
            for layer, weight in zip(Layer, weights, strict=True)
        ),
        reasons=("vision-encoder: weights verbatim from Alibaba Cloud (CN), E4",),
        home=("KR",),
    )


def minimal() -> Analysis:
    """A folder with one weights file: no repository, no card, no organisation, no score."""
    return Analysis(
        tools=TOOLS,
        target=Target(ref="./tiny", kind=TargetKind.FOLDER, name="tiny"),
        depth=Depth.HEADERS,
        files=(file("model.safetensors", FileClass.WEIGHTS),),
        inspected=Inspected(
            parts=(
                Part(
                    "decoder-core",
                    Role.DECODER_CORE,
                    "Decoder core",
                    ("model.safetensors",),
                    10,
                    2,
                    present=True,
                ),
            )
        ),
        provenance=Provenance(),
        score=NO_SCORE,
        unknowns=(),
        read=ReadStats(4096, 0, 1),
    )


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


def finetune() -> Analysis:
    """A whole model that is proven to be derived from another."""
    base = minimal()
    return replace(
        base,
        target=Target("acme/tuned", TargetKind.HUB, "tuned", "acme/tuned", COMMIT, HUB),
        provenance=Provenance(
            STRANGER,
            (
                Finding(
                    "f-equal",
                    "R6",
                    Signal.WEIGHTS,
                    Confidence.VERIFIED,
                    "weights share lineage with meta-llama/Llama-3.1-8B",
                    layer=Layer.WEIGHTS,
                    locators=(Locator("model.safetensors", offset=0, length=8),),
                ),
            ),
            (
                Origin(
                    "model",
                    Layer.WEIGHTS,
                    Relation.DERIVED,
                    Evidence.E3,
                    (OrganisationRef("meta", "Meta", "US", "US", "registry: namespace meta-llama"),),
                    "meta-llama/Llama-3.1-8B",
                    ("f-equal",),
                ),
            ),
        ),
        score=score(),
    )


NASTY = "\x1b[31m\u202eevil\x00\ud800 </script> \ud800' \" %00 ../../x?y#z \n\r\t😀" + "A" * 3000


def hostile() -> Analysis:
    """Every text that comes from outside is hostile, or a placeholder."""
    here = Locator(NASTY, line=1, offset=0, key=NASTY, quote=NASTY)
    nobody = OrganisationRef(f"hub:{NASTY}", "unknown", "KR", "KR", "")
    loud = OrganisationRef(NASTY, NASTY, NASTY, NASTY, NASTY)
    part = Part(
        NASTY,
        Role.DECODER_CORE,
        NASTY,
        (NASTY, "gone.bin"),
        0,
        0,
        declared=True,
        dtypes=((NASTY, 1),),
        facts=(Fact(NASTY, NASTY), Fact("hyperparameter:", float("nan")), Fact("x", "")),
        locators=(here, here),
    )
    finding = Finding(
        NASTY,
        NASTY,
        Signal.DECLARED,
        Confidence.CONTRADICTED,
        NASTY,
        part="nowhere",
        layer=Layer.WEIGHTS,
        alternative=NASTY,
        contest=NASTY,
        organisations=(loud, nobody),
        statistic=Statistic(NASTY, float("nan"), float("inf"), float("-inf"), NASTY),
        locators=(here,),
    )
    return Analysis(
        tools=(ToolPart("aibom", "0.1.0", NASTY),),
        target=Target(NASTY, TargetKind.FOLDER, NASTY),
        depth=Depth.METADATA,
        files=(FileEntry(NASTY), FileEntry("2026-01-01T00:00:00Z/events", 0, None), FileEntry("unknown")),
        inspected=Inspected(
            parts=(part, Part("none", Role.REMOTE_CODE, "unknown", (NASTY,))),
            declarations=(
                Declaration(DeclarationKind.BASE_MODEL, NASTY, here, relation=NASTY),
                Declaration(DeclarationKind.NAME_OR_PATH, "", here),
            ),
            notices=(Notice((NASTY,), NASTY, here, "none"), Notice((), "", here)),
            licences=(
                Licence(NASTY, here),
                Licence("unknown", here, None, True),
                Licence("mit", here, "MIT"),
                Licence("both", here, "MIT OR Apache-2.0"),
            ),
            datasets=(Dataset(NASTY, here, NASTY, NASTY), Dataset("unknown", here)),
            card=CardFacts(
                title=NASTY,
                description="No description available.",
                task="TODO",
                library=NASTY,
                languages=("", NASTY, "KO"),
                tags=(NASTY, "", "arxiv:1234.56789"),
                inputs=(NASTY, "n/a"),
                metrics=(Metric("", "", None, None), Metric(NASTY, NASTY, NASTY, NASTY)),
                facts=(Fact("co2" + NASTY, NASTY), Fact("transformers_version", "")),
            ),
        ),
        provenance=Provenance(
            loud,
            (finding, finding),
            (
                Origin(
                    "model",
                    Layer.WEIGHTS,
                    Relation.VERBATIM,
                    Evidence.E4,
                    (loud, nobody),
                    NASTY,
                    (NASTY, "f?"),
                ),
                Origin("nowhere", Layer.CODE, Relation.UNKNOWN, Evidence.E0, (nobody,)),
            ),
        ),
        score=replace(score(), lower=-1e-9, upper=100.00000001, reasons=(NASTY,)),
        unknowns=(Unknown(NASTY, Stage.SOURCE, NASTY), Unknown(NASTY, Stage.SOURCE, NASTY)),
        read=ReadStats(),
    )


def crowd(count: int) -> Analysis:
    """A model of the Hub with `count` files."""
    files = tuple(file(f"part-{number:05}/weights.safetensors", FileClass.WEIGHTS) for number in range(count))
    return replace(rich(), files=files, unknowns=())


ALL = {"minimal": minimal, "rich": rich, "finetune": finetune, "hostile": hostile}
