"""What a part of somebody else's BOM does: told only where a name says it in so many words."""

from __future__ import annotations

import re

from aibom.model import Role

_WORDS = re.compile(r"[^a-z0-9]+")
_NAMED = {role.value: role for role in Role} | {role.label.lower().replace(" ", "-"): role for role in Role}
RULES: tuple[tuple[Role, tuple[frozenset[str], ...]], ...] = (
    (Role.TOKENIZER, (frozenset({"tokenizer", "tokeniser"}),)),
    (Role.CHAT_TEMPLATE, (frozenset({"chat"}), frozenset({"template"}))),
    (
        Role.VISION_ENCODER,
        (frozenset({"vision", "visual", "image"}), frozenset({"encoder", "tower", "backbone"})),
    ),
    (Role.AUDIO_ENCODER, (frozenset({"audio", "speech"}), frozenset({"encoder", "tower"}))),
    (Role.TEXT_ENCODER, (frozenset({"text"}), frozenset({"encoder"}))),
    (Role.PROJECTOR, (frozenset({"projector"}),)),
    (Role.VAE, (frozenset({"vae"}),)),
    (Role.VOCODER, (frozenset({"vocoder"}),)),
    (Role.DENOISER, (frozenset({"denoiser", "unet"}),)),
    (Role.ROUTER, (frozenset({"router"}),)),
    (Role.EXPERTS, (frozenset({"experts"}),)),
    (Role.ADAPTER, (frozenset({"adapter", "lora"}),)),
)
"""A role is taken where the name has a word of each set; the first rule that holds decides."""


def role_of(name: str) -> Role:
    """The role that a component's name states; `other` where it states none.

    A name that is a role's own (`vision-encoder`, `Decoder core`) has it. A model's name never says what a
    part does beyond these words: `vision` alone, or a family's name, says nothing.
    """
    words = [word for word in _WORDS.split(name[:400].lower()) if word]
    exact = _NAMED.get("-".join(words))
    if exact is not None:
        return exact
    held = set(words)
    return next((role for role, sets in RULES if all(held & each for each in sets)), Role.OTHER)
