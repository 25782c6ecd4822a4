"""Short ways to look at what the inspector yields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aibom.model import Emission, Observation, Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector

E = TypeVar("E", Part, Observation, Unknown)


def emissions(files: Mapping[str, bytes]) -> list[Emission]:
    return inspect(ArchiveInspector(), MemoryView(files))


def only(files: Mapping[str, bytes], kind: type[E]) -> list[E]:
    return [item for item in emissions(files) if isinstance(item, kind)]


def rules(files: Mapping[str, bytes]) -> dict[str, str]:
    """Rule to statement."""
    return {item.rule: item.statement for item in only(files, Observation)}
