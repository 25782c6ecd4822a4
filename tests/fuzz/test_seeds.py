"""Every reader under a fixed budget of damaged files; `make fuzz` goes on for as long as is wanted."""

from __future__ import annotations

import random

import pytest

from aibom.model import Part
from aibom.sources.memory import MemoryView
from aibom.testing import inspect
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import SEEDS, Seed

BUDGET = 120

each = pytest.mark.parametrize("name", sorted(SEEDS))


def look(seed: Seed, data: bytes) -> list[object]:
    """What the inspector yields; nothing but values comes out, and no read leaves its file."""
    view = MemoryView(seed.target(data))
    found = inspect(seed.inspector(), view)
    for path, offset, length in view.reads:
        assert (offset >= 0 and offset + length <= len(seed.target(data)[path])) or length == 0
    return list(found)


@each
def test_a_sound_file_gives_a_part(name: str) -> None:
    assert any(isinstance(item, Part) for item in look(SEEDS[name], SEEDS[name].data))


@each
def test_damaged_files_never_raise(name: str) -> None:
    draw = random.Random(name)
    for _ in range(BUDGET):
        look(SEEDS[name], mutated(draw, SEEDS[name].data, SEEDS[name].kinds))


@each
def test_a_file_cut_at_any_byte_is_told_about(name: str) -> None:
    """An Unknown, a finding, or what is left; a `.bin` or `.xml` of which nothing is left is anyone's."""
    seed = SEEDS[name]
    for cut in range(len(seed.data)):
        found = look(seed, seed.data[:cut])
        assert found or (seed.path.endswith((".bin", ".xml")) and cut < 60)
