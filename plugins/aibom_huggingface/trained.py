"""The tensors of one part with what the configuration says of it, for whoever samples its weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aibom.formats.text import JsonValue
from aibom_huggingface.checkpoints import Row
from aibom_huggingface.level import Level
from aibom_huggingface.present import Present


@dataclass(frozen=True, slots=True)
class Trained:
    """One part whose weights are in the target.

    Attributes:
        part: Part.id.
        rows: its tensors.
        folder: of the configuration, empty for the root.
        config: the whole configuration that the part belongs to; empty where there is none.
        level: the configuration of the part itself, within it.
    """

    part: str
    rows: tuple[Row, ...]
    folder: str = ""
    config: Mapping[str, JsonValue] = field(default_factory=dict)
    level: Mapping[str, JsonValue] = field(default_factory=dict)


def trained(held: Present, path: str, levels: Sequence[Level]) -> Trained:
    """A part of the unit whose configuration stands, or would stand, at `path`."""
    config = levels[0].data if levels else {}
    own = [level.data for level in levels if level.role is held.slot.role] + [
        level.data for level in levels if level.number("num_attention_heads", "n_head", "num_heads")
    ]
    rows = tuple(held.rows)
    return Trained(held.slot.id, rows, path.rpartition("/")[0], config, own[0] if own else config)
