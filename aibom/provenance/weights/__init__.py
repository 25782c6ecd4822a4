"""The weights signal: samples of two models held against each other, per part, with a measured null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aibom.model import WeightSample
from aibom.provenance.weights.result import AlignedTest, Match, Null, PartTest, WeightsVerdict

__all__ = ["AlignedTest", "Match", "Null", "PartTest", "WeightsVerdict", "compare_aligned", "compare_parts"]


def compare_parts(
    ours: Sequence[WeightSample],
    theirs: Sequence[WeightSample],
    controls: Mapping[str, Sequence[WeightSample]] | None = None,
) -> tuple[PartTest, ...]:
    """Every part of A against all of B, by part.

    `controls` are unrelated models by label; those of equal width are shown beside each result (R3).
    """
    from aibom.provenance.weights.decision import (
        compare_parts as run,
    )  # numpy, only where weights are compared

    return run(ours, theirs, controls)


def compare_aligned(ours: Sequence[WeightSample], theirs: Sequence[WeightSample]) -> AlignedTest:
    """The aligned test over embedding rows and whole projections of two models.

    Tokens are taken for the same where their rows have the same number: the caller must know that the
    vocabularies agree under their ids.
    """
    from aibom.provenance.weights.aligned import compare_aligned as run

    return run(ours, theirs)
