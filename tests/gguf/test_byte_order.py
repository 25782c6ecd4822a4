"""Weights of big-endian files are sampled as those of little-endian ones, or refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aibom.formats.gguf import read_header
from aibom.model import Depth, Unknown, WeightSample
from aibom.testing import MemoryView, inspect
from aibom_gguf import GgufInspector
from tests.builders.gguf import Row, gguf

SIDE = 256
ROWS = (Row("blk.0.ffn_up.weight", (SIDE, SIDE), "F32"), Row("blk.0.ffn_down.weight", (SIDE, SIDE), "Q8_0"))


def file(*rows: Row, big_endian: bool) -> bytes:
    """One matrix of floats and one of blocks, of the same numbers in either order."""
    order = ">" if big_endian else "<"
    head = gguf({"general.architecture": "qwen2"}, rows, big_endian=big_endian, data=False)
    generator = np.random.default_rng(3)
    floats = generator.normal(size=(SIDE, SIDE)).astype(f"{order}f4")
    blocks = np.zeros(SIDE * SIDE // 32, [("d", f"{order}f2"), ("qs", "i1", 32)])
    blocks["d"] = generator.normal(size=len(blocks))
    blocks["qs"] = generator.integers(-128, 128, (len(blocks), 32))
    start = read_header(MemoryView({"m.gguf": head}), "m.gguf").data_offset
    return head.ljust(start, b"\0") + floats.tobytes() + blocks.tobytes()


def sampled(data: bytes) -> tuple[list[WeightSample], list[Unknown]]:
    seen = inspect(GgufInspector(), MemoryView({"m.gguf": data}, depth=Depth.WEIGHTS))
    samples = [item for item in seen if isinstance(item, WeightSample)]
    return samples, [item for item in seen if isinstance(item, Unknown)]


def test_samples_are_the_same_in_both_orders() -> None:
    samples, unknowns = sampled(file(*ROWS, big_endian=True))
    assert (samples, unknowns) == sampled(file(*ROWS, big_endian=False))
    assert [item.dtype for item in samples] == ["Q8_0", "F32"] and not unknowns


def test_blocks_whose_order_is_not_laid_down_are_not_sampled() -> None:
    rows = (ROWS[0], replace(ROWS[1], type="Q5_1"))
    samples, (unknown,) = sampled(file(*rows, big_endian=True))
    assert [item.dtype for item in samples] == ["F32"]
    assert "big-endian blocks of Q5_1" in unknown.reason
