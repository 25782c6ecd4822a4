"""Which models of a target are one network in several quantisations, and what their parts are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aibom.formats.gguf import GgufModel
from aibom.model import FileEntry


@dataclass(frozen=True, slots=True)
class Listed:
    """One model as it is to be reported.

    Attributes:
        model: its headers.
        prefix: put before the ids of its parts; empty for the first of its kind.
        alternative: another model of the target is the same network, in more bytes.
    """

    model: GgufModel
    prefix: str = ""
    alternative: bool = False


def listed(models: Sequence[GgufModel], files: Mapping[str, FileEntry]) -> tuple[Listed, ...]:
    """Every model, the largest of each network first; networks that share no part need no prefix.

    Models are one network where they have the same name and architecture, and tensors of the same names
    and shapes: quantising changes none of these.
    """
    groups: dict[tuple[object, ...], list[GgufModel]] = {}
    for model in sorted(models, key=lambda item: (-_size(item, files), item.name)):
        groups.setdefault(_network(model), []).append(model)
    found: list[Listed] = []
    kinds: set[str] = set()
    for first, *others in groups.values():
        kind = _kind(first)
        found.append(Listed(first, f"{_slug(first.name)}." if kind in kinds else ""))
        kinds.add(kind)
        found += (Listed(model, f"{_slug(model.name)}.", alternative=True) for model in others)
    return tuple(found)


def _size(model: GgufModel, files: Mapping[str, FileEntry]) -> int:
    return sum(entry.size or 0 for path in model.files if (entry := files.get(path)))


def _network(model: GgufModel) -> tuple[object, ...]:
    head = model.head
    shapes = frozenset((tensor.name, tensor.shape) for _, tensor in model.tensors())
    return (head.text("general.name"), head.text("general.architecture"), head.text("general.type"), shapes)


def _kind(model: GgufModel) -> str:
    """Projector files and adapters stand beside a model, and share no part with it."""
    kind = model.head.text("general.type") or "model"
    return "mmproj" if model.head.text("general.architecture") == "clip" else kind


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.rpartition("/")[2].lower()).strip("-")[-60:].strip("-") or "model"
