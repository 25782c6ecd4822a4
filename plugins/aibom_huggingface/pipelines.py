"""Compositions of folders: diffusers' model_index.json and sentence-transformers' modules.json."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aibom.formats.text import JsonValue, as_bool, as_dict, as_int, as_list, as_str, clean
from aibom.model import Declaration, DeclarationKind, Fact, Locator, Part, Role
from aibom_huggingface.families import role_of_class
from aibom_huggingface.slots import Slot, named, slot, slug
from aibom_huggingface.tables import words

MAX_COMPONENTS = 64
"""Components read of one pipeline; real ones hold about ten."""

COMPONENT_ROLES: tuple[tuple[str, Role], ...] = (
    # the component's key in model_index.json; first match wins
    (r"(?:unet|transformer|prior|dit|decoder|denoiser|multi_unet)(?:_\d+)?", Role.DENOISER),
    (r"(?:vae|vqvae|vqgan|movq|autoencoder|image_vae|audio_vae)(?:_\d+)?", Role.VAE),
    (r"(?:text_encoder|prior_text_encoder|t5_encoder|conditioner)(?:_\d+)?", Role.TEXT_ENCODER),
    (r"(?:prior_)?image_encoder(?:_\d+)?|vision_encoder|safety_checker|feature_encoder", Role.VISION_ENCODER),
    (r"(?:audio_encoder|speech_encoder)(?:_\d+)?", Role.AUDIO_ENCODER),
    (r"vocoder|hifigan", Role.VOCODER),
    (r"projection_model|connector|image_projection|image_normalizer|\w+_projection", Role.PROJECTOR),
    (r"(?:language_model|llm)(?:_\d+)?", Role.DECODER_CORE),
    (r"controlnet\w*|t2i_adapter|adapter\w*", Role.ADAPTER),
)  # fmt: skip

UNTRAINED = re.compile(r"(?:scheduler|tokenizer|feature_extractor|image_processor|processor)\w*")
"""Components without weights."""

POOLING_MODES = (
    "cls_token",
    "mean_tokens",
    "max_tokens",
    "mean_sqrt_len_tokens",
    "weightedmean_tokens",
    "lasttoken",
)


@dataclass(frozen=True, slots=True)
class Component:
    """One named member of a pipeline: its folder, library, class, and the part that it is."""

    key: str
    folder: str
    library: str
    name: str
    slot: Slot
    locator: Locator

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Library and class."""
        return (Fact("architecture", self.name, self.locator), Fact("library", self.library, self.locator))


def diffusion_components(path: str, data: Mapping[str, JsonValue]) -> tuple[Component, ...]:
    """The components of a model_index.json that carry weights; disabled ones (null) are left out."""
    found: list[Component] = []
    folder = path.rpartition("/")[0]
    for key, value in sorted(data.items()):
        pair = [as_str(item) for item in as_list(value)]
        if key.startswith("_") or len(pair) != 2 or not pair[1] or UNTRAINED.fullmatch(key):
            continue
        library, name = clean(pair[0] or "", 80), clean(pair[1], 120)
        if len(found) >= MAX_COMPONENTS:
            break
        where = component_slot(key, _component_role(key, name))
        if any(item.slot.id == where.id for item in found):
            where = named(where.role, f"{where.id}-{key}", f"{where.name} ({clean(key, 60)})")
        inside = f"{folder}/{key}" if folder else key
        found.append(
            Component(clean(key, 80), inside, library, name, where, Locator(path, key=clean(key, 80)))
        )
    return tuple(found)


def _component_role(key: str, name: str) -> Role:
    by_key = next((role for pattern, role in COMPONENT_ROLES if re.fullmatch(pattern, key)), None)
    return by_key or role_of_class(name) or Role.OTHER


def component_slot(key: str, role: Role) -> Slot:
    """`denoiser`, `text-encoder-2`: the role, and the number or the word that tells components apart."""
    bare, number = re.fullmatch(r"(.*?)(?:_(\d+))?", key, re.DOTALL).groups()  # type: ignore[union-attr]
    usual = bare in _USUAL
    ident = slot(role).id if usual else slug(key)
    name = role.label if usual else f"{role.label} ({clean(key, 60)})"
    return named(
        role,
        f"{ident}-{number}" if usual and number else ident,
        f"{name} {number}" if usual and number else name,
    )


_USUAL = words(
    """unet transformer prior dit denoiser vae vqvae movq vqgan text_encoder image_encoder audio_encoder
    vocoder"""
)


def component_declarations(components: tuple[Component, ...]) -> Iterator[Declaration]:
    """The class that a pipeline names for each component."""
    for item in components:
        yield Declaration(DeclarationKind.ARCHITECTURE, item.name, item.locator, item.slot.id)


@dataclass(frozen=True, slots=True)
class Module:
    """One step of a sentence-transformers model."""

    folder: str
    kind: str
    locator: Locator


def sentence_modules(path: str, data: JsonValue) -> tuple[Module, ...]:
    """The steps of a modules.json, in order; `kind` is the class's own name (`Transformer`, `Pooling`)."""
    found = []
    for position, item in enumerate(as_list(data)[:MAX_COMPONENTS]):
        entry = as_dict(item)
        kind = (as_str(entry.get("type")) or "").rpartition(".")[2]
        if kind:
            folder = clean(as_str(entry.get("path")) or "", 120).strip("/")
            found.append(Module(folder, clean(kind, 80), Locator(path, key=f"[{position}].type")))
    return tuple(found)


def pooling_part(modules: tuple[Module, ...], configs: Mapping[str, Mapping[str, JsonValue]]) -> Part | None:
    """The step that makes one vector out of many; it has no weights. None where there is no such step.

    `configs` maps a module's folder to the content of its config.json.
    """
    pooling = next((module for module in modules if module.kind == "Pooling"), None)
    if pooling is None:
        return None
    config = configs.get(pooling.folder, {})
    path = f"{pooling.folder}/config.json"
    facts = []
    modes = [mode for mode in POOLING_MODES if as_bool(config.get(f"pooling_mode_{mode}"))]
    if modes:
        facts.append(Fact("pooling_mode", ", ".join(modes), Locator(path, key=f"pooling_mode_{modes[0]}")))
    if width := as_int(config.get("word_embedding_dimension")):
        facts.append(Fact("embedding_dimension", width, Locator(path, key="word_embedding_dimension")))
    facts += [Fact("normalised", True, module.locator) for module in modules if module.kind == "Normalize"]
    return Part(
        id="pooling",
        role=Role.OTHER,
        name="Pooling",
        files=(path,) if config else (),
        parameters=0,
        tensors=0,
        declared=True,
        present=bool(config),
        facts=tuple(facts),
        locators=(pooling.locator,),
    )
