"""Two vocabularies held against each other by their prints.

That two vocabularies share tokens says little: all trainers find the same words. What training decides is
their order, and so their ids. The nulls below are the largest values between unrelated vocabularies of the
catalogue (454 pairs; tests/catalog/test_tokenizer_prints.py measures them anew); each threshold stands far
above its own. A sketch takes all tokens alike, and so consists of rare ones for the most part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aibom.model import TokenizerPrint

MIN_SIZE = 1000
"""Ordinary tokens below which nothing is concluded: a short list can agree by chance."""
MIN_ORDER = 1000
"""Equal tokens from the start on, in order, that are no chance; unrelated vocabularies share under 200."""
HELD = 0.90
"""Share of the smaller vocabulary that the larger must hold, in the same order or under the same ids."""
PART = 0.05
"""Share of the smaller vocabulary under equal ids that is no chance."""
NEARLY_ALL = 0.97
"""Share of tokens held, without order or ids, that is worth telling; it shows no origin."""
COMPARABLE = 0.50
"""Size of the smaller, as a share of the larger, from which `NEARLY_ALL` counts: a vocabulary that is many
times as large holds nearly all of any other (98 % of LLaMA's tokens are in Gemma's)."""
NULL_KEPT = 0.006
"""Most that unrelated vocabularies share under equal ids, as a share of the smaller."""
NULL_ORDER = 100
"""Longest equal start of unrelated vocabularies, of the lengths that prints digest."""
NULL_OVERLAP = 0.67
"""Largest overlap (Jaccard) of unrelated vocabularies."""


class Verdict(StrEnum):
    """What two vocabularies are to each other; none tells which was first."""

    IDENTICAL = "identical"
    """The same ordinary tokens under the same ids."""
    EXTENDED = "extended"
    """One holds nearly all of the other in its order or under its ids, beside tokens of its own."""
    OVERLAPPING = "overlapping"
    """They share more than chance explains, and less than one of them."""
    INDEPENDENT = "independent"
    """Order and ids agree no more than by chance, however many tokens are shared."""
    INDETERMINATE = "indeterminate"
    """Too few tokens, or no print of them."""


@dataclass(frozen=True, slots=True)
class TokenizerMatch:
    """What was measured. Shares are estimates from the sketches, with a standard error of at most .016.

    Attributes:
        verdict: what follows.
        order: equal tokens from the start on, in order of merges: at least so many.
        kept: share of the smaller vocabulary that the larger holds under the same ids.
        held: share of the smaller vocabulary that the larger holds at all.
        overlap: Jaccard index of the tokens; it decides nothing.
        smaller: ordinary tokens of the smaller vocabulary.
    """

    verdict: Verdict
    order: int = 0
    kept: float = 0.0
    held: float = 0.0
    overlap: float = 0.0
    smaller: int = 0

    @property
    def same_id(self) -> float:
        """Share of the common tokens that stand under the same id."""
        return min(self.kept / self.held, 1.0) if self.held else 0.0

    @property
    def strength(self) -> tuple[int, float, float]:
        """For ranking: the closer match is the greater; of two that were extended, the larger share."""
        shared = max(self.kept, self.held) * self.smaller if self.verdict is Verdict.EXTENDED else 0.0
        return _RANK.get(self.verdict, 0), shared, self.overlap


_RANK = {Verdict.OVERLAPPING: 1, Verdict.EXTENDED: 2, Verdict.IDENTICAL: 3}


def match_tokenizers(one: TokenizerPrint, other: TokenizerPrint) -> TokenizerMatch:
    """The verdict on two vocabularies, whichever comes first."""
    if min(one.size, other.size) < MIN_SIZE or not (one.tokens and other.tokens):
        return TokenizerMatch(Verdict.INDETERMINATE)
    overlap, held = _shares(one.tokens, other.tokens, one.size, other.size)
    _, kept = _shares(one.same_id, other.same_id, one.size, other.size)
    order = _common_start(one, other)
    same = one.vocabulary_digest is not None and one.vocabulary_digest == other.vocabulary_digest
    smaller, larger = sorted((one.size, other.size))
    match = TokenizerMatch(Verdict.IDENTICAL, order, kept, held, overlap, smaller)
    return match if same else replace(match, verdict=_verdict(match, larger))


def _verdict(match: TokenizerMatch, larger: int) -> Verdict:
    """The verdict on two that differ; `order` goes in steps of 1-2-5, and so is up to 2.5 times as long."""
    ordered = match.order >= max(MIN_ORDER, HELD / 2.5 * match.smaller)
    if match.held >= HELD and (match.kept >= HELD or ordered):
        return Verdict.EXTENDED
    nearly_all = match.held >= NEARLY_ALL and match.smaller >= COMPARABLE * larger
    if match.order >= MIN_ORDER or match.kept >= PART or nearly_all:
        return Verdict.OVERLAPPING
    return Verdict.INDEPENDENT


def _common_start(one: TokenizerPrint, other: TokenizerPrint) -> int:
    theirs = dict(other.merge_prefixes)
    return max((length for length, digest in one.merge_prefixes if theirs.get(length) == digest), default=0)


def _shares(
    one: tuple[int, ...], other: tuple[int, ...], one_size: int, other_size: int
) -> tuple[float, float]:
    """(Jaccard index, share of the smaller set in the other) of two sets, from their bottom-k sketches.

    Both sets are looked at below the least bound that both sketches cover whole; what lies there is an
    even sample of each (Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007).
    """
    bounds = [max(sketch) for sketch, size in ((one, one_size), (other, other_size)) if len(sketch) < size]
    bound = min(bounds, default=2**64)
    mine = {value for value in one if value <= bound}
    theirs = {value for value in other if value <= bound}
    common, least = len(mine & theirs), min(len(mine), len(theirs))
    return (common / len(mine | theirs), common / least) if least else (0.0, 0.0)
