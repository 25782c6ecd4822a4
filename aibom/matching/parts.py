"""Which part of one dossier is which of another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from aibom.matching.names import key
from aibom.model import Part, Role

Key = Callable[[Part], Hashable]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Parts laid side by side.

    Attributes:
        both: parts of one side with their counterparts of the other, by id.
        left, right: those without.
    """

    both: tuple[tuple[Part, Part], ...]
    left: tuple[Part, ...]
    right: tuple[Part, ...]


def pair(left: Sequence[Part], right: Sequence[Part]) -> Pairs:
    """Pair by id and role, else by role and name, else as the only one of a role that is left.

    A part whose role is not known (`other`, in BOMs of other tools) is paired by its name or id with a part
    that has it as its name, id or role. Order does not matter.
    """
    both: list[tuple[Part, Part]] = []
    lone, other = _ordered(left), _ordered(right)
    for of_left, of_right, alone in _STEPS:
        found = _matches(lone, other, of_left, of_right, alone=alone)
        both += found
        lone = _without(lone, [one for one, _ in found])
        other = _without(other, [two for _, two in found])
    return Pairs(tuple(sorted(both, key=lambda each: (each[0].id, each[1].id))), tuple(lone), tuple(other))


def _ordered(parts: Sequence[Part]) -> list[Part]:
    return sorted(set(parts), key=lambda part: (part.id, part.role, part.name, repr(part)))


def _matches(
    left: list[Part], right: list[Part], of_left: Key, of_right: Key, *, alone: bool
) -> list[tuple[Part, Part]]:
    one, two = _groups(left, of_left), _groups(right, of_right)
    shared = [name for name in one if name in two and (not alone or len(one[name]) == len(two[name]) == 1)]
    return [each for name in shared for each in zip(one[name], two[name], strict=False)]


def _groups(parts: list[Part], of: Key) -> dict[Hashable, list[Part]]:
    groups: dict[Hashable, list[Part]] = {}
    for part in parts:
        name = of(part)
        if name:
            groups.setdefault(name, []).append(part)
    return groups


def _without(parts: list[Part], taken: list[Part]) -> list[Part]:
    gone = set(taken)
    return [part for part in parts if part not in gone]


def _by_id(part: Part) -> Hashable:
    return part.id, part.role


def _by_name(part: Part) -> Hashable:
    return part.role, key(part.name), part.alternative


def _by_role(part: Part) -> Hashable:
    return None if part.role is Role.OTHER else (part.role, part.alternative)


def _nameless(text: Callable[[Part], str]) -> Key:
    return lambda part: key(text(part)) if part.role is Role.OTHER else None


def _words(text: Callable[[Part], str]) -> Key:
    return lambda part: key(text(part))


def _name(part: Part) -> str:
    return part.name


def _ident(part: Part) -> str:
    return part.id


def _role(part: Part) -> str:
    return part.role


_STEPS: tuple[tuple[Key, Key, bool], ...] = (
    (lambda part: part, lambda part: part, False),
    (_by_id, _by_id, False),
    (_by_name, _by_name, False),
    (_by_role, _by_role, True),
    *((_nameless(of), _words(to), True) for of in (_ident, _name) for to in (_ident, _name, _role)),
    *((_words(to), _nameless(of), True) for of in (_ident, _name) for to in (_ident, _name, _role)),
)
"""What is compared on the left and on the right, and whether it has to be the only one."""
