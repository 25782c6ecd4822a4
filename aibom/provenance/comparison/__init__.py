"""Two targets held against each other, signal by signal. Pure: contexts in, one `Comparison` out."""

from __future__ import annotations

from enum import StrEnum

from aibom.model import ComparedSignal, Comparison, ReadStats, Unknown
from aibom.provenance.comparison.architecture import compare_architecture
from aibom.provenance.comparison.code import compare_code
from aibom.provenance.comparison.declared import DeclaredVerdict, compare_declared
from aibom.provenance.comparison.tokenizers import compare_tokenizers
from aibom.provenance.context import Context

__all__ = ["DeclaredVerdict", "WeightsVerdict", "compare"]


class WeightsVerdict(StrEnum):
    """What the weights of two models are to each other."""

    INDETERMINATE = "indeterminate"


_WEIGHTS = ComparedSignal(
    WeightsVerdict.INDETERMINATE,
    "not tested at this depth",
    "Equal configurations, names and shapes say nothing of the values of weights.",
)


def compare(
    a: Context,
    b: Context,
    *,
    unknowns: tuple[tuple[Unknown, ...], tuple[Unknown, ...]] = ((), ()),
    read: tuple[ReadStats, ReadStats] = (ReadStats(), ReadStats()),
) -> Comparison:
    """What four signals say of A beside B; weights are not tested, whatever the others say.

    `unknowns` and `read` are those of the two scans, and are handed on.
    """
    return Comparison(
        a.target,
        b.target,
        declared=compare_declared(a, b),
        code=compare_code(a, b),
        tokenizer=compare_tokenizers(a, b),
        architecture=compare_architecture(a, b),
        weights=_WEIGHTS,
        unknowns_a=unknowns[0],
        unknowns_b=unknowns[1],
        read_a=read[0],
        read_b=read[1],
    )
