"""Which parts a layer speaks of: provenance and the score must agree on it."""

from __future__ import annotations

from collections.abc import Sequence

from aibom.model import Layer, Part, Role

LANGUAGE = frozenset({Role.DECODER_CORE, Role.EXPERTS, Role.ROUTER, Role.EMBEDDING, Role.HEAD})
"""Roles that one model class implements together; a declaration about the core speaks for them."""

_CORE_CHOICES = (
    frozenset({Role.DENOISER}),
    frozenset({Role.DECODER_CORE, Role.EXPERTS, Role.TEXT_ENCODER}),
)
_SEPARABLE = frozenset({Role.VISION_ENCODER, Role.AUDIO_ENCODER, Role.TEXT_ENCODER, Role.VAE, Role.VOCODER})


def trained(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts that carry trained weights, each counted once (no second serialisation)."""
    return tuple(part for part in parts if part.role.trained and not part.alternative)


def core(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The trained parts that are the model's core.

    A denoiser is the core of a pipeline that has one (its text encoder only conditions it); else
    the language model with its experts. A model of other parts alone (a vision or speech encoder)
    is all core; an adapter never is, beside other parts.
    """
    candidates = trained(parts)
    for roles in _CORE_CHOICES:
        chosen = tuple(part for part in candidates if part.role in roles)
        if chosen:
            return chosen
    return tuple(part for part in candidates if part.role is not Role.ADAPTER) or candidates


def separable(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Encoders and decoders beside the core, which may have been trained elsewhere before."""
    inside = {part.id for part in core(parts)}
    return tuple(part for part in trained(parts) if part.role in _SEPARABLE and part.id not in inside)


def subjects(parts: Sequence[Part], layer: Layer) -> tuple[Part, ...]:
    """The parts that a layer speaks of; empty for the layers of the model as a whole.

    Weights and architecture: trained parts. Code: remote code where the target has some, else the
    trained parts, whose code lies in a library. Tokenizer: tokenizers.
    """
    if layer in (Layer.WEIGHTS, Layer.ARCHITECTURE):
        return trained(parts)
    if layer is Layer.CODE:
        return _of_role(parts, Role.REMOTE_CODE) or trained(parts)
    if layer is Layer.TOKENIZER:
        return _of_role(parts, Role.TOKENIZER)
    return ()


def _of_role(parts: Sequence[Part], role: Role) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.role is role and not part.alternative)
