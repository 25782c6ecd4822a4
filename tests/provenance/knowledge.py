"""A small catalogue and builders for tests of provenance and of the cases that must come out right."""

from __future__ import annotations

from aibom.catalog import (
    Account,
    Basis,
    Boilerplate,
    Catalog,
    Family,
    Jurisdiction,
    Lineage,
    Name,
    NameKind,
    Organisation,
    OrganisationKind,
    Parent,
    Registry,
)
from aibom.model import (
    Declaration,
    DeclarationKind,
    FileClass,
    FileEntry,
    Finding,
    HubRecord,
    Inspected,
    Layer,
    Locator,
    Notice,
    Origin,
    Part,
    Provenance,
    Reference,
    Role,
    Target,
    TargetKind,
    Unknown,
)
from aibom.provenance import conclude
from aibom.provenance.context import Lookup


def organisation(
    ident: str,
    country: str | None,
    *namespaces: str,
    holders: tuple[str, ...] = (),
    parent: str | None = None,
    kind: OrganisationKind = OrganisationKind.COMPANY,
    boilerplate: Boilerplate | None = None,
) -> Organisation:
    names = [Name(ident.title(), NameKind.LEGAL)]
    names += [Name(text, NameKind.COPYRIGHT_NOTICE, boilerplate=boilerplate) for text in holders]
    return Organisation(
        ident,
        kind,
        tuple(names),
        tuple(Account(name) for name in namespaces),
        jurisdictions=(Jurisdiction(country, Basis.REGISTERED),) if country else (),
        parents=(Parent(parent, "ultimate"),) if parent else (),
    )


CATALOG = Catalog(
    Registry(
        [
            organisation("upstage", "KR", "upstage", holders=("Upstage AI",)),
            organisation("naver-cloud", "KR", "naver-hyperclovax", parent="naver"),
            organisation("naver", "KR", "naver-ai"),
            organisation("sk-telecom", "KR", "skt", holders=("SK Telecom",)),
            organisation("zhipu", "CN", "zai-org", holders=("The ZhipuAI Inc. team",)),
            organisation("alibaba-qwen", "CN", "Qwen"),
            organisation("deepseek", "CN", "deepseek-ai", holders=("DeepSeek-AI",)),
            organisation("moonshot", "CN", "moonshotai"),
            organisation("openai", "US", "openai"),
            organisation("meta", "US", "meta-llama", holders=("Meta Platforms, Inc.",)),
            organisation(
                "huggingface",
                "US",
                "huggingface",
                holders=("HuggingFace Inc. team",),
                boilerplate=Boilerplate.ALWAYS,
            ),
            organisation("unsloth", "US", "unsloth", kind=OrganisationKind.REDISTRIBUTOR),
        ]
    ),
    Lineage(
        [
            Family("solar_open", "upstage", classes=("SolarOpenForCausalLM",)),
            Family("hyperclovax", "naver-cloud", classes=("HyperCLOVAXForCausalLM",)),
            Family("qwen2", "alibaba-qwen", classes=("Qwen2ForCausalLM",)),
            Family("qwen2_5_vl", "alibaba-qwen", classes=("Qwen2_5_VLForConditionalGeneration",)),
            Family("whisper", "openai", classes=("WhisperModel",)),
            Family(
                "deepseek_v3",
                "deepseek",
                classes=("DeepseekV3ForCausalLM", "DeepseekV3Config", "DeepseekV3MoE"),
                modules=("deepseek_v3", "deepseek"),
            ),
            Family("kimi_k2", "moonshot"),
            Family("llama", "meta", classes=("LlamaForCausalLM",), modules=("llama",)),
            Family("encoder-decoder", None),
            Family("siglip", "google", networks=("vit_so400m_patch14_siglip_384",)),
            Family("ControlNetModel", None, classes=("ControlNetModel",)),
            Family("timm/dla", None, networks=("dla34",)),
        ]
    ),
)

CORE = Part("decoder-core", Role.DECODER_CORE, "Decoder core", ("model.safetensors",), 900, 9, present=True)
HEAD = Part("head", Role.HEAD, "Head", ("model.safetensors",), 50, 1, present=True)
EMBEDDING = Part("embedding", Role.EMBEDDING, "Embedding", ("model.safetensors",), 50, 1, present=True)
VISION = Part(
    "vision-encoder", Role.VISION_ENCODER, "Vision encoder", ("vision.safetensors",), 20, 4, present=True
)
AUDIO = Part(
    "audio-encoder", Role.AUDIO_ENCODER, "Audio encoder", ("audio.safetensors",), 20, 4, present=True
)
ADAPTER = Part("adapter", Role.ADAPTER, "Adapter", ("adapter_model.safetensors",), 5, 2, present=True)
TOKENIZER = Part(
    "tokenizer", Role.TOKENIZER, "Tokenizer", ("tokenizer.json", "tokenizer_config.json"), present=True
)
CODE = Part("remote-code", Role.REMOTE_CODE, "Remote code", ("modeling_x.py",), present=True)


def says(
    kind: DeclarationKind, value: str, part: str | None = None, relation: str | None = None
) -> Declaration:
    path = "README.md" if kind is DeclarationKind.BASE_MODEL else "config.json"
    return Declaration(kind, value, Locator(path, key=kind.value), part, relation)


def inherits(base: str) -> Declaration:
    place = Locator("modeling_x.py", line=9, quote=f"class XForCausalLM({base}):")
    return Declaration(DeclarationKind.INHERITS, base, place, "remote-code")


def notice(*holders: str, path: str = "modeling_x.py", line: int = 3) -> Notice:
    text = f"Copyright 2025 {' and '.join(holders)}"
    return Notice(holders, text, Locator(path, line=line, quote=text))


def files(*parts: Part, digests: dict[str, str] | None = None) -> tuple[FileEntry, ...]:
    paths = sorted({path for part in parts for path in part.files})
    return tuple(FileEntry(path, 100, (digests or {}).get(path), kind_of(path)) for path in paths)


def kind_of(path: str) -> FileClass:
    if path.endswith(".safetensors"):
        return FileClass.WEIGHTS
    if path.startswith("tokenizer"):
        return FileClass.TOKENIZER
    return FileClass.CODE if path.endswith(".py") else FileClass.LICENCE


def target(repository: str | None, hub: HubRecord | None = None) -> Target:
    kind = TargetKind.HUB if hub else TargetKind.FOLDER
    return Target(repository or "./model", kind, "model", repository, hub=hub)


def trace(
    inspected: Inspected,
    repository: str | None = "upstage/solar",
    *,
    hub: HubRecord | None = None,
    digests: dict[str, str] | None = None,
    lookup: Lookup | None = None,
) -> tuple[Provenance, tuple[Unknown, ...]]:
    entries = files(*inspected.parts, digests=digests)
    return conclude(target(repository, hub), entries, inspected, catalog=CATALOG, lookup=lookup)


def origin(found: Provenance, part: str, layer: Layer) -> Origin | None:
    return next((item for item in found.origins if item.part == part and item.layer is layer), None)


def by_rule(found: Provenance, rule: str) -> list[Finding]:
    return [item for item in found.findings if item.rule == rule]


def names(item: Origin | Finding | None) -> list[str]:
    return [] if item is None else [organisation.id for organisation in item.organisations]


def reference(repository: str, created: str | None, **digests: str) -> Reference:
    entries = tuple(
        FileEntry(path.replace("__", "."), 100, sha, kind_of(path.replace("__", ".")))
        for path, sha in digests.items()
    )
    return Reference(repository, "a" * 40, created, entries)
