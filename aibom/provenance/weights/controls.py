"""What stands beside every result: the same test against unrelated models, and within the part (R3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from aibom.model import WeightsControl
from aibom.provenance.weights.blocks import Block
from aibom.provenance.weights.direct import largest_agreement
from aibom.provenance.weights.result import WITHIN, Null

FEWEST = 3
"""Controls beside each result."""


def controls_of(
    blocks: Sequence[Block], controls: Mapping[str, Sequence[Block]], nulls: Sequence[Null]
) -> tuple[WeightsControl, ...]:
    """The same test against unrelated models; against moved copies of A where too few are at hand (R3).

    `blocks` are the matrices of A that were tested: what was not held against B is no control of it.
    """
    shown = [
        WeightsControl(label, *_rounded(largest_agreement(blocks, theirs, nulls)))
        for label, theirs in controls.items()
        if {block.sample.shape[1] for block in blocks} & {block.sample.shape[1] for block in theirs}
    ]
    for number in range(max(0, FEWEST - len(shown))):
        moved = [_moved(block, number) for block in blocks]
        shown.append(
            WeightsControl(f"permuted copy {number + 1}", *_rounded(largest_agreement(blocks, moved, nulls)))
        )
    return (*shown, _baseline(blocks, nulls))


def _moved(block: Block, number: int) -> Block:
    """A copy with its inputs in another order."""
    generator = np.random.Generator(np.random.PCG64([number, block.sample.columns]))
    return Block(block.sample, block.values[:, generator.permutation(block.sample.columns)])


def _baseline(blocks: Sequence[Block], nulls: Sequence[Null]) -> WeightsControl:
    """The part against itself, each layer against the others: what is common within one model."""
    layers = sorted({block.sample.layer for block in blocks if block.sample.layer is not None})
    even = [block for block in blocks if block.sample.layer in layers[::2]]
    odd = [block for block in blocks if block.sample.layer in layers[1::2]]
    return WeightsControl(WITHIN, *_rounded(largest_agreement(even, odd, nulls)))


def _rounded(agreement: tuple[float, float, int]) -> tuple[float, float, int]:
    r, z, matched = agreement
    return round(r, 4), round(z, 2), matched
