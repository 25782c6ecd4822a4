"""One level of a configuration: the root, or a sub-configuration with a network of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aibom.formats.text import JsonValue, as_dict, as_int, as_str, clean, strings
from aibom.model import Locator, Role
from aibom_huggingface.tables import ordered_words, words

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

_SIZE_KEYS = ordered_words(
    """hidden_size d_model dim width embed_dim n_embd num_hidden_layers num_layers depth layers n_layer
    vt_hidden_size encoder_layers num_heads image_dim_out"""
)


_TIMM_MODEL = re.compile(r"(?=[a-z_]*[0-9])[a-z][a-z0-9_]{2,80}(\.\w{1,80})?")
"""`vit_so400m_patch14_siglip_384.webli`: small letters, and a number, as nearly all names of timm have."""


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
    def stem(self) -> str:
        """The key without `_config`; empty at the root."""
        return self.keys[-1].removesuffix("_config") if self.keys else ""

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the configurations right below."""
        return frozenset(key.removesuffix("_config") for key, _ in children(self.data))

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

    @property
    def timm_models(self) -> tuple[tuple[str, str], ...]:
        """(key, name) of models of timm that a vision encoder, or timm's own configuration, names."""
        own = "pretrained_cfg" in self.data or (self.model_type or "").startswith("timm_")
        if not own and self.role is not Role.VISION_ENCODER:
            return ()
        named = (
            (key, as_str(self.data.get(key)) or "") for key in ("architecture", "backbone", "model_name")
        )
        return tuple((key, name) for key, name in named if _TIMM_MODEL.fullmatch(name))

    def locate(self, key: str) -> Locator:
        """The place of one of its keys."""
        return Locator(self.path, key=".".join((*self.keys, key)))

    def number(self, *keys: str) -> int | None:
        """The first of these keys that holds a whole number."""
        return next((value for key in keys if (value := as_int(self.data.get(key))) is not None), None)


def children(data: Mapping[str, JsonValue]) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    """The nested objects that describe a network: by a model type, a known key, or sizes under `*_config`."""
    for key, value in data.items():
        if not isinstance(value, dict) or not value or key in NOT_NETWORKS:
            continue
        stem = key.removesuffix("_config")
        known = stem in KEY_ROLES or stem in TEXT_KEYS or stem in QUALIFIED_KEYS
        sized = key.endswith("_config") and any(as_int(value.get(name)) is not None for name in _SIZE_KEYS)
        if known or sized or as_str(value.get("model_type")):
            yield clean(key, 80), as_dict(value)
