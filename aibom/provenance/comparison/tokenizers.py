"""The vocabularies of two targets, each of one against each of the other."""

from __future__ import annotations

from aibom.model import ComparedPair, ComparedSignal, Locator, Statistic, TokenizerPrint
from aibom.provenance.context import Context
from aibom.provenance.tokenizer_match import (
    NULL_KEPT,
    TokenizerMatch,
    Verdict,
    match_tokenizers,
)

_CANNOT_SHOW = (
    "Which vocabulary was first, and anything of weights: a vocabulary can be taken over on its own. Shared "
    "words without order and ids show nothing."
)
_RELATED = frozenset({Verdict.IDENTICAL, Verdict.EXTENDED, Verdict.OVERLAPPING})
_SAYS = {
    Verdict.IDENTICAL: "the same ordinary tokens stand under the same ids",
    Verdict.EXTENDED: "one vocabulary holds nearly all of the other, in its order or under its ids",
    Verdict.OVERLAPPING: "the vocabularies share more than chance explains, and less than one of them",
    Verdict.INDEPENDENT: "order and ids agree no more than by chance",
    Verdict.INDETERMINATE: "a vocabulary is too small, or has no print",
}


def compare_tokenizers(a: Context, b: Context) -> ComparedSignal:
    """The closest match of any two vocabularies decides; all of them are told."""
    ours, theirs = (each.inspected.prints_of(TokenizerPrint) for each in (a, b))
    missing = [name for name, prints in (("A", ours), ("B", theirs)) if not prints]
    if missing:
        reason = f"no vocabulary of {' and '.join(missing)} could be read"
        return ComparedSignal(Verdict.INDETERMINATE, reason, _CANNOT_SHOW)
    matches = [(match_tokenizers(one, other), one, other) for one in ours for other in theirs]
    best = max((match for match, _, _ in matches), key=_closeness)
    pairs = tuple(_pair(*each) for each in matches)
    return ComparedSignal(best.verdict, _SAYS[best.verdict], _CANNOT_SHOW, pairs)


def _closeness(match: TokenizerMatch) -> tuple[bool, tuple[int, float, float]]:
    """One pair that could not be told leaves the whole untold, unless another one is related."""
    return match.verdict is not Verdict.INDEPENDENT, match.strength


def _pair(match: TokenizerMatch, one: TokenizerPrint, other: TokenizerPrint) -> ComparedPair:
    tested = match.verdict is not Verdict.INDETERMINATE
    detail = (
        f"at least {match.order} equal tokens from the start; {match.same_id:.0%} of the common tokens under "
        f"equal ids; overlap {match.overlap:.2f}, which decides nothing"
    )
    return ComparedPair(
        match.verdict,
        f"{_SAYS[match.verdict]}: {one.size:,} and {other.size:,} ordinary tokens.",
        part_a=one.part,
        part_b=other.part,
        statistic=Statistic("same-id share", round(match.kept, 4), NULL_KEPT, detail=detail)
        if tested
        else None,
        locators_a=_place(one.locator),
        locators_b=_place(other.locator),
        alternative="Both may have taken over the same published vocabulary."
        if match.verdict in _RELATED
        else "",
    )


def _place(locator: Locator | None) -> tuple[Locator, ...]:
    return (locator,) if locator else ()
