"""Prints of vocabularies, held against known tokenizers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aibom.catalog import KnownTokenizer
from aibom.model import Layer, OrganisationRef, Part, Statistic, TokenizerPrint, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.subjects import subjects
from aibom.provenance.tokenizer_match import (
    HELD,
    MIN_SIZE,
    NULL_KEPT,
    NULL_ORDER,
    TokenizerMatch,
    Verdict,
    match_tokenizers,
)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One reference with what the comparison gave."""

    known: KnownTokenizer
    organisation: OrganisationRef
    match: TokenizerMatch


def tokenizers(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each tokenizer: on the reference that is closest to it, or that none is.

    A vocabulary that is too small to be told from others stays without a claim, its origin unknown.
    """
    for item in context.inspected.prints_of(TokenizerPrint):
        if item.size >= MIN_SIZE:
            part = _part(context, item)
            if part is not None:
                yield _claim(context, part, item)


def _part(context: Context, item: TokenizerPrint) -> Part | None:
    """The tokenizer that holds the print's file; None for another serialisation of one that is here."""
    parts = subjects(context.inspected.parts, Layer.TOKENIZER)
    path = item.locator.path if item.locator else None
    holders = [part for part in parts if path is None or path in part.files]
    return next((part for part in holders if part.id == item.part), next(iter(holders), None))


def _claim(context: Context, part: Part, item: TokenizerPrint) -> Claim:
    ranked = sorted(
        (
            _Ranked(known, context.organisation(known.organisation), match_tokenizers(item, known.print))
            for known in context.catalog.tokenizers
        ),
        key=lambda each: each.match.strength,
        reverse=True,
    )
    best = ranked[0]
    if best.match.verdict is Verdict.INDEPENDENT:
        return _no_match(part, item, ranked)
    others = [each.match for each in ranked if each.organisation != best.organisation]
    return claim(
        _rule(context, best, item),
        f"{part.id} {_SAID[best.match.verdict]} {best.known.name} of {label(best.organisation)}: "
        f"{_measured(best.match, item)}. The reference is {best.known.source}, published by "
        f"{best.known.released} ({best.known.basis}).",
        inputs=(part.id, best.known.id, best.match.verdict),
        part=part.id,
        parts=(part.id,),
        organisations=(best.organisation,),
        locators=(item.locator,) if item.locator else (),
        statistic=_statistic(best.match, others),
    )


_SAID = {
    Verdict.IDENTICAL: "matches the vocabulary of",
    Verdict.EXTENDED: "shares lineage with the vocabulary of",
    Verdict.OVERLAPPING: "overlaps with the vocabulary of",
}


def _rule(context: Context, best: _Ranked, item: TokenizerPrint) -> str:
    """Direction comes from dates, and no smaller vocabulary is said to be extended from a larger."""
    verdict = best.match.verdict
    if verdict is Verdict.OVERLAPPING:
        return "tokenizer.overlapping"
    if context.own(best.organisation):
        return "tokenizer.own"
    older = context.released is not None and best.known.public_by < context.released
    return (
        f"tokenizer.{verdict}"
        if older and best.known.print.size <= item.size
        else f"tokenizer.{verdict}-undirected"
    )


def _measured(match: TokenizerMatch, item: TokenizerPrint) -> str:
    if match.verdict is Verdict.IDENTICAL:
        return f"the same {item.size:,} ordinary tokens under the same ids"
    order = f"the first {match.order:,} or more are equal in order" if match.order else "no equal start"
    ids = f"{match.same_id:.1%} of these under the same id"
    return f"{match.held:.1%} of the smaller are in the larger, {ids}; {order}"


def _statistic(match: TokenizerMatch, others: list[TokenizerMatch]) -> Statistic:
    """What decided: the share under equal ids, or the equal start where ids were moved."""
    detail = f"overlap of tokens {match.overlap:.2f}, which alone shows no lineage"
    if match.kept >= HELD or match.order <= NULL_ORDER:
        runner_up = max((other.kept for other in others), default=None)
        return Statistic("share under the same ids", match.kept, NULL_KEPT, runner_up, detail)
    start = max((float(other.order) for other in others), default=None)
    return Statistic("tokens equal in order from the start", match.order, NULL_ORDER, start, detail)


def _no_match(part: Part, item: TokenizerPrint, ranked: list[_Ranked]) -> Claim:
    best = ranked[0]
    return claim(
        "tokenizer.no-match",
        f"{part.id} agrees in order or ids with none of {len(ranked)} known vocabularies; the nearest, "
        f"{best.known.name} of {label(best.organisation)}, shares words as unrelated ones do (overlap "
        f"{best.match.overlap:.2f}, {best.match.same_id:.1%} of these under the same id).",
        inputs=(part.id, best.match.verdict),
        part=part.id,
        locators=(item.locator,) if item.locator else (),
        statistic=_statistic(best.match, [each.match for each in ranked[1:]]),
    )
