"""config.json and every configuration nested in it, as a flat list of levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aibom.formats.text import JsonValue, as_dict, as_int, as_str, clean, strings
from aibom.model import Locator, Role, Stage, Unknown
from aibom_huggingface.families import DUAL_ENCODERS, canonical, encoder_of_type, role_of_class, role_of_type
from aibom_huggingface.tables import words

MAX_LEVELS = 64
"""Nested configurations read per file; real ones hold fewer than ten."""
MAX_DEPTH = 6
"""How deep a configuration may be nested; real ones reach three (thinker → text)."""

KEY_ROLES: dict[str, Role] = {
    # the key that holds a sub-configuration, without `_config` → what the sub-network does
    "vision": Role.VISION_ENCODER,
    "visual": Role.VISION_ENCODER,
    "vit": Role.VISION_ENCODER,
    "vision_tower": Role.VISION_ENCODER,
    "vision_encoder": Role.VISION_ENCODER,
    "image_encoder": Role.VISION_ENCODER,
    "img_processor": Role.VISION_ENCODER,
    "high_res_vision": Role.VISION_ENCODER,
    "audio": Role.AUDIO_ENCODER,
    "speech": Role.AUDIO_ENCODER,
    "audio_tower": Role.AUDIO_ENCODER,
    "audio_encoder": Role.AUDIO_ENCODER,
    "speech_encoder": Role.AUDIO_ENCODER,
    "acoustic_tokenizer_encoder": Role.AUDIO_ENCODER,
    "sound": Role.AUDIO_ENCODER,
    "text_encoder": Role.TEXT_ENCODER,
    "projector": Role.PROJECTOR,
    "qformer": Role.PROJECTOR,
    "perceiver": Role.PROJECTOR,
    "perceiver_resampler": Role.PROJECTOR,
    "adapter": Role.PROJECTOR,
    "code2wav": Role.VOCODER,
    "token2wav": Role.VOCODER,
    "vocoder": Role.VOCODER,
    "codec": Role.VOCODER,
    "vq": Role.VAE,
    "vae": Role.VAE,
    "diffusion_head": Role.DENOISER,
    "talker": Role.DECODER_CORE,
}

TEXT_KEYS = frozenset({"text", "llm", "language", "language_model", "lm", "decoder", "thinker", "semantic"})
"""Keys of the language model of a composed configuration."""

QUALIFIED_KEYS = frozenset(
    {"talker", "coarse_acoustics", "fine_acoustics", "depth_decoder", "code_predictor"}
)
"""Keys of a second decoder: its parts carry the key as qualifier."""

NOT_NETWORKS = words(
    """quantization_config generation_config compression_config rope_scaling rope_parameters rope_config
    task_specific_params auto_map id2label label2id bnb_config quant_config token_config loss_config
    sampling_config processor_config preprocessor_config"""
)
"""Nested objects that describe no network."""

_SIZE_KEYS = (
    "hidden_size",
    "d_model",
    "dim",
    "width",
    "embed_dim",
    "n_embd",
    "num_hidden_layers",
    "num_layers",
    "depth",
    "layers",
    "n_layer",
    "vt_hidden_size",
    "encoder_layers",
    "num_heads",
    "image_dim_out",
)


@dataclass(frozen=True, slots=True)
class Level:
    """One configuration: the file's root or a sub-configuration.

    Attributes:
        path: the file.
        keys: where in the file it stands (`("thinker_config", "vision_config")`); empty at the root.
        data: its content.
        role: role of its trunk; None for a composed level whose networks are its children, or not known.
        qualifier: of a second decoder (`talker`), else empty.
    """

    path: str
    keys: tuple[str, ...]
    data: Mapping[str, JsonValue]
    role: Role | None
    qualifier: str = ""

    @property
    def model_type(self) -> str | None:
        """The declared model type, cleaned."""
        kind = as_str(self.data.get("model_type"))
        return clean(kind, 120) if kind else None

    @property
    def architectures(self) -> tuple[str, ...]:
        """The declared architecture classes, cleaned."""
        return tuple(
            clean(name, 120) for name in strings(self.data.get("architectures"))[:16] if name.strip()
        )

    def locate(self, key: str) -> Locator:
        """The place of one of its keys."""
        return Locator(self.path, key=".".join((*self.keys, key)))

    def number(self, *keys: str) -> int | None:
        """The first of these keys that holds a whole number."""
        return next((value for key in keys if (value := as_int(self.data.get(key))) is not None), None)


def read_levels(path: str, data: Mapping[str, JsonValue]) -> tuple[tuple[Level, ...], tuple[Unknown, ...]]:
    """The root and every nested configuration, parents first.

    At most `MAX_LEVELS` are read, down to `MAX_DEPTH`; beyond that an Unknown tells.
    """
    levels: list[Level] = []
    cut = False
    pending: list[tuple[tuple[str, ...], Mapping[str, JsonValue], Level | None]] = [((), data, None)]
    while pending:
        keys, content, parent = pending.pop(0)
        if len(levels) >= MAX_LEVELS or len(keys) > MAX_DEPTH:
            cut = True
            break
        level = _level(path, keys, content, parent)
        levels.append(level)
        pending += [((*keys, key), child, level) for key, child in _children(content)]
    unknowns = (
        (Unknown(path, Stage.INSPECTION, f"more than {MAX_LEVELS} nested configurations"),) if cut else ()
    )
    return tuple(levels), unknowns


def _children(data: Mapping[str, JsonValue]) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    for key, value in data.items():
        if not isinstance(value, dict) or not value or key in NOT_NETWORKS:
            continue
        stem = key.removesuffix("_config")
        sized = any(as_int(value.get(name)) is not None for name in _SIZE_KEYS)
        known = stem in KEY_ROLES or stem in TEXT_KEYS or stem in QUALIFIED_KEYS
        if as_str(value.get("model_type")) or (sized and (known or key.endswith("_config"))):
            yield clean(key, 80), as_dict(value)


def _level(path: str, keys: tuple[str, ...], data: Mapping[str, JsonValue], parent: Level | None) -> Level:
    stem = keys[-1].removesuffix("_config") if keys else ""
    qualifier = parent.qualifier if parent else ""
    if stem in QUALIFIED_KEYS:
        qualifier = "-".join(piece for piece in (qualifier, stem) if piece).replace("_", "-")
    bare = Level(path, keys, data, None, qualifier)
    role = _root_role(bare) if parent is None else _nested_role(bare, stem, parent)
    return Level(path, keys, data, role, qualifier)


def _root_role(level: Level) -> Role | None:
    kind = level.model_type or ""
    children = dict(_children(level.data))
    if any(_is_text(key, child) for key, child in children.items()):
        return None
    if encoder_of_type(kind) or level.data.get("is_encoder_decoder") is True:
        return None if {"encoder", "decoder"} & set(children) else Role.DECODER_CORE
    return (
        role_of_type(kind) or _role_of_classes(level) or (Role.DECODER_CORE if _generative(level) else None)
    )


def _is_text(key: str, child: Mapping[str, JsonValue]) -> bool:
    return key.removesuffix("_config") in TEXT_KEYS | {"text_encoder"}


def _nested_role(level: Level, stem: str, parent: Level) -> Role | None:
    if any(_is_text(key, child) for key, child in _children(level.data)) and stem not in KEY_ROLES:
        return None
    by_type = role_of_type(level.model_type or "")
    if stem in TEXT_KEYS:
        return _text_role(level, parent, by_type)
    if parent.role in (Role.VOCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER, Role.DENOISER):
        return parent.role
    if stem in QUALIFIED_KEYS:
        return Role.DECODER_CORE
    return KEY_ROLES.get(stem) or by_type or _role_of_classes(level)


def _text_role(level: Level, parent: Level, by_type: Role | None) -> Role:
    """A text configuration beside another encoder is an encoder, in a generative model the core."""
    dual = canonical(parent.model_type or "") in DUAL_ENCODERS
    return Role.TEXT_ENCODER if dual or by_type is Role.TEXT_ENCODER else Role.DECODER_CORE


def _role_of_classes(level: Level) -> Role | None:
    return next((role for name in level.architectures if (role := role_of_class(name))), None)


def _generative(level: Level) -> bool:
    """A bare `…Model` with a vocabulary and no listed type: today's default is a decoder."""
    return level.number("vocab_size", "padded_vocab_size") is not None
