"""Two targets held against each other, signal by signal. Pure: contexts in, one `Comparison` out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from aibom.model import ComparedSignal, Comparison, FileClass, ReadStats, TokenizerPrint, Unknown
from aibom.provenance.comparison.architecture import compare_architecture
from aibom.provenance.comparison.code import compare_code
from aibom.provenance.comparison.declared import DeclaredVerdict, compare_declared
from aibom.provenance.comparison.tokenizers import compare_tokenizers
from aibom.provenance.comparison.weights import Deeper, compare_weights
from aibom.provenance.context import Context
from aibom.provenance.weights import WeightsVerdict

__all__ = ["DeclaredVerdict", "WeightsVerdict", "compare"]


_WEIGHT_FILES = frozenset({FileClass.WEIGHTS, FileClass.WEIGHTS_INDEX})
_NEGATIVE = frozenset({"no-match", "independent", "different"})
_SAME_IDS = frozenset({"identical", "extended"})
"""Verdicts on vocabularies under which a token has one id in both."""
_ALIKE = frozenset({"resembles", "shares-lineage"})


def compare(
    a: Context,
    b: Context,
    *,
    unknowns: tuple[tuple[Unknown, ...], tuple[Unknown, ...]] = ((), ()),
    read: tuple[ReadStats, ReadStats] = (ReadStats(), ReadStats()),
    deeper: Deeper | None = None,
) -> Comparison:
    """What five signals say of A beside B.

    `unknowns` and `read` are those of the two scans, and are handed on; `deeper` reads what the aligned
    test of weights needs, and is called only where another signal finds lineage and the weights do not.
    """
    code, tokenizer, architecture = compare_code(a, b), compare_tokenizers(a, b), compare_architecture(a, b)
    suspicious = _share_ids(a, b, tokenizer) and (architecture.verdict in _ALIKE or code.verdict in _ALIKE)
    weights = compare_weights(a, b, suspicious=suspicious, deeper=deeper)
    unread = _unread(a, unknowns[0]) | _unread(b, unknowns[1])
    return Comparison(
        a.target,
        b.target,
        declared=compare_declared(a, b),
        code=_cautious(code, {FileClass.CODE}, unread),
        tokenizer=_cautious(tokenizer, {FileClass.TOKENIZER}, unread),
        architecture=_cautious(architecture, _WEIGHT_FILES, unread),
        weights=_cautious(weights, _WEIGHT_FILES, unread),
        unknowns_a=unknowns[0],
        unknowns_b=unknowns[1],
        read_a=read[0],
        read_b=read[1],
    )


def _share_ids(a: Context, b: Context, tokenizer: ComparedSignal) -> bool:
    """Whether a token has one id in both, as the aligned test needs; small vocabularies by their digest."""
    ours, theirs = (
        {item.digest for item in context.inspected.prints_of(TokenizerPrint)} for context in (a, b)
    )
    return tokenizer.verdict in _SAME_IDS or bool((ours & theirs) - {None})


def _unread(context: Context, unknowns: tuple[Unknown, ...]) -> frozenset[FileClass]:
    """Classes of the files that something could not be seen of."""
    paths = {unknown.path for unknown in unknowns}
    return frozenset(entry.kind for entry in context.files if entry.path in paths)


def _cautious(
    signal: ComparedSignal, read: Collection[FileClass], unread: Collection[FileClass]
) -> ComparedSignal:
    """A negative verdict holds only where every file that the signal reads was seen whole."""
    if signal.verdict not in _NEGATIVE or not set(read) & set(unread):
        return signal
    verdict = type(signal.verdict)("indeterminate")
    return replace(signal, verdict=verdict, reason=f"{signal.reason}; but not every file could be read")
