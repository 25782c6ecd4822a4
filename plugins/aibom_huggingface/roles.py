"""Which role the network of a configuration level plays."""

from __future__ import annotations

from aibom.model import Role
from aibom_huggingface.families import DUAL_ENCODERS, canonical, encoder_of_type, role_of_class, role_of_type
from aibom_huggingface.level import KEY_ROLES, QUALIFIED_KEYS, TEXT_KEYS, Level, children

_ENCLOSING = (Role.VOCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER, Role.DENOISER)
"""Roles whose inner configurations describe pieces of the same part."""


def encoder_of(level: Level) -> Role | None:
    """What the encoder of an encoder-decoder reads; None where the level describes none."""
    if any(name.endswith("ForCausalLM") for name in level.architectures):
        return None
    listed = encoder_of_type(level.model_type or "")
    if listed or level.data.get("is_encoder_decoder") is not True:
        return listed
    inner = next(
        (data for key, data in children(level.data) if key.removesuffix("_config") == "encoder"), None
    )
    if inner is not None:
        below = Level(level.path, ("encoder",), inner, None)
        return role_of_type(below.model_type or "") or _by_content(below)
    return _by_content(level) if level.number("vocab_size") else None


def is_dual(level: Level) -> bool:
    """Whether a level composes encoders side by side, as CLIP does."""
    return canonical(level.model_type or "") in DUAL_ENCODERS or "logit_scale_init_value" in level.data


def one_tower(root: Level) -> bool:
    """Whether the class takes the vision tower alone out of a dual encoder (`…ForImageClassification`)."""
    return any(role_of_class(name) is Role.VISION_ENCODER for name in root.architectures)


def root_role(level: Level) -> Role | None:
    """The role of a file's root; None for a composed one, and where nothing tells."""
    listed = role_of_type(level.model_type or "")
    if listed in _ENCLOSING:
        return listed
    if level.stems & (TEXT_KEYS | {"text_encoder", "encoder"}):
        return None
    if encoder_of(level):
        return Role.DECODER_CORE
    return listed or _role_of_classes(level) or _default(level)


def nested_role(level: Level, parent: Level) -> Role | None:
    """The role of a sub-configuration, by its key, its type and its parent."""
    stem = level.stem
    if level.stems & TEXT_KEYS and stem not in KEY_ROLES:
        return None
    if parent.role in _ENCLOSING:
        return parent.role
    by_type = role_of_type(level.model_type or "")
    if stem in TEXT_KEYS:
        return _text_role(level, parent, by_type)
    if stem in QUALIFIED_KEYS:
        return Role.DECODER_CORE
    if stem == "encoder":
        return by_type or _by_content(level)
    return _codec(stem, by_type) or by_type or _role_of_classes(level)


def _default(level: Level) -> Role | None:
    """Where no name tells: a backbone makes it a vision model, a vocabulary a decoder."""
    if "backbone" in level.stems:
        return Role.VISION_ENCODER
    return Role.DECODER_CORE if level.number("vocab_size", "padded_vocab_size") else None


def _by_content(level: Level) -> Role | None:
    """What an encoder reads, by its own measures."""
    if level.number("num_mel_bins", "input_feat_per_channel"):
        return Role.AUDIO_ENCODER
    if level.number("vocab_size"):
        return Role.TEXT_ENCODER
    return Role.VISION_ENCODER if level.number("patch_size", "image_size", "num_channels") else None


def _codec(stem: str, by_type: Role | None) -> Role | None:
    """The key decides, unless the type is that of a codec or autoencoder (MusicGen's `audio_encoder`)."""
    return by_type if by_type in (Role.VOCODER, Role.VAE) else KEY_ROLES.get(stem)


def _text_role(level: Level, parent: Level, by_type: Role | None) -> Role:
    """A text configuration beside another encoder is an encoder, in a generative model the core."""
    if level.stem == "decoder":
        return Role.DECODER_CORE
    return Role.TEXT_ENCODER if is_dual(parent) or by_type is Role.TEXT_ENCODER else Role.DECODER_CORE


def _role_of_classes(level: Level) -> Role | None:
    return next((role for name in level.architectures if (role := role_of_class(name))), None)
