"""Where a tensor, a config level or a file belongs: the identity of a part before it is built."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aibom.model import Role

_SUFFIXED = {(Role.HEAD, "mtp"): "Multi-token-prediction head", (Role.PROJECTOR, "audio"): "Audio projector"}


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Identity of a part: `id` is the stable slug, `name` is for people."""

    id: str
    role: Role
    name: str


def slot(role: Role, qualifier: str = "", suffix: str = "") -> Slot:
    """The slot of a role: `[qualifier-]role[-suffix]` (`decoder-core`, `talker-decoder-core`, `head-mtp`)."""
    ident = "-".join(piece for piece in (slug(qualifier), role.value, slug(suffix)) if piece)
    name = _SUFFIXED.get(
        (role, suffix), f"{role.label} ({suffix.replace('-', ' ')})" if suffix else role.label
    )
    if qualifier:
        name = f"{name} of the {qualifier.replace('-', ' ')}"
    return Slot(ident, role, name)


def named(role: Role, ident: str, name: str) -> Slot:
    """A slot whose slug is not made of its role (`text-encoder-2`, `pooling`)."""
    return Slot(slug(ident) or role.value, role, name)


def network(qualifier: str = "") -> Slot:
    """The slot of a network whose kind is not known."""
    return Slot("-".join(piece for piece in (slug(qualifier), "network") if piece), Role.OTHER, "Network")


def slug(text: str) -> str:
    """Lower-case letters, digits and single dashes, at most 60 characters."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:60].strip("-")
