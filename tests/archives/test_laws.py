"""Laws of every reader: any bytes are described or told to be unreadable, and tensor data is not read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.model import Part, Unknown
from tests.archives.looking import emissions, only
from tests.archives.samples import SAMPLES, files

NAMES = st.sampled_from(sorted(SAMPLES))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_is_a_part_without_an_unknown(name: str) -> None:
    assert len(only(files(name, SAMPLES[name]), Part)) == 1
    assert only(files(name, SAMPLES[name]), Unknown) == []


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_file_cut_at_any_byte_is_told_about(name: str) -> None:
    """It is described in part, or an Unknown stands for it; the inspector never raises."""
    data = SAMPLES[name]
    for cut in range(len(data)):
        found = emissions(files(name, data[:cut]))
        assert found or (name.endswith((".bin", ".xml")) and cut < 60)


@settings(max_examples=300)
@given(NAMES, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_file_is_described_or_refused(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLES[name])
    for at, byte in changes:
        data[at % len(data)] = byte
    emissions(files(name, bytes(data)))


@settings(max_examples=200)
@given(NAMES, st.binary(max_size=300), st.integers(0, 64))
def test_any_bytes_behind_a_true_beginning(name: str, tail: bytes, kept: int) -> None:
    emissions(files(name, SAMPLES[name][:kept] + tail))


@given(NAMES)
def test_the_same_file_gives_the_same_answer(name: str) -> None:
    assert emissions(files(name, SAMPLES[name])) == emissions(files(name, SAMPLES[name]))
