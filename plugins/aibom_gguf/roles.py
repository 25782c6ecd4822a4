"""Which part a tensor belongs to, by its name.

Names are those of llama.cpp (https://github.com/ggml-org/llama.cpp, `gguf-py/gguf/constants.py`), of its
projector files, and of the diffusion models that other runtimes keep in GGUF under their original names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from aibom.formats.gguf import Gguf
from aibom.model import Role

_ENCODERS: Final = frozenset({"t5encoder", "gemma-embedding", "llama-embed"})
"""Architectures that encode text, beside those with `bert` in their name."""
_DENOISERS: Final = frozenset(
    {
        "aura", "auraflow", "chroma", "cosmos", "flux", "flux2", "hidream", "hunyuan_video", "hyvid", "ltxv",
        "lumina2", "qwen_image", "sd1", "sd3", "sdxl", "wan", "z_image",
    }
)  # fmt: skip
"""Architectures of diffusion models, as ComfyUI-GGUF and its converter write them."""

_UNPLACED: Final = "Tensors without a known place"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Identity of a part in one model; `suffix` tells parts of one role apart."""

    role: Role
    suffix: str = ""

    @property
    def id(self) -> str:
        """`head-mtp`."""
        return f"{self.role.value}-{self.suffix}" if self.suffix else self.role.value

    @property
    def name(self) -> str:
        """For people."""
        return _NAMED.get(self, _UNPLACED if self.role is Role.OTHER else self.role.label)


MTP: Final = Slot(Role.HEAD, "mtp")
AUDIO_PROJECTOR: Final = Slot(Role.PROJECTOR, "audio")
_NAMED: Final = {MTP: "Multi-token-prediction head", AUDIO_PROJECTOR: "Audio projector"}

_RULES: Final = tuple(
    (re.compile(pattern), slot)
    for pattern, slot in (
        (r".*\.lora_[ab]$|direction\.\d+$", Slot(Role.ADAPTER)),
        (r"mm\.a\.|a\.proj_", AUDIO_PROJECTOR),
        (
            r"mm\.|resampler\.|v\.deepstack\.|(?:model\.|v\.)?image_newline|visual_projection|text_projection",
            Slot(Role.PROJECTOR),
        ),
        (r"v\.", Slot(Role.VISION_ENCODER)),
        (r"a\.", Slot(Role.AUDIO_ENCODER)),
        (r"t\.|enc\.", Slot(Role.TEXT_ENCODER)),
        (r"dec\.", Slot(Role.DECODER_CORE)),
        (r"blk\.\d+\.ffn_(?:gate_inp(?:_shexp)?|exp_probs)\b|blk\.\d+\.exp_probs_b\b", Slot(Role.ROUTER)),
        (
            r"blk\.\d+\.ffn_(?:gate|up|down|gate_up)(?:_exps|_shexp|_chexps|\.\d+)\.",
            Slot(Role.EXPERTS),
        ),
        (r"(?:token_embd|position_embd|token_types|per_layer_\w+|token_embd_norm)\b", Slot(Role.EMBEDDING)),
        (
            r"(?:output|cls|dense_[23]|cls\.(?:output|norm))\.(?:weight|bias|scale|input_scale)$",
            Slot(Role.HEAD),
        ),
        (r"(?:convnext|posnet|conv1d)\.", Slot(Role.VOCODER)),
        (r"(?:model\.)?diffusion_model\.", Slot(Role.DENOISER)),
        (r"first_stage_model\.|vae\.", Slot(Role.VAE)),
        (r"cond_stage_model\.|conditioner\.|text_encoders?\.", Slot(Role.TEXT_ENCODER)),
    )
)
"""The first that matches at the start of a name decides."""
_TRUNK: Final = re.compile(r"blk\.|output_norm|rope_f|altup")
_NEXT: Final = re.compile(r"(blk\.\d+)\.nextn\.")
_LAYER: Final = re.compile(r"blk\.\d+(?=\.)")


def place_all(names: Iterable[str], head: Gguf) -> dict[str, Slot]:
    """The part of every name; a layer that predicts further tokens is one part as a whole."""
    everything = tuple(names)
    further = {match[1] for name in everything if (match := _NEXT.match(name))}
    trunk = trunk_of(head)
    adapter = head.text("general.type") == "adapter"
    return {
        name: Slot(Role.ADAPTER) if adapter else MTP if _layer(name) in further else _place(name, trunk)
        for name in everything
    }


def trunk_of(head: Gguf) -> Role | None:
    """The role of the network that tensors without a scope of their own are of; None of a projector file."""
    architecture = (head.text("general.architecture") or "").lower()
    if architecture == "clip":
        return None
    if architecture in _DENOISERS:
        return Role.DENOISER
    if architecture == "wavtokenizer-dec":
        return Role.VOCODER
    pooled = f"{architecture}.pooling_type" in head.metadata
    bidirectional = head.metadata.get(f"{architecture}.attention.causal") is False and pooled
    if "bert" in architecture or architecture in _ENCODERS or bidirectional:
        return Role.TEXT_ENCODER
    return Role.DECODER_CORE


def _layer(name: str) -> str | None:
    """The layer that a tensor is of (`blk.3`), or None."""
    match = _LAYER.match(name)
    return match[0] if match else None


def _place(name: str, trunk: Role | None) -> Slot:
    if trunk in (Role.DENOISER, Role.VOCODER):
        return Slot(trunk)
    slot = next((slot for rule, slot in _RULES if rule.match(name)), None)
    if slot is None and trunk is not None and _TRUNK.match(name):
        slot = Slot(trunk)
    return slot or Slot(Role.OTHER)
