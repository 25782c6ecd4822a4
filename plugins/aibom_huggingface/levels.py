"""config.json and every configuration nested in it, as a flat list of levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aibom.formats.text import JsonValue
from aibom.model import Stage, Unknown
from aibom_huggingface.level import QUALIFIED_KEYS, Level, children
from aibom_huggingface.roles import nested_role, root_role

MAX_LEVELS = 64
"""Nested configurations read per file; real ones hold fewer than ten."""
MAX_DEPTH = 6
"""How deep a configuration may be nested; real ones reach three (thinker → text)."""


def read_levels(path: str, data: Mapping[str, JsonValue]) -> tuple[tuple[Level, ...], tuple[Unknown, ...]]:
    """The root and every nested configuration, parents first.

    At most `MAX_LEVELS` are read, down to `MAX_DEPTH`; beyond that an Unknown tells.
    """
    levels: list[Level] = []
    cut = False
    pending: list[tuple[tuple[str, ...], Mapping[str, JsonValue], Level | None]] = [((), data, None)]
    while pending:
        keys, content, parent = pending.pop(0)
        if len(levels) >= MAX_LEVELS or len(keys) > MAX_DEPTH:
            cut = True
            break
        level = _level(path, keys, content, parent)
        levels.append(level)
        pending += [((*keys, key), child, level) for key, child in children(content)]
    unknowns = (
        (Unknown(path, Stage.INSPECTION, f"more than {MAX_LEVELS} nested configurations"),) if cut else ()
    )
    return tuple(levels), unknowns


def _level(path: str, keys: tuple[str, ...], data: Mapping[str, JsonValue], parent: Level | None) -> Level:
    stem = keys[-1].removesuffix("_config") if keys else ""
    qualifier = parent.qualifier if parent else ""
    if stem in QUALIFIED_KEYS:
        qualifier = "-".join(piece for piece in (qualifier, stem) if piece).replace("_", "-")
    bare = Level(path, keys, data, None, qualifier)
    role = root_role(bare) if parent is None else nested_role(bare, parent)
    return replace(bare, role=role)
