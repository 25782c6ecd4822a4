"""Every reader under a fixed budget of damaged files; `make fuzz` goes on for as long as is wanted."""

from __future__ import annotations

import random

import pytest

from aibom.model import Emission, Observation, Part, Unknown
from aibom.testing import inspect
from tests.fuzz.bounds import BoundedView
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import SEEDS, Seed

BUDGET = 120

each = pytest.mark.parametrize("name", sorted(SEEDS))


def look(seed: Seed, data: bytes) -> list[Emission]:
    """What the inspector yields; nothing but values comes out, and no read leaves its file."""
    view = BoundedView(seed.target(data))
    found = inspect(seed.inspector(), view)
    assert view.outside == []
    return found


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
    """By an Unknown or an Observation that the whole file has not; the beginning of prose is prose."""
    seed = SEEDS[name]
    whole = look(seed, seed.data)
    for cut in range(len(seed.data)):
        found = look(seed, seed.data[:cut])
        told = any(isinstance(item, (Unknown, Observation)) and item not in whole for item in found)
        assert told or seed.prose or cut in seed.sound_cuts, cut
