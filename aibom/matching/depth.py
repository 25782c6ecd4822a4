"""How much of a model the maker of a dossier can have seen."""

from __future__ import annotations

from aibom.model import Depth, Dossier, Stage, Unknown

_ORDER = list(Depth)
_LISTING = frozenset({Stage.SOURCE, Stage.INVENTORY})
_READING = _LISTING | {Stage.INSPECTION}


def shallower(one: Depth | None, other: Depth | None) -> bool:
    """Whether the first read less than the second; False where one does not say how far it read."""
    return one is not None and other is not None and _ORDER.index(one) < _ORDER.index(other)


def unlisted(dossier: Dossier) -> tuple[Unknown, ...]:
    """What may hide files."""
    return tuple(each for each in dossier.unknowns if each.stage in _LISTING)


def unread(dossier: Dossier) -> tuple[Unknown, ...]:
    """What may hide parts."""
    return tuple(each for each in dossier.unknowns if each.stage in _READING)
