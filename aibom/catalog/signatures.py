"""Reference signatures of architectures: names and shapes of parts, as groups that print alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aibom.model import Role

MIN_PATTERNS = 5
"""Entries that a part needs to be told from others: an embedding or a head has one or two."""

Entry = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SignatureMember:
    """A model type with a part of that signature; `released` is the ISO day it became public, or None."""

    model_type: str
    released: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureGroup:
    """Parts that print alike. `members` by day, the undated last; `entries` as in a ShapePrint."""

    role: Role
    members: tuple[SignatureMember, ...]
    entries: tuple[Entry, ...]

    @property
    def model_types(self) -> tuple[str, ...]:
        """The members' model types, earliest first."""
        return tuple(member.model_type for member in self.members)


@dataclass(frozen=True)
class Signatures:
    """Every group."""

    groups: tuple[SignatureGroup, ...]

    def of(self, role: Role) -> tuple[SignatureGroup, ...]:
        """The groups of parts that do the same."""
        return tuple(group for group in self.groups if group.role is role)

    def weights(self, role: Role) -> dict[str, float]:
        """How much a pattern tells among parts of a role: ln(1 + groups / groups that have it)."""
        return self._weights.get(role, {})

    @cached_property
    def _weights(self) -> dict[Role, dict[str, float]]:
        return {role: _rarity(self.of(role)) for role in {group.role for group in self.groups}}


def _rarity(groups: Iterable[SignatureGroup]) -> dict[str, float]:
    chosen = tuple(groups)
    seen = Counter(pattern for group in chosen for pattern in {entry[0] for entry in group.entries})
    return {pattern: math.log(1 + len(chosen) / count) for pattern, count in seen.items()}


def key_of(entry: Entry) -> str:
    """An entry as text: `layers.#.mlp.up_proj.weight n,h`."""
    return f"{entry[0]} {','.join(entry[1])}"


def decode(document: Any) -> Signatures:
    """The signatures that a built document (`architecture_signatures.json`) holds."""
    entries = [_entry(text) for text in document["entries"]]
    return Signatures(
        tuple(
            SignatureGroup(
                Role(row["role"]),
                tuple(SignatureMember(name, day) for name, day in row["members"]),
                tuple(entries[index] for index in row["entries"]),
            )
            for row in document["groups"]
        )
    )


def _entry(text: str) -> Entry:
    pattern, _, sizes = text.rpartition(" ")
    return pattern, tuple(sizes.split(",")) if sizes else ()
